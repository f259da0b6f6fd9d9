"""``corpus.toml``: the settings of one corpus, read strictly and written with their reasons."""

import difflib
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from policy_corpus.errors import CorpusError, SettingsError

SETTINGS_FILE = "corpus.toml"
SOURCES_FILE = "sources.toml"
FORMAT = 1

CORPUS_TOML = """\
# 语料库设置。Settings of this corpus. Every line may be left out; these are the defaults.
format = 1
name = {name}

[add]
max_file_mb = 50          # 单个文件上限: a larger file becomes an Issue row
max_unpacked_mb = 2000    # 压缩包解开后的总上限: all members of one archive together
warc_mb = 512             # captures/ starts a new WARC file at this size

[annotate]
codebook = "shipped"      # 编码手册: "shipped", or a TOML file of yours beside this one
classifier = "shipped"    # 分类模型: "shipped", or a folder made by `policy-corpus train`
min_confidence = 0.0      # 低于此值的措施不入表: measures below it are left out (0: the model's own thresholds)

[build]
workers = 0               # 进程数: 0 means one for each core
batch = 16                # documents in one unit of work; memory grows with it, not with the corpus
"""

SOURCES_TOML = """\
# 采集来源。Sources that `policy-corpus crawl` reads; one table each. Nothing is fetched until one stands here.
#
# [[source]]
# id = "example-bureau"                   # 短名，不重复
# start = ["https://www.example.org/jyj/"] # 起始列表页
# list = "ul.news a"                      # 列表中链接的 CSS 选择器
# region = "610300"                       # 六位区划代码
"""


@dataclass(frozen=True, slots=True)
class AddSettings:
    """Limits of the import, in megabytes (10^6 bytes)."""

    max_file_mb: int = 50
    max_unpacked_mb: int = 2000
    warc_mb: int = 512


@dataclass(frozen=True, slots=True)
class AnnotateSettings:
    """Which codebook and classifier code the measures."""

    codebook: str = "shipped"
    classifier: str = "shipped"
    min_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """How the work is cut and shared out."""

    workers: int = 0
    batch: int = 16


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one corpus."""

    name: str
    format: int = FORMAT
    add: AddSettings = field(default_factory=AddSettings)
    annotate: AnnotateSettings = field(default_factory=AnnotateSettings)
    build: BuildSettings = field(default_factory=BuildSettings)


SECTIONS: dict[str, type] = {"add": AddSettings, "annotate": AnnotateSettings, "build": BuildSettings}
MINIMUM: dict[str, float] = {
    "workers": 0,
    "min_confidence": 0.0,
    "batch": 1,
    "max_file_mb": 1,
    "max_unpacked_mb": 1,
    "warc_mb": 1,
}


def write_defaults(folder: Path) -> list[Path]:
    """Write a commented ``corpus.toml`` and ``sources.toml``; files that exist are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    name = folder.resolve().name.replace("\\", "\\\\").replace('"', '\\"')
    written = []
    for file, text in ((SETTINGS_FILE, CORPUS_TOML.format(name=f'"{name}"')), (SOURCES_FILE, SOURCES_TOML)):
        if not (folder / file).exists():
            (folder / file).write_text(text, encoding="utf-8")
            written.append(folder / file)
    return written


def read_settings(folder: Path) -> Settings:
    """Settings of the corpus in ``folder``.

    Raises
    ------
    CorpusError
        The folder is no corpus.
    SettingsError
        The file is no TOML, or names a key, type or value that is not known; nothing is guessed.
    """
    path = folder / SETTINGS_FILE
    if not path.is_file():
        raise CorpusError(
            "this folder is no corpus", str(path), f"start one with: policy-corpus init {folder}"
        )
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot be read as TOML: {error}", str(path), "correct that line") from error
    return parse_settings(table, str(path), folder.resolve().name)


def parse_settings(table: dict[str, Any], where: str, default_name: str = "corpus") -> Settings:
    """Settings from a TOML table; see :func:`read_settings`."""
    known = {"name": str, "format": int, **SECTIONS}
    _refuse_unknown(table, known, where)
    if table.get("format", FORMAT) != FORMAT:
        raise SettingsError(
            f"format {table['format']} is not the format {FORMAT} of this version",
            where,
            "use the version that made the corpus, or set format = 1",
        )
    sections = {
        name: _section(table.get(name, {}), kind, f"{where} [{name}]") for name, kind in SECTIONS.items()
    }
    name = table.get("name", default_name)
    if not isinstance(name, str):
        raise SettingsError(f"name must be a text, not {name!r}", where)
    return Settings(name=name, **sections)


def _section(table: Any, kind: type, where: str) -> Any:
    if not isinstance(table, dict):
        raise SettingsError(f"must be a table, not {table!r}", where)
    types: dict[str, type] = {f.name: type(f.default) for f in fields(kind)}
    _refuse_unknown(table, types, where)
    for key, value in table.items():
        wanted = (int, float) if types[key] is float else types[key]
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise SettingsError(f"{key} must be {types[key].__name__}, not {value!r}", where)
        if table[key] < MINIMUM.get(key, table[key]):
            raise SettingsError(f"{key} must be at least {MINIMUM[key]}, not {value!r}", where)
    return kind(**table)


def _refuse_unknown(table: dict[str, Any], known: dict[str, Any], where: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
            raise SettingsError(f"unknown setting {key}", where, hint)
