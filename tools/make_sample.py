"""Make the files of the sample corpus that no editor can write: GB18030, docx, pdf, zip and broken ones.

The other html and txt pages of ``corpora/sample/pages`` are edited as they stand. Run from the top of the
checkout: ``python tools/make_sample.py``. Same input, same bytes (times inside the files are fixed).
"""

import datetime
import io
import zipfile
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[1] / "corpora" / "sample"
FIXED_TIME = datetime.datetime(2026, 3, 2, 9, 0, 0)
ZIP_TIME = (2026, 3, 2, 9, 0, 0)

KANGBASHI_TITLE = "康巴什：把最好的房子留给学校"
KANGBASHI_PARAGRAPHS = (
    "走进鄂尔多斯市康巴什区，最醒目的建筑往往是学校。这座年轻的城区人口年年增加，入学的孩子也年年增加。",
    "“十四五”以来，康巴什区教育投入达到36.46亿元，每年约占地方财政收入的四分之三。钱从哪里来？区里的回答是：压一般性支出，保教育支出。",
    "康巴什区每年新建学校2至3所，并先后组建6个教育集团，新学校一建成就进入集团，由集团总校派出管理团队和骨干教师。",
    "过去，新区的新学校最怕“有楼无师”。如今新校教师先到总校跟岗，总校的中层干部再到新校任职，两头一换，课堂和管理很快就上了路。",
    "2024年，康巴什区跻身第二批全国义务教育优质均衡发展县（市、区、旗）行列。",
    "记者采访时，正赶上一所新校的教师在集团里集体备课。年轻教师堃老师说，进集团第一年就有师父带，心里不慌。",
)
KANGBASHI_PAGE = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">
<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />
<title>{title}_草原网教育频道</title>
<link href="http://www.caoyuan.example/css/end.css" rel="stylesheet" />
<script src="/js/top.js" charset="gb2312"></script>
</head>
<body>
<div class="nav"><a href="/">草原网</a> <a href="/news">新闻</a> <a href="/mm">牧民之家</a> <a href="/edu">教育</a> <a href="/bbs">社区</a></div>
<div class="bread">您的位置：草原网 &gt; 教育 &gt; 鄂尔多斯 &gt; 正文</div>
<div id="endpage">
<h1>{title}</h1>
<div class="ep-info">2025-09-08 08:02:11　来源：草原日报　作者：王喆　<a href="#pl">有0人参与</a>　<span>转发到：微博 | 空间</span></div>
<div id="endText">
{body}
<div class="ep-source">（责任编辑：通联部 NE012）</div>
</div>
<div class="ep-rec"><h3>热点推荐</h3><ul><li><a href="#">呼伦贝尔迎来今秋第一场雪</a></li><li><a href="#">康巴什国际赛车节门票开售</a></li></ul></div>
</div>
<div class="foot">草原网　客服电话：0000-000000　未经授权请勿转载</div>
</body>
</html>
"""

LUXI_TITLE = "芦溪县“十四五”时期基础教育工作总结"
SUICHUAN_TITLE = "关于统筹推进县域内城乡义务教育一体化改革发展的实施意见"
SUICHUAN_LINES = (
    ("head", "遂川县人民政府文件"),
    ("head", SUICHUAN_TITLE),
    ("text", "各乡镇人民政府，县政府各部门："),
    ("text", "为落实《国务院关于统筹推进县域内城乡义务教育一体化改革发展的若干意见》（国发〔2016〕40号）和赣府发〔2017〕10号、"
             "吉府发〔2017〕16号文件要求，经县政府研究同意，现就我县城乡义务教育一体化改革发展提出如下实施意见。"),
    ("sub", "一、优化学校布局"),
    ("text", "按照“小学就近入学、初中相对集中”的原则编制学校布局规划，新建住宅区配套建设学校，做到同步规划、同步建设、同步交付。"),
    ("sub", "二、统一办学标准"),
    ("text", "（一）统一城乡学校建设标准和装备标准，逐校建立达标台账。"),
    ("text", "（二）统一生均公用经费基准定额，对乡村小规模学校和寄宿制学校予以倾斜。"),
    ("sub", "三、改革教师管理"),
    ("text", "推行县管校聘，县域内义务教育学校校长、教师定期交流轮岗，新任校长优先从有农村学校任职经历的教师中选拔。"),
    ("sub", "四、加强组织领导"),
    ("text", "建立由县政府分管领导召集的联席会议制度，有关部门每季度通报一次进展，重大事项提请县政府常务会议研究。"),
    ("right", "遂川县人民政府"),
    ("right", "2018年4月26日"),
)  # fmt: skip

LITONG_A = """吴忠市利通区：一块屏幕里的“数字课堂”

