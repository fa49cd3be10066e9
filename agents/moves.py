"""Making the tutor's moves: words are found, the event is stored, the state folds, screens are told."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from agents import interview
from agents.agenda import Agenda, Chosen
from agents.ahead import Ahead
from agents.briefs import Mood
from agents.interview import AskNext, Close, End, Explain, Judge, Move, Probe, Reply, Tell, Wait
from agents.live import Live, Screen
from agents.notices import GONE, JUDGE_YOURSELF, NO_ANSWER, NO_JUDGE
from agents.recorder import Recorder
from agents.scripts import Scripts
from agents.state import COVERED, WHOLE, QuestionState, SessionState, fold
from agents.team import Said, Team
from agents.transcript import judged_payload, turn_of, unjudged
from corpus.model import Question
from memory.events import Event, Kind, Outcome

log = logging.getLogger("viva.interview")


class Listener(Screen, Protocol):
    """Who is told about what happens; calls come from the thread that makes the move."""

    def changed(self, state: SessionState) -> None: ...


@dataclass
class Stage:
    """All that a conductor plays with. `team` may be replaced while a session runs."""

    team: Team
    agenda: Agenda
    scripts: Scripts
    recorder: Recorder
    find: Callable[[str], Question | None]


class Moves:
    """The state of one session and the moves that change it."""

    def __init__(self, stage: Stage, listener: Listener) -> None:
        self.stage = stage
        self.state = SessionState()
        self._listener = listener
        self._lock = threading.RLock()
        self._ahead = Ahead()

    def _make(self, move: Move, turn: str = "") -> None:
        extra = {"turn": turn} if turn else {}
        match move:
            case AskNext():
                self._ask(extra)
            case Judge(answer):
                self._judge(answer)
            case Reply(to):
                self._reply(to)
            case Probe():
                self._probe(move, extra)
            case Tell(point):
                self._tell(point, extra)
            case Close():
                self._close(move, extra)
            case Explain(points):
                self._explain(points, extra)
            case End(reason):
                self._end(reason, extra)
            case Wait():
                pass

    def _ask(self, extra: dict[str, Any]) -> None:
        chosen = self.stage.agenda.choose(self.state)
        if chosen is None:
            self._end("nothing left to ask", extra)
            return
        self.ask_chosen(chosen, extra)

    def ask_chosen(self, chosen: Chosen, extra: dict[str, Any]) -> None:
        """Asks the planned question, in the Quizzer's words."""
        question = chosen.question
        said = self._ahead.take(question.id)
        if said is None:
            said = self.stage.team.quiz(self.stage.scripts.ask(self.state, chosen))
        payload = {
            "reason": chosen.reason,
            "factors": chosen.factors,
            "weights": {e.id: e.weight for e in question.expectations} or {WHOLE: 1.0},
            "points": [e.id for e in question.expectations] or [WHOLE],
            "level": question.level,
            "deck": chosen.deck,
            "number": len(self.state.asked) + 1,
            "seen": chosen.seen,
            **extra,
        }
        self._say("asked", said, question.id, payload, topic=question.topic)

    def _judge(self, answer: str) -> None:
        q, question = self._current()
        payload, model, prompt = self._judged_payload(q, question)
        topic = question.topic if question else ""
        event = self._record(
            "judged",
            question=q.id,
            topic=topic,
            model=model or payload["grader"],
            prompt=prompt,
            payload={**payload, "answer": answer},
        )
        self._open_misconceptions(event, q, topic)
        if self.state.rules.feedback:
            assert self.state.current is not None
            asked = interview.choose_point(self.state.current)
            turn = turn_of(event, self.stage.find, asked)
            if turn is not None:
                self._listener.turn(turn)

    def _judged_payload(
        self, q: QuestionState, question: Question | None
    ) -> tuple[dict[str, Any], str, str]:
        """The payload of the verdict, with the model and the prompt version that had a say in it."""
        if question is None:
            return unjudged(""), "", ""
        if not question.expectations:
            return unjudged(NO_ANSWER, WHOLE), "", ""
        task = self.stage.scripts.task(q, question)
        try:
            judged = self.stage.team.judge(task)
            return judged_payload(task, q, judged), judged.model, judged.prompt
        except Exception:
            # An answer that no judge can read must not hold up the session.
            log.exception("an answer could not be judged")
            return unjudged(NO_JUDGE, *q.points), "", ""

    def _open_misconceptions(self, event: Event, q: QuestionState, topic: str) -> None:
        for row in event.payload["errors"]:
            if row["id"] not in q.errors:
                self._record(
                    "misconception_opened",
                    row["quote"] or row["text"],
                    question=q.id,
                    topic=topic,
                    payload={
                        "misconception": row["id"],
                        "text": row["text"],
                        "correction": row["correction"],
                        "judged": event.id,
                    },
                )

    def _probe(self, move: Probe, extra: dict[str, Any]) -> None:
        q, question = self._current()
        if question is None:
            return
        wish: Mood = "puzzled" if "to" in extra else "asked" if extra else ""
        brief = self.stage.scripts.follow_up(self.state, question, move, wish)
        said = self.stage.team.quiz(brief)
        kind: Kind = "hinted" if extra and move.step != "pump" else "probed"
        payload = {"expectation": move.point, "move": move.step, "clarify": move.clarify, **extra}
        self._say(kind, said, q.id, payload, topic=question.topic)

    def challenge(self, turn: str) -> None:
        """Asks a "what if" question once all is said; never judged against expectations."""
        q, question = self._current()
        if question is None:
            return
        said = self.stage.team.quiz(self.stage.scripts.challenge(self.state, question))
        payload = {"expectation": "", "move": "challenge", "turn": turn}
        self._say("probed", said, q.id, payload, topic=question.topic)

    def _tell(self, point: str, extra: dict[str, Any]) -> None:
        q, question = self._current()
        if question is None:
            return
        said = self.stage.team.explain(self.stage.scripts.tell(self.state, question, point))
        sources = self.stage.scripts.sources(question)
        payload = {"expectation": point, "sources": sources, **extra}
        self._say("told", said, q.id, payload, topic=question.topic)

    def tell_all(self, turn: str) -> None:
        """The learner wants to be told: every open point counts as told, the answer is shown."""
        q, question = self._current()
        if question is None or q.closed:
            return
        names = [name for name, point in q.points.items() if point.open]
        if names:
            payload = {"expectations": names, "turn": f"{turn}/told"}
            self._record("told", question=q.id, payload=payload)
        with self._lock:
            assert self.state.current is not None
            self._close(interview.close(self.state.current), {"turn": turn})

    def _close(self, move: Close, extra: dict[str, Any]) -> None:
        q, question = self._current()
        spent = max(0, self.state.last_at - q.at) / 60_000
        payload = {
            "outcomes": [_row(o) for o in move.outcomes],
            "skipped": move.skipped,
            "confidence": q.confidence or None,
            "minutes": round(min(spent, 30.0), 3),
            "topic": question.topic if question else "",
            "level": question.level if question else 2,
            "weights": {name: point.weight for name, point in q.points.items()},
            "mode": self.state.mode,
            **extra,
        }
        self._record("closed", question=q.id, topic=payload["topic"], payload=payload)
        if question is None and not q.closed:
            self._say("explained", Said(GONE, model=""), q.id, {"expectations": []}, topic="")
        if not move.skipped and question and not q.errors and q.score >= COVERED:
            for name in self.stage.agenda.open_misconceptions(question.id):
                self._record(
                    "misconception_closed",
                    question=q.id,
                    topic=question.topic,
                    payload={"misconception": name},
                )

    def _explain(self, points: tuple[str, ...], extra: dict[str, Any]) -> None:
        q, question = self._current()
        if question is None or not question.expectations:
            text = GONE if question is None else JUDGE_YOURSELF
            self._say("explained", Said(text, model=""), q.id, {"expectations": []}, topic="")
            return
        brief = self.stage.scripts.explain(self.state, question, points)
        self._say_streamed(
            "explained",
            brief,
            q.id,
            {
                "expectations": list(points),
                "sources": self.stage.scripts.sources(question) if points else [],
                **extra,
            },
            topic=question.topic,
        )

    def more(self, turn: str) -> None:
        """A longer explanation of the current question."""
        q, question = self._current()
        if question is None or not q.closed:
            return
        brief = self.stage.scripts.more(self.state, question)
        sources = self.stage.scripts.sources(question)
        payload = {"expectations": [], "sources": sources, "turn": turn}
        self._say_streamed("explained", brief, q.id, payload, topic=question.topic)

    def _reply(self, to: str) -> None:
        q, question = self._current()
        asked = self.stage.scripts.event(to)
        if question is not None and self.stage.scripts.puzzled(self.state, question, asked):
            clearer = interview.clearer(self.state.rules, q)
            if clearer is not None:
                self._probe(clearer, {"to": to})
                return
        brief, sources = self.stage.scripts.reply(self.state, question, asked)
        payload = {"to": to, "sources": sources}
        topic = question.topic if question else ""
        self._say_streamed("conversation", brief, q.id, payload, topic=topic)

    def _end(self, reason: str, extra: dict[str, Any]) -> None:
        q = self.state.current
        if q is not None and not q.closed and (q.turns or q.gave_up):
            # What was said before leaving is evidence too.
            self._close(interview.close(q), {})
        self._record("session_ended", payload={"reason": reason, **extra})

    # ── Helpers ──────────────────────────────────────────────────────────────────────────────────

    def _current(self) -> tuple[QuestionState, Question | None]:
        q = self.state.current
        assert q is not None
        return q, self.stage.find(q.id)

    def _record(self, kind: Kind, text: str = "", **fields: Any) -> Event:
        with self._lock:
            event = self.stage.recorder.write(kind, self.state.id, text, **fields)
            self.state = fold(self.state, event)
            return event

    def _say(
        self,
        kind: Kind,
        said: Said,
        question: str,
        payload: dict[str, Any],
        topic: str,
        replaces: str = "",
    ) -> None:
        event = self._record(
            kind,
            said.text,
            speaker="tutor",
            question=question,
            topic=topic,
            payload=payload,
            model=said.model,
            prompt=said.prompt,
        )
        self._show(event, replaces)

    def _say_streamed(
        self, kind: Kind, brief: Any, question: str, payload: dict[str, Any], topic: str
    ) -> None:
        role = "conversation" if kind == "conversation" else "explanation"
        live = Live(self._listener, role, self.stage.recorder.now(), question)
        said = self.stage.team.explain(brief, live.add)
        payload = {**payload, "citations": list(said.citations)}
        if "sources" in payload:
            payload["sources"] = _behind(payload["sources"], said.citations)
        self._say(kind, said, question, payload, topic, live.shown)

    def _show(self, event: Event, replaces: str = "") -> None:
        turn = turn_of(event, self.stage.find)
        if turn is not None:
            self._listener.turn(turn, replaces=replaces)


def _row(outcome: Outcome) -> dict[str, Any]:
    row: dict[str, Any] = {
        "expectation": outcome.expectation,
        "coverage": outcome.coverage,
        "aid": outcome.aid,
        "sure": outcome.sure,
        "contradicted": outcome.contradicted,
    }
    return {**row, "overruled": _row(outcome.overruled)} if outcome.overruled else row


def _behind(sources: list[dict[str, Any]], cited: tuple[str, ...]) -> list[dict[str, Any]]:
    """The sources that were cited, and those that stand under every answer: they have no id."""
    kept = [s for s in sources if s.get("id", "") in ("", *cited)]
    return [{key: value for key, value in source.items() if key != "id"} for source in kept]
