"""The import table of the house: who may know whom."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "policy_corpus"
BASE = {"records", "errors"}
ROOMS = ["collect", "clean", "annotate", "analyse", "publish"]
ALLOWED = {
    **{room: BASE | set(ROOMS[:i]) for i, room in enumerate(ROOMS)},
    "store": BASE,
    "engine": BASE,
}
EXTRA = {f"publish/search/{file}.py": {"store"} for file in ("index", "searcher")}
PURE_ROOMS = ["clean", "annotate", "analyse"]
IMPURE = {"socket", "time", "pathlib", "requests", "urllib.request", "subprocess", "shutil", "tempfile"}
DOORS = {  # vendor: modules that may import it, two at most; the folder of commands is one door
    "jieba": 2, "rjieba": 1, "spacy": 1, "bs4": 1, "sentence_transformers": 1, "lancedb": 2, "opencc": 1,
    "warcio": 2, "fastwarc": 2, "docx": 2, "python_calamine": 2, "pypdfium2": 2,
    "xlsxwriter": 2, "typer": 1, "scrapy": 2, "ray": 1, "upath": 1, "s3fs": 1,
    "jinja2": 1, "sklearn": 2, "torch": 1, "tokenizers": 1, "safetensors": 1, "lxml": 2, "selectolax": 2, "parsel": 1, "rapidfuzz": 1,
}  # fmt: skip


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def places(names: set[str]) -> set[str]:
    return {name.split(".")[1] for name in names if name.startswith("policy_corpus.")}


@pytest.mark.parametrize("room", sorted(ALLOWED))
def test_a_room_imports_only_from_rooms_to_its_left(room: str) -> None:
    for path in (PACKAGE / room).rglob("*.py"):
        extra = EXTRA.get(str(path.relative_to(PACKAGE)), set())
        foreign = {
            p for p in places(imported(path)) if (PACKAGE / p).is_dir() or (PACKAGE / f"{p}.py").is_file()
        }
        assert foreign - ALLOWED[room] - extra - {room} == set(), path


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_a_pure_room_opens_no_file_socket_or_clock(room: str) -> None:
    for path in (PACKAGE / room).rglob("*.py"):
        assert not imported(path) & IMPURE, path
        calls = [n.func.id for n in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                 if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]  # fmt: skip
        assert not {"open", "print"} & set(calls), path


@pytest.mark.parametrize("vendor", sorted(DOORS))
def test_a_vendor_has_one_door(vendor: str) -> None:
    users = {
        p.parent if p.parent.name == "cli" else p
        for p in modules()
        if any(n == vendor or n.startswith(vendor + ".") for n in imported(p))
    }
    assert len(users) <= DOORS[vendor], users


def test_files_stay_short() -> None:
    long = {
        str(p.relative_to(PACKAGE)): n
        for p in modules()
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long
