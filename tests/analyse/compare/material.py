"""Two invented regions of some documents, and one of hardly any text."""

from dataclasses import replace

from policy_corpus.analyse.compare.compare import Region, compare
from policy_corpus.analyse.compare.model import Comparison, Material, Text
from policy_corpus.records import Measure, Quantity

EAST, WEST, THIN = ("990101", "甲省东县"), ("990102", "甲省西县"), ("990103", "甲省小县")
LABELS = {"rotation": "交流轮岗", "layout": "布局调整", "training": "培训研修", "funding": "经费投入"}
REGIONS = (Region(EAST, "东县"), Region(WEST, "西县"), Region(THIN, "小县"))


def quantity(
    value: float, what: str = "新增学位", unit: str = "个", bound: str = "=", text: str = ""
) -> Quantity:
    return Quantity(text or f"{value:g}{unit}", value, None, unit, bound, "amount", what)  # type: ignore[arg-type]


# Region, document, date, then its sentences: code, status, words, quantities.
DOCUMENTS = (
    (EAST, "e1", "2021-05-06", [
        *[("rotation", "done", f"第{n}批教师到村小轮岗。", ()) for n in range(12)],
        ("layout", "done", "新增学位2000个。", (quantity(2000),)),
        ("training", "planned", "明年培训教师。", ()),
    ]),
    (EAST, "e2", "2022", [("layout", "planned", "将增加学位不少于500个。", (quantity(500, "增加学位", bound="≥"),))]),
    (WEST, "w1", "2022-03", [
        *[("training", "done", f"第{n}期教师研修结束。", ()) for n in range(9)],
        ("rotation", "done", "两名教师轮岗。", (quantity(2, "教师", "名"),)),
        ("layout", "done", "新增学位1800个。", (quantity(1800),)),
    ]),
    (WEST, "w2", None, [("training", "advised", "建议多办研修。", ())]),
    (THIN, "t1", "2022-09-01", [("training", "done", "办了一期培训。", ())]),
)  # fmt: skip


def material() -> Material:
    texts, measures = {}, {}
    for region, key, date, sentences in DOCUMENTS:
        body, start = "", 0
        for n, (code, status, words, quantities) in enumerate(sentences):
            start = len(body)
            body += words + "\n"
            measure = Measure(
                f"{key}-{n:02}", key, f"c-{key}", f"/pages/{key}.html", 1, code, status, words, start,
                start + len(words), 0.9, quantities=quantities, region_code=region[0], region_name=region[1],
            )  # fmt: skip
            measures[measure.measure_id] = measure
        texts[key] = Text(
            key, region, f"{region[1]}通知{key}", "news", date, False, f"https://www.example.cn/{key}", 1,
            len(sentences), body,
        )  # fmt: skip
    return Material(texts, measures)


def compared(*regions: Region, of: Material | None = None) -> Comparison:
    return compare(regions or REGIONS, of or material(), LABELS)


def without(found: Material, *measure_ids: str) -> Material:
    return replace(found, measures={k: m for k, m in found.measures.items() if k not in measure_ids})
