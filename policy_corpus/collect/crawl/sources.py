"""``sources.toml``: what is collected from where, read strictly; nothing is guessed, nothing unknown is passed over."""

import difflib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from policy_corpus.collect.crawl.addresses import host_of
from policy_corpus.collect.crawl.expressions import checked
from policy_corpus.collect.crawl.model import (
    SOURCE_KINDS,
    CrawlSettings,
    ItemRule,
    ListRule,
    Pace,
    Reach,
    Source,
)
from policy_corpus.collect.crawl.pages import SelectorError, compiled
from policy_corpus.errors import SettingsError

_RENAMED = {"list": "listing"}
"""Keys whose field has another name in the model."""
_TABLES: dict[str, type] = {"list": ListRule, "item": ItemRule, "pace": Pace, "reach": Reach}
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")
_REGION = re.compile(r"\d{6}\Z")
_HOURS = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-(?!\1)(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)\Z")
_CODE = re.compile(r"[A-Za-z_]\w*\.py\Z")
_OTHER_NAMES = {"url": "start", "urls": "start", "address": "start"}
"""What people write for a key that is called otherwise."""
_ERROR_LINE = re.compile(r"at line (\d{1,9})")
_TYPOGRAPHIC = re.compile(r"[=\[,]\s{0,20}[“”‘’「」＂＇]")
"""A value that begins with the quotation marks of Chinese text."""
_CSS_IN_LIST = ("items", "link", "title", "date", "next")
_MINIMUM: dict[str, float] = {
    "delay": 0, "concurrent": 1, "timeout": 1, "retries": 0, "max_requests": 1, "max_list_pages": 1,
    "max_item_pages": 1, "max_mb": 1, "expect": 0, "next_from": 0,
}  # fmt: skip
_MAXIMUM: dict[str, float] = {
    "delay": 3600, "concurrent": 64, "timeout": 3600, "retries": 20, "max_requests": 10**9, "max_list_pages": 10**6,
    "max_item_pages": 10**4, "max_mb": 2000, "expect": 10**9, "next_from": 10**6,
}  # fmt: skip
"""Beyond these a number is a slip of the pen. ``delay`` and ``timeout`` in seconds."""


@dataclass(frozen=True, slots=True)
class Sources:
    """All of one ``sources.toml``."""

    settings: CrawlSettings = field(default_factory=CrawlSettings)
    sources: tuple[Source, ...] = ()

    def __iter__(self) -> Iterator[Source]:
        return iter(self.sources)

    def get(self, source_id: str) -> Source:
        """The source of that id.

        Raises
        ------
        SettingsError
            There is none.
        """
        for source in self.sources:
            if source.id == source_id:
                return source
        raise SettingsError(
            f"there is no source {source_id}", None, _nearest(source_id, [s.id for s in self.sources])
        )


