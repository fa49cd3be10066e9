"""Model servers on loopback: OpenAI's chat completions and Anthropic's messages, well behaved or not.

What a server says comes from its `mind`, a function of the brief inside the request; `fault` makes
it misbehave on the way. Every request is kept in `asked`.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

OPEN, CLOSE = "<request>", "</request>"

STATUS = {
    "401": 401,
    "403": 403,
    "404": 404,
    "429": 429,
    "429-after": 429,
    "500": 500,
    "500-cut": 500,
}
TEXT_FAULTS = ("prose", "truncated", "schema", "language", "huge", "empty")
FAULTS = (*STATUS, "hang", "trickle", "drop", *TEXT_FAULTS)


@dataclass
class Asked:
    """One request as it arrived. `brief` is None when it holds none (a warm-up, a round trip)."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]
    number: int = 0
    agent: str = ""
    brief: dict[str, Any] | None = None

    @property
    def task(self) -> str:
        return str((self.brief or {}).get("task", ""))

    @property
    def structured(self) -> bool:
        """Whether the client asked for output of a schema."""
        return "response_format" in self.body or "output_format" in self.body

    @property
    def prompt(self) -> str:
        return json.dumps(self.body, ensure_ascii=False)


Mind = Callable[[Asked], "dict[str, Any] | str"]


def sensible(asked: Asked) -> dict[str, Any] | str:
    """What a good small model would say, made from the brief."""
    brief = asked.brief
    if brief is None:
        return {"text": "ready"}
    task = asked.task
    if task == "judge":
        return _judged(brief)
    if task == "recap":
        fact = brief["facts"][0]
        return {"sentences": [{"text": "You went through one question.", "events": [fact["id"]]}]}
    if asked.agent == "quizzer":
        return {"text": _asked(brief, asked.number)}
    known = [item["id"] for item in brief.get("evidence", ())][:1]
    return {
        "text": "In the model's words, that was still open. Try it yourself?",
        "citations": known,
    }


FOLLOW_UPS = (
    "And which step would an engineer look at first here?",
    "What would you tell a colleague who asks you why?",
    "How would you go on from there?",
    "Which part of that did you leave open?",
    "What comes next in your account of it?",
    "Where would you look if you had to find out?",
    "What would an examiner ask you about that?",
)


def _asked(brief: dict[str, Any], number: int) -> str:
    if brief["task"] == "ask":
        return f"Model speaking: {brief['ask']}"
    return FOLLOW_UPS[number % len(FOLLOW_UPS)]


def _judged(brief: dict[str, Any]) -> dict[str, Any]:
    words = brief["answer"].split()
    rows = []
    for point in brief["points"]:
        shared = [w for w in words if len(w) > 5 and w.lower() in point["text"].lower()]
        rows.append(
            {
                "id": point["id"],
                "verdict": "covered" if len(shared) > 1 else "missing",
                "quote": shared[0] if len(shared) > 1 else "",
            }
        )
    return {"points": rows, "misconceptions": []}


