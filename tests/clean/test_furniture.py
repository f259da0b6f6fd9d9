"""What is dropped from a page, what stays, and why: one case for each class of furniture."""

import pytest

from policy_corpus.clean.furniture import body_like, reason_alone
from policy_corpus.clean.walls import wall
from tests.clean.pages import BODY, LEAD, SECOND, THIRD, TITLE, clean, only, story


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("navigation", "首页 > 新闻中心 > 教育要闻 > 正文"),
        ("navigation", "您现在的位置：首页 >> 政务公开 >> 工作动态"),
        ("navigation", "当前位置: 网站首页 - 教育频道 - 内容"),
        ("navigation", "欢迎光临云岭教育信息网！"),
        ("navigation", "设为首页 | 加入收藏"),
        ("share bar", "分享到： 微博 Qzone 评论 图集"),
        ("share bar", "分享至：微信 朋友圈 QQ空间"),
        ("page tools", "字号：默认 大 中 小 打印"),
        ("page tools", "字体：【大】【中】【小】"),
        ("page tools", "【打印本页】【关闭窗口】"),
        ("page tools", "浏览量： 次"),
        ("page tools", "点击: 载入中..."),
        ("page tools", "听新闻"),
        ("page number", "第 1 页共 1 页。"),
        ("page number", "第3页/共12页"),
        ("page number", "— 7 —"),
        ("page number", "共4页: 123下一页"),
        ("neighbouring article", "上一篇：关于举办教师节晚会的通知"),
        ("neighbouring article", "- 下一篇:某单位工作开展情况汇报"),
        ("reprint notice", "转载请注明出处"),
        ("reprint notice", "未经授权请勿转载"),
        ("reprint notice", "原文链接：https://example.org/a.html"),
        ("reprint notice", "以上就是小编为大家整理的全部内容，希望对您有帮助。"),
        ("legal notice", "Copyright © 2010-2024 云岭在线 版权所有"),
        ("legal notice", "备案号：云ICP备05000000号 公网安备 53000000000001号"),
        ("legal notice", "主办：云岭县人民政府办公室 地址：云岭县人民路1号"),
        ("QR hint", "扫一扫在手机打开当前页"),
        ("QR hint", "长按二维码关注我们的微信公众号"),
        ("login or forum frame", "您需要 登录 才可以下载或查看，没有帐号？注册"),
        ("login or forum frame", "查看: 378|回复: 0"),
        ("login or forum frame", "1#"),
        ("login or forum frame", "只看该作者"),
        ("document shop", "文档编号：100001 上传时间：2023-01-01 格式：DOCX 大小：28.07KB"),
        ("document shop", "《年度总结》由会员分享，可在线阅读，更多相关《年度总结（4页珍藏版）》请搜索。"),
        ("document shop", "开通VIP会员，免费下载全站文档"),
        ("document shop", "下载文档前请自行甄别内容的完整性，平台不提供额外的编辑、找答案等附加服务。"),
        ("editor line", "责任编辑：张三 审核：李四"),
        ("editor line", "编辑：王五"),
        ("picture name", "微信图片_20230203143651.jpg"),
        ("database header", "【法宝引证码】 CLI.12.0000000"),
        ("site robot", "您好，我是智能机器人小云，请问有什么可以帮您？"),
        ("spam wall", "免费视频在线观看|精品一区二区|广告词甲|在线播放网址|高清成人"),
        ("place-name wall", "青岭县 云岭县 远江市 石桥县 东川区 南山县 白水县 清河县 长坪县"),
        ("archive index", "2015-03-01,1021|2015-03-02,1022|2015-03-03,1023|2015-03-04,1024|2015-03-05,1025|2015-03-06,1026"),
        ("share bar", "QQ好友"),
        ("place-name wall", "青岭县| 云岭县| 远江市| 石桥县| 东川区| 南山县| 白水县| 清河县| 长坪县"),
    ],
)  # fmt: skip
def test_a_line_of_furniture_is_known_by_its_class(reason: str, line: str) -> None:
    assert reason_alone(line) == reason


@pytest.mark.parametrize(
    "line",
    [
        LEAD,
        "为特殊困难老年人家庭实施适老化改造1000户，建成乡村学校运动场12个。",
        "各学校要统一上传学生资料，下载全国平台的课程资源，在线阅读数字教材，建立分享机制。",
        "渭滨、金台、陈仓、高新区对口支援麟游、千阳、陇县、凤县。",
        "学校开通了微信公众号，家长可以通过平台查看作业，登录后即可与老师交流，覆盖全县学生。",
        "县教育局印发通知，严禁有偿补课，举报电话向社会公布，全年受理举报12件，全部办结。",
        "一、指导思想",
        "附件1：任务分解清单",
        "（记者 张超）",
        "推荐阅读书目由各校教研组制定，每学期更新一次，纳入课后服务内容。",
        "评论员文章指出，教育公平是社会公平的重要基础，必须优先保障。",
    ],
)
def test_text_that_only_mentions_such_words_stays(line: str) -> None:
    assert reason_alone(line) is None


def test_a_table_row_of_place_names_is_no_wall() -> None:
    row = "青岭县 | 云岭县 | 远江市 | 石桥县 | 东川区 | 南山县 | 白水县 | 清河县"
    assert wall(row) == "place-name wall"
    assert reason_alone(row, in_table=True) is None


def test_the_body_survives_whole_between_all_the_furniture() -> None:
    page = story(
        "欢迎您访问云岭在线！\n首页 > 教育 > 正文\n云岭在线",
        "责任编辑：张三\n分享到： 微博 QQ空间\n相关文章\n- 某县教师节慰问活动\n- 中考成绩什么时候公布\n版权所有 云岭在线",
    )
    document = only(page)
    assert document.title == TITLE
    assert document.body == f"{LEAD}\n{SECOND}\n{THIRD}"