def read_sources(text: str, where: str = "sources.toml") -> Sources:
    """Sources and settings of a ``sources.toml``.

    Parameters
    ----------
    text
        The whole file.
    where
        Its name, for messages.

    Raises
    ------
    SettingsError
        The file is no TOML, or a key, type, address, selector or expression in it is not what it should be.
    """
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"cannot be read as TOML: {error}", where, _toml_remedy(text, error)) from error
    _refuse_unknown(table, ["crawl", "source"], where)
    rows = table.get("source", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SettingsError("source must be a list of tables", where, "write [[source]], with two brackets")
    sources = tuple(_source(row, n, where) for n, row in enumerate(rows, 1))
    seen: set[str] = set()
    for source in sources:
        if source.id in seen:
            raise SettingsError(
                f"the id {source.id} stands twice", where, "give each source an id of its own"
            )
        seen.add(source.id)
    return Sources(_filled(CrawlSettings, table.get("crawl", {}), f"{where} [crawl]"), sources)


def read_sources_file(path: Path) -> Sources:
    """Sources and settings of a ``sources.toml``; none if there is no such file.

    Raises
    ------
    SettingsError
        It is a folder, cannot be read, is not UTF-8, or not what :func:`read_sources` reads.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Sources()
    except IsADirectoryError:
        raise SettingsError("is a folder, not a file", str(path), "move it away and write the file") from None
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", str(path), "make it readable") from error
    except UnicodeDecodeError as error:
        raise SettingsError("is not UTF-8", str(path), "save it as UTF-8 另存为 UTF-8 编码") from error
    return read_sources(text, str(path))


def _toml_remedy(text: str, error: Exception) -> str:
    lines = text.splitlines()
    place = _ERROR_LINE.search(str(error))
    line = lines[int(place[1]) - 1] if place and int(place[1]) <= len(lines) else ""
    if _TYPOGRAPHIC.search(line):
        return 'write straight quotation marks " instead of “ ”'
    return "correct that line"


def _source(row: dict[str, Any], n: int, where: str) -> Source:
    name = row.get("id")
    place = f"{where} [[source]] {n}" + (f" {name}" if isinstance(name, str) else "")
    row = dict(row)
    names = [f.name for f in fields(Source) if f.name != "listing"]
    _refuse_unknown(row, [*names, "list"], place)
    for key in ("id", "start"):
        if key not in row:
            raise SettingsError(f"{key} is missing", place, f"add a line {key} = …")
    if isinstance(row.get("list"), str):  # short form
        row["list"] = {"items": row["list"]}
    parts = {
        _RENAMED.get(key, key): _filled(kind, row.pop(key, {}), f"{place} [source.{key}]")
        for key, kind in _TABLES.items()
    }
    parts["fixes"] = _fixes(row.pop("fixes", {}), f"{place} [source.fixes]")
    source: Source = _filled(Source, row, place, parts)
    _check_source(source, place)
    _check_rules(source, place)
    return source


def _filled(kind: type, table: Any, where: str, parts: dict[str, Any] | None = None) -> Any:
    """A dataclass from a TOML table; ``parts`` are fields made elsewhere."""
    if not isinstance(table, dict):
        raise SettingsError(f"must be a table, not {table!r}", where)
    parts = parts or {}
    known = {f.name: f.type for f in fields(kind) if f.name not in parts}
    if kind is not Source:  # whose keys have been looked at before its tables
        _refuse_unknown(table, list(known), where)
    values = {key: _value(key, value, known[key], where) for key, value in table.items()}
    return kind(**values, **parts)


def _value(key: str, value: Any, kind: Any, where: str) -> Any:
    """A TOML value of the type that a field has."""
    if kind == tuple[str, ...]:
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise SettingsError(f"{key} must be a text or a list of texts, not {value!r}", where)
        return tuple(texts)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    fits, wanted = {
        bool: (isinstance(value, bool), "true or false"),
        int: (number and isinstance(value, int), "a whole number"),
        float: (number, "a number"),
    }.get(kind, (isinstance(value, str), "a text"))
    if not fits:
        remedy = f'write {key} = "{value}"' if wanted == "a text" and number else None
        raise SettingsError(f"{key} must be {wanted}, not {value!r}", where, remedy)
    if number and not _MINIMUM.get(key, value) <= value <= _MAXIMUM.get(key, value):  # nan is never between
        raise SettingsError(
            f"{key} must be between {_MINIMUM.get(key, 0)} and {_MAXIMUM.get(key)}, not {value!r}", where
        )
    return value


def _fixes(table: Any, where: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(table, dict):
        raise SettingsError(f"must be a table, not {table!r}", where)
    for wrong, right in table.items():
        if not wrong or not isinstance(right, str):
            raise SettingsError(
                f"{wrong!r} = {right!r} is no replacement", where, 'write "what stands there" = "what should"'
            )
    return tuple(table.items())


def _check_source(source: Source, where: str) -> None:
    if not _ID.match(source.id):
        raise SettingsError(
            f"id {source.id!r} is no short name", where, "use lower-case letters, digits and hyphens only"
        )
    if source.kind not in SOURCE_KINDS:
        raise SettingsError(f"unknown kind {source.kind}", where, _nearest(source.kind, list(SOURCE_KINDS)))
    if source.region is not None and not _REGION.match(source.region):
        raise SettingsError(f"region {source.region!r} is no code of six digits", where, 'such as "610300"')
    if source.code and not _CODE.match(source.code):
        raise SettingsError(
            f"code {source.code!r} is no Python file beside sources.toml",
            where,
            'name it such as "my_site.py"',
        )
    if not source.start:
        raise SettingsError("start is empty", where, "name the address of at least one page")
    for address in source.start:
        if not address.startswith(("http://", "https://")) or not host_of(address):
            raise SettingsError(
                f"start {address!r} is no web address", where, "begin with http:// or https:// and a host"
            )
    if source.pace.hours and not _HOURS.match(source.pace.hours):
        raise SettingsError(
            f"hours {source.pace.hours!r} cannot be read", f"{where} [source.pace]", 'such as "22:00-06:00"'
        )


def _check_rules(source: Source, where: str) -> None:
    css = {("item", f.name): getattr(source.item, f.name) for f in fields(ItemRule)}
    if source.kind == "list":
        css |= {("list", name): getattr(source.listing, name) for name in _CSS_IN_LIST}
    for (table, name), selector in css.items():
        if selector:
            try:
                compiled(selector)
            except SelectorError as error:
                raise SettingsError(
                    f"{name} = {selector!r} is no CSS selector: {error}", f"{where} [source.{table}]",
                    "such as ul.news li a",
                ) from error  # fmt: skip
    for name in ("include", "exclude"):
        for expression in getattr(source.reach, name):
            try:
                checked(expression)
            except (re.error, RecursionError, OverflowError) as error:
                raise SettingsError(
                    f"{name} {expression[:200]!r} is no regular expression that can be used: {error}",
                    f"{where} [source.reach]",
                    r"write it in single quotes, such as '/art/\d+'",
                ) from error  # fmt: skip
    if source.listing.next_url and "{n}" not in source.listing.next_url:
        raise SettingsError(
            f"next_url {source.listing.next_url!r} has no {{n}}",
            f"{where} [source.list]",
            "such as index_{n}.html",
        )


def _refuse_unknown(table: dict[str, Any], known: list[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise SettingsError(f"unknown setting {key}", where, _nearest(key, known))


def _nearest(word: str, known: list[str]) -> str:
    near = [name for name in [_OTHER_NAMES.get(word)] if name in known]
    near = near or difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
