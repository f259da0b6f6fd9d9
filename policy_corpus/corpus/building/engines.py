"""Which engine runs a build, by its name on the command line."""

from collections.abc import Iterator
from contextlib import contextmanager

from policy_corpus.engine import local
from policy_corpus.engine.batches import Engine
from policy_corpus.errors import PolicyCorpusError

LOCAL, RAY = "local", "ray"


@contextmanager
def engine_named(name: str, address: str | None = None, workers: int = 0) -> Iterator[Engine]:
    """The engine ``local`` or ``ray``; a Ray that was started for the block ends with it.

    Parameters
    ----------
    address : str, optional
        Of a running Ray cluster; without it Ray is started on this machine.
    workers : int
        Processes of such a Ray; 0 for as many as there are cores.

    Raises
    ------
    PolicyCorpusError
        No engine has this name, Ray is not installed, or ``local`` was given an address.
    """
    if name not in (LOCAL, RAY):
        raise PolicyCorpusError(f"there is no engine {name!r}", remedy=f"engines are {LOCAL} and {RAY}")
    if name == RAY:
        from policy_corpus.engine.ray import cluster

        with cluster(address, workers) as engine:
            yield engine
        return
    if address:
        raise PolicyCorpusError("the local engine joins no cluster", address, f"add --engine {RAY}")
    yield local
