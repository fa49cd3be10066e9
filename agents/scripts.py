"""What each agent is shown for a move: briefs, made from the state, the deck and memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from agents.agenda import Chosen
from agents.briefs import ErrorBrief, Evidence, ExplainBrief, Mood, PointBrief, QuizBrief
from agents.excerpts import excerpt
from agents.interview import Probe
from agents.judgement import Error, Grader, Point, Task
from agents.listening import asks_analogy, asks_generally, stays_general, words_wanted
from agents.lookback import Look, asks_profile, looks_back, shown_of, subject
from agents.moods import QUOTE, Taken, taken_up
from agents.puzzlement import is_puzzled, reworded
from agents.restating import restatement
from agents.state import COVERED, PointState, QuestionState, SessionState, not_theirs
from corpus.model import Question
from memory.events import Event
from memory.evidence import within

EVIDENCE_TOKENS = 1500
"""How much evidence an agent is given for one reply."""
TALK = "ask"
"""Session under which free conversation is kept; a thread's name follows it."""
KNOWN_OF_YOU = "This is what I know of you so far:"
SAID_BY_YOU = "No question about that is closed yet, but you said:"
NOT_SAID = "I have no answer of yours about that."
TUTOR_KINDS = ("asked", "probed", "hinted", "told", "explained", "conversation")


