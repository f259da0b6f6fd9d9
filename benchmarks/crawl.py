"""How fast a crawl goes and how much memory it takes: pages from loopback without delay, beside ``scrapy bench``.

The server (Twisted, in a process of its own, as that of ``scrapy bench``) makes list pages of 100 entries and
item pages of about 1.5 KB. ``scrapy bench`` follows links and keeps nothing; this crawl asks robots.txt, reads list
and item pages with their rules, keeps every page in a WARC file, writes the ledger and enters the table.

    python benchmarks/crawl.py [--pages 20000] [--bench-seconds 20] [--out benchmarks/results/crawl.txt]
"""

import argparse
import multiprocessing
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from policy_corpus.collect.crawl.model import CrawlSettings, ListRule, Pace, Reach, Source
from policy_corpus.corpus.collecting.crawl import Job, crawl, ledger_rows
from policy_corpus.publish.progress import Silent
from policy_corpus.store import tables
from policy_corpus.store.store import Store

PER_LIST = 100
CONCURRENT = 16
SENTENCE = "各县区要统筹推进义务教育学校教师交流轮岗，完善激励机制，健全结对帮扶制度，落实经费保障。"


def serve(pages: int) -> None:
    from twisted.internet import reactor
    from twisted.web.resource import Resource
    from twisted.web.server import Site

    class Portal(Resource):
        isLeaf = True  # noqa: N815

        def render_GET(self, request):  # noqa: N802
            request.setHeader(b"Content-Type", b"text/html; charset=utf-8")
            path = request.path.decode()
            if path == "/robots.txt":
                request.setHeader(b"Content-Type", b"text/plain")
                return b"User-agent: *\nDisallow: /forbidden/\n"
            return (_list(int(request.args[b"page"][0]), pages) if path == "/list" else _item(path)).encode()

    port = reactor.listenTCP(0, Site(Portal()), interface="127.0.0.1")
    print(port.getHost().port, flush=True)
    reactor.run()


def _list(page: int, pages: int) -> str:
    numbers = range((page - 1) * PER_LIST, min(page * PER_LIST, pages))
    links = "".join(
        f"<li><a href='/item/{n}.html'>关于第{n}号工作的通知</a><span>2024-05-01</span></li>" for n in numbers
    )
    more = f"<a class='next' href='/list?page={page + 1}'>下一页</a>" if page * PER_LIST < pages else ""
    return (
        f"<html><head><title>通知公告</title></head><body><ul class='list'>{links}</ul>{more}</body></html>"
    )


def _item(path: str) -> str:
    number = re.sub(r"\D", "", path)
    text = "".join(f"<p>{number}之{n}：{SENTENCE}</p>" for n in range(8))
    return (
        f"<html><head><title>关于第{number}号工作的通知</title></head><body><h1>关于第{number}号工作的通知</h1>"
        f"<div class='info'>发布时间：2024-05-01</div><div class='content'>{text}</div></body></html>"
    )


def resident(pid: int) -> float:
    """Megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1000


class Sampler(threading.Thread):
    """Resident memory of this process and of the crawling one, once a second, with the pages entered so far."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()
        self.pages = 0
        self.samples: list[tuple[int, float, float]] = []

    def stage(self, name: str, total: int | None) -> None:
        pass

    def advance(self, count: int = 1) -> None:
        self.pages += count

    def run(self) -> None:
        import os

        while not self.done.wait(0.5):
            children = [child.pid for child in multiprocessing.active_children()]
            try:
                if children:
                    self.samples.append((self.pages, resident(children[0]), resident(os.getpid())))
            except (OSError, TypeError):  # it ended meanwhile
                continue


def slope(samples: list[tuple[int, float]]) -> float:
    """Megabytes for each 1,000 pages, least squares."""
    n = len(samples)
    mean_x, mean_y = sum(x for x, _ in samples) / n, sum(y for _, y in samples) / n
    spread = sum((x - mean_x) ** 2 for x, _ in samples)
    return 1000 * sum((x - mean_x) * (y - mean_y) for x, y in samples) / spread if spread else 0.0


