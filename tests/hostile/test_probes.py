"""Foreign bytes and words are read or refused in words of ours; nothing crashes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.cases import PLACES, SENTENCE
from tests.hostile.probes import PROBES
from tests.hostile.seeds import SEEDS

WORDS = st.sampled_from(
    [SENTENCE, PLACES, "<p>", "</p>", "<table><tr><td>", "&#x4e91;", "9" * 5000, "九" * 5000, "一、", "《", "（", "“", "\n", "\0", "\ud800",
     "\u202e", "\ufeff", " ", "=", "[[source]]\n", "id = 'a'\n", "start = ['http://a.cn/']\n", "[", "{", '"', "code\t", "\t", "1e999", "-0",
     "18446744073709551616", "0" * 400, "亿" * 400, "第", "号", "%", "2018-02-31", "9999年99月99日", "Disallow: /*$*$*\n", "User-agent: *\n",
     "Crawl-delay: nan\n", "<loc>http://a/", "<item><link>", "]]>", "<![CDATA[", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "某区", "我县", "全市"]
)  # fmt: skip
MIXED = st.lists(WORDS | st.text(max_size=20), max_size=12).map(
    lambda parts: "".join(parts).encode("utf-8", "surrogatepass")
)


PIECES = st.sampled_from(
    [b"", b"\0", b"\xff", b"\n", b"\t", b"\r", b'"', b"9" * 30, b"=", b"\xed\xa0\x80", "云".encode()]
) | st.binary(max_size=8)


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_almost_well_formed_never_crashes_a_probe(name: str, data: st.DataObject) -> None:
    changed = data.draw(st.sampled_from(SEEDS[name]))
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(changed)))
        end = data.draw(st.integers(start, min(len(changed), start + 40)))
        changed = (
            changed[:start] + data.draw(PIECES) * data.draw(st.sampled_from([1, 1, 200])) + changed[end:]
        )
    PROBES[name](changed)


@pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES)
@settings(max_examples=25)
@given(data=MIXED | st.binary(max_size=300))
def test_a_probe_never_crashes(probe, data: bytes) -> None:
    probe(data)


@pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES)
@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 100, b"\xff" * 100, b"9" * 20_000, ("九" * 5000).encode(), b"[" * 20_000, b'{"a":' * 5000, b"a = " + b"[" * 5000,
     b"a = " + b"9" * 5000, "亿".encode() * 2000, b"\xed\xa0\x80" * 50, "第".encode() * 2000],
    ids=["empty", "NULs", "ones", "digits", "Han digits", "brackets", "objects", "deep TOML", "long number", "hundreds of millions",
         "lone surrogates", "ordinals"],
)  # fmt: skip
def test_a_probe_survives(probe, data: bytes) -> None:
    probe(data)
