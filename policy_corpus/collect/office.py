"""Old Word and WPS files (doc, wps, rtf, odt) become docx: LibreOffice converts them where it is installed.

The bytes that are kept are always those that came in; conversion happens each time they are cleaned.
LibreOffice runs without a window, in a profile of its own with macros off and no way to the network, in
a process group that is killed when it takes too long.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from policy_corpus.records import Issue

CONVERTED: Mapping[str, tuple[str, str]] = {
    "application/msword": ("doc", "MS Word 97"),
    "application/vnd.ms-works": ("wps", "MS_Works"),
    "application/rtf": ("rtf", "Rich Text Format"),
    "application/vnd.oasis.opendocument.text": ("odt", "writer8"),
}
"""Media types that are converted, with the ending and the reader of LibreOffice. Named, because it reads what
it does not know as text in some encoding."""
START_SECONDS, FILE_SECONDS = 60.0, 30.0
"""Time for one run and for each file in it; a report of 300 pages takes about 5 s."""
LARGEST_RESULT = 200_000_000

_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "/usr/lib/libreoffice/program/soffice",
)
# No macros, no links that load by themselves, and a proxy that leads nowhere (port 9 discards).
_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


@cache
def program() -> str | None:
    """Path of LibreOffice's program, or None where it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def needs_conversion(media_type: str) -> bool:
    """Whether files of this type are read by way of LibreOffice."""
    return media_type in CONVERTED


def to_docx(files: Mapping[str, tuple[bytes, str]]) -> dict[str, bytes]:
    """Convert files, those of one type in one run; what a run leaves out is tried once more alone.

    Parameters
    ----------
    files
        Bytes and media type by a name of the caller's choice.

    Returns
    -------
    dict
        The docx of each file that could be converted; nothing where LibreOffice is not installed.
    """
    if not files or program() is None:
        return {}
    made: dict[str, bytes] = {}
    for wanted in CONVERTED:
        group = {name: data for name, (data, media_type) in files.items() if media_type == wanted}
        if group:
            made.update(_run(group, *CONVERTED[wanted]))
        for name in group.keys() - made.keys() if len(group) > 1 else ():
            made.update(_run({name: group[name]}, *CONVERTED[wanted]))
    return made


def issue_of(source: str, media_type: str) -> Issue:
    """Why a file was not converted, and what to do."""
    kind = CONVERTED[media_type][0]
    if program() is None:
        return Issue.make(
            "clean", source, "no_converter",
            f"a .{kind} file is read by way of LibreOffice, which is not installed here; its bytes are kept",
            "install LibreOffice and build again; or save the file as docx and add that",
        )  # fmt: skip
    return Issue.make(
        "clean", source, "not_converted",
        f"LibreOffice could not open this .{kind} file; its bytes are kept",
        "open the file in Word or WPS, save it as docx and add that",
    )  # fmt: skip


def _run(files: Mapping[str, bytes], ending: str, reader: str) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="policy-corpus-", ignore_cleanup_errors=True) as folder:
        inbox, outbox, profile = (Path(folder, name) for name in ("in", "out", "profile"))
        for path in (inbox, outbox, profile / "user"):
            path.mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
        names = {}
        for number, (name, data) in enumerate(files.items()):
            path = inbox / f"{number}.{ending}"
            path.write_bytes(data)
            names[name] = path
        _convert(names.values(), reader, outbox, profile, START_SECONDS + FILE_SECONDS * len(files))
        made = {}
        for name, path in names.items():
            result = outbox / f"{path.stem}.docx"
            if result.is_file() and 0 < result.stat().st_size <= LARGEST_RESULT:
                made[name] = result.read_bytes()
        return made


def _convert(paths: Iterable[Path], reader: str, outbox: Path, profile: Path, seconds: float) -> None:
    command = [
        program() or "", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo",
        "--nodefault", "--nofirststartwizard", f"--infilter={reader}",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(outbox), *map(str, paths),
    ]  # fmt: skip
    environment = {**os.environ, "HOME": str(profile), "http_proxy": "", "https_proxy": ""}
    with _group(command, environment) as running:
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            return


@contextmanager
def _group(command: list[str], environment: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A process with all that it starts, none of which outlives the block."""
    running = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield running
    finally:
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
        else:
            running.kill()
        running.wait()


def _registry() -> str:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>\n"
    )