@dataclass
class Scripts:
    """Makes briefs. What it needs of memory is handed in as functions:

    `session_events(session)` in order; `event(id)`; `passages(query)` and `recollect(query)` give
    evidence; `profile()` is the learner in at most 300 words; `past(question)` one sentence on the
    last time it was asked, empty if never; `look_back(text)` the answer that the learner asks about,
    `said(query)` what they said otherwise; `known()` what is believed about the learner;
    `figures(text)` a figure of theirs that they ask for; `asked(text)` the question that it is.
    """

    session_events: Callable[[str], list[Event]]
    event: Callable[[str], Event]
    grader: Grader
    passages: Callable[[str], list[Evidence]] = field(default=lambda query: [])
    recollect: Callable[[str], list[Evidence]] = field(default=lambda query: [])
    profile: Callable[[], str] = field(default=lambda: "")
    past: Callable[[str], str] = field(default=lambda question: "")
    said: Callable[[str], list[Evidence]] = field(default=lambda query: [])
    look_back: Callable[[str], Look | None] = field(default=lambda text: None)
    known: Callable[[], list[Evidence]] = field(default=list)
    figures: Callable[[str], str] = field(default=lambda text: "")
    asked: Callable[[str], Question | None] = field(default=lambda text: None)

    # ── Evaluator ────────────────────────────────────────────────────────────────────────────────

    def task(self, q: QuestionState, question: Question) -> Task:
        """The answer so far, to be judged; what was told beside the session was shown as well."""
        talk = (e for e in self.session_events(TALK) if e.speaker == "tutor" and e.at >= q.at)
        return Task(
            question=question.ask,
            turns=q.turns,
            points=tuple(Point.of(e) for e in question.expectations),
            references=(question.answer,) if question.answer else (),
            errors=tuple(Error.of(m) for m in question.misconceptions),
            shown=(*q.shown, *(not_theirs(q, e.text) for e in talk)),
            focus=q.focus if q.step == "prompt" else "",
            id=q.asked,
        )

    # ── Quizzer ──────────────────────────────────────────────────────────────────────────────────

    def ask(self, state: SessionState, chosen: Chosen) -> QuizBrief:
        """The next question."""
        question = chosen.question
        return QuizBrief(
            task="ask",
            ask=question.ask,
            wordings=question.variants,
            past=self.past(question.id) if chosen.seen else "",
            profile=self.profile(),
            seen=chosen.seen,
            avoid=self._used(state),
            turn=len(state.seen) + len(state.asked),
        )

    def follow_up(
        self,
        state: SessionState,
        question: Question,
        move: Probe,
        asked_for: Mood = "",
    ) -> QuizBrief:
        """A probe, hint or prompt about one expectation; `asked_for` says how the learner asked for it,
        if they did."""
        q = state.current
        assert q is not None
        taken = Taken(asked_for) if asked_for else self._taken_up(state, question, q, move.point)
        return QuizBrief(
            task="clarify" if move.clarify and move.step == "pump" else move.step,
            ask=question.ask,
            point=self._point(question, q, move.point),
            said=q.turns,
            mood=taken.mood,
            quote=taken.said,
            avoid=self._used(state),
            turn=len(state.seen) + q.probes,
        )

    def challenge(self, state: SessionState, question: Question) -> QuizBrief:
        """A "what if" once the question is answered."""
        q = state.current
        said = q.turns if q else ()
        best = max(question.expectations, key=lambda e: e.weight, default=None)
        point = self._point(question, q, best.id) if q and best and best.id in q.points else None
        return QuizBrief(
            task="challenge",
            ask=question.ask,
            point=point,
            said=said,
            avoid=self._used(state),
            turn=len(state.seen),
        )

    def _taken_up(
        self, state: SessionState, question: Question, q: QuestionState, target: str
    ) -> Taken:
        last = self._last(state, "judged", "answered", "told")
        judged = [e for e in self.session_events(state.id) if e.kind == "judged"]
        before = [e for e in judged[:-1] if e.question == question.id]
        known = before[-1] if before else None
        return taken_up(last, known, q, question, target, state.rules.feedback)

    # ── Explainer ────────────────────────────────────────────────────────────────────────────────

    def explain(
        self, state: SessionState, question: Question, points: Iterable[str]
    ) -> ExplainBrief:
        """What failed, and what was wrongly said."""
        q = state.current
        assert q is not None
        brief = self._explain_brief(
            state,
            question,
            "explain",
            points=tuple(self._point(question, q, name) for name in points),
            errors=self._errors(state, question),
            credited=_credited(question, q),
            said=q.turns,
        )
        return brief.model_copy(update={"words": words_wanted(brief.profile)})

    def tell(self, state: SessionState, question: Question, point: str) -> ExplainBrief:
        """One expectation, said outright."""
        q = state.current
        assert q is not None
        points = (self._point(question, q, point),)
        return self._explain_brief(state, question, "tell", points=points)

    def more(self, state: SessionState, question: Question) -> ExplainBrief:
        """More depth on the question that was just closed."""
        return self._explain_brief(
            state,
            question,
            "more",
            answer=question.answer,
            evidence=tuple(self.passages(question.ask)[:4]),
        )

    def reply(
        self, state: SessionState, question: Question | None, asked: Event
    ) -> tuple[ExplainBrief, list[dict[str, Any]]]:
        """An answer to what the learner said outside the interview proper, with its sources: one with
        an ``id`` stands under the answer only if that cites it."""
        q = state.current
        if question is not None and (challenge := self._challenge_before(state, asked)):
            return self._challenged(state, question, challenge, asked)
        if question is not None and q is not None and asked.payload.get("restated"):
            return self._restated(state, question, q, asked), []
        if question is not None and self.puzzled(state, question, asked):
            return self._rephrase(state, question), []
        if question is not None and asks_generally(asked.text):
            return self.more(state, question), self.sources(question)
        evidence = self._evidence(asked)
        hidden: tuple[str, ...] = ()
        if question is not None and q is not None and not q.closed:
            still = [
                e for e in question.expectations if e.id not in q.points or q.points[e.id].open
            ]
            hidden = tuple(text for e in still for text in (e.text, *e.wordings))
        elif question is not None and question.answer:
            own = Evidence(id=f"answer/{question.id}", text=question.answer, title=question.ask)
            evidence.insert(0, own)
        compare = asks_analogy(asked.text) and not hidden
        brief = ExplainBrief(
            task="analogy" if compare else "reply",
            ask=question.ask if question else "",
            points=self._points(question, q) if compare and question and q else (),
            learner=asked.text,
            evidence=tuple(evidence),
            hidden=hidden,
            profile=self.profile(),
            avoid=self._used(state),
            turn=len(state.seen),
        )
        sources = [{"id": e.id, "title": e.title or e.id, "excerpt": e.text} for e in evidence]
        return brief, [] if hidden else sources

    def _challenge_before(self, state: SessionState, asked: Event) -> str:
        """The challenge that `asked` answers, empty if the tutor said something else last."""
        before = [e for e in self.session_events(state.id) if e.id < asked.id]
        last = next((e for e in reversed(before) if e.text), None)
        return last.text if last and last.payload.get("move") == "challenge" else ""

    def _challenged(
        self, state: SessionState, question: Question, challenge: str, asked: Event
    ) -> tuple[ExplainBrief, list[dict[str, Any]]]:
        """Nobody judges what is said to a challenge: what the sources say on it is set beside it."""
        own = Evidence(id=f"answer/{question.id}", text=question.answer, title=question.ask)
        found = self.passages(f"{challenge} {asked.text}")
        evidence = tuple(item for item in (own, *found) if item.text)
        brief = self._explain_brief(
            state, question, "challenged", answer=challenge, learner=asked.text, evidence=evidence
        )
        return brief, [{"title": e.title, "where": e.where, "excerpt": e.text} for e in evidence]

    def puzzled(self, state: SessionState, question: Question, asked: Event) -> bool:
        """Whether the learner asks what is meant by the question or the follow-up that stands."""
        q, used = state.current, self._used(state)
        return q is not None and not q.closed and is_puzzled(asked.text, question, used[-1:])

    def _rephrase(self, state: SessionState, question: Question) -> ExplainBrief:
        q = state.current
        other = reworded(question, q, self._used(state)) if q else question.ask
        return self._explain_brief(state, question, "rephrase", answer=other)

    def converse(self, asked: Event, talk: Iterable[Event]) -> ExplainBrief:
        """An answer in free conversation; `talk` is what was said before, oldest first. What the learner
        asks about themselves is answered from what they did."""
        said = tuple(talk)
        return ExplainBrief(
            task="converse",
            learner=asked.text,
            talk=tuple(f"{e.speaker}: {e.text}" for e in said),
            profile=self.profile(),
            avoid=tuple(e.text for e in said if e.speaker == "tutor"),
            **(
                self._past(asked.text)
                or self._answer(asked.text)
                or {"evidence": tuple(self._evidence(asked))}
            ),
        )

    def _answer(self, text: str) -> dict[str, Any]:
        """The deck's own answer, if `text` is a question of it; empty if not."""
        question = self.asked(text)
        if question is None:
            return {}
        own = Evidence(id=f"q:{question.id}", title=question.ask, text=question.answer)
        return {"answer": question.answer, "evidence": (own,)}

    def _past(self, text: str) -> dict[str, Any]:
        """What memory has for a question of the learner about themselves; empty if it is none."""
        if figure := self.figures(text):
            return {"past": figure}
        if look := self.look_back(text):
            return shown_of(look)
        if looks_back(text):
            own = self.said(text)
            found = own or (self.passages(text) if subject(text) else [])
            return {"past": SAID_BY_YOU if own else NOT_SAID, "evidence": tuple(found[:3])}
        if asks_profile(text) and (known := self.known()):
            return {"past": KNOWN_OF_YOU, "evidence": tuple(known)}
        return {}

    def _evidence(self, asked: Event) -> list[Evidence]:
        """What speaks to the learner's words, from the corpus and from memory."""
        found = [*self.passages(asked.text), *self.recollect(asked.text)]
        others = [item for item in found if item.id != asked.id and item.text != asked.text]
        return within(others, EVIDENCE_TOKENS, lambda item: item.text)

    def _restated(
        self, state: SessionState, question: Question, q: QuestionState, asked: Event
    ) -> ExplainBrief:
        said = restatement(asked.text, question, q, self.grader)
        mood: Mood = "copied" if said.copied else "gave_up" if said.gave_up else ""
        return self._explain_brief(
            state,
            question,
            "restated",
            points=tuple(self._point(question, q, e.id) for e in said.missing),
            errors=tuple(
                ErrorBrief(text=e.text, correction=e.text, quote=words) for e, words in said.turned
            ),
            credited=tuple(words for _, words in said.held),
            learner=asked.text,
            mood=mood,
        )

    def _explain_brief(
        self, state: SessionState, question: Question, task: Any, **fields: Any
    ) -> ExplainBrief:
        return ExplainBrief(
            task=task,
            ask=question.ask,
            profile=self.profile(),
            avoid=self._used(state),
            turn=len(state.seen) + len(state.asked),
            **fields,
        )

    def _errors(self, state: SessionState, question: Question) -> tuple[ErrorBrief, ...]:
        found: dict[str, ErrorBrief] = {}
        for event in self.session_events(state.id):
            if event.kind == "judged" and event.question == question.id:
                for row in event.payload["errors"]:
                    if state.current and row["id"] in state.current.withdrawn:
                        continue
                    words = excerpt(row["quote"], (row["text"], row["correction"]), QUOTE)
                    found[row["id"]] = ErrorBrief(
                        text=row["text"], correction=row["correction"], quote=words
                    )
        return tuple(found.values())

    # ── Parts ────────────────────────────────────────────────────────────────────────────────────

    def sources(self, question: Question) -> list[dict[str, str]]:
        """What can be opened behind an explanation of `question`."""
        listed = [
            {"title": f"{s.title} ({s.year})" if s.year else s.title, "where": s.where}
            for s in question.sources
        ]
        if question.answer:
            listed.append({"title": "Model answer", "where": "", "excerpt": question.answer})
        return listed

    def _points(self, question: Question, q: QuestionState) -> tuple[PointBrief, ...]:
        """The question's expectations, heaviest first."""
        heaviest = sorted(question.expectations, key=lambda e: -e.weight)
        return tuple(self._point(question, q, e.id) for e in heaviest)

    def _point(self, question: Question, q: QuestionState, name: str) -> PointBrief:
        expectation = next(e for e in question.expectations if e.id == name)
        state = q.points.get(name, PointState())
        words = excerpt(state.quote, expectation.told, QUOTE)
        return PointBrief(
            id=name,
            text=expectation.text,
            wordings=expectation.wordings,
            words=expectation.words,
            probe=expectation.probe,
            hint=expectation.hint,
            prompt=expectation.prompt,
            coverage=state.coverage,
            quote="" if stays_general(words, question.ask) else words,
        )

    def _used(self, state: SessionState) -> tuple[str, ...]:
        events = self.session_events(state.id)
        return tuple(e.text for e in events if e.kind in TUTOR_KINDS and e.speaker != "learner")

    def _last(self, state: SessionState, *kinds: str) -> Event | None:
        for event in reversed(self.session_events(state.id)):
            if event.kind in kinds:
                return event
        return None


def _credited(question: Question, q: QuestionState) -> tuple[str, ...]:
    """The learner's words behind each point made, heaviest first, each once."""
    made = [e for e in question.expectations if e.id in q.points]
    made = [e for e in made if q.points[e.id].coverage >= COVERED and q.points[e.id].quote]
    made.sort(key=lambda e: -e.weight)
    words = (excerpt(q.points[e.id].quote, e.told, QUOTE) for e in made)
    return tuple(dict.fromkeys(words))
