"""The server of the test site: answers from a table of pages, and the answers that no honest server gives."""

import gzip
import socket
import ssl
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.collect.crawl.site_pages import Page, html
from tests.collect.crawl.site_text import article

BOMB_MB = 400
BIG_MB = 80
DRIP_SECONDS = 0.2


@dataclass(frozen=True)
class Asked:
    """One request as it came in. ``at`` in seconds of a clock that only goes forward."""

    path: str
    method: str
    headers: Mapping[str, str]
    at: float
    status: int

    @property
    def conditional(self) -> bool:
        return "If-None-Match" in self.headers or "If-Modified-Since" in self.headers


@cache
def bomb() -> bytes:
    """A page of BOMB_MB megabytes that is a thousandth of that on the wire.

    A block that is packed after a full flush can stand any number of times (RFC 1951); only the sum is reckoned.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head, block = html("附件", "<p>云岭县教育局</p>"), b" " * 10_000_000
    first = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    times = BOMB_MB // 10
    total = zlib.crc32(head)
    for _ in range(times):
        total = zlib.crc32(block, total)
    size = len(head) + times * len(block)
    parts = [b"\x1f\x8b\x08\0\0\0\0\0\0\xff", first, packed * times, packer.flush()]
    return b"".join(parts) + struct.pack("<II", total, size)


class Server(ThreadingHTTPServer):
    """Loopback, any free port. ``find`` gives the page for a path, or None."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, find: Callable[[str], Page | None], context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.find = find
        self.log: list[Asked] = []
        self.hits: Counter[str] = Counter()
        self.stopping = threading.Event()
        self.open: set[socket.socket] = set()
        self.context = context
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        if self.context:
            connection = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        self.open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error here."""

    def stop(self) -> None:
        self.stopping.set()
        if self.thread.is_alive():
            self.shutdown()
            self.thread.join(5)
        for connection in list(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                connection.close()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    timeout = 30
    server: Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """The log is :attr:`Server.log`."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        server = self.server
        server.hits[self.path] += 1
        special = SPECIAL.get(self.path.partition("?")[0])
        if special:
            self.note(0)
            special(self)
            return
        page = server.find(self.path)
        if page is None:
            page = Page(html("404", "<h1>404 Not Found</h1>"), status=404, etag=False, modified="")
        self.give(page)

    def note(self, status: int) -> None:
        self.server.log.append(
            Asked(self.path, self.command, dict(self.headers.items()), time.monotonic(), status)
        )

    def unchanged(self, page: Page) -> bool:
        """RFC 9110, 13.1: the tag decides where both are asked."""
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            return bool(page.tag) and page.tag in asked
        return bool(page.modified) and self.headers.get("If-Modified-Since") == page.modified

    def give(self, page: Page, note: bool = True) -> None:
        status = 304 if page.status == 200 and self.unchanged(page) else page.status
        if note:
            self.note(status)
        self.send_response(status)
        if page.tag:
            self.send_header("ETag", page.tag)
        if page.modified:
            self.send_header("Last-Modified", page.modified)
        for name, value in page.headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", page.media)
            self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        if status != 304 and self.command != "HEAD":
            self.wfile.write(page.body)

    def head(self, *headers: tuple[str, str]) -> None:
        self.send_response(200)
        for name, value in (("Content-Type", "text/html; charset=utf-8"), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.flush()

    # What no honest server does.

    def always_500(self) -> None:
        self.give(Page(html("500", "服务器内部错误"), status=500, etag=False, modified=""), note=False)

    def busy_twice(self) -> None:
        if self.server.hits[self.path] <= 2:
            busy = Page(b"busy", "text/plain", 503, False, "", (("Retry-After", "1"),))
            self.give(busy, note=False)
            return
        page = self.server.find(self.path)
        assert page
        self.give(page, note=False)

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.rfile.close()
        self.wfile.close()
        self.connection.close()

    def drip(self) -> None:
        """A byte now and then, for ever: every single wait is short."""
        self.head(("Content-Length", "100000"))
        while not self.server.stopping.wait(DRIP_SECONDS):
            self.wfile.write(b" ")
            self.wfile.flush()

    def silence(self) -> None:
        self.server.stopping.wait(self.timeout)
        self.close_connection = True

    def cut_short(self) -> None:
        """Half of what was promised."""
        self.head(("Content-Length", "4000"))
        self.wfile.write(b"<p>" + b"x" * 1000)
        self.close_connection = True

    def gzip_bomb(self) -> None:
        data = bomb()
        self.head(("Content-Encoding", "gzip"), ("Content-Length", str(len(data))))
        self.wfile.write(data)

    def broken_gzip(self) -> None:
        data = gzip.compress(html("x", " ".join(article(number).title for number in range(200))))[:-400]
        self.head(("Content-Encoding", "gzip"), ("Content-Length", str(len(data))))
        self.wfile.write(data)

    def big(self) -> None:
        self.head(("Content-Length", str(BIG_MB * 1_000_000)))
        self.pour()

    def big_unsaid(self) -> None:
        """No length; ends when the connection does."""
        self.close_connection = True
        self.head(("Connection", "close"))
        self.pour()

    def pour(self) -> None:
        block = b"<p>" + b"x" * 99_997
        for _ in range(BIG_MB * 10):
            self.wfile.write(block)


SPECIAL: dict[str, Callable[[Handler], None]] = {
    "/hard/always-500.html": Handler.always_500,
    "/hard/busy-twice.html": Handler.busy_twice,
    "/hard/reset.html": Handler.reset,
    "/hard/drip.html": Handler.drip,
    "/hard/silence.html": Handler.silence,
    "/hard/cut-short.html": Handler.cut_short,
    "/hard/bomb.html": Handler.gzip_bomb,
    "/hard/broken-gzip.html": Handler.broken_gzip,
    "/hard/big.html": Handler.big,
    "/hard/big-unsaid.html": Handler.big_unsaid,
}