来源：塞上教育　发布时间：2025-12-01 15:40

　　走进利通区金银滩复兴学校，语文老师正用“351”智慧课堂模式上课。课前推送预习单，课中分层答题，课后按薄弱点布置作业，一节课下来，谁会谁不会清清楚楚。

　　在利通七小，学校建成了“1234+N”阅读系统，学生刷脸借书，读了什么、读懂多少，平台上都有记录。

　　技术进了课堂，老师的备课也变了样。利通区把优秀教师的课堂实录传到区级平台，山区和川区的学校都能点开来用，新教师先看录像再上讲台。

　　也有老师提醒，屏幕再好，也替不了师生之间的一个眼神、一句鼓励。学校规定低年级每节课用屏幕的时间，剩下的留给动手和说话。

　　两所学校的尝试，是利通区用数字化手段促进优质资源共享的一个缩影。

编辑：马兰
"""
LITONG_B_TITLE = "利通区：1.3亿元建起教育“数字底座”"
LITONG_B = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gbk"><title>{LITONG_B_TITLE}</title></head>
<body><div class="menu">首页 | 新闻 | 专题 | 关于我们</div>
<h2>{LITONG_B_TITLE}</h2><p class="date">2025-10-17 来源：黄河文摘</p>
<p>　　吴忠市利通区累计投入1.3亿元，建设教育数字治理中心，更新教学设备。</p>
<p>　　学生用的终端明显多了，由5人一台变为2人一台。</p>
<p>　　治理中心的大屏上，各校的课表、作业量、体质监测数据随时可看。哪所学校的音乐课被挤占了，哪个年级的作业多了，数据一亮红灯，责任督学就上门核实。</p>
<p>　　设备好了，还得会用。利通区开展教师数字素养培训2.4万人次，从开机备课到数据分析，逐级过关。几位快退休的老教师也报了名，说不想在学生面前“掉线”。</p>
<p class="fx">分享到：微信 微博　责编：丁宁</p></body></html>
"""


def kangbashi() -> bytes:
    """A page that says gb2312 and holds characters that only GB18030 knows."""
    body = "\n".join(f"<p>　　{text}</p>" for text in KANGBASHI_PARAGRAPHS)
    page = KANGBASHI_PAGE.format(title=KANGBASHI_TITLE, body=body)
    return page.encode("gb18030")


