"""Facts in one wording: points that add a word or two to their question, as imports have them.

"Which port does HTTPS use?" wants "443", and neither "80" nor "the HTTPS port". Of such a point the words
that the question does not have are the whole fact, so that code can settle what a brief answer is worth:
whether it has them, another number, or the opposite.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from agents.grading.guards import NOTE_NUMBER
from agents.grading.lexicon import OPPOSITES, alike, opposite, same_side
from agents.grading.text import Text, is_negation

_NEWS = 4  # content words that a fact adds to its question, at most
_BRIEF = 8  # content words; a longer answer is left to the heads
_ENOUGH = 0.66  # of a fact's new words by rarity
_DIRECTION = 0.4  # the same where "rises" or "before" is among them and said
_CLOSE = 0.8  # spelling from which a word counts as the one that is wanted
_ASKING = frozenset(
    """is are was were do does did can could will would should has have had must may might""".split()
)
_CONDITIONS = frozenset("if unless either".split())
_YES = frozenset("yes yeah yep yup true correct right".split())
_NO = frozenset("no nope false incorrect wrong".split())
_BARE = 4  # words; "no, it does not" says no more than "no"


@dataclass(frozen=True)
class Settled:
    """What a brief answer is worth: the verdict, the words that show it, why."""

    verdict: Literal["covered", "contradicted"]
    window: tuple[int, int]
    note: str = ""


def settle(question: Text, wanted: Text, answer: Text) -> Settled | None:
    """Judge a turn against a point in one wording; None where code cannot tell."""
    if not len(answer) or not len(wanted) or int(answer.content.sum()) > _BRIEF:
        return None
    whether = _asks_whether(question) or wanted.words[0] in _YES | _NO
    judge = _by_stance if whether else _by_news
    return judge(question, wanted, answer)


def takes_a_stand(question: Text, answer: Text) -> bool:
    """Whether an answer without content is yes or no to a question that asks for it."""
    return _asks_whether(question) and stance(answer) is not None


def stance(answer: Text) -> bool | None:
    """Yes or no, said in so many words at the beginning or in nothing but function words."""
    first = answer.words[0] if len(answer) else ""
    if first in _YES or first in _NO:
        return first in _YES
    if 1 < len(answer) <= _BARE and not answer.content.any():
        return answer.negations % 2 == 0
    return None


def _asks_whether(question: Text) -> bool:
    return any(question.words[start] in _ASKING for start, _ in question.clauses)


def _by_stance(question: Text, wanted: Text, answer: Text) -> Settled | None:
    """Yes and no to a question that asks for one of them."""
    said, right = stance(answer), _right_stance(question, wanted)
    if said is None or right is None:
        return None
    if said is not right:
        return Settled("contradicted", (0, len(answer)))
    rest = [
        i for i in answer.picks if answer.content[i] and answer.stems[i] not in question.stem_set
    ]
    return None if rest else Settled("covered", (0, len(answer)))


def _right_stance(question: Text, wanted: Text) -> bool | None:
    said = wanted.words[0] if len(wanted) else ""
    if said in _YES or said in _NO:
        return said in _YES
    asked = question.stem_set
    if not asked or len(asked & wanted.stem_set) < 0.6 * len(asked):
        return None
    return (wanted.negations + question.negations) % 2 == 0


def _by_news(question: Text, wanted: Text, answer: Text) -> Settled | None:
    """The words that the point adds to the question, in the answer or turned round in it."""
    news = [
        i for i in wanted.picks
        if wanted.content[i] and wanted.stems[i] not in question.stem_set
        and wanted.words[i] not in _YES | _NO
    ]  # fmt: skip
    said = [
        i for i in answer.picks if answer.content[i] and answer.stems[i] not in question.stem_set
    ]
    if not 0 < len(news) <= _NEWS or not said or not _plain(wanted):
        return None
    numbers = {wanted.words[i] for i in news if wanted.words[i][0].isdigit()}
    given = {answer.words[i] for i in said if answer.words[i][0].isdigit()}
    window = (int(min(said)), int(max(said)) + 1)
    if numbers and given:
        if not _equal(numbers, given):
            return Settled("contradicted", window, NOTE_NUMBER)
        return None if _other_unit(question, wanted, answer) else _agreed(wanted, answer, window)
    if numbers:
        return None
    found = {i: _said(wanted.stems[i], answer, said) for i in news}
    against = [
        j for i in news if found[i] is None for j in _turned(wanted.stems[i], answer, said)
    ]  # fmt: skip
    if against:
        nothing_else = all(j in against or answer.stems[j] in wanted.stem_set for j in said)
        verdict = (
            "contradicted" if _even(wanted, answer) else "covered"
        )  # "not the same": different
        return Settled(verdict, window) if nothing_else else None
    if any(found[i] is not None and _turned(wanted.stems[i], answer, said) for i in news):
        return None
    rarity = wanted.rarity[news]
    share = float(rarity[[found[i] is not None for i in news]].sum() / rarity.sum())
    turns = any(found[i] is not None and wanted.stems[i] in OPPOSITES for i in news)
    least = _DIRECTION if turns else _ENOUGH
    return _agreed(wanted, answer, window) if share >= least else None


def _plain(wanted: Text) -> bool:
    """Whether a fact is one statement: no condition, and no two words of it mean the opposite."""
    stems = wanted.stem_list
    return not _CONDITIONS & set(wanted.words) and not any(
        opposite(one, other) for one in stems for other in stems
    )


def _agreed(wanted: Text, answer: Text, window: tuple[int, int]) -> Settled:
    """Right, unless a negation, or an opposite of a word that the question has too, turns it round."""
    missed = wanted.stem_set - answer.stem_set
    flipped = any(_turned(stem, answer, answer.picks.tolist()) for stem in missed)
    return Settled("contradicted" if _even(wanted, answer) is flipped else "covered", window)


def _even(wanted: Text, answer: Text) -> bool:
    """Whether one is not denied where the other is not."""
    said = sum(is_negation(word) for word in answer.words if word not in _NO)
    meant = sum(is_negation(word) for word in wanted.words if word not in _NO)
    return (said + meant) % 2 == 0


def _said(stem: str, answer: Text, said: list[int]) -> int | None:
    """Where the answer has a stem, misspelt or in a word of the same direction."""
    for i in said:
        other = answer.stems[i]
        if alike(stem, other) >= _CLOSE or same_side(stem, other):
            return i
    return None


def _turned(stem: str, answer: Text, said: list[int]) -> list[int]:
    """Where the answer has the opposite of a stem."""
    return [i for i in said if opposite(stem, answer.stems[i])]


def _equal(numbers: set[str], given: set[str]) -> bool:
    return {_value(one) for one in numbers} <= {_value(one) for one in given}


def _value(number: str) -> float:
    plain = (
        number.replace(",", "") if number.count(",") and len(number.split(",")[-1]) == 3 else number
    )
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        return float(np.inf)


def _other_unit(question: Text, wanted: Text, answer: Text) -> bool:
    """Whether a number that fits counts something else: "12 layers" for "12 heads"."""
    known = wanted.stem_set | question.stem_set
    pairs = zip(answer.words, answer.words[1:], answer.stems[1:], answer.content[1:], strict=False)
    return any(
        word[0].isdigit()
        and word in wanted.words
        and counted[0].isalpha()
        and content
        and stem not in known
        for word, counted, stem, content in pairs
    )
