"""Whose certificate is believed: everybody's that the system's authorities vouch for, and of named hosts any."""

import os
import sys
from pathlib import Path
from typing import Any

import certifi
from twisted.internet.ssl import Certificate, optionsForClientTLS, trustRootFromCertificates
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

_END = b"-----END CERTIFICATE-----"


@implementer(IPolicyForHTTPS)
class Certificates:
    """Verifies each host's certificate, except those of hosts that a source says to believe anyway.

    Parameters
    ----------
    unverified
        Hosts that are believed, each with its port.
    lenient
        The policy for them.
    file
        A PEM file of certificate authorities; None for the system's own.
    """

    def __init__(self, unverified: frozenset[tuple[str, int]], lenient: Any, file: str | None = None) -> None:
        self.unverified, self.lenient = unverified, lenient
        self.roots = _authorities(file) if file else None

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802
        """As in Twisted."""
        host = hostname.decode("ascii")
        if (host, port) in self.unverified:
            return self.lenient.creatorForNetloc(hostname, port)
        return optionsForClientTLS(host, trustRoot=self.roots)


def bundled_authorities() -> str | None:
    """The file to use where OpenSSL cannot read the system's store (Windows, macOS), unless SSL_CERT_FILE is set."""
    own = os.environ.get("SSL_CERT_FILE") or sys.platform not in ("win32", "darwin")
    return None if own else certifi.where()


def _authorities(file: str) -> Any:
    parts = Path(file).read_bytes().split(_END)[:-1]
    blocks = [part[part.index(b"-----BEGIN") :] + _END + b"\n" for part in parts]
    return trustRootFromCertificates(
        [  # type: ignore[no-untyped-call]
            Certificate.loadPEM(block) for block in blocks
        ]
    )