def luxi_docx() -> bytes:
    """A work report with headings, a list and a table."""
    from docx import Document

    document = Document()
    document.add_heading(LUXI_TITLE, level=0)
    document.add_paragraph("芦溪县教育局　2026年2月14日")
    document.add_paragraph(
        "“十四五”以来，芦溪县坚持把教育摆在优先位置，一手抓条件、一手抓队伍，城乡学校之间的差距明显缩小。现将主要工作总结如下。"
    )
    document.add_heading("一、主要做法", level=1)
    document.add_heading("（一）补条件", level=2)
    document.add_paragraph(
        "全县义务教育学校办学条件全部达到省定标准，农村学校的实验室、图书室和运动场地逐校建成。"
    )
    document.add_heading("（二）强队伍", level=2)
    document.add_paragraph(
        "近五年，通过招聘、定向培养和交流等渠道补充中小学教师464名、幼儿园教师562名，来源见下表。"
    )
    table = document.add_table(rows=1, cols=3)
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, ("学段", "补充教师（名）", "主要渠道"), strict=True):
        cell.text = text
    for row in (("中小学", "464", "招聘、定向培养、交流"), ("幼儿园", "562", "招聘、定向培养、交流")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_heading("（三）兴课程", level=2)
    document.add_paragraph("作为全国劳动教育和科学教育的试点县，我们重点做了三件事：")
    for text in (
        "开好劳动课，每所学校至少有一处劳动基地；",
        "开好科学课，小学配齐专职或兼职科学教师；",
        "开好实践课，把田间、车间变成课堂。",
    ):
        document.add_paragraph(text, style="List Bullet")
    document.add_heading("二、取得成效", level=1)
    document.add_paragraph("2024年，芦溪县通过义务教育优质均衡发展和学前教育普及普惠两项国家认定。")
    document.add_heading("三、下一步打算", level=1)
    document.add_paragraph(
        "2026年，我们将扩大城乡学校共同体的覆盖面，推动县城学校与乡村学校在管理、教师和课程上融为一体。"
    )
    document.core_properties.author = "芦溪县教育局"
    document.core_properties.title = LUXI_TITLE
    document.core_properties.created = document.core_properties.modified = FIXED_TIME
    raw = io.BytesIO()
    document.save(raw)
    return _fixed_zip([(i.filename, b) for i, b in _members(raw.getvalue())])


def suichuan_pdf() -> bytes:
    """A notice with a text layer in Adobe's own Song font (nothing embedded)."""
    from reportlab.lib.enums import TA_CENTER, TA_RIGHT
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    plain = ParagraphStyle(
        "text", fontName="STSong-Light", fontSize=12, leading=22, firstLineIndent=24, wordWrap="CJK"
    )
    styles = {
        "text": plain,
        "head": ParagraphStyle(
            "head", plain, fontSize=16, leading=30, alignment=TA_CENTER, firstLineIndent=0
        ),
        "sub": ParagraphStyle("sub", plain, fontSize=13, spaceBefore=6),
        "right": ParagraphStyle("right", plain, alignment=TA_RIGHT, firstLineIndent=0),
    }
    raw = io.BytesIO()
    target = SimpleDocTemplate(raw, pagesize=A4, invariant=1, title=SUICHUAN_TITLE, author="遂川县人民政府")
    target.build([Paragraph(text, styles[name]) for name, text in SUICHUAN_LINES])
    return raw.getvalue()


def litong_zip() -> bytes:
    """Two pages; the name of the second member is GBK bytes without the UTF-8 flag, as Windows wrote them."""
    name = "利通区数字底座.html".encode("gbk").decode("cp437")
    return _fixed_zip(
        [("litong-classroom-2025.txt", LITONG_A.encode()), (name, LITONG_B.encode("gbk"))], gbk_names=True
    )


def broken() -> dict[str, bytes]:
    """Small files that no reader can open: each must end as an Issue row."""
    ole_header = bytes.fromhex("d0cf11e0a1b11ae1")
    encrypted = ole_header + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 480
    return {
        "empty.html": b"",
        "truncated.docx": luxi_docx()[:2000],
        "encrypted.docx": encrypted,
        "unknown.bin": bytes(range(256)) * 2,
    }


def _members(archive: bytes) -> list[tuple[zipfile.ZipInfo, bytes]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return [(info, opened.read(info)) for info in opened.infolist()]


class _RawName(zipfile.ZipInfo):
    """A member whose name bytes are written as they are (cp437 stands for raw bytes, no UTF-8 flag)."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the name zipfile calls
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


def _fixed_zip(members: list[tuple[str, bytes]], gbk_names: bool = False) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = (_RawName if gbk_names else zipfile.ZipInfo)(name, ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return raw.getvalue()


def main() -> None:
    """Write every file."""
    files = {
        "pages/kangbashi-gbk-2025.html": kangbashi(),
        "pages/luxi-report-2026.docx": luxi_docx(),
        "pages/suichuan-opinion-2018.pdf": suichuan_pdf(),
        "pages/litong-pages.zip": litong_zip(),
        **{f"broken/{name}": data for name, data in broken().items()},
    }
    for name, data in files.items():
        target = SAMPLE / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


if __name__ == "__main__":
    main()
