"""Why an address brought nothing: a short closed set of reasons, in words for the person who crawls."""

from typing import Literal, NamedTuple

Reason = Literal[
    "bad_address", "private_address", "foreign_host", "robots", "robots_unreachable", "redirect_loop", "too_large",
    "too_slow", "tls", "unknown_host", "connection", "not_found", "refused", "method", "busy", "server_error", "broken",
    "wrong_type", "endless_list", "failed",
]  # fmt: skip
Severity = Literal["error", "warning", "note"]

LATER: frozenset[Reason] = frozenset(
    {"robots_unreachable", "too_slow", "unknown_host", "connection", "busy", "server_error"}
)
"""Reasons that may pass: the address is asked again after a while."""


class _Words(NamedTuple):
    message: str
    remedy: str
    severity: Severity = "error"


# ``{detail}`` is what is known of the single case. Severity: an error where something that was asked for did not come
# in, so that the crawl has failures; a warning where what came in, or a link, is not quite as it should be; a note
# where the site or the source's own table says that there is nothing to fetch.
WORDS: dict[Reason, _Words] = {
    "bad_address": _Words(
        "The address is not one that is asked: {detail}.",
        "Correct it with fixes in its source, or leave it out with exclude.",
        "warning",
    ),
    "private_address": _Words(
        "The address leads into a private network: {detail}.",
        "If it is your own network and meant, set private = true in [source.reach] and name the host in hosts; "
        "else leave it: a page of the open web has no business there.",
    ),
    "foreign_host": _Words(
        "The address lies on a host that the source does not name: {detail}.",
        "If it belongs to the source, add it to hosts in [source.reach].",
        "note",
    ),
    "robots": _Words(
        "The site's robots.txt asks that this page not be fetched.",
        "Leave it, or ask the site's keeper; robots = false in [source.reach] is for sites that allowed it.",
        "note",
    ),
    "robots_unreachable": _Words(
        "The site's robots.txt could not be read ({detail}), so nothing was asked of the site (RFC 9309).",
        "Crawl again later; if the site is yours or allows it, set robots = false in [source.reach].",
    ),
    "redirect_loop": _Words(
        "The address leads from one to the next without an end: {detail}.",
        "Open it in a browser; if it shows a page only there, the site wants cookies, which are not kept.",
    ),
    "too_large": _Words(
        "The answer is larger than allowed: {detail}.",
        "If the file is wanted, raise max_mb in [source.reach].",
    ),
    "too_slow": _Words(
        "The answer was not complete in time: {detail}.",
        "It is asked again in the next crawl; raise timeout in [source.pace] if the site is always slow.",
    ),
    "tls": _Words(
        "The site's certificate could not be verified: {detail}.",
        "Check the site in a browser; verify_tls = false in [source.reach] asks it all the same, which is logged.",
    ),
    "unknown_host": _Words(
        "No address is known for this host: {detail}.",
        "Check its spelling and the network; the site may have moved.",
    ),
    "connection": _Words(
        "The connection failed or broke off: {detail}.",
        "It is asked again in the next crawl; if it lasts, the site is down or turns this machine away.",
    ),
    "not_found": _Words(
        "The page is not there ({detail}).",
        "Nothing to do, if the site took it away; else correct the address with fixes.",
        "note",
    ),
    "refused": _Words(
        "The server turns us away ({detail}).",
        "Slow down in [source.pace]; if it lasts, ask the site's keeper. Some sites answer browsers only.",
    ),
    "method": _Words(
        "The address wants to be asked by another method, such as POST, which is not supported ({detail}).",
        "Start at another address that shows the same, or read the source by code of its own.",
    ),
    "busy": _Words(
        "The server is busy or asks for fewer requests ({detail}).",
        "It is asked again in the next crawl; raise delay in [source.pace].",
    ),
    "server_error": _Words(
        "The server failed ({detail}).",
        "It is asked again in the next crawl.",
    ),
    "broken": _Words(
        "The answer is damaged: {detail}.",
        "It is asked again in the next crawl; open it in a browser to see whether the site's copy is whole.",
    ),
    "wrong_type": _Words(
        "The answer is no page and no file that is read: {detail}.",
        "Leave such addresses out with exclude in [source.reach].",
    ),
    "endless_list": _Words(
        "The list goes on without bringing anything new, so it was left: {detail}.",
        "Check the source's next rule; if items are missing, start at a list page nearer to them.",
        "warning",
    ),
    "failed": _Words(
        "It could not be fetched: {detail}.",
        "Crawl again; if it lasts, report the address.",
    ),
}  # fmt: skip


class Trouble(NamedTuple):
    """What went wrong with one request. ``after``: seconds that the server asks to wait, where it does."""

    reason: Reason
    detail: str
    after: float | None = None

    @property
    def passes(self) -> bool:
        """Whether it is worth asking again in the same run."""
        return self.reason in LATER


_REFUSALS = frozenset({401, 402, 403, 406, 407, 409, 412, 418, 421, 423, 451, 493, 521, 567, 999})
_BUSY = frozenset({429, 503, 509, 529})


def of_status(status: int, after: float | None = None) -> Trouble | None:
    """The trouble that a status code tells of; None for an answer (2xx) and for "not modified" (304).

    412, 493, 521 and 567 are what web firewalls common on Chinese portals answer to programs.
    """
    detail = f"HTTP {status}"
    if 200 <= status < 300 or status == 304:
        return None
    if status in (404, 410):
        return Trouble("not_found", detail)
    if status == 405:
        return Trouble("method", detail)
    if status in _BUSY:
        return Trouble("busy", detail, after)
    if status in _REFUSALS:
        return Trouble("refused", detail, after)
    if status == 408 or status in (504, 522, 524):
        return Trouble("too_slow", detail, after)
    if 300 <= status < 400:
        return Trouble("bad_address", f"{detail} to nowhere")
    return Trouble("server_error" if status >= 500 else "failed", detail, after)
