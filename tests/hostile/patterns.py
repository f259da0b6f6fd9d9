"""Every regular expression of the package, and what could make one of them slow."""

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import policy_corpus

try:
    from re import _constants as sre
    from re import _parser as sre_parser  # type: ignore[attr-defined]
except ImportError:  # Python < 3.11
    import sre_constants as sre
    import sre_parse as sre_parser

LARGE = 100
"""A bounded repeat of more than this is taken for an unbounded one."""


@cache
def package_patterns() -> dict[str, re.Pattern[Any]]:
    """Compiled patterns at module level, in module-level tables and in the package data's rules, by name."""
    found: dict[str, re.Pattern[Any]] = {}
    for info in pkgutil.walk_packages(policy_corpus.__path__, "policy_corpus."):
        if info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            for path, pattern in _patterns_in(value):
                found.setdefault(f"{info.name}.{name}{path}", pattern)
    from policy_corpus import resources

    for name, rules in (("units", resources.load_units()), ("status", resources.load_status_rules())):
        for field in rules.__dataclass_fields__:
            for path, pattern in _patterns_in(getattr(rules, field)):
                found[f"{name}.{field}{path}"] = pattern
    return _distinct(found)


def _distinct(found: dict[str, re.Pattern[Any]]) -> dict[str, re.Pattern[Any]]:
    seen: set[tuple[Any, int]] = set()
    kept = {}
    for name, pattern in found.items():
        key = pattern.pattern, pattern.flags
        if key not in seen:
            seen.add(key)
            kept[name] = pattern
    return kept


def _patterns_in(value: Any, depth: int = 0) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield "", value
    elif depth < 4 and isinstance(value, dict):
        for key, inner in value.items():
            for path, pattern in _patterns_in(inner, depth + 1):
                yield f"[{key!r}]{path}", pattern
    elif depth < 4 and isinstance(value, (tuple, list, set, frozenset)):
        for number, inner in enumerate(value):
            for path, pattern in _patterns_in(inner, depth + 1):
                yield f"[{number}]{path}", pattern
    elif depth < 4 and hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        for field in value.__dataclass_fields__:
            for path, pattern in _patterns_in(getattr(value, field, None), depth + 1):
                yield f".{field}{path}", pattern


def samples(pattern: re.Pattern[Any], most: int = 24) -> list[str]:
    """Characters that the parts of a pattern match: what a hostile text repeats."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    found: dict[str, None] = {}
    for node in _walk(sre_parser.parse(text, pattern.flags & ~re.DEBUG & (re.I | re.M | re.S | re.X))):
        for char in _chars(node):
            found.setdefault(char)
    return list(found)[:most]


def _walk(parsed: Any) -> Iterator[Any]:
    for node in parsed:
        yield node
        op, value = node
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, getattr(sre, "POSSESSIVE_REPEAT", None)):
            yield from _walk(value[2])
        elif op is sre.SUBPATTERN:
            yield from _walk(value[3])
        elif op is sre.BRANCH:
            for branch in value[1]:
                yield from _walk(branch)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _walk(value[1])
        elif op is getattr(sre, "ATOMIC_GROUP", None):
            yield from _walk(value)


_CATEGORY = {
    sre.CATEGORY_DIGIT: "7", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "w", sre.CATEGORY_NOT_DIGIT: "x",
    sre.CATEGORY_NOT_SPACE: "云", sre.CATEGORY_NOT_WORD: "~",
}  # fmt: skip


def _chars(node: Any) -> Iterator[str]:
    op, value = node
    if op is sre.LITERAL:
        yield chr(value)
    elif op is sre.ANY:
        yield "云"
    elif op is sre.NOT_LITERAL:
        yield "岭" if chr(value) != "岭" else "县"
    elif op is sre.CATEGORY:
        yield _CATEGORY[value]
    elif op is sre.IN:
        if value[0][0] is sre.NEGATE:
            yield from ("岭", "x", " ")
            return
        for kind, inner in value[:4]:
            if kind is sre.RANGE:
                yield chr(inner[0])
                yield chr((inner[0] + inner[1]) // 2)
            else:
                yield from _chars((kind, inner))


def seconds(pattern: re.Pattern[Any], text: str, scanned: bool = True) -> float:
    """Process time of finding all matches in a text, or the one at its beginning."""
    subject: Any = text if isinstance(pattern.pattern, str) else text.encode("utf-8", "replace")
    start = time.process_time()
    for _ in pattern.finditer(subject) if scanned else [pattern.match(subject)]:
        pass
    return time.process_time() - start


def is_scanned(name: str) -> bool:
    """Whether a pattern is sought at every place of a text: used otherwise than by ``match`` and ``fullmatch``."""
    module, _, variable = name.rpartition(".")
    if not variable.isidentifier() or module not in sys.modules:
        return True
    uses = re.compile(rf"(?<![\w.]){variable}\b(?!\s*=)(?:\.(\w+))?")
    texts = [text for text in _sources() if f"from {module} import" in text]
    own = Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8")
    found = {
        use
        for text in (own, *texts)
        for line in text.splitlines()
        if "import" not in line
        for use in uses.findall(line)
    }
    return not found <= {"match", "fullmatch", "pattern"}


@cache
def _sources() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in Path(policy_corpus.__path__[0]).rglob("*.py")]
