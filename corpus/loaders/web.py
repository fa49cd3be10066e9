"""A page from the web, when the learner asks for it: public hosts only, and not too much.

The address is checked after its name is resolved and the connection goes to the very address that
was checked; each redirect is checked again.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
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

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]
Allow = Callable[[Address], bool]


@dataclass(frozen=True, slots=True)
class Page:
    """What was fetched: the last address, the type the server states, the content."""

    url: str
    content_type: str
    data: bytes


def is_url(text: str) -> bool:
    """True for a text that is meant as a web address."""
    return "://" in text[:12]


def is_public(address: Address) -> bool:
    """True for an address that is neither private, local nor special, nor stands for one that is."""
    inner = [address]
    if isinstance(address, ipaddress.IPv6Address):
        inner += [x for x in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if x]
    return all(x.is_global and not x.is_multicast and not x.is_reserved for x in inner)


def fetch(
    url: str,
    resolve: Resolve | None = None,
    limit: int = MAX_BYTES,
    seconds: float = _SECONDS,
    allow: Allow = is_public,
) -> Page:
    """The page at `url`, at most `limit` bytes, within `seconds` for all redirects. Raises `Unreadable`.

    `resolve` gives the addresses of a host, the system's resolver by default; `allow` says which
    of them may be spoken to.
    """
    deadline = time.monotonic() + seconds
    for _ in range(_REDIRECTS + 1):
        status, headers, data = _get(url, resolve or _resolve, allow, limit, deadline)
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
    url: str, resolve: Resolve, allow: Allow, limit: int, deadline: float
) -> tuple[int, dict[str, str], bytes]:
    scheme, host, port, target = _parse(url)
    address = checked_address(host, port, resolve, allow)
    remaining = deadline - time.monotonic()
    try:
        if remaining <= 0:
            raise TimeoutError
        sock = socket.create_connection((address, port), timeout=min(10.0, remaining))
        if scheme == "https":
            context = ssl.create_default_context()
            sock = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
        # A server that sends a byte now and then never runs into the timeout of a single read.
        watch = threading.Timer(deadline - time.monotonic(), _hang_up, (sock,))
        watch.daemon = True
        watch.start()
        try:
            return _exchange(sock, host, port, target, limit)
        finally:
            watch.cancel()
            sock.close()
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
        if time.monotonic() >= deadline:
            raise Unreadable("it took too long") from None
        why = str(error)[:100] or type(error).__name__
        raise Unreadable(f"it could not be fetched: {why}") from None


def _hang_up(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _exchange(
    sock: socket.socket, host: str, port: int, target: str, limit: int
) -> tuple[int, dict[str, str], bytes]:
    if isinstance(sock, ssl.SSLSocket):
        sock.do_handshake()
    connection = http.client.HTTPConnection(host, port, timeout=10)
    connection.sock = sock
    try:
        agent = {"User-Agent": _AGENT, "Accept-Encoding": "identity, gzip", "Accept": "*/*"}
        connection.request("GET", target, headers=agent)
        response = connection.getresponse()
        headers = {k.lower(): v for k, v in response.getheaders()}
        data = _body(response, headers, limit) if response.status == 200 else b""
        return response.status, headers, data
    finally:
        connection.close()


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


def checked_address(host: str, port: int, resolve: Resolve, allow: Allow = is_public) -> str:
    """An address of `host`, if all its addresses are allowed. Raises `Unreadable`."""
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError):
        raise Unreadable(f"the host {host} was not found") from None
    if not found:
        raise Unreadable(f"the host {host} was not found")
    for text in found:
        address = ipaddress.ip_address(text.partition("%")[0])
        if not allow(address):
            raise Unreadable(
                f"the host {host} is on a private network ({address}), which is not read"
            )
    return found[0]


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _body(response: http.client.HTTPResponse, headers: dict[str, str], limit: int) -> bytes:
    packed = headers.get("content-encoding", "").lower()
    if packed not in ("", "identity", "gzip"):
        raise Unreadable(f"the server sends it packed as {packed}")
    unpack = zlib.decompressobj(31) if packed == "gzip" else None
    data = bytearray()
    while chunk := response.read1(65536):
        data += unpack.decompress(chunk, limit + 1 - len(data)) if unpack else chunk
        if len(data) > limit:
            raise Unreadable(f"it is larger than {limit / 1e6:.0f} MB")
    if response.length:
        raise Unreadable("the connection broke off before the end")
    return bytes(data)
