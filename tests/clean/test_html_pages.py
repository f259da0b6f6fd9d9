"""Main text of invented pages, built the way real ones are: what is kept, what is left out, what is read beside it.

Places, people and firms do not exist.
"""

from dataclasses import dataclass

import pytest

from policy_corpus.clean.formats.html import read_html

LEAD = "云岭县教育局日前组织骨干教师到农村学校送教，全年共送教一百二十场，覆盖全县所有乡镇中心学校和教学点。"
MORE = "据介绍，该县今年投入教育资金3.2亿元，新建学校五所，改扩建教学点十二个，新增学位四千八百个，城乡差距进一步缩小。"
LAST = "下一步，云岭县将继续推进城乡学校结对帮扶，让更多孩子在家门口上好学。"
TITLE = "云岭县一百二十场送教走进乡村"
NAV = "".join(
    f'<li><a href="/c{n}/">{name}</a></li>'
    for n, name in enumerate(["首页", "新闻", "政务", "教育", "文化", "视频", "专题", "论坛"])
)
LINKS = "".join(
    f'<li><a href="/n{n}.html">{text}</a> <span>2021-0{n + 1}-11</span></li>'
    for n, text in enumerate(
        [
            "远江市召开教育工作会议，部署明年重点任务",
            "我市三所学校入选省级名单",
            "青岭县：山里娃有了新操场",
            "寒假通知来了，家长请收好",
        ]
    )
)
FOOT = "<p>主办：云岭县融媒体中心 地址：云岭县人民路1号</p><p>版权所有 未经授权禁止转载 备案号：某ICP备00000000号</p>"