@dataclass
class ModelServer:
    """A server on a free port of 127.0.0.1. `script` holds faults for the next requests, in order;
    when it is used up, `fault` (empty: none) holds."""

    mind: Mind = sensible
    fault: str = ""
    script: list[str] = field(default_factory=list)
    retry_after: str = "1"
    pace: float = 0.0
    """Seconds between two pieces of a streamed reply."""
    lag: float = 0.0
    """Seconds before a reply."""
    native: bool = True
    """Whether `response_format` is understood; otherwise it is answered with 400."""
    calls: list[dict[str, Any]] = field(default_factory=list)
    """Tool calls to make, one per request that offers tools."""
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        self.closing = threading.Event()
        handler = type("Handler", (_Handler,), {"model": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        thread.start()

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        """The base URL of the OpenAI-compatible half."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def anthropic_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def tasks(self) -> list[str]:
        """The tasks asked for, in order, repairs included."""
        return [a.task for a in self.asked if a.brief is not None]

    def next_fault(self) -> str:
        with self.lock:
            return self.script.pop(0) if self.script else self.fault

    def next_call(self) -> dict[str, Any] | None:
        with self.lock:
            return self.calls.pop(0) if self.calls else None


@contextlib.contextmanager
def serving(mind: Mind = sensible, fault: str = "", **options: Any) -> Iterator[ModelServer]:
    """A server for the length of a test."""
    server = ModelServer(mind, fault, **options)
    try:
        yield server
    finally:
        server.close()


def _brief_in(body: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    for message in reversed(body.get("messages", [])):
        content = message.get("content")
        if isinstance(content, list):
            content = "".join(str(part.get("text", "")) for part in content)
        if isinstance(content, str) and OPEN in content:
            inner = json.loads(content.split(OPEN, 1)[1].split(CLOSE, 1)[0])
            return inner["agent"], inner["brief"]
    return "", None


def spoilt(text: str, fault: str) -> str:
    """`text` as a model with `fault` would have it."""
    match fault:
        case "prose":
            return "Certainly! I would be happy to help, but I would rather chat about the weather."
        case "truncated":
            return text[: max(1, len(text) // 2)]
        case "schema":
            return '{"colour": "blue", "size": [1, 2, 3]}'
        case "language":
            german = "Das ist ganz einfach: Der Ablauf wurde hier leider noch nicht beschrieben."
            return json.dumps({"text": german, "citations": []})
        case "huge":
            return json.dumps({"text": "word " * 2_000_000, "citations": []})
        case "empty":
            return ""
    return text


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model: ModelServer

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def do_GET(self) -> None:
        if self.path.endswith("/api/tags"):
            self._json(200, {"models": [{"name": "tiny:latest"}]})
        else:
            self._json(200, {"object": "list", "data": [{"id": "tiny", "object": "model"}]})

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        body = json.loads(self.rfile.read(length) or b"{}")
        agent, brief = _brief_in(body)
        headers = {name.lower(): value for name, value in self.headers.items()}
        server = self.model
        with server.lock:
            asked = Asked(self.path, body, headers, len(server.asked), agent, brief)
            server.asked.append(asked)
        fault = server.next_fault()
        if fault == "hang":
            server.closing.wait(60)
            self.close_connection = True
            return
        if fault in STATUS:
            self._refuse(fault)
            return
        if server.lag and server.closing.wait(server.lag):
            return
        if asked.structured and not server.native:
            error = {"message": "response_format is not supported", "type": "invalid_request"}
            self._json(400, {"error": error})
            return
        call = server.next_call() if body.get("tools") else None
        said = server.mind(asked)
        text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
        text = spoilt(text, fault)
        if self.path.split("?")[0].endswith("/messages"):
            self._anthropic(body, text, fault)
        else:
            self._openai(body, text, fault, call)

    def _refuse(self, fault: str) -> None:
        extra = {"retry-after": self.model.retry_after} if fault == "429-after" else {}
        # A careless server repeats the key in its message.
        message = f"refused: {self.headers.get('authorization') or self.headers.get('x-api-key')}"
        if fault == "500-cut":
            # llama.cpp's server, when a reply of a schema ran into the limit of tokens.
            message = "The model produced output that does not match the expected peg-native format"
        self._json(STATUS[fault], {"error": {"message": message, "type": "error"}}, extra)

    def _json(self, status: int, value: Any, extra: dict[str, str] | None = None) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        for name, content in (extra or {}).items():
            self.send_header(name, content)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    # ── OpenAI ───────────────────────────────────────────────────────────────────────────────────

    def _openai(
        self, body: dict[str, Any], text: str, fault: str, call: dict[str, Any] | None
    ) -> None:
        usage = {"prompt_tokens": 50, "completion_tokens": 10, "total_tokens": 60}
        base = {"id": "c1", "created": 1, "model": body.get("model", "")}
        message: dict[str, Any] = {"role": "assistant", "content": None if call else text}
        if call:
            message["tool_calls"] = [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {"name": call["name"], "arguments": json.dumps(call["arguments"])},
                }
            ]
        end = "tool_calls" if call else "stop"
        if not body.get("stream"):
            choice = {"index": 0, "finish_reason": end, "message": message}
            whole = {**base, "object": "chat.completion", "choices": [choice], "usage": usage}
            self._whole(whole, fault)
            return
        chunk = {**base, "object": "chat.completion.chunk"}
        events = [
            (None, {**chunk, "choices": [{"index": 0, "delta": {"content": p}}]})
            for p in _pieces(text)
        ]
        if call:
            tools = [{**message["tool_calls"][0], "index": 0}]
            events = [(None, {**chunk, "choices": [{"index": 0, "delta": {"tool_calls": tools}}]})]
        last = {"index": 0, "delta": {}, "finish_reason": end}
        events.append((None, {**chunk, "choices": [last]}))
        events.append((None, {**chunk, "choices": [], "usage": usage}))
        self._stream([*events, (None, "[DONE]")], fault)

    # ── Anthropic ────────────────────────────────────────────────────────────────────────────────

    def _anthropic(self, body: dict[str, Any], text: str, fault: str) -> None:
        message = {
            "id": "m",
            "type": "message",
            "role": "assistant",
            "model": body.get("model", ""),
            "stop_reason": "end_turn",
            "stop_sequence": None,
        }
        usage = {"input_tokens": 50, "output_tokens": 10}
        if not body.get("stream"):
            content = [{"type": "text", "text": text}]
            self._whole({**message, "content": content, "usage": usage}, fault)
            return
        start = {**message, "content": [], "stop_reason": None, "usage": usage}
        block = {"index": 0, "content_block": {"type": "text", "text": ""}}
        events: list[tuple[str | None, Any]] = [
            ("message_start", {"type": "message_start", "message": start}),
            ("content_block_start", {"type": "content_block_start", **block}),
        ]
        for piece in _pieces(text):
            delta = {"index": 0, "delta": {"type": "text_delta", "text": piece}}
            events.append(("content_block_delta", {"type": "content_block_delta", **delta}))
        events.append(("content_block_stop", {"type": "content_block_stop", "index": 0}))
        final = {"delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 10}}
        events.append(("message_delta", {"type": "message_delta", **final}))
        events.append(("message_stop", {"type": "message_stop"}))
        self._stream(events, fault)

    # ── The wire ─────────────────────────────────────────────────────────────────────────────────

    def _whole(self, value: Any, fault: str) -> None:
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        if fault == "drop":
            self.wfile.write(data[: len(data) // 2])
            self._hang_up()
        elif fault == "trickle":
            for byte in data:
                self.wfile.write(bytes([byte]))
                if self.model.closing.wait(0.1):
                    return
        else:
            self.wfile.write(data)

    def _stream(self, events: list[tuple[str | None, Any]], fault: str) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for number, (name, value) in enumerate(events):
            if fault == "drop" and number > 3:
                self._hang_up()
                return
            data = value if isinstance(value, str) else json.dumps(value)
            line = (f"event: {name}\n" if name else "") + f"data: {data}\n\n"
            raw = line.encode()
            self.wfile.write(f"{len(raw):x}\r\n".encode() + raw + b"\r\n")
            self.wfile.flush()
            pause = 0.3 if fault == "trickle" else self.model.pace
            if pause and self.model.closing.wait(pause):
                return
        self.wfile.write(b"0\r\n\r\n")

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def _pieces(text: str, size: int = 12) -> list[str]:
    size = max(size, len(text) // 200)
    return [text[i : i + size] for i in range(0, len(text), size)]
