"""The same text twice is one document; the same words of two bodies are two."""

import zlib
from dataclasses import replace

import pytest
from datasketch import MinHash

from policy_corpus.clean.duplicates import SAME_TEXT, group_duplicates, overlap, shingles, signature
from policy_corpus.records import Document
from tests.clean.pages import BODY, LEAD, only
from tests.clean.test_split import ESSAY, PLAN
from tests.shared import DATA, needs_shared

TEXT = f"{BODY}\n{PLAN}\n{ESSAY}"


def document(key: str, body: str = TEXT, **fields: object) -> Document:
    made = Document(
        document_id=key,
        capture_id=key,
        source=f"{key}.html",
        part=1,
        title="城乡学校结对",
        body=body,
        kind="news",
    )
    return replace(made, signature=signature(body), **fields)  # type: ignore[arg-type]


def groups(*documents: Document) -> dict[str, str]:
    by_id = {d.document_id: d.body for d in documents}
    return {k: v[0] for k, v in group_duplicates(documents, lambda ids: {i: by_id[i] for i in ids}).items()}


@pytest.mark.parametrize(
    "copy",
    [
        TEXT,
        TEXT.replace("平", ""),
        TEXT.replace("，", ",").replace("。", "."),
        f"来源：远江晚报 2020-07-03\n{TEXT}\n（记者 张三）",
        TEXT.replace("教师", "老师", 1),
    ],
)
def test_a_copy_is_marked(copy: str) -> None:
    assert groups(document("a", published="2019-01-01"), document("b", copy, published="2020-01-01")) == {
        "b": "a"
    }


def test_a_traditional_copy_is_the_same_text() -> None:
    assert shingles("義務教育優質均衡發展") == shingles("义务教育优质均衡发展")


def test_an_excerpt_is_not_the_same_document() -> None:
    assert groups(document("a"), document("b", LEAD)) == {}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"issuer": "远江市人民政府"}, {"issuer": "青州省人民政府"}),
        ({"number": "远政发〔2018〕2号"}, {"number": "青政发〔2017〕9号"}),
        ({"title": "远江市推进均衡发展的意见"}, {"title": "长坪县推进均衡发展的意见"}),
    ],
)
def test_the_same_words_of_two_bodies_are_two_documents(
    first: dict[str, str], second: dict[str, str]
) -> None:
    assert groups(document("a", **first), document("b", **second)) == {}


@pytest.mark.parametrize(
    ("kept", "copy"),
    [
        ({"published": "2019-01-01"}, {"published": "2021-01-01"}),
        ({"published": "2021-01-01"}, {"published": None}),
        ({"published": "2021-01-01", "url": "http://www.yunling.gov.cn/a.html"}, {"published": "2019-01-01"}),
        (
            {"published": "2021-01-01", "kind": "policy", "number": "远政发〔2018〕2号"},
            {"published": "2019-01-01"},
        ),
    ],
)
def test_the_official_and_the_earliest_are_kept(kept: dict[str, str], copy: dict[str, str]) -> None:
    assert groups(document("z", **kept), document("a", **copy)) == {"a": "z"}


def test_groups_have_no_chains() -> None:
    words = [TEXT[i : i + 8] for i in range(0, len(TEXT), 8)]
    near = "".join(w if n % 12 else "云水谣" + w for n, w in enumerate(words))
    far = (
        "".join(w if n % 12 else "云水谣" + w if n % 24 else "石" + w + "桥" for n, w in enumerate(words))
        + BODY[:90]
    )
    found = groups(document("a", published="2019-01-01"), document("b", near), document("c", far))
    for member, kept in found.items():
        assert kept not in found
        texts = {"a": TEXT, "b": near, "c": far}
        assert overlap(shingles(texts[member]), shingles(texts[kept])) >= SAME_TEXT


def test_the_order_of_entries_does_not_matter() -> None:
    made = [document("a", published="2019-01-01"), document("b"), document("c", TEXT + "（完）")]
    assert groups(*made) == groups(*reversed(made)) == {"b": "a", "c": "a"}


def test_an_empty_text_has_no_signature_and_no_twin() -> None:
    assert signature("，。") == b""
    assert groups(document("a", "，。"), document("b", "，。")) == {}


def test_a_signature_is_256_bytes_and_stable() -> None:
    assert len(signature(TEXT)) == 256
    assert signature(TEXT) == signature(TEXT.replace("，", ", "))


@pytest.mark.parametrize(
    "text",
    ["云", TEXT, "".join(map(chr, range(0x4E00, 0x9FA0)))],
    ids=["a letter", "a page", "20,000 letters"],
)
def test_a_signature_is_that_of_datasketch(text: str) -> None:
    library = MinHash(num_perm=64, hashfunc=zlib.crc32, scheme="affine32")
    library.update_batch(part.encode() for part in shingles(text))
    assert signature(text) == library.hashvalues.astype("<u4").tobytes()


@needs_shared
def test_cities_that_copied_their_province_stay_apart() -> None:
    names = ["驻马店市", "河南省", "安阳市"]
    made = []
    for name in names:
        path = next(
            p for p in sorted((DATA / "arts-opinions").iterdir()) if p.name.startswith(f"{name}人民政府")
        )
        found = only(path.read_text(encoding="utf-8"), path.name)
        made.append(replace(found, document_id=name, signature=signature(found.body)))
    assert overlap(shingles(made[0].body), shingles(made[1].body)) > SAME_TEXT
    assert groups(*made) == {}
