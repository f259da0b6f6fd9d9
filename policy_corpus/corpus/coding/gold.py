"""Gold folders: sentences coded by hand.

A gold folder holds tab-separated files with a header line, UTF-8, no quoting:

``sentences.tsv``
    ``sid, start, end, text``; ``sid`` is ``FILE#LINE.SENTENCE``, ``start``/``end`` are code points of the file.
``codes.tsv``
    ``sid, codes, status, quantities`` and, where known, ``maybe`` (codes that are neither right nor wrong),
    ``keep`` (``drop``: not part of any document) and ``doc`` (number of the document on its page).
    Codes are separated by commas, quantities are ``value|unit|what`` separated by semicolons.
``docs.tsv`` (optional)
    ``page, doc, doc_type`` of pages that hold several documents.
``texts/`` (optional)
    ``FILE.txt``, or ``FILE`` without extension: gives the coded sentences their neighbours and headings.

The own folder of a user may hold nothing but ``sentences.tsv`` with ``sid`` and ``text`` and ``codes.tsv``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from policy_corpus.errors import SettingsError
from policy_corpus.records import KINDS, STATUSES, Kind, Status

KIND_OF_PREFIX: dict[str, Kind] = {
    "gwr-": "report",
    "reports-2024/": "report",
    "province-reports/": "report",
    "art-": "policy",
    "arts-opinions/": "policy",
}
"""Kind of document by the beginning of a sentence id, where no ``docs.tsv`` says it."""


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """One coded sentence."""

    sid: str
    text: str
    start: int
    end: int
    codes: frozenset[str]
    maybe: frozenset[str]
    status: Status | None
    quantities: str
    kind: Kind
    part: int
    keep: bool

    @property
    def file(self) -> str:
        """Name of the text file, without extension."""
        return self.sid.split("#")[0]

    @property
    def group(self) -> str:
        """The document the sentence belongs to: what must not be split over folds."""
        return f"{self.file}#{self.part}"


@dataclass(frozen=True, slots=True)
class GoldSet:
    """A gold folder."""

    name: str
    path: Path
    sentences: tuple[GoldSentence, ...]


def read_gold(folder: Path, codes: Sequence[str]) -> GoldSet:
    """Read a gold folder.

    Parameters
    ----------
    folder
        Holds ``sentences.tsv`` and ``codes.tsv``.
    codes
        The codes that the codebook knows.

    Raises
    ------
    SettingsError
        Names file, line and reason; nothing is read in part.
    """
    rows = _read(folder / "sentences.tsv", ("sid", "text"))
    coded = {}
    codes_file = folder / "codes.tsv"
    for line, row in _read(codes_file, ("sid", "codes", "status")):
        if row["sid"] in coded:
            raise SettingsError(
                f"sentence {row['sid']} is coded twice", f"{codes_file}, line {line}", "keep one of the lines"
            )
        coded[row["sid"]] = (line, row)
    kinds = _kinds(folder / "docs.tsv")
    sentences, seen = [], set()
    for line, row in rows:
        where = f"{folder / 'sentences.tsv'}, line {line}"
        if row["sid"] in seen:
            raise SettingsError(f"sentence {row['sid']} stands twice", where, "keep one of the lines")
        if row["sid"] not in coded:
            raise SettingsError(
                f"sentence {row['sid']} has no line in codes.tsv", where, "code it or remove it"
            )
        seen.add(row["sid"])
        sentences.append(_sentence(row, where, coded[row["sid"]], codes_file, kinds, set(codes)))
    lost = next((sid for sid in coded if sid not in seen), None)
    if lost is not None:
        raise SettingsError(
            f"sentence {lost} is coded but not in sentences.tsv",
            f"{codes_file}, line {coded[lost][0]}",
            "add the sentence or remove the line",
        )
    return GoldSet(folder.name, folder, tuple(sentences))


def read_texts(gold: GoldSet, folders: Iterable[Path] = ()) -> dict[str, str]:
    """Full texts of a gold set by file name without extension, as far as they are found.

    Looks into ``texts/`` beside the gold and into ``folders`` (there also in subfolders, as ``sid`` names them).
    """
    texts = {}
    for name in dict.fromkeys(s.file for s in gold.sentences):
        for root in (gold.path / "texts", *folders):
            path = _text_file(root, name)
            if path is not None:
                texts[name] = _text(path)
                break
    return texts


def _text_file(root: Path, name: str) -> Path | None:
    for path in (
        root / f"{name}.txt",
        root / name,
        root / name.split("/")[-1],
        root / f"{name.split('/')[-1]}.txt",
    ):
        try:
            if path.is_file():
                return path
        except OSError:  # longer than a file may be named
            continue
    return None


def _sentence(
    row: dict[str, str],
    where: str,
    coded: tuple[int, dict[str, str]],
    codes_file: Path,
    kinds: dict[tuple[str, int], Kind],
    known: set[str],
) -> GoldSentence:
    line, labels = coded
    place = f"{codes_file}, line {line}"
    start, end = _number(row.get("start") or "0", where), _number(row.get("end") or "0", where)
    if end < start:
        raise SettingsError(f"end {end} lies before start {start}", where, "correct the offsets")
    if not row["text"]:
        raise SettingsError("the text is empty", where, "remove the line here and in codes.tsv")
    status = labels["status"].strip() or None
    if status is not None and status not in STATUSES:
        raise SettingsError(f"status {status!r} is not known", place, f"use one of {', '.join(STATUSES)}")
    found = _codes(labels["codes"], place, known)
    if found and status is None:
        raise SettingsError("a sentence with codes has no status", place, f"use one of {', '.join(STATUSES)}")
    part = _number(labels.get("doc") or "0", place)
    file = row["sid"].split("#")[0]
    known_kind: Kind = next((k for prefix, k in KIND_OF_PREFIX.items() if file.startswith(prefix)), "other")
    return GoldSentence(
        row["sid"],
        row["text"],
        start,
        end,
        found,
        _codes(labels.get("maybe") or "", place, known),
        status,
        labels.get("quantities") or "",
        kinds.get((file, part), known_kind),
        part,
        labels.get("keep", "keep") != "drop",
    )


def _codes(text: str, where: str, known: set[str]) -> frozenset[str]:
    found = frozenset(code.strip() for code in text.split(",") if code.strip())
    unknown = sorted(found - known)
    if unknown:
        raise SettingsError(f"code {unknown[0]!r} is not in the codebook", where, "correct the code")
    return found


def _number(text: str, where: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise SettingsError(f"{text!r} is not a whole number", where, "correct it") from None


def _kinds(path: Path) -> dict[tuple[str, int], Kind]:
    if not path.is_file():
        return {}
    kinds = {}
    for line, row in _read(path, ()):
        if "doc_type" not in row:
            return {}
        if "page" not in row:
            raise SettingsError(
                "column 'page' is missing", f"{path}, line 1", "it names the file of each document"
            )
        kind = row["doc_type"]
        if kind not in KINDS and kind != "spam":
            raise SettingsError(
                f"doc_type {kind!r} is not known", f"{path}, line {line}", f"use one of {', '.join(KINDS)}"
            )
        kinds[row["page"], _number(row.get("doc") or "1", f"{path}, line {line}")] = (
            kind if kind in KINDS else "other"
        )
    return kinds


def _text(path: Path, encoding: str = "utf-8") -> str:
    try:
        return path.read_text(encoding=encoding)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError("not UTF-8", f"{path}, line {line}", "save the file as UTF-8") from error


def _read(path: Path, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Lines of a TSV file with their numbers."""
    if not path.is_file():
        raise SettingsError("file is missing", str(path), "a gold folder holds sentences.tsv and codes.tsv")
    text = _text(path, "utf-8-sig")
    lines = [line.rstrip("\r").split("\t") if line else [] for line in text.split("\n")]
    header = lines[0] if lines else []
    for name in needed:
        if name not in header:
            raise SettingsError(
                f"column {name!r} is missing", f"{path}, line 1", f"the columns are {', '.join(needed)}"
            )
    rows = []
    for number, cells in enumerate(lines[1:], 2):
        if not cells:
            continue
        if len(cells) != len(header):
            raise SettingsError(
                f"{len(cells)} cells where the header has {len(header)}",
                f"{path}, line {number}",
                "one tab between cells, none inside",
            )
        rows.append((number, dict(zip(header, cells, strict=True))))
    return rows
