"""Pages from the web: public hosts only, checked anew at each redirect, and never too much or too long."""

from __future__ import annotations

import gzip
import ipaddress
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from corpus.gathering import Skip, Source, gather
from corpus.loaders import web
from corpus.loaders.parts import Unreadable
from corpus.loaders.sandbox import Sandbox
from corpus.loaders.web import fetch

HERE = "127.0.0.1"
"""The only address that the tests' policy takes for public."""


class Pages(BaseHTTPRequestHandler):
    """Answers by path; remembers the hosts that were asked for."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.headers["Host"])
        getattr(self, self.path.strip("/").partition("?")[0] or "page")()

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def page(self) -> None:
        self.send(b"<h3>1. What is a port?</h3><p>A number.</p>" * 2, Content_Type="text/html")

    def away(self) -> None:
        self.send(b"", 302, Location=self.path.partition("?")[2])

    def round(self) -> None:
        self.send(b"", 301, Location="/round")

    def large(self) -> None:
        self.send(b"x" * 5000)

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100_000):
            self.wfile.write(b"x" * 1000)

    def packed(self) -> None:
        self.send(gzip.compress(b"x" * 5_000_000), Content_Encoding="gzip")

    def short(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "500")
        self.end_headers()
        self.wfile.write(b"x")

    def dribble(self) -> None:
        """One byte of a header now and then: no single read ever runs into a timeout."""
        for _ in range(200):
            try:
                self.wfile.write(b"H")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    def log_message(self, format: str, *args: object) -> None:
        """Tests print nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    handler = type("Handler", (Pages,), {"asked": []})
    with ThreadingHTTPServer((HERE, 0), handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


class Names:
    """A resolver that knows some names, and counts how often each was looked up."""

    def __init__(self, **known: list[str]) -> None:
        self.known = {"public": [HERE], **known}
        self.looked_up: list[str] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.looked_up.append(host)
        return self.known[host.partition(".")[0]]


def only_here(address: web.Address) -> bool:
    return str(address) == HERE


def get(
    server: ThreadingHTTPServer, path: str, names: Names | None = None, **more: float
) -> web.Page:
    url = f"http://public.example:{server.server_port}/{path}"
    limit, seconds = int(more.get("limit", 1000)), more.get("seconds", 20.0)
    return fetch(url, names or Names(), limit=limit, seconds=seconds, allow=only_here)


def test_a_page_is_fetched_under_its_name(server: ThreadingHTTPServer) -> None:
    found = get(server, "page")
    assert found.data.startswith(b"<h3>") and found.content_type == "text/html"
    assert server.RequestHandlerClass.asked == [f"public.example:{server.server_port}"]  # pyright: ignore


def test_a_redirect_is_followed_and_told(server: ThreadingHTTPServer) -> None:
    assert get(server, "away?/page").url.endswith("/page")


@pytest.mark.parametrize("target", ["http://inner.example/", "http://inner.example:{port}/page"])
def test_a_redirect_to_a_private_host_is_refused(server: ThreadingHTTPServer, target: str) -> None:
    names = Names(inner=["10.0.0.7"])
    with pytest.raises(Unreadable, match=r"inner\.example is on a private network \(10\.0\.0\.7\)"):
        get(server, "away?" + target.format(port=server.server_port), names)
    assert len(server.RequestHandlerClass.asked) == 1  # pyright: ignore


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://public.example/", "gopher://x/"])
def test_a_redirect_to_another_scheme_is_refused(server: ThreadingHTTPServer, target: str) -> None:
    with pytest.raises(Unreadable, match="only http and https"):
        get(server, f"away?{target}")


def test_redirects_without_end_end(server: ThreadingHTTPServer) -> None:
    with pytest.raises(Unreadable, match="too often"):
        get(server, "round")


def test_a_name_that_changes_its_address_gains_nothing(server: ThreadingHTTPServer) -> None:
    """The address that was checked is the one that is spoken to: the name is looked up once."""
    names = Names()
    get(server, "page", names)
    assert names.looked_up == ["public.example"]
    with pytest.raises(Unreadable, match="private"):
        get(server, "page", Names(public=[HERE, "192.168.0.1"]))


@pytest.mark.parametrize("path", ["large", "endless", "packed"])
def test_no_more_than_the_limit_is_read(server: ThreadingHTTPServer, path: str) -> None:
    with pytest.raises(Unreadable, match="larger than"):
        get(server, path)


def test_a_page_that_breaks_off_is_not_taken_for_whole(server: ThreadingHTTPServer) -> None:
    with pytest.raises(Unreadable, match=r"broke off|fetched"):
        get(server, "short")


def test_a_server_that_dribbles_is_left(server: ThreadingHTTPServer) -> None:
    with pytest.raises(Unreadable, match="too long"):
        get(server, "dribble", seconds=0.5)


def test_nothing_listens(server: ThreadingHTTPServer) -> None:
    port = server.server_port
    server.shutdown()
    server.server_close()
    with pytest.raises(Unreadable, match="could not be fetched"):
        fetch(f"http://public.example:{port}/", Names(), allow=only_here)


PRIVATE = (
    "127.0.0.1 10.1.2.3 169.254.169.254 192.168.0.1 172.16.0.1 0.0.0.0 100.64.0.1 224.0.0.1 255.255.255.255 "
    "::1 fe80::1 fc00::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 2002:7f00:1:: 64:ff9b::7f00:1 64:ff9b::a00:1"
).split()


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused_after_their_name_is_resolved(address: str) -> None:
    assert not web.is_public(ipaddress.ip_address(address))
    with pytest.raises(Unreadable, match="private"):
        fetch("http://innocent.example/", resolve=lambda host, port: ["93.184.216.34", address])


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_public_addresses_are_public(address: str) -> None:
    assert web.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:7f00:1]"]
)
def test_no_spelling_of_this_machine_gets_through(host: str) -> None:
    with pytest.raises(Unreadable):
        fetch(f"http://{host}/")


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.b/", "http://u:p@a.b/", "http:///x", "gopher://a.b/"]
)
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(Unreadable):
        fetch(url, resolve=lambda host, port: ["93.184.216.34"])


def test_addresses_are_off_unless_asked_for() -> None:
    with Sandbox() as sandbox:
        (skip,) = gather(["http://example.org/"], sandbox=sandbox)
    assert isinstance(skip, Skip) and "ask for it" in skip.why


def test_a_fetched_page_is_a_document_with_its_address(
    server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "fetch", lambda url: get(server, "page"))
    with Sandbox() as sandbox:
        (source,) = gather(["http://public.example/"], online=True, sandbox=sandbox)
    assert isinstance(source, Source) and source.title == "http://public.example/"
    assert "What is a port?" in source.text()[0]
