"""Coverage-guided fuzzing of what reads foreign bytes, by hand: ``python fuzz/fuzz.py PROBE [SECONDS]``.

Needs Atheris (``pip install atheris``) and a checkout; PROBE is a name in ``tests/hostile/probes.py``. What crashes
is written to ``fuzz/corpus/PROBE-<hash>`` and is from then on a test (``tests/hostile/test_corpus.py``).
"""

import sys
import tempfile
from pathlib import Path

import atheris

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
BUILT_IN = ("-max_len=4096", "-timeout=10", "-rss_limit_mb=3000", "-print_final_stats=1")


def main() -> None:
    """Feed one probe until the time is up or it crashes."""
    probe_name, seconds = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "60"
    with atheris.instrument_imports(include=["policy_corpus"]):
        from tests.hostile.probes import PROBES
        from tests.hostile.seeds import seeds_of
    probe = PROBES[probe_name]
    slug = probe_name.replace(" ", "_")

    def one(data: bytes) -> None:
        probe(data)

    with tempfile.TemporaryDirectory() as seeds:
        for number, seed in enumerate(seeds_of(probe_name)):
            Path(seeds, str(number)).write_bytes(seed)
        for saved in (HERE / "corpus").glob(f"{slug}-*"):
            Path(seeds, saved.name).write_bytes(saved.read_bytes())
        options = [f"-max_total_time={seconds}", f"-artifact_prefix={HERE / 'corpus'}/{slug}-", *BUILT_IN]
        atheris.Setup([sys.argv[0], seeds, *options], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
