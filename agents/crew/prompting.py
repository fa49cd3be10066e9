"""What a model is shown of a brief: the instruction, then the data, kept short for small models."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from agents.briefs import ExplainBrief, JudgeBrief, PointBrief, QuizBrief

OPEN, CLOSE = "<request>", "</request>"
LONG = 6_000
"""Characters of an answer to be judged that a model is shown."""
SHORT = 800
"""Characters of any other text."""
TURNS = 3


def wrap(agent: str, brief: dict[str, Any], instruction: str) -> str:
    """The prompt for one move: the instruction, then the brief as marked data."""
    body = json.dumps({"agent": agent, "brief": brief}, ensure_ascii=True)
    # A learner's text cannot close the block early: "<" is escaped inside it.
    return f"{instruction}\n{OPEN}{body.replace('<', chr(92) + 'u003c')}{CLOSE}"


def unwrap(messages: Any) -> tuple[str, dict[str, Any]]:
    """The agent's name and the brief of the last request. Raises `ValueError` without one."""
    listed = [{"role": "user", "content": messages}] if isinstance(messages, str) else messages
    for message in reversed(listed):
        content = message.get("content")
        if isinstance(content, str) and OPEN in content:
            body = content.split(OPEN, 1)[1].split(CLOSE, 1)[0]
            data = json.loads(body)
            return data["agent"], data["brief"]
    raise ValueError("no request for the built-in tutor in the messages")


def whole(brief: BaseModel) -> dict[str, Any]:
    """The brief as the built-in tutor reads it: everything."""
    return brief.model_dump()


def shortened(brief: BaseModel) -> dict[str, Any]:
    """The brief as a model reads it: no empty fields, texts cut, nothing that varies for no reason,
    so that the same situation is the same request."""
    data = brief.model_dump(exclude={"turn"})
    if isinstance(brief, JudgeBrief):
        data["answer"] = _cut(brief.answer, LONG)
        data["points"] = [{"id": p.id, "text": p.text} for p in brief.points]
    if isinstance(brief, QuizBrief | ExplainBrief):
        data["said"] = [_cut(text) for text in brief.said[-TURNS:]]
        data["avoid"] = [_cut(text, 200) for text in brief.avoid[-TURNS:]]
    if isinstance(brief, QuizBrief):
        data["wordings"] = list(brief.wordings[:2]) if brief.task == "ask" else []
        data["point"] = _point(brief.point) if brief.point else None
    if isinstance(brief, ExplainBrief):
        data["points"] = [_point(p) for p in brief.points]
        data["learner"] = _cut(brief.learner)
        data["talk"] = [_cut(text) for text in brief.talk[-2 * TURNS :]]
        data["evidence"] = [
            {"id": e.id, "title": e.title, "kind": e.kind, "text": _cut(e.text)}
            for e in brief.evidence
        ]
    return {name: value for name, value in data.items() if value not in ("", (), [], None, 0)}


def _point(point: PointBrief) -> dict[str, Any]:
    data = point.model_dump(exclude={"wordings", "coverage"})
    return {name: value for name, value in data.items() if value not in ("", (), [])}


def _cut(text: str, limit: int = SHORT) -> str:
    return text if len(text) <= limit else f"{text[: limit - 2]} …"