def p(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


@dataclass(frozen=True)
class Saved:
    name: str
    html: str
    body: tuple[str, ...] = (LEAD, MORE, LAST)
    title: str | None = TITLE
    published: str | None = "2021-03-05"
    source: str | None = None


PAGES = [
    Saved(
        "news portal with share bar, teasers in the same container and comments",
        f"""<html><head><title>{TITLE}_云岭新闻网</title></head><body><ul class="nav">{NAV}</ul>
        <div class="crumbs">您当前的位置：<a href="/">首页</a> &gt; <a href="/news/">新闻</a> &gt; 正文</div>
        <div class="wrap"><h1>{TITLE}</h1><div class="info">2021-03-05 10:22 来源：云岭日报 作者：张三 <a href="#c">评论</a></div>
        <div class="bdsharebuttonbox">分享到：<a href="#">微信</a><a href="#">微博</a></div>
        {p(LEAD, MORE)}<div class="ad"><a href="/ad">开学季大促，书包五折，欢迎选购！</a></div>{p(LAST)}
        <p>（责任编辑：李四）</p>
        <div><b>新闻推荐</b><p><a href="/x">远江警方破获一起盗窃案</a></p><p>本报讯 3月2日，远江市警方接到群众报案，
        称家中财物被盗，民警随即赶到现场展开调查……</p></div></div>
        <div class="list-wrap"><h3>网友评论</h3>{"".join(f"<p>用户{n}：写得真好，希望我们这里也能这样，支持一下农村的老师们！</p>" for n in range(30))}</div>
        <div class="footer">{FOOT}</div></body></html>""",
        source="云岭日报",
    ),
    Saved(
        "page laid out by tables, text split by line breaks in one cell",
        f"""<html><head><title>{TITLE} - 云岭教育网</title></head><body><table><tr><td bgcolor="#eee">
        <a href="/">首页</a> | <a href="/a">动态</a> | <a href="/b">公告</a></td></tr></table>
        <table><tr><td width="200"><table>{"".join(f'<tr><td>·<a href="/{n}">往期文章的标题之{n}</a></td></tr>' for n in range(9))}</table></td>
        <td><table><tr><td align="center"><font size="5"><b>{TITLE}</b></font></td></tr>
        <tr><td align="center">作者：教研室 来源：云岭县教育局 发布时间：2021-3-5 点击数：88</td></tr>
        <tr><td><font size="3">　　{LEAD}<br><br>　　{MORE}<br>&nbsp;&nbsp;{LAST}<br></font>
        <p>【<a href="javascript:window.print()">打印本页</a>】【<a href="javascript:window.close()">关闭窗口</a>】</td></tr>
        <tr><td>上一篇：<a href="/1">关于放假的通知</a><br>下一篇：<a href="/2">教研室召开例会</a></td></tr></table></td></tr></table>
        <center>{FOOT}</center></body></html>""",
        source="云岭县教育局",
    ),
    Saved(
        "WeChat article that a script shows",
        f"""<html><head><meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="微信公众平台">
        <title></title></head><body><div id="img-content" class="rich_media_wrp">
        <h2 class="rich_media_title" id="activity-name">{TITLE}</h2><div id="meta_content" class="rich_media_meta_list">
        <span id="copyright_logo">原创</span><span><a href="javascript:void(0);" id="js_name">云岭教育发布</a></span>
        <em id="publish_time"></em></div>
        <div class="rich_media_content" id="js_content" style="visibility: hidden; opacity: 0; ">
        <section><section><p style="text-align:center"><span>点击上方蓝字关注我们</span></p></section></section>
        <section><p><span>{LEAD[:20]}</span><span>{LEAD[20:]}</span></p><p><br></p><section><p>{MORE}</p></section></section>
        <section><p><strong>结对帮扶</strong></p></section><p>{LAST}</p><p>长按二维码关注我们</p></div>
        <div class="rich_media_tool">阅读原文 <span style="display:none">阅读</span></div></div>
        <div id="js_pc_qr_code" style="display:none;"><p>微信扫一扫<br>关注该公众号</p></div>
        <script>var ct = "1614915000"; var msg_title = '{TITLE}';</script></body></html>""",
        (LEAD, MORE, "结对帮扶", LAST),
    ),
    Saved(
        "government notice with metadata box and attachments",
        f"""<html><head><title>云岭县人民政府办公室关于印发义务教育优质均衡发展实施方案的通知-云岭县人民政府</title>
        <meta name="PubDate" content="2021-03-05 16:03"><meta name="ContentSource" content="县政府办公室"></head>
        <body><div id="barrierfree">无障碍浏览 | <a href="/m">手机版</a></div><div class="location">当前位置：<a href="/">首页</a>
        &gt;<a href="/zw">政务公开</a></div><table class="xxgk"><tr><td>索引号：</td><td>000000-2021-001</td><td>分类：</td><td>教育</td></tr>
        <tr><td>发文机关：</td><td>云岭县人民政府办公室</td><td>成文日期：</td><td>2021-03-01</td></tr>
        <tr><td>文号：</td><td>云政办发〔2021〕5号</td><td>时效性：</td><td></td></tr></table>
        <div class="article"><h1>云岭县人民政府办公室关于印发<br>义务教育优质均衡发展实施方案的通知</h1>
        <div class="pages-date">发布时间：2021-03-05 浏览次数： <span id="hits"></span> 字号：[ 大 中 小 ]</div>
        <div class="TRS_Editor"><p>各乡镇人民政府，县政府各部门：</p><p>经研究同意，现将实施方案印发给你们，请认真贯彻执行。</p>
        <p>一、总体要求</p>{p(LEAD, MORE)}<p>二、重点任务</p><p>（一）开展结对帮扶。{LAST}</p>
        <p style="text-align:right">云岭县人民政府办公室</p><p style="text-align:right">2021年3月1日</p></div>
        <div class="fj">附件：<a href="/P020.docx">任务分解清单.docx</a></div>
        <div class="ewm"><p>扫一扫在手机打开当前页</p></div></div><div class="foot">{FOOT}</div></body></html>""",
        (
            "各乡镇人民政府，县政府各部门：",
            "经研究同意，现将实施方案印发给你们，请认真贯彻执行。",
            "一、总体要求",
            LEAD,
            MORE,
            "二、重点任务",
            f"（一）开展结对帮扶。{LAST}",
            "云岭县人民政府办公室",
            "2021年3月1日",
            "附件：任务分解清单.docx",
        ),
        "云岭县人民政府办公室关于印发义务教育优质均衡发展实施方案的通知",
        source="县政府办公室",
    ),
    Saved(
        "hijacked mirror: hidden wall above, wall of places below, text in a plain div",
        f"""<html><head><title>{TITLE}-云岭县人民政府</title></head><body>
        <div style="position:fixed;left:-9000px;top:-9000px">{"".join(f'<a href="/s{n}">广告词甲{n}，广告词乙。</a>' for n in range(40))}</div>
        <div class="main"><div class="title">{TITLE}</div><div class="sub">来源：云岭县教育局 2021-03-05 09:00 http://www.example.cn/</div>
        <div id="zoom"><div>{LEAD}</div><div>{MORE}</div><div>{LAST}</div></div></div>
        <div>{"| ".join(f'<a href="/q{n}">{a}{b}县</a>' for n, (a, b) in enumerate((a, b) for a in "青云远江山" for b in "岭河湖溪林原"))}</div>
        <div style="height:1px;overflow:hidden">{"".join(f"广告词丙{n}真好，欢迎来玩。" for n in range(50))}</div></body></html>""",
        source="云岭县教育局",
    ),
    Saved(
        "forum thread with jammer text, login wall and replies",
        f"""<html><head><title>{TITLE} - 教育论坛 - 云岭社区</title></head><body><div id="nv"><ul>{NAV}</ul></div>
        <h1 class="ts"><span id="thread_subject">{TITLE}</span></h1><div id="postlist">
        <div id="post_1"><table><tr><td class="pls">楼主甲<br>主题 12<br>帖子 345<br>积分 678</td><td class="plc">
        <div class="pti"><em id="authorposton1">发表于 2021-3-5 20:18:11</em> <a href="#">只看该作者</a></div>
        <div class="t_fsz"><table><tr><td class="t_f">{LEAD}<font class="jammer">0 n6 y( F2 t' x1 B( [</font><br>
        {MORE}<span style="display:none">@ t9 k, W! h</span><br>{LAST}</td></tr></table></div></td></tr></table></div>
        {"".join(f'<div id="post_{n}"><table><tr><td class="pls">网友{n}<br>积分 9</td><td class="plc"><div class="pti">发表于 2021-3-6 08:0{n}</div><div class="t_f">顶一下楼主！</div></td></tr></table></div>' for n in range(2, 7))}
        </div><div class="login">您需要登录后才可以回帖 <a href="/l">登录</a> | <a href="/r">立即注册</a></div></body></html>""",
    ),
    Saved(
        "one paragraph only, long notices around it",
        f"""<html><head><title>{TITLE}</title></head><body><div class="top">今天是2024年5月6日 星期一 欢迎访问</div>
        <h2>{TITLE}</h2><p class="time">2021年03月05日</p><div class="c"><p>{LEAD}</p></div>
        <p>声明：本网站力求信息真实、准确，文章提及内容仅供参考，不构成任何建议，据此操作风险自担，特此说明。</p>
        <p>转载请注明出处，未经授权不得转载，违者将依法追究法律责任，联系电话：0000-0000000。</p></body></html>""",
        (LEAD,),
    ),
    Saved(
        "sections in sibling containers with advertising between them",
        f"""<html><head><title>{TITLE}|云岭网</title></head><body><header><nav><ul>{NAV}</ul></nav></header><main><h1>{TITLE}</h1>
        <time datetime="2021-03-05T08:00:00+08:00">3月5日</time><section class="s1"><h2>送教</h2>{p(LEAD)}</section>
        <div class="gg-wrap"><a href="/ad">点击领取优惠</a></div><section class="s2"><h2>投入</h2>{p(MORE)}</section>
        <section class="s3">{p(LAST)}</section></main><aside><h3>热门文章</h3><ul>{LINKS}</ul></aside>
        <footer>{FOOT}</footer></body></html>""",
        ("送教", LEAD, "投入", MORE, LAST),
    ),
    Saved(
        "gallery of captions",
        f"""<html><head><title>图片：{TITLE}</title></head><body><ul class="nav">{NAV}</ul><h1>图片：{TITLE}</h1>
        <div class="time">2021-03-05 11:08</div><div class="pics"><img src="1.jpg"><p>3月4日，云岭县青溪小学的学生在上音乐课。</p>
        <img src="2.jpg"><p>3月4日，送教老师在辅导学生练字。张三 摄</p></div>
        <div class="pg"><a href="_1.htm">1</a> <a href="_2.htm">2</a> <a href="_2.htm">下一页</a></div>
        <ul>{LINKS}</ul></body></html>""",
        ("3月4日，云岭县青溪小学的学生在上音乐课。", "3月4日，送教老师在辅导学生练字。张三 摄"),
        f"图片：{TITLE}",
    ),
    Saved(
        "table of figures with one sentence",
        """<html><head><title>云岭县新建学校一览表</title></head><body><h1>云岭县新建学校一览表</h1><p>发布日期：2021-03-05</p>
        <p>现将今年新建学校情况公布如下：</p><table border="1"><tr><th>学校</th><th>学位</th><th>投用</th></tr>
        <tr><td>青溪小学</td><td>1080</td><td>9月</td></tr><tr><td>远山中学</td><td>1500</td><td>9月</td></tr></table></body></html>""",
        (
            "现将今年新建学校情况公布如下：",
            "学校 | 学位 | 投用",
            "青溪小学 | 1080 | 9月",
            "远山中学 | 1500 | 9月",
        ),
        "云岭县新建学校一览表",
    ),
    Saved(
        "four dates: in the text, of an update, of posting, of the address",
        f"""<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>
        <div>更新时间：2023-09-20 08:00 发布时间：2021-03-05 09:00</div><p>2015年夏天，一场改革在云岭县悄然开始。</p>{p(LEAD, MORE)}
        <ul>{LINKS}</ul></body></html>""",
        ("2015年夏天，一场改革在云岭县悄然开始。", LEAD, MORE),
    ),
    Saved(
        "document shop",
        f"""<html><head><title>{TITLE}.docx-在线文库</title></head><body><div class="card"><h1>{TITLE}.docx</h1>
        <span>文档编号：12345</span><span>上传时间：2021-03-05</span><span>格式：DOCX</span><span>页数：8</span><span>大小：28.07KB</span>
        </div><div class="reader"><p>{LEAD}</p><p>{MORE}</p><p>{LAST}</p></div><div class="vip"><p>开通会员</p><p>下载文档</p>
        <p>联系客服</p></div><div class="relate"><h3>相关文档</h3><ul>{LINKS}</ul></div></body></html>""",
        title=f"{TITLE}.docx",
    ),
]


def body_of(html: str) -> list[str]:
    return [block.text for block in read_html(html).blocks]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_body_is_the_text_and_nothing_else(page: Saved) -> None:
    assert body_of(page.html) == list(page.body)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_title_has_no_site_name(page: Saved) -> None:
    assert read_html(page.html).hints.title == page.title


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_date_is_that_of_publishing(page: Saved) -> None:
    assert read_html(page.html).hints.published == page.published


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_source_is_the_printed_one(page: Saved) -> None:
    assert read_html(page.html).hints.source_unit == page.source


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_character_leads_back_to_the_source(page: Saved) -> None:
    for block in read_html(page.html).blocks:
        for char, offset in zip(block.text, block.offsets, strict=True):
            assert offset >= 0 or (char in " |" and block.role == "table_row")
            assert offset < 0 or page.html[offset] in (char, "&", "\n", "\u3000")
