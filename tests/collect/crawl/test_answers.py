"""Whether a page that came with status 200 is what was asked for."""

import pytest

from policy_corpus.collect.crawl.answers import Doubt, doubt, ending_of, make_issue
from policy_corpus.collect.crawl.model import Fetched
from policy_corpus.collect.crawl.troubles import of_status
from policy_corpus.records import CrawlRole, Wanted

NOTICE = "<html><body><p>现将有关事项通知如下，请认真贯彻执行。</p></body></html>"
LOGIN = "<html><body><form>用户名<input name='u'>密码<input type=\"password\"></form></body></html>"


def of(html: str, url: str = "https://x.gov.cn/a.html") -> Fetched:
    return Fetched(url, html.encode(), "text/html")


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        ("您访问的页面不存在或已被删除！", "soft_404"),
        ("对不起，您要查看的文章已被删除", "soft_404"),
        ("404 Not Found", "soft_404"),
        ("抱歉，没有找到您要的信息", "soft_404"),
        ("现将有关事项通知如下，请认真贯彻执行。", None),
        ("本校原有危房已不存在", None),
        ("您访问的页面不存在" + "正文" * 200, None),
        ("", None),
    ],
)
def test_a_page_that_only_says_there_is_none(shown: str, reason: str | None) -> None:
    found = doubt("item", of(NOTICE), shown)
    assert (found and found.reason) == reason


@pytest.mark.parametrize(
    ("role", "page", "shown", "reason"),
    [
        ("item", of(LOGIN), "用户名 密码", "login"),
        ("item", of(NOTICE + LOGIN), "通知" * 150, None),
        ("attachment", of(LOGIN, "https://x.gov.cn/a.pdf"), "用户名 密码", "login"),
        ("attachment", of(NOTICE + LOGIN, "https://x.gov.cn/down.jsp?id=7"), "通知" * 150, "login"),
        ("attachment", of(NOTICE, "https://x.gov.cn/P0202.docx"), "", "wrong_type"),
        ("attachment", of(NOTICE, "https://x.gov.cn/download.do?id=3"), "", None),
        ("attachment", Fetched("https://x.gov.cn/a.pdf", b"%PDF-1.7 ...", "text/html"), "", None),
        ("attachment", Fetched("https://x.gov.cn/a.doc", b"\xd0\xcf\x11\xe0" + bytes(99), ""), "", None),
        ("item", Fetched("https://x.gov.cn/a.mp4", b"\x00\x00\x00\x18ftyp", "video/mp4"), "", "wrong_type"),
        ("item", Fetched("https://x.gov.cn/a.html", "通知".encode("utf-16"), "text/html"), "", None),
        ("item", Fetched("https://x.gov.cn/a.html", b"  \n", "text/html"), "", "empty"),
        ("list", Fetched("https://x.gov.cn/list", b"", "text/html"), "", "empty"),
        ("list", Fetched("https://x.gov.cn/list", b'{"data": []}', "application/json"), "", None),
    ],
)
def test_an_answer_of_another_kind(role: CrawlRole, page: Fetched, shown: str, reason: str | None) -> None:
    found = doubt(role, page, shown)
    assert (found and found.reason) == reason


def test_what_came_instead_of_a_file_is_said() -> None:
    found = doubt("attachment", of(NOTICE, "https://x.gov.cn/a.pdf"), "您访问的文件不存在")
    assert found == Doubt("wrong_type", "a web page instead of pdf, which says: 您访问的文件不存在")


@pytest.mark.parametrize(
    ("title", "asked", "answered", "kind"),
    [
        ("附件3：汇总表.xlsx", "/down.jsp?id=7", "/down.jsp?id=7", "xlsx"),
        ("汇总表.XLS（24KB）", "/down.jsp?id=7", "/down.jsp?id=7", "xls"),
        ("实施方案.wps下载", "/down.jsp?id=7", "/down.jsp?id=7", "wps"),
        ("附件下载", "/P0202.ofd", "/sso/index.html", "ofd"),
        ("附件下载", "/down.jsp?name=%E8%A1%A8.et&id=7", "/down.jsp?id=7", "et"),
        ("附件3：汇总表", "/down.jsp?id=7", "/down.jsp?id=7", None),
        (None, "/down.jsp?id=7", "/down.jsp?id=7", None),
        ("见www.etc.cn", "/down.jsp?id=7", "/down.jsp?id=7", None),
        ("附表.pdf.html", "/fb.html", "/fb.html", None),
    ],
)
def test_a_web_page_is_not_the_file_that_its_link_names(
    title: str | None, asked: str, answered: str, kind: str | None
) -> None:
    site = "https://x.gov.cn"
    wanted = Wanted("x", site + asked, "attachment", "x.gov.cn", f"{site}/a.html", title=title)
    found = doubt("attachment", of(NOTICE, site + answered), "", wanted)
    assert found == (Doubt("wrong_type", f"a web page instead of {kind}") if kind else None)


@pytest.mark.parametrize(
    ("address", "ending"),
    [
        ("https://x.gov.cn/a.PDF", "pdf"),
        ("https://x.gov.cn/a.html?b=c.doc", "html"),
        ("https://x.gov.cn/art/2024/", ""),
        ("https://x.gov.cn/a.b/c", ""),
    ],
)
def test_the_ending_of_an_address(address: str, ending: str) -> None:
    assert ending_of(address) == ending


def test_an_address_that_wants_another_method_does_not_ask_for_patience() -> None:
    trouble = of_status(405)
    assert trouble is not None
    issue = make_issue("https://x.gov.cn/api", trouble.reason, trouble.detail, "x")
    assert (issue.reason, issue.severity, trouble.passes) == ("method", "error", False)
    assert "POST" in issue.message
    assert "Slow down" not in issue.remedy


@pytest.mark.parametrize(
    ("severity", "reasons"),
    [
        (
            "error",
            "wrong_type login empty refused method busy server_error too_slow too_large connection tls",
        ),
        ("warning", "vanished bad_address endless_list max_item_pages max_list_pages below_expectation"),
        ("note", "not_found soft_404 robots foreign_host unfinished"),
    ],
)
def test_what_should_have_come_in_and_did_not_is_an_error(severity: str, reasons: str) -> None:
    issues = [make_issue("https://x.gov.cn/", reason, None, "x") for reason in reasons.split()]
    assert {issue.reason: issue.severity for issue in issues} == dict.fromkeys(reasons.split(), severity)


@pytest.mark.parametrize("reason", ["soft_404", "not_found", "unfinished", "no such reason"])
def test_every_reason_has_words(reason: str) -> None:
    issue = make_issue("https://x.gov.cn/", reason, "HTTP 404", "x")
    assert (issue.stage, issue.place, issue.reason) == ("crawl", "x", reason)
    assert issue.message
    assert "{" not in issue.message + issue.remedy
