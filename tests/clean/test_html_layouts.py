"""Layouts that mislead extractors: teasers above the title, insets, long lists, hidden copies, wrapped paragraphs."""

from dataclasses import dataclass

import pytest

from policy_corpus.clean.formats.html import read_html
from tests.clean.test_html_pages import FOOT, LAST, LEAD, LINKS, MORE, NAV, p

TITLE = "雷锋精神进校园 我市开展主题教育活动"
ONE = "（记者 王五）3月5日，远江市第三中学举行“学雷锋”主题教育活动，全校师生一千二百余人参加。"
TWO = "活动现场，学生代表朗诵了诗歌，志愿者们走上街头，为市民提供便民服务，受到一致好评。"
THREE = "市教育局副局长赵六说：“我们要把雷锋精神融入日常教学，让孩子们从小事做起。”"
FOUR = "校长陈七介绍，学校已成立志愿服务队十二支，累计服务时长超过三千小时。"
SCHOOLS = [f"{a}{b}小学教育集团（{c}校区）" for a in "青远云山" for b in "溪江岭河" for c in "东西南北"]
OPINION = "云岭县关于推进教师交流轮岗的实施意见"


def wrapped(*texts: str) -> str:
    return "".join(f"<section><section><p><span>{text}</span></p></section></section>" for text in texts)


def times(count: int, html: str) -> str:
    return "".join(html.replace("#", str(number)) for number in range(count))


@dataclass(frozen=True)
class Layout:
    name: str
    html: str
    body: list[str]
    published: str | None = "2021-03-05"
    title: str = TITLE


