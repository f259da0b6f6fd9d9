"""``corpus.toml``: the settings of one corpus, read strictly and written with their reasons."""

import difflib
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from policy_corpus.errors import CorpusError, SettingsError

SETTINGS_FILE = "corpus.toml"
SOURCES_FILE = "sources.toml"
TABLES = "tables"
"""Folder of the database."""
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

[search]
# 语义编码: "static-zh-256" (7,000 sentences/s), "e5-small-zh" (better on paraphrase, about 70/s), "none", or a
# sentence-transformers folder beside this file. Nothing is downloaded.
encoder = "static-zh-256"

[build]
workers = 0               # 进程数: 0 means one for each core
batch = 16                # documents in one unit of work; memory grows with it, not with the corpus
"""

SOURCES_TOML = """\
# 采集来源。Sources that `policy-corpus crawl` reads; one [[source]] each. Nothing is fetched until one stands here.
# 去掉行首“# ”即生效；除 id 和 start 外均可省略，所列多为默认值。
# Take "# " away to use a line; all but id and start may be left out. `policy-corpus sources learn` proposes a table
# from one list page, `policy-corpus sources check` tries the tables on saved pages.

# [crawl]
# contact = "zhang@example.org"     # 联系方式，随每次请求发送: mail address or page that a site's keeper can turn to
# concurrent = 8                    # 同时请求数，全部来源合计: requests at once, all sources together
# max_requests = 50000              # 单次采集请求上限: requests in one run

# 最短写法。The short form: id, start and where the links are.
# [[source]]
# id = "example-bureau"             # 短名，小写字母、数字、连字符，不重复: short name, not used twice
# start = ["https://www.example.org/jyj/tzgg/"]   # 起始列表页: first list pages
# list = "ul.news li"               # 条目的 CSS 选择器；可省略，由通用规则找: items; left out, a general rule looks

# 完整写法。All there is.
# [[source]]
# id = "example-county"
# start = ["https://www.example.org/xxgk/", "https://www.example.org/zcwj/"]
# kind = "list"                     # list 网页列表 | json 接口 | feed RSS/Atom | sitemap 站点地图 | page 起始页即条目
# name = "云岭县教育局信息公开"        # 名称，供人阅读: for people
# issuer = "云岭县教育局"             # 发文机关，页面未写明时使用: issuer, where a page names none
# region = "610300"                 # 六位区划代码: code of the region, six digits
# expect = 120                      # 预期条目数，少于此数则警告: a full crawl that finds fewer items is warned of
# code = "my_site.py"               # 专用程序，放在本文件旁: a Python file beside this one, for sites no rule fits
#
# [source.list]                     # 列表页；json 时为点号路径: CSS selectors; dotted paths (data.list) for kind json
# items = "table.list tr"           # 每个条目: each item
# link = "a.title"                  # 条目内的链接: its link (the item itself, or its link with the longest words)
# title = "a.title::attr(title)"    # 条目标题；::text、::attr(名) 取文字、属性: its title (the link's words)
# date = "td.date"                  # 条目日期: its date (any date beside the title)
# next = "a.next"                   # 下一页链接: link to the next list page (下一页, createPageHTML, page=2 are known)
# next_url = "index_{n}.html"       # 或下一页地址，{n} 递增: or its address, {n} counted up; instead of next
# next_from = 1                     # 第二个列表页的 {n}: the {n} of the second list page
# link_url = "https://www.example.org/art/{id}.html"   # json：由字段拼出地址: address made of the item's fields
# total = "data.total"              # json：总条数所在路径: where the number of all entries stands
#
# [source.item]                     # 条目页；留空则按通用规则: CSS selectors; a general rule looks for what is left out
# title = "h1.title"                # 标题
# date = "span.pubdate"             # 日期
# next = "div.pages a"              # 文章分页链接: links to the article's other pages
# attachments = "div.attach"        # 附件链接或其所在处: links of attachments, or what they stand in
#
# [source.pace]                     # 节奏: how the host is asked
# delay = 1.0                       # 两次请求间隔（秒）: seconds between requests
# concurrent = 1                    # 同时请求数: requests at once
# timeout = 60.0                    # 等待上限（秒）: seconds
# retries = 3                       # 失败重试次数: tries after a failure
# hours = "22:00-06:00"             # 只在此时段采集（当地时间）: only at these hours, local time
# max_requests = 5000               # 单次采集请求上限: requests to this source in one run
#
# [source.reach]                    # 范围: how far the source leads
# hosts = ["files.example.org"]     # 起始页以外允许的主机: hosts beside those of start
# include = ['/t\\d+_\\d+\\.html']     # 条目地址须符合其一（正则，用单引号）: an item's address must match one of these
# exclude = ['/video/']             # 且不符合其中任何一个: and none of these
# max_list_pages = 500              # 列表页上限
# max_item_pages = 100              # 一篇文章的页数上限: pages of one article
# max_mb = 50                       # 单个文件上限（MB）: megabytes of one answer
# private = false                   # 允许内网地址: addresses of a private network are allowed
# verify_tls = true                 # 校验证书；关闭会记入日志: false is logged
# robots = true                     # 遵守 robots.txt
#
# [source.fixes]                    # 地址更正，逐条替换: what the site gets wrong in its addresses, replaced in order
# "http://www.example.org:80/" = "https://www.example.org/"
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
class SearchSettings:
    """Which encoder gives sentences their meaning: a shipped one, a sentence-transformers folder, or ``none``."""

    encoder: str = "static-zh-256"


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
    search: SearchSettings = field(default_factory=SearchSettings)
    build: BuildSettings = field(default_factory=BuildSettings)


SECTIONS: dict[str, type] = {
    "add": AddSettings,
    "annotate": AnnotateSettings,
    "search": SearchSettings,
    "build": BuildSettings,
}
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
    printable = "".join(filter(str.isprintable, folder.resolve().name))
    name = printable.replace("\\", "\\\\").replace('"', '\\"')
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
    except (ValueError, RecursionError) as error:
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
        if key in MINIMUM and not table[key] >= MINIMUM[key]:  # nan is not either
            raise SettingsError(f"{key} must be at least {MINIMUM[key]}, not {value!r}", where)
    return kind(**table)


def _refuse_unknown(table: dict[str, Any], known: dict[str, Any], where: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
            raise SettingsError(f"unknown setting {key}", where, hint)
