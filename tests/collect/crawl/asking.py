"""Asks addresses through the crawler's own settings, in a process of its own: a reactor runs only once.

``python -m tests.collect.crawl.asking FILE`` reads a pickle-free JSON of what to ask and writes what came of it.
"""

import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from policy_corpus.collect.crawl.model import CrawlSettings, ItemRule, ListRule, Pace, Reach, Source

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Answered:
    """What came of one address: a status with its text, or a reason."""

    asked: str
    url: str = ""
    status: int = 0
    size: int = 0
    text: str = ""
    reason: str = ""
    detail: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """All answers by the address that was asked for, what was printed, and the most memory in megabytes."""

    answers: Mapping[str, Answered]
    printed: str
    memory_mb: float = 0.0
    extra: Mapping[str, Any] = field(default_factory=dict)


def ask(
    tmp_path: Path, sources: Sequence[Source], addresses: Sequence[tuple[str | None, str]],
    headers: Mapping[str, Mapping[str, str]] | None = None, env: Mapping[str, str] | None = None, before: str = "",
) -> Outcome:  # fmt: skip
    """Ask for ``(source id, address)`` pairs.

    Parameters
    ----------
    headers
        Headers to send, by address.
    before
        Python that runs in the process first: stands in for a name server, say.
    """
    file = tmp_path / "ask.json"
    task = {"sources": [asdict(source) for source in sources], "addresses": list(addresses),
            "crawl": asdict(CrawlSettings(contact="keeper@example.org", concurrent=16)),
            "headers": {address: dict(sent) for address, sent in (headers or {}).items()}, "before": before}  # fmt: skip
    file.write_text(json.dumps(task), encoding="utf-8")
    command = [sys.executable, "-W", "error", "-m", "tests.collect.crawl.asking", str(file)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, env=env
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(file.with_suffix(".out").read_text(encoding="utf-8"))
    answers = {row["asked"]: Answered(**row) for row in told["answers"]}
    return Outcome(answers, done.stdout + done.stderr, told["memory_mb"])


def most_memory(process: int | str) -> float:
    """The most megabytes that a process has held so far; 0 where the system does not say.

    Not ``ru_maxrss``: on Linux it starts with what the process held that started this one.
    """
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    peaks = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(peaks[0].split()[1]) / 1024 if peaks else 0.0


def source_of(row: dict[str, Any]) -> Source:
    """A source from its plain values."""
    parts = {
        "listing": ListRule(**row["listing"]),
        "item": ItemRule(**row["item"]),
        "pace": Pace(**row["pace"]),
    }
    reach: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row["reach"].items()
    }
    plain = {"start": tuple(row["start"]), "fixes": tuple((old, new) for old, new in row["fixes"])}
    return Source(**{**row, **parts, **plain, "reach": Reach(**reach)})


def main(file: Path) -> None:
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    from policy_corpus.collect.crawl.fetch import settings_for, trouble_of

    task = json.loads(file.read_text(encoding="utf-8"))
    exec(task["before"], {})  # text of a test
    answers: list[dict[str, Any]] = []
    began = time.monotonic()

    class Asker(scrapy.Spider):
        name = "asker"
        handle_httpstatus_all = True

        async def start(self) -> AsyncIterator[Any]:
            for source_id, address in task["addresses"]:
                meta = {"source_id": source_id, "asked": address, "handle_httpstatus_all": True}
                yield scrapy.Request(address, self.parse, errback=self.failed, meta=meta, dont_filter=True,
                                     headers=task["headers"].get(address))  # fmt: skip

        def parse(self, response: Any) -> None:
            row = Answered(response.meta["asked"], response.url, response.status, len(response.body),
                           response.body[:2000].decode("utf-8", "replace"), seconds=time.monotonic() - began)  # fmt: skip
            answers.append(asdict(row))

        def failed(self, failure: Any) -> None:
            trouble = trouble_of(failure)
            row = Answered(failure.request.meta["asked"], reason=trouble.reason, detail=trouble.detail,
                           seconds=time.monotonic() - began)  # fmt: skip
            answers.append(asdict(row))

    settings = settings_for(CrawlSettings(**task["crawl"]), [source_of(row) for row in task["sources"]])
    process = AsyncCrawlerProcess(settings)
    process.crawl(Asker)
    process.start()
    told = {"answers": answers, "memory_mb": most_memory("self")}
    file.with_suffix(".out").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
