"""What kind a document is by its bytes, and whether it opens at all, before it is kept."""

import io
import lzma
import struct
import zipfile
import zlib

from policy_corpus.collect.problems import ProblemError
from policy_corpus.collect.sniff import DOCX, ODS, ODT, PDF, XLSX, container_of, media_type_of

_PACKAGES = (  # a member that tells what a zip really is, its kind, what to do (None: it is read)
    ("word/document.xml", "Word document", None),
    ("xl/workbook.xml", "Excel workbook", None),
    ("xl/workbook.bin", "binary Excel workbook", "Save it as xlsx and add that file."),
    ("ppt/presentation.xml", "PowerPoint file", "Save it as pdf and add that file."),
    ("OFD.xml", "OFD document", "Open it in an OFD reader, save it as pdf, and add that file."),
    ("content.xml", "OpenDocument file", "Open it in Word, WPS or LibreOffice and save it as docx or pdf."),
    ("META-INF/container.xml", "e-book (epub)", "Convert it to docx, html or pdf."),
)
_READ_PACKAGES = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_MAIN_PARTS = {
    DOCX: ("word/document.xml", "Word document"),
    XLSX: ("xl/workbook.xml", "Excel workbook"),
    ODT: ("content.xml", "OpenDocument text"),
    ODS: ("content.xml", "OpenDocument table"),
}
ZIP = "application/zip"
DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, LookupError, EOFError, OSError,
    NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
"""What reading a damaged package raises, by the way it is packed and the place of the damage."""


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
            if member == "content.xml" and (media_type := _open_document(archive)):
                return media_type
            if remedy:
                raise ProblemError("unsupported", kind=kind, remedy=remedy)
            return _READ_PACKAGES[member]
    return None


def _open_document(archive: zipfile.ZipFile) -> str | None:
    """The type that an OpenDocument file names, where it is one that is read."""
    if "mimetype" not in archive.namelist() or archive.getinfo("mimetype").file_size > 200:
        return None
    named = archive.read("mimetype").decode("ascii", "replace").strip()
    return named if named in (ODT, ODS) else None


def judge(data: bytes, name: str, declared: str | None, limit: int) -> str:
    """Media type of a file, which opens; ``application/zip`` for an archive of files.

    Parameters
    ----------
    data, name : bytes, str
        The file and its name, of which the ending matters.
    declared : str, optional
        The media type a server gave, without parameters.
    limit : int
        Bytes that the text of a package may unpack to.

    Raises
    ------
    ProblemError
        Why it is not read.
    """
    if container_of(data) == "zip":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                media_type = package_type(archive)
        except DAMAGE as error:
            raise ProblemError("archive_broken", detail=in_words(error)) from None
        if media_type is None:
            return ZIP
        check_package(data, media_type, limit)
        return media_type
    media_type = media_type_of(data, name, declared)
    if media_type == PDF:
        check_pdf(data)
    return media_type


def check_package(data: bytes, media_type: str, limit: int) -> None:
    """Unpack the main part of a document that is a zip once.

    Parameters
    ----------
    data : bytes
        The file.
    media_type : str
        What it is.
    limit : int
        Bytes that its text may unpack to; a few kilobytes can be made to unpack to gigabytes.

    Raises
    ------
    ProblemError
        Damaged, or larger than ``limit``.
    """
    part_name, kind = _MAIN_PARTS[media_type]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(part_name) as member:
            size = 0
            while part := member.read(1 << 20):
                size += len(part)
                if size > limit:
                    raise ProblemError(
                        "oversize", size=f"more than {limit // 1_000_000}", limit=limit // 1_000_000
                    )
    except DAMAGE as error:
        raise ProblemError("broken", kind=kind, detail=in_words(error)) from None


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
