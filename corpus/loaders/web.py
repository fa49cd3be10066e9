"""A page from the web, when the learner asks for it: public hosts only, and not too much.

The address is checked after its name is resolved and the connection goes to the very address that
was checked; each redirect is checked again.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from corpus.loaders.parts import Unreadable

MAX_BYTES = 20_000_000
_REDIRECTS = 5
_SECONDS = 30.0
_AGENT = "viva-study (document import)"

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Page:
    """What was fetched: the last address, the type the server states, the content."""

    url: str
    content_type: str
    data: bytes


def is_url(text: str) -> bool:
    """True for a text that is meant as a web address."""
    return "://" in text[:12]


def fetch(url: str, resolve: Resolve | None = None, limit: int = MAX_BYTES) -> Page:
    """The page at `url`, at most `limit` bytes. Raises `Unreadable`.

    `resolve` gives the addresses of a host; the system's resolver by default.
    """
    deadline = time.monotonic() + _SECONDS
    for _ in range(_REDIRECTS + 1):
        status, headers, data = _get(url, resolve or _resolve, limit, deadline)
        if status in (301, 302, 303, 307, 308):
            target = headers.get("location", "")
            if not target:
                raise Unreadable("the server redirects to nowhere")
            url = urljoin(url, target)
            continue
        if status != 200:
            raise Unreadable(f"the server answered {status}")
        return Page(url, headers.get("content-type", ""), data)
    raise Unreadable("it redirects too often")


def _get(
    url: str, resolve: Resolve, limit: int, deadline: float
) -> tuple[int, dict[str, str], bytes]:
    scheme, host, port, target = _parse(url)
    address = public_address(host, port, resolve)
    try:
        sock = socket.create_connection((address, port), timeout=10)
        if scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        connection = http.client.HTTPConnection(host, port, timeout=10)
        connection.sock = sock
        try:
            agent = {"User-Agent": _AGENT, "Accept-Encoding": "identity, gzip", "Accept": "*/*"}
            connection.request("GET", target, headers=agent)
            response = connection.getresponse()
            headers = {k.lower(): v for k, v in response.getheaders()}
            data = _body(response, headers, limit, deadline) if response.status == 200 else b""
            return response.status, headers, data
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreadable(
            f"it could not be fetched: {str(error)[:100] or type(error).__name__}"
        ) from None


def _parse(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unreadable("it is not a valid web address") from None
    if parts.scheme not in ("http", "https"):
        raise Unreadable(f"only http and https are fetched, not {parts.scheme}")
    if not parts.hostname or parts.username or parts.password:
        raise Unreadable("it is not a valid web address")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if any(c <= " " or c == "\x7f" for c in target):
        raise Unreadable("it is not a valid web address")
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80), target


def public_address(host: str, port: int, resolve: Resolve) -> str:
    """An address of `host`, if all its addresses are public. Raises `Unreadable`."""
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError):
        raise Unreadable(f"the host {host} was not found") from None
    if not found:
        raise Unreadable(f"the host {host} was not found")
    for text in found:
        address = ipaddress.ip_address(text.partition("%")[0])
        inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
        for one in (address, inner):
            if one is not None and (not one.is_global or one.is_multicast or one.is_reserved):
                raise Unreadable(
                    f"the host {host} is on a private network ({one}), which is not read"
                )
    return found[0]


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _body(
    response: http.client.HTTPResponse, headers: dict[str, str], limit: int, deadline: float
) -> bytes:
    packed = headers.get("content-encoding", "").lower()
    if packed not in ("", "identity", "gzip"):
        raise Unreadable(f"the server sends it packed as {packed}")
    unpack = zlib.decompressobj(31) if packed == "gzip" else None
    data = bytearray()
    while chunk := response.read1(65536):
        data += unpack.decompress(chunk, limit + 1 - len(data)) if unpack else chunk
        if len(data) > limit:
            raise Unreadable(f"it is larger than {limit / 1e6:.0f} MB")
        if time.monotonic() > deadline:
            raise Unreadable(f"it took longer than {_SECONDS:.0f} seconds")
    return bytes(data)
