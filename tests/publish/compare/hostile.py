"""A comparison whose texts are as bad as texts can be."""

from dataclasses import replace

from policy_corpus.analyse.compare.compare import compare
from policy_corpus.analyse.compare.model import Comparison, Material
from tests.analyse.compare.material import LABELS, REGIONS, material

WORDS = "=cmd|'/c calc'!A0 </script><script>alert(1)</script> <!-- [链接](x) *重* | \x0b\x01 “引”\ud800"
TITLE = "+标题</title><img src=x onerror=alert(1)>\x08"
ADDRESS = 'https://www.example.cn/a?b="><script>alert(2)</script>&c=1'


def hostile() -> Comparison:
    found = material()
    measures = {}
    for key, measure in found.measures.items():
        quantities = tuple(replace(q, what=WORDS) for q in measure.quantities)
        measures[key] = replace(measure, evidence=WORDS, quantities=quantities)
    texts = {key: replace(text, title=TITLE, address=ADDRESS) for key, text in found.texts.items()}
    return compare(REGIONS, Material(texts, measures), LABELS, conditions={"issuer": "<b>"})