@pytest.mark.parametrize(
    "header", ["为您推荐", "相关阅读", "延伸阅读：", "新闻推荐", "热门评论", "猜你喜欢", "最新文章>>"]
)
def test_what_follows_a_recommendation_header_goes_to_the_end(header: str) -> None:
    below = (
        f"{header}\n\n远江市夏季征兵工作展开\n\n户籍在远江市的学生回原籍所在地报名、体检、政审，由学校统一组织，政审由双方共同负责。"
        "\n\n2023-09-06 13:13\n\n长坪县一男子落水被救\n\n昨日下午，长坪县一名男子在河边不慎落水，路过群众合力将其救起..."
    )
    document = only(story(below=below))
    assert document.body == f"{LEAD}\n{SECOND}\n{THIRD}"


def test_text_that_resumes_behind_an_inserted_link_block_is_kept() -> None:
    body = (
        f"{LEAD}\n\n相关阅读\n\n远江市教师节表彰大会举行\n\n{SECOND}\n\n{THIRD}"
        + "经费由县财政统筹安排，专款专用。"
    )
    document = only(story(body=body))
    assert SECOND in document.body
    assert "表彰大会" not in document.body


def test_comments_go() -> None:
    document = only(
        story(below="网友评论\n张三：支持！\n李四：我们乡下学校终于有盼头了，希望能坚持下去，不要一阵风。")
    )
    assert "支持" not in document.body


def test_a_chinese_and_english_disclaimer_goes() -> None:
    below = (
        "特别声明：以上内容为自媒体平台用户上传并发布，本平台仅提供信息存储服务。\n"
        "Notice: The content above is uploaded and posted by a user of the platform."
    )
    assert only(story(below=below)).body.endswith(THIRD)


def test_numbered_legal_paragraphs_below_their_heading_go() -> None:
    below = (
        "版权与免责声明：\n① 凡本网注明来源的作品，版权均属于本网，未经授权不得转载、摘编。\n"
        "② 本网转载其他媒体的作品，目的在于传递更多信息，并不代表本网赞同其观点和对其真实性负责。\n"
        "③ 如涉及作品内容、版权等问题，请在两周内与本网联系，否则视为放弃相关权利。\n产品中心"
    )
    assert only(story(below=below)).body.endswith(THIRD)


def test_walls_above_and_below_a_hijacked_page_go() -> None:
    wall_of_terms = "广告词甲在线观看,广告词乙免费视频,广告词丙官网,广告词丁app下载"
    places = "|".join(f"{c}岭县" for c in "青云远石东南白清长高")
    document = only(story(wall_of_terms, places))
    assert document.title == TITLE
    assert document.body == f"{LEAD}\n{SECOND}\n{THIRD}"


def test_the_own_source_line_stays_in_a_text_page() -> None:
    document = only(story(below="来源：云岭日报\n校园产品\n关于我们"))
    assert document.body.endswith("来源：云岭日报")
    assert document.source_unit == "云岭日报"


def test_a_bare_counter_beside_the_share_bar_goes() -> None:
    document = only(f"{TITLE}\n\n0\n分享至\n\n{BODY}")
    assert document.body.startswith(LEAD)


def test_a_bare_number_in_a_flat_table_stays() -> None:
    document = only(story(body=f"{BODY}\n县（市、区）\n计划数（名）\n赣岭区\n120\n章水区\n108\n{LEAD}"))
    assert "120" in document.body


def test_a_table_of_contents_goes_and_numbered_headings_stay() -> None:
    contents = "1 总则4\n1.1 规划背景4\n1.2 规划依据6\n2 现状分析9\n3 布局方案15"
    document = only(story(body=f"{contents}\n\n1 总则\n\n{BODY}\n\n2 现状分析\n\n{LEAD}"))
    assert "规划背景4" not in document.body
    assert "1 总则\n" in document.body
    assert "2 现状分析" in document.body


@pytest.mark.parametrize(
    "mark", ["标签：教育 均衡", "原标题：17所小学结对", "- THE END -", "小编最近文章", "文章价值打分"]
)
def test_a_mark_that_closes_the_text_closes_it_for_the_site_s_lines_too(mark: str) -> None:
    below = f"{mark}\n远江市教师节表彰大会举行\n3\n收藏\n观察员\n长坪县一男子落水被救2019-03-27"
    assert only(story(below=below)).body.endswith(THIRD)


def test_the_headline_nearest_to_the_text_is_the_title() -> None:
    menu = "首页\n医院概况\n组织机构\n部门概况\n通知公告\n新闻动态"
    document = only(f"{TITLE}_云岭新闻网\n{menu}\n{TITLE}\n来源：云岭日报\n时间：2019年10月31日\n{BODY}")
    assert document.title == TITLE
    assert "通知公告" not in document.body


def test_attachment_names_stay() -> None:
    document = only(story(below="附件：1.任务分解清单.docx\n附件2 核验标准.xlsx\n扫一扫在手机打开当前页"))
    assert "附件：1.任务分解清单.docx" in document.body
    assert "附件2 核验标准.xlsx" in document.body


def test_what_is_dropped_is_reported_with_its_reason() -> None:
    result = clean(story("首页 > 教育 > 正文", "上一篇：某某通知"))
    assert ("首页 > 教育 > 正文", "navigation") in result.dropped
    assert ("上一篇：某某通知", "neighbouring article") in result.dropped


@pytest.mark.parametrize(
    ("line", "expected"), [(LEAD, True), ("强化要素保障，夯实均衡根基", False), ("云岭县教育局", False)]
)
def test_running_text_is_told_from_labels(line: str, expected: bool) -> None:
    assert body_like(line) is expected
