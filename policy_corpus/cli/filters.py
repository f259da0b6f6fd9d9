"""One set of filter options for every analysis."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer

from policy_corpus.cli.shell import note
from policy_corpus.corpus.analysing.filters import EmptySelectionError, Filter

Command = TypeVar("Command", bound=Callable[..., None])

Region = Annotated[
    str | None, typer.Option(help="Region with its sub-regions: code, its beginning, or name. 地区。")
]
Code = Annotated[str | None, typer.Option(help="Sentences with such a measure: pairing, rotation, …")]
Status = Annotated[
    str | None, typer.Option(help="Sentences with a measure that is done, planned or advised.")
]
Year = Annotated[str | None, typer.Option(help="2018 or 2018-2020: of the event, else of publication.")]
Kind = Annotated[str | None, typer.Option(help="news, report, policy, template, essay or other.")]
Issuer = Annotated[str | None, typer.Option(help="Part of the issuer's name. 发文机关。")]
Copies = Annotated[bool, typer.Option("--copies", help="Count repeated documents too.")]
Local = Annotated[
    bool, typer.Option("--local", help="Local sentences only: none that is inherited, shared or repeated.")
]
Limit = Annotated[int, typer.Option("-n", "--limit", help="Rows shown; 0 shows all.", min=0)]
EveryWord = Annotated[bool, typer.Option("--every-word", help="Function words and numbers too.")]
MinCount = Annotated[int, typer.Option(help="Fewest occurrences.", min=1)]

_OPTIONS: dict[str, Any] = {
    "region": Region, "code": Code, "status": Status, "year": Year, "kind": Kind, "issuer": Issuer,
    "copies": Copies, "local": Local,
}  # fmt: skip


def filtered(command: Command) -> Command:
    """Give a command the filter options; they reach it as one :class:`Filter` named ``wanted``.

    A selection that is empty is an answer: it is told which condition left nothing, and the command ends with 0.
    """
    signature = inspect.signature(command)
    kept = [p for p in signature.parameters.values() if p.name != "wanted"]
    options = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=False if name in ("copies", "local") else None,
            annotation=annotation,
        )
        for name, annotation in _OPTIONS.items()
    ]

    def run(**values: Any) -> None:
        wanted = Filter(**{name: values.pop(name) for name in _OPTIONS})
        try:
            command(**values, wanted=wanted)
        except EmptySelectionError as nothing:
            note(str(nothing))

    own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in kept]
    run.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in (*own, *options)} | {"return": None}
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run  # type: ignore[return-value]
