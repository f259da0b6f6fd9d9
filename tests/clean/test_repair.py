"""Spoiled characters: what is made good, what is left, and that every character keeps its place."""

import pytest

from policy_corpus.clean.lines import blocks_of
from policy_corpus.clean.repair import is_mirror, repaired
from policy_corpus.clean.script import is_traditional, to_simplified
from tests.clean.pages import only

MIRROR = "云嶺縣教育局組織(zhī)骨干教師到農(nóng)村學(xué)校送教，優(yōu)質(zhì)課程向鄉(xiāng)村開放。"


def text_of(raw: str) -> str:
    lines, _ = repaired(blocks_of(raw))
    return "\n".join(line.text for line in lines)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        (MIRROR, "云岭县教育局组织骨干教师到农村学校送教，优质课程向乡村开放。"),
        ("教師專(zhuan) 業(ye) 發展(zhan) 有序推進", "教师专业发展有序推进"),
        ("優(yōu)質(zhì)教育占全縣生產總值(GDP)的4%，詳見附件(PDF)，學(xué)校32所", "优质教育占全县生产总值(GDP)的4%，详见附件(PDF)，学校32所"),
    ],
)  # fmt: skip
def test_a_mirror_loses_its_pinyin_and_keeps_real_brackets(raw: str, plain: str) -> None:
    lines, script = repaired(blocks_of(raw))
    assert script == "mirror"
    assert "".join(line.text for line in lines) == plain


def test_one_gloss_in_an_honest_text_stays() -> None:
    assert text_of("漳(zhāng)州市教育局召开会议。") == "漳(zhāng)州市教育局召开会议。"
    assert not is_mirror("漳(zhāng)州市教育局召开会议。")


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        (
            "組(zǔ)織(zhī)學(xué)生，以中心學?！睘辇堫^，優(yōu)化布局",
            "组织学生，以中心学校”为龙头，优化布局",
        ),
        ("組(zǔ)織(zhī)學(xué)生?！翱h域均衡”，優(yōu)化布局", "组织学生。“县域均衡”，优化布局"),
    ],
)
def test_a_lost_byte_is_put_back_where_that_is_certain(raw: str, plain: str) -> None:
    assert text_of(raw) == plain


def test_an_honest_question_mark_is_left_alone() -> None:
    raw = "學(xué)校怎么辦(bàn)?老師(shī)們說，要靠縣(xiàn)里。"
    assert text_of(raw) == "学校怎么办?老师们说，要靠县里。"


def test_every_character_keeps_its_place() -> None:
    raw = f"  {MIRROR}\n\n第二段，學(xué)校32所,,全部達(dá)標(biāo)。"
    lines, _ = repaired(blocks_of(raw))
    for line in lines:
        places = "".join(raw[offset] for offset in line.block.offsets)
        assert to_simplified(places) == line.text


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("全县组织教研员,,分组听课,。", "全县组织教研员,分组听课。"),
        ("任务完成。。下一步继续推进。", "任务完成。下一步继续推进。"),
        ("真的吗……是真的。", "真的吗……是真的。"),
        ("????9月7日,云岭县召开会议。", "9月7日,云岭县召开会议。"),
        ("第一段。\n?\n第二段。", "第一段。\n第二段。"),
        ("0 n6 y( F2 t' x1 B( [\n云岭县推进均衡发展。", "云岭县推进均衡发展。"),
        ("0 n6 y( F2 t' x1 B( [云岭县推进均衡发展。", "云岭县推进均衡发展。"),
        ("SSI ļʱ\n正文第一段。", "正文第一段。"),
        ("校长林\" index=\"0\" level=\"2\">某说", "校长林某说"),
        ("/p>云岭县教育局召开会议", "云岭县教育局召开会议"),
        ('<p><b style="color: rgb(1,2,3)">第一段。</b></p><p>第二段&nbsp;&ldquo;好&rdquo;。</p>', "第一段。\n第二段\xa0“好”。"),
        ("3 月 11 日上午，距县城约 40 公里，总分 92. 5", "3月11日上午，距县城约40公里，总分 92.5"),
        ("学\u200b校\ufeff", "学校"),
    ],
)  # fmt: skip
def test_noise_goes_and_text_stays(raw: str, plain: str) -> None:
    assert text_of(raw) == plain


def test_a_spam_word_between_digits_goes_wherever_it_stands() -> None:
    raw = (
        "全校只剩1广告词甲4个孩子，教广告词甲师2名。教师和孩子们都说，学广告词甲校要坚持办下去，学校不能撤。"
    )
    assert text_of(raw) == "全校只剩14个孩子，教师2名。教师和孩子们都说，学校要坚持办下去，学校不能撤。"


@pytest.mark.parametrize(
    "text", ["2018年第3期刊登，2019年第4期刊登，2020年第5期刊登。", "1 2 3 4 5 甲乙", "得分3.5 4.5 6.7 2 3"]
)
def test_a_phrase_that_often_stands_between_digits_is_no_spam(text: str) -> None:
    assert text_of(text) == text


def test_honest_traditional_text_keeps_its_script_beside_a_simplified_form() -> None:
    body = "雲嶺縣教育局組織骨幹教師到農村學校送教，優質課程向鄉村開放，學生足不出鄉就能聽到名師講課，縣裡並為每所學校配備錄播教室。"
    document = only(f"雲嶺縣推進義務教育均衡發展\n\n{body}\n")
    assert document.script == "traditional"
    assert document.body == body
    assert document.simplified is not None
    assert len(document.simplified) == len(body)
    assert "组织骨干教师到农村学校" in document.simplified


@pytest.mark.parametrize(
    ("text", "expected"), [("義務教育優質均衡發展", True), ("义务教育优质均衡发展，乾坤湾学校", False)]
)
def test_script_is_told_by_its_characters(text: str, expected: bool) -> None:
    assert is_traditional(text) is expected
