"""Sites that no rule fits: one short Python file beside ``sources.toml`` that reads their pages.

It defines ``read_list(source, page)`` or ``read_item(source, page)`` or both; what it leaves out the rules read.
It runs with the rights of the crawler, so a source's code is trusted as the table itself is; no page's script is.
"""

import importlib.util
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from policy_corpus.collect.crawl.items import read_item
from policy_corpus.collect.crawl.lists import read_list
from policy_corpus.collect.crawl.model import Fetched, ItemPage, ListPage, Source
from policy_corpus.errors import PolicyCorpusError, SettingsError


class CodeError(PolicyCorpusError):
    """A source's code failed on a page; ``where`` names its file and line. The text suits an Issue."""


@dataclass(frozen=True, slots=True)
class Readers:
    """How a source's pages are read: by the rules, or by its own code, which raises :class:`CodeError`."""

    read_list: Callable[[Source, Fetched], ListPage] = read_list
    read_item: Callable[[Source, Fetched], ItemPage] = read_item


def readers_of(source: Source, folder: Path) -> Readers:
    """The functions that read a source's pages.

    Parameters
    ----------
    source
        The source; without ``code`` the rules read it.
    folder
        Where its ``sources.toml`` lies; the code lies beside it.

    Raises
    ------
    SettingsError
        The file is missing, is no Python, or defines neither function.
    """
    if not source.code:
        return Readers()
    path = folder / source.code
    module = _loaded(path, source)
    functions = {name: getattr(module, name, None) for name in ("read_list", "read_item")}
    if not any(callable(f) for f in functions.values()):
        raise SettingsError(
            f"source {source.id}: the code defines neither read_list nor read_item", str(path),
            "add def read_list(source, page)",
        )  # fmt: skip
    own_list, own_item = functions["read_list"], functions["read_item"]
    return Readers(
        _guarded(own_list, ListPage, path) if callable(own_list) else read_list,
        _guarded(own_item, ItemPage, path) if callable(own_item) else read_item,
    )


def _loaded(path: Path, source: Source) -> ModuleType:
    if not path.is_file():
        raise SettingsError(
            f"source {source.id}: the code file is missing",
            str(path),
            "write it, or take the line code = out",
        )
    name = f"_source_code_{sha256(str(path.resolve()).encode()).hexdigest()[:16]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise SettingsError(f"source {source.id}: the code cannot be read as Python", str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    writes = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # no __pycache__ in a corpus folder
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # whatever a foreign file may raise
        del sys.modules[name]
        raise SettingsError(
            f"source {source.id}: {_said(error)}", _place(error, path), "correct that line"
        ) from error
    finally:
        sys.dont_write_bytecode = writes
    return module


def _guarded(function: Callable[..., Any], kind: type, path: Path) -> Callable[[Source, Fetched], Any]:
    """The function with its errors told by file and line, and its answer's type held against ``kind``."""

    def read(source: Source, page: Fetched) -> Any:
        try:
            found = function(source, page)
        except (Exception, SystemExit) as error:  # whatever foreign code may raise
            raise CodeError(
                f"source {source.id}: {function.__name__} failed on {page.url}: {_said(error)}",
                _place(error, path), "correct the code; test it with: sources check",
            ) from error  # fmt: skip
        if not isinstance(found, kind):
            raise CodeError(
                f"source {source.id}: {function.__name__} returned {type(found).__name__}, not {kind.__name__}",
                str(path), f"return a {kind.__name__}(…) on every way out",
            )  # fmt: skip
        return found

    return read


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _place(error: BaseException, path: Path) -> str:
    """File and line of the last step within the source's code."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return f"{path}, line {error.lineno}"
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    return f"{path}, line {lines[-1]}" if lines else str(path)
