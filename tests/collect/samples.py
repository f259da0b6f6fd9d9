"""Small files of every kind, invented."""

import io
import zipfile
from collections.abc import Mapping

from docx import Document
from reportlab.pdfgen.canvas import Canvas

TEXT = "云岭县教育局组织骨干教师到农村学校送教。\n"
PAGE = f"<!DOCTYPE html><html><head><title>送教</title></head><body><p>{TEXT}</p></body></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def docx(text: str = TEXT) -> bytes:
    out = io.BytesIO()
    document = Document()
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def pdf(password: str | None = None) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=password)
    canvas.drawString(50, 50, "twelve teachers")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def packed(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def packed_with_raw_name(name: bytes, data: bytes) -> bytes:
    """A zip whose one member has a name of raw bytes and no UTF-8 flag, as Chinese Windows writes it."""
    stand_in = b"N" * len(name)
    return packed({stand_in.decode(): data}).replace(stand_in, name)


def encrypted_zip(name: str = "a.txt") -> bytes:
    """A zip that says its member is encrypted."""
    data = bytearray(packed({name: b"secret"}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    return bytes(data)
