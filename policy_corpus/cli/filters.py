"""One set of filter options for every analysis."""

import inspect
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Annotated, Any, TypeVar, overload

import typer

from policy_corpus.cli.shell import note
from policy_corpus.corpus.analysing.filters import EmptySelectionError, Filter
from policy_corpus.errors import PolicyCorpusError

Command = TypeVar("Command", bound=Callable[..., None])

Region = Annotated[
    str | None, typer.Option(help="Region with its sub-regions: code, its beginning, or name. 地区。")
]
Code = Annotated[str | None, typer.Option(help="Sentences with such a measure: rotation or 交流轮岗. 措施。")]
Status = Annotated[
    str | None, typer.Option(help="Sentences with a measure that is done, planned or advised. 状态。")
]
Done = Annotated[bool, typer.Option("--done", help="The same as --status done. 只看已做的。")]
Year = Annotated[
    str | None, typer.Option(help="2018 or 2018-2020: of the event, else of publication. 年份。")
]
Since = Annotated[str | None, typer.Option(metavar="YEAR", help="From this year on, likewise. 起始年。")]
Kind = Annotated[str | None, typer.Option(help="news, report, policy, template, essay or other. 体裁。")]
Issuer = Annotated[str | None, typer.Option(help="Part of the issuer's name. 发文机关。")]
Copies = Annotated[bool, typer.Option(help="Documents that repeat another one, too. 含重复文档。")]
Local = Annotated[
    bool, typer.Option("--local", help="Local sentences only: none that is inherited, shared or repeated.")
]
Limit = Annotated[int, typer.Option("-n", "--limit", help="Rows shown; 0 shows all.", min=0)]
EveryWord = Annotated[bool, typer.Option("--every-word", help="Function words and numbers too.")]
MinCount = Annotated[int, typer.Option(help="Fewest occurrences.", min=1)]

OPTIONS: Mapping[str, Any] = {
    "region": Region, "code": Code, "status": Status, "done": Done, "year": Year, "since": Since, "kind": Kind,
    "issuer": Issuer, "copies": Copies, "local": Local,
}  # fmt: skip


@overload
def filtered(command: Command) -> Command: ...


@overload
def filtered(*, copies: bool = False, without: Collection[str] = ()) -> Callable[[Command], Command]: ...


def filtered(command: Any = None, *, copies: bool = False, without: Collection[str] = ()) -> Any:
    """Give a command the filter options; they reach it as one :class:`Filter` named ``wanted``.

    A selection that is empty is an answer: it is told which condition left nothing, and the command ends with 0.

    Parameters
    ----------
    copies
        Whether documents that repeat another one are in where nothing is said of them.
    without
        Options that the command does not have.
    """
    if command is None:
        return partial(filtered, copies=copies, without=without)
    signature = inspect.signature(command)
    kept = [p for p in signature.parameters.values() if p.name != "wanted"]
    defaults = {"copies": copies, "local": False, "done": False}
    offered = [name for name in OPTIONS if name not in without]
    options = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=defaults.get(name), annotation=OPTIONS[name]
        )
        for name in offered
    ]

    def run(**values: Any) -> None:
        wanted = _filter(**{name: values.pop(name) for name in offered})
        try:
            command(**values, wanted=wanted)
        except EmptySelectionError as nothing:
            note(str(nothing))

    own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in kept]
    run.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in (*own, *options)} | {"return": None}
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run


def _filter(done: bool = False, **given: Any) -> Filter:
    """What was asked for; an option that is given but empty is an oversight, such as an unset variable."""
    for name, value in given.items():
        if isinstance(value, str) and not value.strip():
            raise PolicyCorpusError(f"--{name} is empty", None, "give it a value, or leave it out")
    if done and given.get("status") not in (None, "done"):
        raise PolicyCorpusError(
            f"--done and --status {given['status']} exclude each other", None, "give one of them"
        )
    return Filter(**{**given, "status": "done"} if done else given)
