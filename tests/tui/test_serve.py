"""`viva serve` answers only its own learner, from its own page, on this computer."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request

from tui.serve import COOKIE, Gate, LocalServer, run

ROOT = Path(__file__).parents[2]
GOOD = {"Host": "127.0.0.1:8765", "Origin": "http://127.0.0.1:8765", "Cookie": f"{COOKIE}=secret"}


@pytest.mark.parametrize(
    ("path", "headers", "admitted"),
    [
        ("/", {"Host": "127.0.0.1:8765"}, False),
        ("/?token=wrong", {"Host": "127.0.0.1:8765"}, False),
        ("/?token=secret", {"Host": "127.0.0.1:8765"}, True),
        ("/?token=secret", {"Host": "localhost:8765"}, True),
        ("/?token=secret", {"Host": "evil.example:8765"}, False),
        ("/?token=secret", {"Host": "127.0.0.1:8765", "Origin": "http://evil.example"}, False),
        ("/ws", GOOD, True),
        ("/ws", {**GOOD, "Origin": "http://evil.example"}, False),
        ("/ws", {**GOOD, "Origin": "null"}, False),
        ("/ws", {key: value for key, value in GOOD.items() if key != "Origin"}, False),
        ("/ws", {key: value for key, value in GOOD.items() if key != "Cookie"}, False),
        ("/static/js/textual.js", GOOD, True),
    ],
)
def test_the_gate(path: str, headers: dict[str, str], admitted: bool) -> None:
    request = make_mocked_request("GET", path, headers=headers)
    assert (Gate(8765, "secret").obstacle(request) is None) == admitted


def test_the_page_fetches_nothing_from_elsewhere() -> None:
    page = (
        Path(sys.modules["tui.serve"].__file__ or "").parent / "web" / "app_index.html"
    ).read_text()
    assert not re.search(r"(https?:)?//[a-z]", page)


def test_only_loopback_is_served() -> None:
    assert LocalServer("true", 8765, "t").host == "127.0.0.1"


def test_a_taken_port_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["--port", str(port)]) == 1
    assert f"port {port} is taken" in capsys.readouterr().err


class Browser:
    """Headless Chromium over its debugging protocol."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.number = 0

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        self.number += 1
        await self.socket.send_json({"id": self.number, "method": method, "params": params})
        while True:
            data = await self.socket.receive_json(timeout=30)
            if data.get("id") == self.number:
                return data.get("result", data)

    async def click_until_keys_go_there(self) -> None:
        """A canvas has no focus of its own: a click gives it to the field that takes the keys."""
        focused = "document.hasFocus() && document.activeElement.tagName"
        end = time.monotonic() + 40
        while True:
            for kind in ("mousePressed", "mouseReleased"):
                await self.call(
                    "Input.dispatchMouseEvent", type=kind, x=300, y=200, button="left", clickCount=1
                )
            reply = await self.call("Runtime.evaluate", expression=focused)
            if reply["result"].get("value") == "TEXTAREA":
                return
            assert time.monotonic() < end, f"the keys go to {reply}"
            await asyncio.sleep(0.2)

    async def key(self, text: str, key: str = "", code: int = 0) -> None:
        name = {
            "key": key or text,
            "text": text,
            "windowsVirtualKeyCode": code or ord(text.upper()[0]),
        }
        await self.call("Input.dispatchKeyEvent", type="keyDown", **name)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **name)
        await asyncio.sleep(0.05)  # a person's pace: faster than that, a busy machine merges keys


@pytest.mark.browser
@pytest.mark.slow
async def test_an_answer_is_typed_and_judged_in_a_browser(tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Debian's Chromium is not installed")
    log = tmp_path / "requests"
    env = {
        **os.environ, "VIVA_ENGINE": f"{sys.executable} -m tests.tui.scripted_engine",
        "VIVA_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "VIVA_SCRIPTED_LOG": str(log), "VIVA_SCRIPTED": "unfinished=true",
    }  # fmt: skip
    port = 8900 + os.getpid() % 900
    server = subprocess.Popen(
        [sys.executable, "-m", "tui.main", "serve", "--port", str(port), "--resume"], env=env, cwd=ROOT,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    found = re.search(r"http://\S+", server.stdout.readline())
    assert found
    profile = tmp_path / "profile"
    browser = subprocess.Popen(
        [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1000,700",
         "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await asyncio.wait_for(_judged_in_browser(profile, found[0], log, tmp_path), 90)
    finally:
        for process in (browser, server):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)


async def _until(true: Any, patience: float = 40.0) -> Any:
    end = time.monotonic() + patience
    while not (value := true()):
        assert time.monotonic() < end, "never came true"
        await asyncio.sleep(0.1)
    return value


def _called(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


async def _judged_in_browser(profile: Path, address: str, log: Path, folder: Path) -> None:
    port = await _until(lambda: _port(profile))
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/json/list") as reply:
            page = next(tab for tab in await reply.json() if tab["type"] == "page")
        async with session.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as socket:
            browser = Browser(socket)
            await browser.call("Page.enable")
            await browser.call("Page.navigate", url=address)
            await _until(lambda: any(c["call"] == "Start" for c in _called(log)))
            await browser.click_until_keys_go_there()
            for character in "keys and values":
                await browser.key(character)
                await asyncio.sleep(0.02)
            await _until(lambda: _draft(folder).endswith("values"))
            before = after = await _picture(browser)
            await browser.key("\r", "Enter", 13)
            answer = await _until(
                lambda: next((c for c in _called(log) if c["call"] == "Answer"), None)
            )
            assert answer["args"]["text"] == "keys and values"
            # The verdict fills the upper half, which was empty but for the question.
            end = time.monotonic() + 30
            while not len(before) * 1.2 < len(after):
                assert time.monotonic() < end, (len(before), len(after))
                await asyncio.sleep(0.3)
                after = await _picture(browser)
            (folder / "verdict.png").write_bytes(after)


def _draft(home: Path) -> str:
    """What the page has typed so far, as it is kept on disk."""
    found = next(home.rglob("front-end-draft.json"), None)
    try:
        return json.loads(found.read_text())["text"] if found else ""
    except ValueError:
        return ""


async def _picture(browser: Browser) -> bytes:
    import base64

    return base64.b64decode((await browser.call("Page.captureScreenshot"))["data"])


def _port(profile: Path) -> str:
    file = profile / "DevToolsActivePort"
    return file.read_text().split("\n")[0] if file.exists() else ""