def scrapy_bench(seconds: int) -> float:
    """Pages a second."""
    command = [sys.executable, "-m", "scrapy", "bench", "-s", f"CLOSESPIDER_TIMEOUT={seconds}"]
    with tempfile.TemporaryDirectory() as empty:  # Python files in the current folder would be imported
        out = subprocess.run(command, capture_output=True, text=True, cwd=empty, check=True).stderr
    pages = int(re.search(r"'response_received_count': (\d+)", out)[1])
    return pages / float(re.search(r"'elapsed_time_seconds': ([\d.]+)", out)[1])


def our_crawl(pages: int) -> tuple[float, Sampler, dict[str, float]]:
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve", str(pages)], stdout=subprocess.PIPE, text=True
    )
    port = int(server.stdout.readline())
    rule = ListRule(items="ul.list li", link="a", title="a", date="span", next="a.next")
    source = Source(
        "bench", (f"http://127.0.0.1:{port}/list?page=1",), listing=rule,
        pace=Pace(delay=0.0, concurrent=CONCURRENT, max_requests=10**7), reach=Reach(private=True, max_list_pages=10**6),
    )  # fmt: skip
    settings = CrawlSettings(contact="bench@example.org", concurrent=CONCURRENT, max_requests=10**7)
    sampler = Sampler()
    try:
        with tempfile.TemporaryDirectory() as name, Store.open(Path(name) / "tables", create=True) as store:
            job = Job(Path(name), (source,), settings, 512 * 10**6)
            sampler.start()
            begun = time.monotonic()
            report = crawl(job, store, sampler)
            took = time.monotonic() - begun
            sampler.done.set()
            sampler.join()
            row = report.sources[0]
            rows = sum(row["role"] == "item" for row in ledger_rows(Path(name)))
            facts = {
                "requests": row.requests,
                "new": row.new,
                "captures": store.count(tables.CAPTURES),
                "ledger": rows,
            }
            again = time.monotonic()
            second = crawl(job, store, Silent())
            facts |= {"second": time.monotonic() - again, "second_requests": second.sources[0].requests}
    finally:
        server.kill()
        server.wait()
    return took, sampler, facts


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--bench-seconds", type=int, default=20)
    parser.add_argument("--serve", type=int)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if args.serve:
        serve(args.serve)
        return
    before = scrapy_bench(args.bench_seconds)
    took, sampler, facts = our_crawl(args.pages)
    after = scrapy_bench(args.bench_seconds)
    ours, theirs = facts["requests"] / took, (before + after) / 2
    half = [sample for sample in sampler.samples if sample[0] > args.pages / 4]
    child, parent = [(p, c) for p, c, _ in half], [(p, m) for p, _, m in half]
    lines = [
        f"{args.pages:,} items on {args.pages // PER_LIST:,} list pages from loopback, no delay, {CONCURRENT} at a time",
        f"crawl: {facts['requests']:,.0f} requests in {took:.1f} s = {ours:.0f} pages/s (with start and end of the process)",
        f"scrapy bench: {before:.0f} and {after:.0f} pages/s before and after, mean {theirs:.0f}",
        f"ratio: {ours / theirs:.2f} (floor .6)",
        f"found: {facts['new']:,} new items, {facts['captures']:,} captures, {facts['ledger']:,} items in the ledger",
        f"second crawl: {facts['second_requests']:,} requests in {facts['second']:.1f} s",
        f"memory of the crawling process: peak {max(c for _, c, _ in sampler.samples):.0f} MB, after the first quarter"
        f" {slope(child):+.2f} MB for each 1,000 pages",
        f"memory of the process that writes the table: peak {max(m for _, _, m in sampler.samples):.0f} MB,"
        f" {slope(parent):+.2f} MB for each 1,000 pages",
    ]
    print("\n".join(lines))
    if args.out:
        args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
