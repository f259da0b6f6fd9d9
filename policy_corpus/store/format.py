"""The file that says in which format a store was written."""

import json
from pathlib import Path

from policy_corpus.errors import CorpusError
from policy_corpus.store.files import write_whole

FORMAT = 1
"""Raised when tables change in a way that an older or newer version cannot read."""
FORMAT_FILE = "store.json"


def mark_format(folder: Path) -> None:
    """Say that the tables are of this version, where nothing says so yet."""
    if not (folder / FORMAT_FILE).is_file():
        text = json.dumps({"format": FORMAT, "written_by": "policy-corpus"})
        write_whole(folder / FORMAT_FILE, f"{text}\n".encode("ascii"))


def check_format(folder: Path) -> None:
    """Raise CorpusError for tables of another version."""
    path = folder / FORMAT_FILE
    if not path.is_file():
        return
    try:
        written = json.loads(path.read_text(encoding="utf-8")).get("format")
    except (ValueError, AttributeError):
        raise foreign(folder, f"{FORMAT_FILE} is not readable") from None
    if written != FORMAT:
        raise foreign(folder, f"its format is {written}, this version reads {FORMAT}")


def foreign(folder: Path, detail: str) -> CorpusError:
    """What to say of tables of another version."""
    return CorpusError(
        f"the tables were written by another version of policy-corpus: {detail}",
        str(folder),
        "use that version, or move the folder away and build again from the captures",
    )