LAYOUTS = [
    Layout(
        "portal with inset links, cards and byline without a label",
        f"""<title>{TITLE}|学雷锋|教育_手机远江_远江网</title><meta property="article:published_time" content="2021-03-05T10:22:00+08:00">
        <div class="path"><a href="/">新闻中心</a> > <a href="/n">国内新闻</a> > 正文</div><h1 class="main-title">{TITLE}</h1>
        <div class="date-source"><span class="date">2021年03月05日 10:22</span><a class="source" href="x">远江晚报</a></div>
        <div class="article" id="artibody">{p("　　原标题：" + TITLE)}<div><img><span>图为活动现场。远江晚报 供图</span></div>{p("　　" + ONE, TWO)}
        <div class="box_01"><h3>相关阅读：</h3><ul><li><a href="1">去年此时</a></li></ul></div>{p(THREE, FOUR)}
        <p class="show_author">责任编辑：刘八 </p></div><div class="keywords">文章关键词：<a href="k">学雷锋</a></div>
        <div class="blk-related"><h3>相关新闻</h3><ul>{LINKS}</ul></div><div class="right">{times(6, '<div class="item"><a href="#"><h4>推荐文章标题#，你看过吗？</h4><p>推荐文章的摘要文字，写得很长很长很长很长很长，一共有好几十个字呢，读一读吧。</p></a></div>')}</div>""",
        ["图为活动现场。远江晚报 供图", ONE, TWO, THREE, FOUR],
    ),
    Layout(
        "teasers of other articles above the title, each with a date",
        f"""<title>{TITLE} - 远江日报数字报</title><div id="l">{times(5, "<div><div><a href='#'>别的新闻之#</a></div><div>摘要：这里是另外一篇文章的开头，讲的是完全不同的事情，大约四十来个字，结尾省略……</div><div>2021-02-0#</div></div>")}</div>
        <div id="r"><div class="tt">{TITLE}</div><div>远江日报&nbsp;2021-03-05&nbsp;第03版</div>
        <div class="cc"><div>　　{ONE}</div><div>　　{TWO}</div><div>　　{THREE}</div><div>　　{FOUR}</div></div></div>""",
        [ONE, TWO, THREE, FOUR],
    ),
    Layout(
        "short article, many comments without class names",
        f"""<title>{TITLE}</title><h1>{TITLE}</h1><div>来源：远江晚报 2021-03-05 08:00</div><div class="x1">{p(ONE, TWO)}</div>
        <div class="x2"><div>全部评论（32）</div>{times(32, "<div><div>网友#</div><div>这件事情我觉得做得非常好，希望能够长期坚持下去，不要只搞一天，支持再支持！</div><div>3月6日 回复 赞</div></div>")}</div>""",
        [ONE, TWO],
    ),
    Layout(
        "menu and article in two cells of one row",
        f"""<title>{TITLE}_远江三中</title><table><tr><td><a href=a>学校概况</a><br><a href=b>校园新闻</a><br><a href=c>通知公告</a><br>
        <a href=d>招生就业</a></td><td><h3 align=center>{TITLE}</h3><p align=center>日期：2021/3/5 点击：12</p>{p(ONE, TWO)}</td></tr></table>
        <div>版权所有：远江三中 地址：远江市学府路8号 电话：0000-1234567</div>""",
        [ONE, TWO],
    ),
    Layout(
        "one paragraph with line breaks and blanks of all kinds",
        f"""<title>{TITLE}</title><div class=nav>{NAV}</div><div>{TITLE}</div><div>发布者：办公室　发布时间：2021-03-05　浏览次数：<script>x()</script>次</div>
        <div><p>&nbsp;&nbsp;&nbsp;&nbsp;{ONE}<br/>\r\n&nbsp;&nbsp;{TWO}<br/>\r\n　　{THREE}</p></div><div>上一条：<a href=1>某某通知</a> 下一条：<a href=2>某某公告</a></div>""",
        [ONE, TWO, THREE],
    ),
    Layout(
        "mirror with pinyin in its labels and a hidden heap of text",
        f"""<title>雷鋒精神進(jìn)校園-廣告詞</title><div style="position:absolute;top:-9999px"><h1>廣告詞甲,廣告詞乙</h1></div>
        <h2>雷鋒精神進(jìn)校園</h2><span>信息來(lái)源：遠(yuǎn)江市教育局 發(fā)布時(shí)間：2021-03-05 09:10</span>
        <div><p>3月5日，遠(yuǎn)江市第三中學(xué)舉行“學(xué)雷鋒”主題教育活動(dòng)，全校師生一千二百余人參加。</p></div>
        <div>您可能還對以下資源感興趣：<a href="/a">廣告詞丙</a></div><div id="gr" style="display: none;">{"隨機文字，沒有意義。" * 80}</div>""",
        ["3月5日，遠(yuǎn)江市第三中學(xué)舉行“學(xué)雷鋒”主題教育活動(dòng)，全校師生一千二百余人參加。"],
        title="雷鋒精神進(jìn)校園",
    ),
    Layout(
        "a hidden copy for small screens",
        f"""<title>{TITLE}</title><div style="display:none"><h1>{TITLE}</h1>{p(ONE, TWO)}</div><div><h1>{TITLE}</h1><p>2021-03-05 10:00:00</p>{p(ONE, TWO)}</div>""",
        [ONE, TWO],
    ),
    Layout(
        "a class that the style sheet hides",
        f"""<title>{TITLE}</title><style>.q1, #q2 {{ display : none }} .q3{{text-indent:-9999px}}</style><h1>{TITLE}</h1><p>2021-03-05</p>
        {p(ONE)}<p class="a q1">看不见的广告，一共有几十个字，不应当出现。</p><p id="q2">看不见的广告。</p><p class="q3">看不见的广告，也不应当出现。</p>{p(TWO)}""",
        [ONE, TWO],
    ),
    Layout("a title and links alone", f"<title>{TITLE}</title><h1>{TITLE}</h1><ul>{LINKS}</ul>", [], None),
    Layout(
        "a long list of names below one sentence",
        f"""<title>教育集团名单公示</title><ul>{NAV}</ul><div><h1>教育集团名单公示</h1><div>发布时间：2021-03-05 来源：县教育局</div>
        <div>{p("经各校申报、专家评审，拟确定以下校区，现予以公示，公示期五天。", *SCHOOLS, "监督举报电话：0000-1234567", "云岭县教育局")}</div></div><div>{FOOT}</div>""",
        ["经各校申报、专家评审，拟确定以下校区，现予以公示，公示期五天。", *SCHOOLS, "监督举报电话：0000-1234567", "云岭县教育局"],
        title="教育集团名单公示",
    ),
    Layout(
        "a notice whose lines look like labels",
        f"""<title>关于召开送教下乡推进会的通知</title><h1>关于召开送教下乡推进会的通知</h1><p>2021-03-05 09:00</p><div>{p("各中小学校：", "经研究，定于近期召开送教下乡推进会，现将有关事项通知如下：", "时间：2021年3月12日上午9时", "关闭小散弱教学点", "返回家乡任教的老师一并参加", "特别提示：请自带水杯。", "初审：由乡镇中心校对材料进行初审，报县教育局。")}</div>""",
        [
            "各中小学校：",
            "经研究，定于近期召开送教下乡推进会，现将有关事项通知如下：",
            "时间：2021年3月12日上午9时",
            "关闭小散弱教学点",
            "返回家乡任教的老师一并参加",
            "特别提示：请自带水杯。",
            "初审：由乡镇中心校对材料进行初审，报县教育局。",
        ],
        title="关于召开送教下乡推进会的通知",
    ),
    Layout(
        "preformatted text", f"<title>{TITLE}</title><h1>{TITLE}</h1><pre>　　{ONE}\n　　{TWO}\n\n　　{THREE}</pre>", [ONE, TWO, THREE], None
    ),
    Layout(
        "an inset between paragraphs that each have wrappers",
        f"""<title>{TITLE}</title><h1>{TITLE}</h1><p>2021-03-05</p><div id=c>{wrapped(ONE, TWO)}<div><p>相关阅读</p><p><a href=1>另一篇关于雷锋的文章</a></p></div>{wrapped(THREE, FOUR, LEAD, MORE)}</div>""",
        [ONE, TWO, THREE, FOUR, LEAD, MORE],
    ),
    Layout(
        "a summary, the time and a bare 评论 above the text",
        f"""<title>{TITLE}</title><h1>{TITLE}</h1><div>{LEAD}{LAST}</div><div>2021-03-05 10:00</div><div>评论</div><div>{p(*[ONE, TWO, THREE, FOUR] * 5)}</div>""",
        [LEAD + LAST, *[ONE, TWO, THREE, FOUR] * 5],
    ),
    Layout(
        "sections that a script fades in",
        f"""<title>{TITLE}</title><h1>{TITLE}</h1><p>2021-03-05</p><div>{"".join(f'<div class="wow" style="visibility: hidden; animation-name: none;"><p>{text}</p></div>' for text in (ONE, TWO, THREE))}</div>""",
        [ONE, TWO, THREE],
    ),
    Layout(
        "class names about looks",
        f"""<title>{TITLE}</title><h1>{TITLE}</h1><p>2021-03-05</p><div>{"".join(f'<div class="pl-2 border-side text-header2">{text}</div>' for text in (ONE, TWO, THREE))}</div>""",
        [ONE, TWO, THREE],
    ),
    Layout(
        "newspaper page with an index line below the text",
        f"""<title>云岭日报数字报-{TITLE}</title><table><tr><td><table><tr><td>第01版：要闻</td><td><a href=2>下一版</a></td></tr></table><ul>{LINKS}</ul></td>
        <td><div>2021年03月05日 星期</div><table><tr><td><strong>{TITLE}</strong></td></tr><tr><td><founder-content>{p(ONE, TWO, THREE)}</founder-content></td></tr></table>
        <div>云岭日报要闻 01 {TITLE} 2021-03-05 2</div></td></tr></table>""",
        [ONE, TWO, THREE],
    ),
    Layout(
        "a policy of short headings with its title twice and attachments",
        f"""<title>实施意见_云岭县人民政府</title><meta name="ArticleTitle" content="{OPINION}"><div><div>主题分类：教育</div><div>发布机构：县政府办</div>
        <div>发布日期：2021-03-05</div><div>名称：{OPINION}</div></div><div>{p(OPINION, "一、总体要求", THREE, "二、重点任务", "（一）城区学校", "1.选派骨干", "2.落实待遇", FOUR, "三、保障措施", LEAD, "附件：1.任务分工表", "      2.进度安排表", "云岭县人民政府", "2021年2月28日")}</div><div class=share>分享到：</div>""",
        [
            *["一、总体要求", THREE, "二、重点任务", "（一）城区学校", "1.选派骨干", "2.落实待遇", FOUR, "三、保障措施", LEAD],
            *["附件：1.任务分工表", "2.进度安排表", "云岭县人民政府", "2021年2月28日"],
        ],
        title=OPINION,
    ),
    Layout(
        "a link tag that was left open above the text",
        f"<title>{TITLE}</title><body><a href='#top'><h1>{TITLE}</h1><p>2021-03-05</p>{p(ONE, TWO, THREE, FOUR)}",
        [ONE, TWO, THREE, FOUR],
        None,
    ),
    Layout(
        "text and links side by side in one element",
        f"<title>{TITLE}</title><h1>{TITLE}</h1><p>2021-03-05</p><p>{ONE.replace('远江市', '<a href=1>远江市</a>')}</p><p>{TWO}</p><ul>{LINKS}</ul>",
        [ONE, TWO],
    ),
    Layout(
        "no body tag, lead in the header of the article",
        f"<title>{TITLE}</title><article><header><h1>{TITLE}</h1><p>2021-03-05</p><p>{LEAD}</p></header><div>{p(ONE, TWO)}</div></article>",
        [LEAD, ONE, TWO],
    ),
    Layout(
        "a table of many rows between sentences",
        f"<title>{TITLE}</title><h1>{TITLE}</h1><p>2021-03-05</p><div>{p(ONE)}<table>{times(90, '<tr><td>#</td><td><a href=#>学校#</a></td><td>#0人</td></tr>')}</table>{p(TWO)}</div><ul>{LINKS}</ul>",
        [ONE, *[f"{number} | 学校{number} | {number}0人" for number in range(90)], TWO],
    ),
    Layout(
        "half-width punctuation",
        f"<title>{TITLE}</title><h1>{TITLE}</h1><p>2021-03-05</p><div>{p('云岭县教育局组织教师到农村送教,全年共一百二十场,受到欢迎.', '下一步,将继续推进结对帮扶,让更多孩子上好学.')}</div><div>{FOOT}</div>",
        ["云岭县教育局组织教师到农村送教,全年共一百二十场,受到欢迎.", "下一步,将继续推进结对帮扶,让更多孩子上好学."],
    ),
    Layout(
        "a rest of the text that a click unfolds",
        f"<title>{TITLE}</title><h1>{TITLE}</h1><p>2021-03-05</p><div>{p(LEAD)}<div style='display:none'>{p(ONE, TWO)}</div><a href='javascript:;'>展开全文</a></div>",
        [LEAD, ONE, TWO],
    ),
    Layout(
        "a date set over four lines",
        f"""<title>{TITLE}_腾远网</title><div class="nav">{NAV}</div><h1>{TITLE}</h1><div class="tool"><div>2021</div><div> 03/<br>05</div><div>10:22</div><div>远江晚报</div></div>
        <div class="content-article">{p(ONE, TWO, THREE)}</div><div id="Comment"><h3>评论</h3><p>写评论，抢沙发，说说你的看法吧！</p></div>""",
        [ONE, TWO, THREE],
    ),
]  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_the_body_is_found(layout: Layout) -> None:
    assert [block.text for block in read_html(layout.html).blocks] == layout.body


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_title_and_date_are_found(layout: Layout) -> None:
    hints = read_html(layout.html).hints
    assert (hints.title, hints.published) == (layout.title, layout.published)


