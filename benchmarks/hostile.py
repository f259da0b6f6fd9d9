"""Seconds and megabytes of every hostile file: ``python -m benchmarks.hostile [BYTES] [SECONDS] [NAME…]``.

Each file of ``tests/hostile/cases.py`` is cleaned, signed and coded in a process of its own (forked from one that has
read the models) and stopped after SECONDS of process time. Prints one line a file; figures in ``results/hostile.txt``.
The last column says how busy the machine was: seconds of a fixed loop, 0.14 where little else ran.
"""

import gc
import os
import signal
import sys
import time
from pathlib import Path

from tests.hostile.cases import CASES, SENTENCE, TEXT
from tests.hostile.probes import annotator, cleaned


def measured(name: str, size: int, seconds: int) -> str:
    data, media_type = CASES[name](size)
    signal.signal(signal.SIGPROF, lambda *_: os._exit(9))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    busy = _loop()
    start = time.process_time()
    result = cleaned(data, media_type)
    cleaning = time.process_time() - start
    for document in result.documents:
        annotator().annotate(document)
    both = time.process_time() - start
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1000
    reasons = ",".join(sorted({issue.reason for issue in result.issues}))
    return f"{name:36}{len(data):12,} B{cleaning:8.2f} s{both - cleaning:8.2f} s{peak:7} MB  {reasons}  ({busy:.2f})"


def _loop() -> float:
    start = time.process_time()
    sum(number & 7 for number in range(2_000_000))
    return time.process_time() - start


def main() -> None:
    size, seconds = (
        (int(float(a)) for a in [*sys.argv[1:3], "1e6", "30"][:2]) if len(sys.argv) > 2 else (1_000_000, 30)
    )
    for document in cleaned(SENTENCE.encode(), TEXT).documents:
        annotator().annotate(document)
    gc.freeze()
    for name in sys.argv[3:] or CASES:
        if (child := os.fork()) == 0:
            print(measured(name, size, seconds), flush=True)
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            print(f"{name:36} stopped after {seconds} s", flush=True)


if __name__ == "__main__":
    main()
