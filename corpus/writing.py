"""Cards that somebody writes for a passage, a model as a rule, kept only if the passage bears them out.

The writer is a callable that is handed in: nothing here knows what writes. What it returns is
foreign text and is treated so: checked by schema, then grounded word by word in the passage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.banks.document import normalise
from corpus.banks.inline import plain
from corpus.banks.wording import asks, likeness
from corpus.matching import may_be_same, overlap
from corpus.model import Question, Source
from corpus.naming import question_id
from corpus.passages import Passage
from corpus.phrasing import points_away
from corpus.points import derive
from corpus.words import CONTRAST, content, numbers, stem, tokens

MOST = 4
"""Cards kept of one passage."""
_SAME = 0.7
_BORNE = 0.6
"""Share of the question's own content words that the passage has to hold."""
_LEANS = re.compile(
    r"\b(?:(?:this|the|that) (?:text|passage|section|excerpt|author|paragraph|document|above|following)|"
    r"according to|mentioned|described here)\b|"
    r"^\W*(?:what|why|how|when|where)\b[^?]{0,20}\b(?:it|they|this|these|that|he|she)\b",
    re.I,
)
_SMALL_WORDS = frozenset(
    "mean means called name kind type way thing example use used work works happen".split()
)


class Written(BaseModel):
    """A card as a writer returns it."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    ask: str = Field(min_length=8, max_length=300)
    answer: str = Field(min_length=2, max_length=1200)


@dataclass(frozen=True, slots=True)
class Span:
    """What a writer sees: the passage, and the cards made from it so far, which it may word better."""

    text: str
    title: str = ""
    drafts: tuple[tuple[str, str], ...] = ()


Writer = Callable[[Span], Sequence[object]]
"""Cards for a span: mappings or objects with `ask` and `answer`; empty if it has none."""


@dataclass(slots=True)
class Harvest:
    """`kept` in order; `replaced` are ids of drafts that a kept card says better; `refused` why."""

    kept: list[Question] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def write_cards(
    passages: Iterable[Passage],
    writer: Writer,
    known: Sequence[Question] = (),
    drafts: Sequence[Question] = (),
) -> Harvest:
    """Cards of `writer` for the passages, those that pass every check.

    `known` are questions that must not be asked again; `drafts` are cards from the same documents
    that a better worded one may replace. An error of the writer ends nothing: it is refused text.
    """
    harvest = Harvest()
    asked = [q.ask for q in known]
    for passage in passages:
        own = [d for d in drafts if plain(d.answer) and plain(d.answer) in plain(passage.text)]
        span = Span(passage.text, passage.source, tuple((d.ask, d.answer) for d in own))
        taken = 0
        for reply in writer(span):
            card, why = _checked(reply, passage.text)
            if card and any(_asks_same(card.ask, other) for other in asked):
                why = "it is asked already"
            if why or card is None or taken == MOST:
                harvest.refused.append(
                    (str(getattr(reply, "ask", reply))[:200], why or "one too many")
                )
                continue
            taken += 1
            asked.append(card.ask)
            harvest.kept.append(_question(card, passage))
            harvest.replaced += [d.id for d in own if overlap(d.answer, card.answer) >= _SAME]
    harvest.replaced = list(dict.fromkeys(harvest.replaced))
    return harvest


def _checked(reply: object, text: str) -> tuple[Written | None, str]:
    try:
        card = Written.model_validate(reply, from_attributes=True)
    except ValidationError:
        return None, "it is no card"
    card = Written.model_construct(ask=normalise(card.ask), answer=normalise(card.answer))
    return card, refusal(card.ask, card.answer, text)


def refusal(ask: str, answer: str, text: str) -> str:
    """Why a card is not kept; "" if the passage `text` bears it out and the question stands alone."""
    if "\n" in ask or not (asks(ask) or likeness(ask) >= 0.9):
        return "it does not ask"
    if _LEANS.search(ask) or points_away(ask):
        return "the question does not stand alone"
    foreign = _foreign(answer, text)
    if foreign:
        return f"the passage does not say {foreign!r}"
    if not numbers(ask) <= numbers(text):
        return "the question names a number that the passage does not"
    about = {stem(t) for t in tokens(ask) if t not in _SMALL_WORDS} & content(ask)
    if len(about & content(text)) < _BORNE * len(about):
        return "the question is not about the passage"
    new = content(answer) - content(ask)
    if len(new) < max(1, 0.3 * len(content(answer))):
        return "the question gives the answer away"
    return ""


def _foreign(answer: str, text: str) -> str:
    """The first word of the answer that the passage does not hold; "" if it holds all.

    Numbers and words that turn a meaning count as written, others by their stem.
    """
    held, words, known = content(text), set(tokens(text)), numbers(text)
    for token in tokens(answer):
        if token in CONTRAST and token not in words:
            return token
        if token in words or not content(token):
            continue
        if numbers(token) - known or stem(token) not in held:
            return token
    return ""


def _asks_same(one: str, other: str) -> bool:
    return overlap(one, other) >= _SAME and may_be_same(one, other)


def _question(card: Written, passage: Passage) -> Question:
    return Question(
        id=question_id(card.ask),
        ask=card.ask,
        answer=card.answer,
        level=2,
        expectations=derive(card.answer, card.ask),
        sources=(Source(title=passage.source, where=passage.where),),
    )
