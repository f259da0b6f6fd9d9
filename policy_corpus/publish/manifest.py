"""The manifest beside an exported file: what it was made of and with, so that anybody can make it again.

It holds digests, versions and settings; no time and no path, so that two runs over the same corpus write the same
manifest. Whether two manifests agree is said in words, area by area.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, get_origin

from policy_corpus.errors import PolicyCorpusError
from policy_corpus.publish.whole_file import whole_file

FORMAT = 1
"""Raised when an older version cannot read the manifest."""
ENDING = ".manifest.json"
AREAS = {
    "inputs": "输入", "versions": "版本", "models": "模型与词表", "settings": "设置", "coding": "生成者",
    "export": "导出",
}  # fmt: skip
"""What is compared, with the words for it."""
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made an exported file.

    ``sha256`` is that of the file, ``rows`` their number. ``inputs`` counts and digests what the corpus was given,
    ``versions`` are those of this program, its code room by room, Python and the libraries that shape results,
    ``models`` digests of codebook, classifier, encoder, lexicon and gazetteer, ``settings`` those of corpus.toml that
    shape results, ``coding`` how many pages and documents each maker (``made_by``) had worked on, ``filters`` what
    chose the rows.
    """

    table: str
    format: str
    rows: int
    sha256: str
    inputs: Mapping[str, Any]
    versions: Mapping[str, Any]
    models: Mapping[str, Any]
    settings: Mapping[str, Any]
    coding: Mapping[str, int]
    filters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was: ``area`` of :data:`AREAS`, its name, what it was and is (None: not there)."""

    area: str
    name: str
    before: Any
    now: Any


_KINDS: dict[str, Any] = {field.name: get_origin(field.type) or field.type for field in fields(Manifest)}
"""Types of the fields, as JSON gives them."""


def manifest_path(out: Path) -> Path:
    """Where the manifest of an exported file lies: beside it."""
    return out.with_name(out.name + ENDING)


def exported_path(manifest: Path) -> Path | None:
    """The file that a manifest belongs to by its name; None where the name says nothing."""
    return manifest.with_name(manifest.name.removesuffix(ENDING)) if manifest.name.endswith(ENDING) else None


def write_manifest(manifest: Manifest, path: Path) -> None:
    """Write a manifest whole or not at all."""
    text = json.dumps({"manifest": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1)
    with whole_file(path) as partial:
        partial.write_text(text + "\n", encoding="utf-8")


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file.

    Raises
    ------
    PolicyCorpusError
        It cannot be read, is no manifest, or one of another version.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no JSON in UTF-8"
        raise PolicyCorpusError(
            f"the manifest cannot be read: {why}", str(path), f"name a file that ends in {ENDING}"
        ) from None
    is_whole = isinstance(values, dict) and "manifest" in values
    if not is_whole or not all(isinstance(values.get(name), kind) for name, kind in _KINDS.items()):
        raise PolicyCorpusError("this is no manifest of an export", str(path), f"its name ends in {ENDING}")
    if values["manifest"] != FORMAT:
        raise PolicyCorpusError(
            f"the manifest has format {values['manifest']}, this version reads {FORMAT}",
            str(path),
            "use the version that wrote it",
        )
    return Manifest(**{name: values[name] for name in _KINDS})


def differences(before: Manifest, now: Manifest) -> list[Difference]:
    """What is not the same in two manifests, the exported content left out, in the order of :data:`AREAS`."""
    found = []
    for area in ("inputs", "versions", "models", "settings", "coding"):
        found += [
            Difference(area, name, old, new)
            for name, old, new in _unlike(getattr(before, area), getattr(now, area))
        ]
    return found


def _unlike(before: Any, now: Any, name: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Names and values of the leaves that differ; names of nested values are joined by blanks."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for key in sorted(before.keys() | now.keys()):
            yield from _unlike(before.get(key, _NOTHING), now.get(key, _NOTHING), f"{name} {key}".strip())
    elif before != now:
        yield name, None if before is _NOTHING else before, None if now is _NOTHING else now
