"""Invented articles and files for the test site. The places and people in them do not exist."""

import io
import random
import zipfile
from dataclasses import dataclass
from functools import cache

from docx import Document
from openpyxl import Workbook  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

PLACES = ("云岭县", "远江市", "石渡县", "青溪区", "白岩镇", "长桥乡", "南坪区", "松湾县")
TOPICS = (
    "教师交流轮岗",
    "联片教研",
    "送教下乡",
    "集团化办学",
    "课后服务",
    "城乡结对",
    "名师工作室",
    "县管校聘",
)
FORMS = ("工作推进会召开", "实施情况通报", "经验交流材料", "年度工作总结", "实施方案出台")
CLAUSES = (
    "{place}{topic}工作自{month}月起分{n}批进行",
    "县城学校与{n}所村小结成对子，每周共上一节课",
    "从城区抽调骨干教师{n}名到偏远教学点任教一年",
    "对参加{topic}的教师每月补助{m}元，由县财政承担",
    "教研员下到{n}个片区听课，课后当场评议",
    "中心校统一排课，音乐、美术、体育由{n}名教师走教",
    "家长委员会每学期开会{n}次，意见由学校逐条答复",
    "新建录播教室{n}间，{m}名学生同上一堂课",
    "年底对{n}所学校进行考核，结果与绩效挂钩",
    "{place}将于{month}月开展第{n}轮检查",
)
SYLLABLES = "澜峤沐珩筠溯岚琛霁禾樾汀砚棠岱洵瑾璞蘅骐"


def word(n: int) -> str:
    """A word of four characters that stands for ``n`` and for no other number below 160,000."""
    scattered = (n * 7919 + 31) % len(SYLLABLES) ** 4
    digits = []
    for _ in range(4):
        scattered, digit = divmod(scattered, len(SYLLABLES))
        digits.append(SYLLABLES[digit])
    return "".join(digits)


@dataclass(frozen=True)
class Article:
    """A notice: the words name it among all."""

    title: str
    date: str
    paragraphs: tuple[str, ...]
    word: str


def article(n: int) -> Article:
    """Article number ``n``: always the same, and unlike every other."""
    dice = random.Random(n)
    place, topic, name = dice.choice(PLACES), dice.choice(TOPICS), word(n)
    title = f"{place}{topic}{dice.choice(FORMS)}（{name}）"
    date = f"{2019 + n % 6}-{1 + n % 12:02}-{1 + n % 28:02}"
    paragraphs = []
    for number in range(4):
        clauses = dice.sample(CLAUSES, 3)
        text = "；".join(
            clause.format(place=place, topic=topic, month=dice.randint(1, 12), n=dice.randint(3, 97),
                          m=dice.randint(100, 990))
            for clause in clauses
        )  # fmt: skip
        paragraphs.append(f"{text}。" if number else f"{text}。此项工作代号为{name}。")
    return Article(title, date, tuple(paragraphs), name)


@cache
def pdf(text: str) -> bytes:
    """One page whose text can be read."""
    if "STSong-Light" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True)
    canvas.setFont("STSong-Light", 12)
    for number, line in enumerate(text.split("\n")):
        canvas.drawString(50, 780 - 24 * number, line)
    canvas.save()
    return out.getvalue()


@cache
def docx(text: str) -> bytes:
    out = io.BytesIO()
    document = Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


@cache
def xlsx(text: str) -> bytes:
    """One row a line, cells split at the bar."""
    out = io.BytesIO()
    book = Workbook()
    for line in text.split("\n"):
        book.active.append(line.split("|"))
    book.save(out)
    return out.getvalue()


@cache
def packed(name: str, text: str) -> bytes:
    """A zip that holds one docx under a Chinese name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.docx", docx(text))
    return out.getvalue()


def ole(text: str) -> bytes:
    """The head of an old Word or WPS file; no program can open it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + text.encode("utf-16-le")


def attachment(kind: str, words: str, name: str) -> tuple[bytes, str]:
    """A file of this kind and the media type that its server declares, right or wrong."""
    if kind == "pdf":
        return pdf(words), "application/pdf"
    if kind == "docx":
        return docx(words), "application/octet-stream"
    if kind == "xlsx":
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        rows = [f"第{n}小学|{n * 7}|{line}" for n, line in enumerate(words.split("\n"), 1)]
        return xlsx("\n".join(["学校|教师|备注", *rows, f"合计|70|{name}"])), media
    if kind == "zip":
        return packed("附件一：实施方案", words), "application/zip"
    return ole(words), "application/msword" if kind == "doc" else "application/octet-stream"
