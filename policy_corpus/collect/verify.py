"""Whether a pdf or docx opens at all, before it is kept."""

import io
import zipfile
import zlib

from policy_corpus.collect.problems import ProblemError
from policy_corpus.collect.sniff import DOCX

_PACKAGES = (  # a member that tells what a zip really is, its kind, what to do (None: it is read)
    ("word/document.xml", "Word document", None),
    (
        "xl/workbook.xml",
        "Excel workbook",
        "Copy the text into a document, save it as docx, and add that file.",
    ),
    ("ppt/presentation.xml", "PowerPoint file", "Save it as pdf and add that file."),
    ("OFD.xml", "OFD document", "Open it in an OFD reader, save it as pdf, and add that file."),
    ("content.xml", "OpenDocument file", "Open it in Word, WPS or LibreOffice and save it as docx or pdf."),
    ("META-INF/container.xml", "e-book (epub)", "Convert it to docx, html or pdf."),
)
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def package_type(archive: zipfile.ZipFile) -> str | None:
    """Media type of a zip that is a document; None for an archive of files.

    Raises
    ------
    ProblemError
        It is an office format that is not read.
    """
    names = set(archive.namelist())
    for member, kind, remedy in _PACKAGES:
        if member in names:
            if remedy:
                raise ProblemError("unsupported", kind=kind, remedy=remedy)
            return DOCX
    return None


def check_docx(data: bytes, limit: int) -> None:
    """Unpack the main part of a docx once.

    Parameters
    ----------
    data : bytes
        The file.
    limit : int
        Bytes that its text may unpack to; a few kilobytes can be made to unpack to gigabytes.

    Raises
    ------
    ProblemError
        Damaged, or larger than ``limit``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("word/document.xml") as member:
            size = 0
            while part := member.read(1 << 20):
                size += len(part)
                if size > limit:
                    raise ProblemError(
                        "oversize", size=f"more than {limit // 1_000_000}", limit=limit // 1_000_000
                    )
    except _DAMAGE as error:
        raise ProblemError("broken", kind="Word document", detail=in_words(error)) from None


def check_pdf(data: bytes) -> None:
    """Open a pdf as its reader will.

    Raises
    ------
    ProblemError
        Damaged, without pages, or locked by a password that is needed for reading.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ProblemError("encrypted", kind="pdf") from None
        raise ProblemError("broken", kind="pdf", detail="it does not open") from None
    try:
        if not len(document):
            raise ProblemError("broken", kind="pdf", detail="it has no pages")
    finally:
        document.close()


def in_words(error: BaseException) -> str:
    """An error of a library as half a sentence."""
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