@pytest.mark.parametrize(
    ("html", "url", "published"),
    [
        (f"<p>{ONE}", "http://a.cn/2021/0305/c1-2.html", "2021-03-05"),
        (f"<p>{ONE}", "http://a.cn/art/2021/3/5/art_1.html", "2021-03-05"),
        (f"<p>{ONE}", "http://a.cn/20210305123.html", None),
        (f"<h1>{TITLE}</h1><p>2021-03-05<p>{ONE}", "http://a.cn/2022/0719/1.html", "2021-03-05"),
        (f'<script type="application/ld+json">{{"@graph":[{{"datePublished":"2021-03-05T01:00:00Z"}}]}}</script><p>{ONE}', None, "2021-03-05"),
        (f'<meta name="publishdate" content="2021-03-05"><meta name="lastmodified" content="2022-01-01"><p>{ONE}', None, "2021-03-05"),
        (f"<p>{ONE}<p>发布日期：2021-03-05", None, "2021-03-05"),
        (f"<h1>{TITLE}</h1><p>{ONE}<ul><li><a href=1>别的</a> 2021-03-05</ul>", None, None),
        (f"<p>今天是2021年3月5日<h1>{TITLE}</h1><p>{ONE}", None, None),
        (f"<h1>{TITLE}</h1><p>更新时间：2021-03-05 10:00<p>{ONE}", None, None),
    ],
    ids=["address", "address in parts", "number in address", "printed before address", "json-ld", "meta", "below the text", "sidebar", "today", "update"],
)  # fmt: skip
def test_the_date_is_read_in_the_order_of_trust(html: str, url: str | None, published: str | None) -> None:
    assert read_html(html, url).hints.published == published
