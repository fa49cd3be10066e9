"""What an agent is asked for and what it gives back: the typed requests every model reads.

A brief holds all that one move needs and nothing more, chosen for the agent's job. Text by learners,
documents and memory stands in fields of its own: it is data, never instructions.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Brief(BaseModel):
    """Base of all briefs."""

    model_config = ConfigDict(frozen=True)


class PointBrief(Brief):
    """An expectation with what the deck's author wrote about asking for it."""

    id: str
    text: str
    wordings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    probe: str = ""
    hint: str = ""
    prompt: str = ""
    coverage: float = 0.0
    quote: str = ""


class ErrorBrief(Brief):
    """A misconception the learner voiced."""

    text: str
    correction: str
    quote: str = ""


class ErrorName(Brief):
    """A misconception that an answer may state."""

    id: str
    text: str


class Evidence(Brief):
    """A passage or a remembered turn: `id` is what a citation names."""

    id: str
    text: str
    title: str = ""
    where: str = ""
    """The place in what `title` names."""
    kind: Literal["passage", "memory"] = "passage"


WORDS = 120
"""Most words of an explanation."""
Mood = Literal[
    "", "gained", "partly", "unsure", "vague", "nothing", "contradicted", "doubted", "gave_up", "asked",
    "copied", "aside", "language", "puzzled",
]  # fmt: skip
"""What the learner's last turn was, as far as it changes how the tutor goes on."""


class QuizBrief(Brief):
    """For the Quizzer: `task` says which words are wanted.

    `mood` is what the last turn was (code decided it), `quote` the learner's words behind it;
    `avoid` are sentences already used in this session; `turn` makes the choice among equals
    reproducible.
    """

    task: Literal["ask", "pump", "hint", "prompt", "clarify", "challenge"]
    ask: str
    wordings: tuple[str, ...] = ()
    point: PointBrief | None = None
    said: tuple[str, ...] = ()
    mood: Mood = ""
    quote: str = ""
    past: str = ""
    profile: str = ""
    seen: int = 0
    avoid: tuple[str, ...] = ()
    turn: int = 0


class Words(BaseModel):
    """The Quizzer's reply: at most 40 words, one question."""

    text: str = Field(description="The words to show, at most 40 words and one question mark.")


class ExplainBrief(Brief):
    """For the Explainer."""

    task: Literal[
        "explain", "tell", "more", "reply", "rephrase", "analogy", "converse", "restated", "challenged"
    ]  # fmt: skip
    ask: str = ""
    answer: str = ""
    points: tuple[PointBrief, ...] = ()
    errors: tuple[ErrorBrief, ...] = ()
    credited: tuple[str, ...] = ()
    """The learner's words behind the points they made, heaviest first."""
    said: tuple[str, ...] = ()
    past: str = ""
    """What the learner looks back at, in a sentence: how it went with `ask`, or what is known of them."""
    talk: tuple[str, ...] = ()
    learner: str = ""
    mood: Mood = ""
    """What a restatement is, where it is none: copied, or given up."""
    evidence: tuple[Evidence, ...] = ()
    hidden: tuple[str, ...] = ()
    """Texts that must not be given away: expectations still open."""
    profile: str = ""
    words: int = WORDS
    avoid: tuple[str, ...] = ()
    turn: int = 0


class Explanation(BaseModel):
    """The Explainer's reply. `citations` are ids of the evidence used."""

    text: str = Field(description="The explanation, plain text.")
    citations: list[str] = Field(default_factory=list, description="ids of evidence relied on")


class ClaimedPoint(BaseModel):
    """One expectation as a model judged it; the quote is checked by code."""

    id: str
    verdict: Literal["covered", "partial", "missing", "contradicted"]
    quote: str = Field(default="", description="exact words of the answer that show it, or empty")


class Claims(BaseModel):
    """The Evaluator's reply."""

    points: list[ClaimedPoint]
    misconceptions: list[str] = Field(
        default_factory=list, description="ids of misconceptions the answer states"
    )


class JudgeBrief(Brief):
    """For the Evaluator."""

    task: Literal["judge"] = "judge"
    ask: str
    answer: str
    points: tuple[PointBrief, ...]
    errors: tuple[ErrorName, ...] = ()


class CardDraft(Brief):
    """A card: a question, and an answer in words of the passage."""

    ask: str
    answer: str


class CardsBrief(Brief):
    """For the card writer (the Quizzer in another hat): a passage of an imported document, and the
    cards made from it so far that are not sure enough to be asked."""

    task: Literal["cards"] = "cards"
    passage: str
    title: str = ""
    drafts: tuple[CardDraft, ...] = ()


class Cards(BaseModel):
    """The card writer's reply; code keeps what the passage bears out."""

    cards: list[CardDraft] = Field(default_factory=list, description="At most three cards.")


class RecapBrief(Brief):
    """For the recap writer (the Explainer in another hat): facts, each with the event behind it."""

    task: Literal["recap"] = "recap"
    facts: tuple[Evidence, ...]
    turn: int = 0


class Sentence(BaseModel):
    text: str
    events: list[str] = Field(description="ids of the facts this sentence rests on")


class Recap(BaseModel):
    """The recap writer's reply; a sentence without a known fact is dropped by code."""

    sentences: list[Sentence]
