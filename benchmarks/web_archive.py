"""Import of a large web archive by the real command: pages a second and peak memory.

    python benchmarks/web_archive.py [MEGABYTES]

Makes a WARC of so many megabytes on disk (1,000 by default) in a temporary folder as Common Crawl lays it out: gzip by
record, request, response and metadata for each page, redirects, pictures, pages in other languages. The pages are
invented phrases, put together anew for each page by a fixed seed. Then `policy-corpus add` runs on it in processes of
its own, all of it and with filters, beside FastWARC's bare iteration over the same file. Writes
results/web_archive.txt.
"""

import argparse
import gzip
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results" / "web_archive.txt"
FLOOR_RATE, FLOOR_MEMORY = 300.0, 500.0
"""Pages a second, and megabytes (10^6 bytes) of resident memory at most."""
HOSTS = 50
FRAGMENTS = {
    "zh": "各县教育局 组织骨干教师 到农村学校 开展送教下乡 推进城乡结对 落实督导检查 按月通报进展 安排专项经费 建立台账 "
    "加强集体备课 邀请教研员 听课评课 形成报告 面向薄弱学校 开放优质课 补充音体美教师 改善寄宿条件 由校长负责",
    "en": "the council reports that teachers and pupils meet in small schools where lessons on reading begin each autumn",
    "ja": "各地の 学校では 先生が 教材を 作り 子どもたちと いっしょに 読む 時間を 設けて います",
    "ru": "школа сообщает что учителя и ученики встречаются в малых сёлах где осенью начинаются уроки чтения",
}
LANGUAGES = ("zh", "zh", "zh", "zh", "zh", "zh", "zh", "en", "ja", "ru")
ADDRESS = "http://www.office{host}.gov.example/zwgk/{number}.html"
PLACE = "*.office7.gov.example"
BARE = """
import sys
from fastwarc.warc import ArchiveIterator, WarcRecordType
count = 0
for record in ArchiveIterator(open(sys.argv[1], "rb"), record_types=WarcRecordType.response):
    count += 1
    record.reader.read()
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a process took; memory is its peak resident set in megabytes."""

    seconds: float
    cpu: float
    memory: float
    said: str


def paragraphs(chance: random.Random) -> dict[str, list[str]]:
    """Four hundred paragraphs a language."""
    return {
        name: [
            f"<p>{('，' if name == 'zh' else ' ').join(chance.choices(text.split(), k=40))}</p>"
            for _ in range(400)
        ]
        for name, text in FRAGMENTS.items()
    }


def page(number: int, chance: random.Random, stock: dict[str, list[str]]) -> bytes:
    language = LANGUAGES[number // HOSTS % len(LANGUAGES)]
    blocks = chance.choices(stock[language], k=chance.randrange(20, 220))
    body = "".join(
        f'<div id="n{chance.getrandbits(48):x}"><a href="/a/{chance.getrandbits(64):x}.html">{number}</a>{block}</div>\n'
        for block in blocks
    )
    head = "".join(f"var v{chance.getrandbits(40):x}={chance.getrandbits(30)};" for _ in range(250))
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{number}</title>'
        f"<script>{head}</script></head><body>{body}</body></html>"
    ).encode()


def packed(kind: str, url: str, number: int, block: bytes, content_type: str) -> bytes:
    headers = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2024-05-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{number:08x}-0000-4000-8000-{len(block):012x}>\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(headers.encode() + block + b"\r\n\r\n", compresslevel=1, mtime=0)


def answer(status: str, content_type: str, body: bytes) -> bytes:
    lines = (
        f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nX-Crawler-Content-Encoding: gzip\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return lines.encode() + body


def records(number: int, chance: random.Random, stock: dict[str, list[str]]) -> Iterator[bytes]:
    url = ADDRESS.format(host=number % HOSTS, number=number)
    http = "application/http; msgtype="
    yield packed("request", url, number, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", http + "request")
    if number % 40 == 0:
        moved = answer("301 Moved Permanently", "text/html", b"")
        yield packed("response", url + "?old", number, moved, http + "response")
    if number % 50 == 0:
        picture = answer("200 OK", "image/png", chance.randbytes(3000))
        yield packed("response", url + ".png", number, picture, http + "response")
    content = answer("200 OK", "text/html; charset=utf-8", page(number, chance, stock))
    yield packed("response", url, number, content, http + "response")
    yield packed("metadata", url, number, b"fetchTimeMs: 12\r\n", "application/warc-fields")


def make_archive(path: Path, size: int) -> tuple[int, int]:
    """Write the archive; returns the numbers of pages and of records."""
    chance = random.Random(20240501)
    stock = paragraphs(chance)
    pages = count = 0
    with path.open("wb") as file:
        while file.tell() < size:
            for record in records(pages, chance, stock):
                file.write(record)
                count += 1
            pages += 1
    return pages, count


def run(command: Sequence[str]) -> Run:
    began = time.perf_counter()
    with tempfile.TemporaryFile() as told:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=told)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        said = told.read().decode()
    if child.returncode:
        sys.exit(f"{' '.join(command)} ended with {child.returncode}:\n{said}")
    unit = 1 if sys.platform == "darwin" else 1024
    seconds = time.perf_counter() - began
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6, said)


def add(folder: Path, archive: Path, *options: str) -> Run:
    command = [sys.executable, "-m", "policy_corpus"]
    run([*command, "init", str(folder)])
    return run([*command, "add", str(folder), str(archive), *options])


def row(name: str, done: Run, pages: int, bare: Run) -> str:
    return (
        f"{name:<44}{done.seconds:>9.1f}{done.cpu:>9.1f}{pages / done.seconds:>10.0f}{pages / done.cpu:>10.0f}"
        f"{bare.cpu / done.cpu:>8.3f}{done.memory:>10.0f}"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("megabytes", nargs="?", type=int, default=1000)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        archive = folder / "pages.warc.gz"
        pages, count = make_archive(archive, given.megabytes * 10**6)
        size = archive.stat().st_size / 1e6
        lines = [
            f"{size:.0f} MB packed, {pages} pages in {count} records, {os.cpu_count()} cores; "
            f"other work on the machine: load {os.getloadavg()[0]:.1f} when it began"
        ]
        bare = run([sys.executable, "-c", BARE, str(archive)])
        everything = add(folder / "all", archive)
        address = ("--url", PLACE)
        by_address = add(folder / "address", archive, *address)
        words = ("--language", "zh", "--topic", "送教", "--topic", "輪崗")
        by_text = add(folder / "text", archive, *address, *words)
        lines += [
            f"{'':<44}{'s':>9}{'cpu s':>9}{'pages/s':>10}{'/cpu s':>10}{'ratio':>8}{'peak MB':>10}",
            row("FastWARC, bare iteration with reading", bare, pages, bare),
            row("policy-corpus add", everything, pages, bare),
            row(f"  --url '{PLACE}'", by_address, pages, bare),
            row("  the same, --language zh --topic 送教 輪崗", by_text, pages, bare),
            f"floors: {FLOOR_RATE:.0f} pages/s, {FLOOR_MEMORY:.0f} MB at most; "
            f"add: {'held' if pages / everything.seconds >= FLOOR_RATE and everything.memory < FLOOR_MEMORY else 'MISSED'}",
        ]
        for done in (everything, by_address, by_text):
            lines += [line.replace(str(folder), "…") for line in done.said.splitlines()]
    text = "\n".join(lines) + "\n"
    print(text, end="")
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
