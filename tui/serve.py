"""`viva serve`: the same screens in a web browser on this computer, for one learner.

`textual-serve` has neither authentication nor an origin check and fetches fonts from elsewhere. Here
it is bound to loopback; the address carries a random token that becomes a cookie; `Host` and
`Origin` must be our own (a foreign page can then neither read nor drive a session, nor can a foreign
name that resolves to loopback); a content policy forbids fetching anything from anywhere else.
"""

from __future__ import annotations

import argparse
import secrets
import shlex
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from textual_serve.server import Server

LOOPBACK = "127.0.0.1"
COOKIE = "viva"
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' data:; connect-src 'self' ws://{host}; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """Lets in who has the token and comes from our own page; one learner at a time."""

    def __init__(self, port: int, token: str) -> None:
        self.hosts = {f"{LOOPBACK}:{port}", f"localhost:{port}"}
        self.token = token
        self.busy = False

    def obstacle(self, request: web.Request) -> web.HTTPException | None:
        """Why `request` is turned away, or None."""
        if request.host not in self.hosts:
            return web.HTTPForbidden(text="Viva answers only on this computer.\n")
        origin = request.headers.get("Origin")
        if origin is not None and origin.removeprefix("http://") not in self.hosts:
            return web.HTTPForbidden(text="Another site asked for this; refused.\n")
        if request.path == "/ws" and origin is None:
            return web.HTTPForbidden(text="A connection must say where it comes from.\n")
        given = request.query.get("token") or request.cookies.get(COOKIE, "")
        if not secrets.compare_digest(given.encode(), self.token.encode()):
            return web.HTTPForbidden(
                text="Open the address that `viva serve` printed, with its token.\n"
            )
        return None

    def middleware(self) -> Any:
        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            if obstacle := self.obstacle(request):
                raise obstacle
            if request.path == "/" and "token" in request.query:
                response: web.StreamResponse = web.HTTPFound("/")
                response.set_cookie(COOKIE, self.token, httponly=True, samesite="Strict")
                return response
            if request.path == "/ws":
                return await self._one(request, handler)
            return await handler(request)

        return check

    async def _one(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.busy:
            raise web.HTTPConflict(text="A session is open in another window.\n")
        self.busy = True
        try:
            return await handler(request)
        finally:
            self.busy = False


class LocalServer(Server):
    """`textual-serve` behind a `Gate`, with a page that fetches nothing from elsewhere."""

    def __init__(self, command: str, port: int, token: str) -> None:
        templates = Path(__file__).parent / "web"
        super().__init__(command, host=LOOPBACK, port=port, title="Viva", templates_path=templates)
        self.gate = Gate(port, token)

    @property
    def address(self) -> str:
        """What the learner opens."""
        return f"{self.public_url}/?token={self.gate.token}"

    def initialize_logging(self) -> None:
        """Nothing is logged to the terminal."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self.gate.middleware())
        policy = POLICY.format(host=f"{LOOPBACK}:{self.port}")

        async def headers(_: web.Request, response: web.StreamResponse) -> None:
            response.headers["Content-Security-Policy"] = policy
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Content-Type-Options"] = "nosniff"

        app.on_response_prepare.append(headers)
        return app

    async def on_startup(self, app: web.Application) -> None:
        print(f"Viva is open for you at {self.address}\nCtrl+C ends it.", flush=True)


def run(args: list[str]) -> int:
    """`viva serve [--port N] [options of study]`. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="viva serve", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--port", type=int, default=8765, help="the port on this computer (default 8765)"
    )
    try:
        found, rest = parser.parse_known_args(args)
    except SystemExit as end:
        return int(end.code or 0)
    if rest:
        from tui.options import parse

        options = parse(rest)
        if isinstance(options, int):
            return options
    if not _is_free(found.port):
        print(f"viva: port {found.port} is taken; choose another with --port.", file=sys.stderr)
        return 1
    command = shlex.join([sys.executable, "-m", "tui.main", "study", *rest])
    LocalServer(command, found.port, secrets.token_urlsafe(24)).serve()
    return 0


def _is_free(port: int) -> bool:
    if not 1 <= port <= 65535:
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
