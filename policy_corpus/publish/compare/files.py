"""A comparison into a file, in the format of its ending."""

from collections.abc import Callable
from pathlib import Path

from policy_corpus.analyse.compare.model import Comparison
from policy_corpus.errors import PolicyCorpusError
from policy_corpus.publish.whole_file import whole_file

ENDINGS = (".docx", ".xlsx", ".html", ".md")


def check_format(out: Path) -> None:
    """Refuse a file that no report can be written to, before anything is counted.

    Raises
    ------
    PolicyCorpusError
        The ending is unknown, or the place is a folder.
    """
    if out.suffix.lower() not in ENDINGS:
        raise PolicyCorpusError(
            f"no format for the ending {out.suffix!r}", str(out), f"end it with one of {', '.join(ENDINGS)}"
        )
    if out.is_dir():
        raise PolicyCorpusError("this is a folder", str(out), "name a file")


def write_report(comparison: Comparison, out: Path) -> None:
    """Write by way of a neighbour file, so that a broken run leaves no half file; same comparison, same bytes.

    Raises
    ------
    PolicyCorpusError
        The ending is unknown, or the file cannot be written.
    """
    check_format(out)
    data = _maker(out.suffix.lower())(comparison)
    try:
        with whole_file(out) as partial:
            partial.write_bytes(data)
    except OSError as error:
        raise PolicyCorpusError(
            f"cannot write this file: {error.strerror or error}",
            str(out),
            "check the path, the rights to it and the free space, and close it in other programs",
        ) from error


def _maker(ending: str) -> Callable[[Comparison], bytes]:
    if ending == ".docx":
        from policy_corpus.publish.compare.word import word_file

        return word_file
    if ending == ".xlsx":
        from policy_corpus.publish.compare.excel import excel_file

        return excel_file
    if ending == ".html":
        from policy_corpus.publish.compare.html import html_page

        return html_page
    from policy_corpus.publish.compare.markdown import markdown_text

    return lambda comparison: markdown_text(comparison).encode()
