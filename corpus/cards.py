"""Cards from prose, made without a model: definitions, headings, contrasts, lists, causes, gaps.

The answer of a card is always text of the document, with its line. Rules are tried on sentences that
stand on their own; what is doubtful gets a confidence below `REVIEW` and waits for somebody to look.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from corpus.banks.document import parse
from corpus.cardheads import (
    heading_question,
    notes_question,
    table_cards,
    term_cards,
    topic,
    unnumbered,
)
from corpus.cardleads import lead_question
from corpus.cardrelations import without_versus
from corpus.cardrules import draft, gap
from corpus.phrasing import is_whole, points_away, stands_alone, unquoted, without_asides
from corpus.prose import Block, Prose, read_prose
from corpus.words import content, is_plural, sentences

REVIEW = 0.7
"""Confidence from which a card is asked without having been looked at."""
_LEAST = 0.5
_HALF = 0.5
_MAX_CHARS = 20_000_000
_MOST_WORDS = 90
_LEANING = re.compile(
    r"^(?:(?:It|They|This|These)\s+(?:is|are|can|has|have|does|do|will)|It\s+\w+s)\b"
)
_ENDED = re.compile(r"[.!:][\"'”’)\]*]*$")
_ARGUES = re.compile(r"(?!(?:What|Who|Which|Where) |How do .* (?:compare|differ)\?).*\?$")
"""A question whose answer is an argument: the first sentences of a section are not its half."""
_LEAD_IN = re.compile(
    r"^(?:Formally|Intuitively|Informally|In practice|In general|Generally|Essentially|Basically|Simply put|"
    r"Specifically|Mathematically|Conceptually|In short|In computer science|In computing|In programming|"
    r"In machine learning|In statistics|In economics|In biology|However,|Moreover,|Furthermore,|In addition,|"
    r"Additionally,|In fact,|Indeed,),?\s+"
)


@dataclass(frozen=True, slots=True)
class Card:
    """A question made from prose. `line` (from 1) is where `answer` stands in the text."""

    ask: str
    answer: str
    line: int
    confidence: float
    kind: str
    topic: str = ""
    level: int = 2


def make_cards(text: str) -> list[Card]:
    """Cards for a text, in its order; each fact once, the surest card of each."""
    prose = read_prose(parse(text[:_MAX_CHARS]))
    made: list[Card] = []
    for index, block in enumerate(prose.blocks):
        if block.kind == "paragraph":
            made += _of_paragraph(block, prose)
        elif block.kind == "heading":
            made += _of_heading(index, block, prose)
        elif block.kind == "list":
            made += _of_list(index, block, prose)
        elif block.kind == "table":
            made += [_card(d, a, block, prose) for d, a in table_cards(block, prose)]
    made += _of_short_forms(prose)
    return _distinct([c for c in made if c.confidence >= _LEAST])


def _card(made: tuple[str, float, str], answer: str, block: Block, prose: Prose) -> Card:
    ask, sure, kind = made
    ask = re.sub(r"\s+", " ", ask[:1].upper() + ask[1:]).strip()
    about = topic(block.path, prose) or unnumbered(prose.title)
    words = len(answer.split())
    level = 1 if kind in ("gap", "short form") else 2 if words < 35 else 3
    return Card(ask, answer, block.line, round(min(sure, 0.95), 3), kind, about, level)


def _of_paragraph(block: Block, prose: Prose) -> list[Card]:
    made: list[Card] = []
    said = block.sentences
    for place, sentence in enumerate(said):
        base = _plain(sentence)
        if not stands_alone(base):
            continue
        found = draft(unquoted(base), prose, opens=place == 0)
        if found:
            answer = without_versus(base)
            after = said[place + 1] if place + 1 < len(said) else ""
            whole = after.endswith((".", "!")) and len(after.split()) < 32 and is_whole(after)
            if whole and _LEANING.match(after) and not points_away(after):
                answer = f"{answer} {after}"
            ask, sure, kind = _placed(found, block, prose)
            made.append(
                _card((ask, sure - 0.1 * _gives_away(ask, base), kind), answer, block, prose)
            )
            continue
        missing = gap(base, prose)
        if missing and 9 <= len(base.split()) <= 28:
            made.append(
                _card((f"Fill the gap: {missing[0]}", 0.55, "gap"), missing[1], block, prose)
            )
    return made


def _plain(sentence: str) -> str:
    """`sentence` without words that only join it to the one before."""
    base = without_asides(_LEAD_IN.sub("", sentence))
    return base[:1].upper() + base[1:] if base[:1] != sentence[:1] else base


def _placed(found: tuple[str, float, str], block: Block, prose: Prose) -> tuple[str, float, str]:
    """``What is the capacity?`` with where it is so, or less sure if that is unknown."""
    ask, sure, kind = found
    if kind in ("name", "maker"):
        return found
    part = bool(_PART.match(ask))
    about = topic(block.path, prose)
    alone = _ALONE.match(ask) is not None
    if not part and not alone and (not _BARE.match(ask) or sure > _CLEAR):
        plain = _PLAIN.match(ask) or (kind in _OF_ITS_PLACE and not _names(ask, prose))
        if plain and about and not content(about) & content(ask):
            return f"{ask[:-1]} (in {about})?", sure, kind
        return found
    if about and not content(about) & content(ask):
        return f"{ask[:-1]} (in {about})?", sure - 0.1 * (part or alone), kind
    return ask, sure - (0.2 if part or alone else 0.1), kind


def _names(ask: str, prose: Prose) -> bool:
    """True if a question names something that is known by its name or that the author marked."""
    words = ask.rstrip("?.").split()[1:]
    marked = any(f" {term} " in f" {ask.rstrip('?.').lower()} " for term in prose.marked)
    return marked or any(w != w.lower() or w in prose.names or "_" in w for w in words)


_OF_ITS_PLACE = frozenset("action condition dependence effect enumeration purpose".split())
"""What is asked of common things, which every place has its own of."""
_BARE = re.compile(
    r"(?:What|Which [\w ]+|How|When) (?:is|are|do|does) the (?!.* (?:of|over|between|behind) )"
)
_PLAIN = re.compile(r"What (?:is|are) (?:an? )?[a-z]+\?$")
_ALONE = re.compile(r"What (?:is|are|do|does) the [\w-]+(?: (?:consist of|include|do|mean))?\?$")
_CLEAR = 0.85
_PART = re.compile(
    r"What (?:is|are|does|do) (?:the |an? )?(?:"
    r"(?:argument|parameter|field|option|property|method|variable|flag)s? "
    r"|(?:[\w.()/<>:'-]+ ){0,3}(?:argument|parameter|field|option|object|property|attribute|value|flag|"
    r"variable|key|structure|struct|pointer|header|command|password|callback|event|entry|file|member|"
    r"column|setting|method)s?(?: (?:used for|do|mean|include|have))?\?$)",
    re.I,
)
"""Questions about a part of a programming interface, which has its meaning where it stands."""


def _gives_away(ask: str, answer: str) -> bool:
    """True if the answer says little that the question does not."""
    short = ask.startswith(("Which ", "Who ", "Where ", "What are the "))
    return len(content(answer) - content(ask)) < (2 if short else 4)


def _of_heading(index: int, block: Block, prose: Prose) -> list[Card]:
    below = prose.blocks[index + 1 : index + 8]
    body, items, line = _below(below)
    section = _words(below)
    found = heading_question(block, " ".join(body) or " ".join(items), prose)
    if not found and not body:
        found = notes_question(block, items, prose)
    if not found:
        return []
    ask, sure, kind = found
    if items and (len(items) < 2 or sum(len(i.split()) for i in items) > 160):
        items = []
    text = _without_lead(_upto(body, _MOST_WORDS), items)
    if len(text.split()) + sum(len(i.split()) for i in items) < (9 if len(items) > 2 else 15):
        return []
    if text and not items and not any(stands_alone(s, 5, 60) for s in body[:3]):
        sure -= 0.25
    if _ARGUES.match(ask) and not items and len(text.split()) < _HALF * section:
        sure -= 0.25
    if kind == "heading" and ask.startswith("What are the") and not items:
        sure -= 0.1
    answer = "\n".join(x for x in (text, *(f"- {i}" for i in items[:9])) if x)
    place = Block("heading", block.text, block.path, line or block.line)
    return [_card((ask, sure, kind), answer, place, prose)]


def _below(blocks: Sequence[Block]) -> tuple[list[str], list[str], int]:
    """What stands under a heading until the next: sentences, then the items of lists, and the line of
    the first of either (0: there is none)."""
    body: list[str] = []
    items: list[str] = []
    line = 0
    for below in blocks:
        if below.kind in ("heading", "break") or (items and below.kind == "paragraph"):
            break
        if below.kind == "list":
            items += [i for i in below.items if not i.startswith("http")]
            line = line or below.line
        enough = sum(len(s.split()) for s in body) >= _MOST_WORDS
        if below.kind == "paragraph" and not enough and (body or not below.text.endswith(":")):
            body += [s for s in below.sentences if not points_away(s) and _ENDED.search(s)]
            line = line or below.line
    return body, items, line


def _words(blocks: Sequence[Block]) -> int:
    """How many words of paragraphs stand before the next heading."""
    inside = takewhile(lambda b: b.kind != "heading", blocks)
    return sum(len(b.text.split()) for b in inside if b.kind == "paragraph")


def _upto(body: list[str], most: int) -> str:
    kept: list[str] = []
    count = 0
    for sentence in body[:5]:
        count += len(sentence.split())
        if kept and count > most:
            break
        kept.append(sentence)
    return " ".join(kept)


def _without_lead(text: str, items: list[str]) -> str:
    """`text` without a last sentence that announces a list which is not there."""
    said = sentences(text)
    return text if items or not said or not said[-1].endswith(":") else " ".join(said[:-1])


def _of_list(index: int, block: Block, prose: Prose) -> list[Card]:
    made = [_card(d, a, block, prose) for d, a in term_cards(block, prose)]
    before = prose.blocks[index - 1] if index else None
    if before is None or before.kind != "paragraph" or not before.text.endswith(":"):
        return made or _of_items(block, prose)
    short = all(len(i.split()) <= 40 for i in block.items)
    if 2 <= len(block.items) <= 9 and short:
        found = lead_question(before.text, prose)
        if found:
            found = _placed(found, block, prose)
            made.append(_card(found, "\n".join(f"- {i}" for i in block.items), block, prose))
    return made


def _of_items(block: Block, prose: Prose) -> list[Card]:
    """Cards of the items that are sentences, as in the notes of a lecture."""
    made: list[Card] = []
    for item in block.items:
        base = _plain(item if item.endswith((".", "!")) else f"{item}.")
        if stands_alone(base) and len(sentences(base)) == 1:
            found = draft(unquoted(base), prose)
            if found:
                ask, sure, kind = _placed(found, block, prose)
                sure -= 0.04 + 0.1 * _gives_away(ask, base)
                made.append(_card((ask, sure, kind), base, block, prose))
    return made


def _of_short_forms(prose: Prose) -> list[Card]:
    made: list[Card] = []
    if not prose.short_forms:
        return made
    said = Counter(re.findall(r"\w+", prose.text))
    words = {word.lower() for word in said}
    opened: dict[str, Block] = {}
    for block in prose.blocks:
        for first in re.findall(r"\(([^\s()]+)", block.text):
            opened.setdefault(first.rstrip(",;"), block)
    for short, long in prose.short_forms.items():
        block = opened.get(short) or opened.get(long.partition(" ")[0])
        long = re.sub(r"['’]s$", "", long)
        if is_plural(long) and long[-3:] != "ics" and short[-1:].isalpha():
            one = f"{long[:-3]}y" if long.endswith("ies") else long[:-1]
            many = short[-1] == "s" and short[:-1].isupper()
            if many or re.sub(r".*\W", "", one.lower()) in words:  # "naive Bayes" is no plural
                short, long = short[:-1] if many else short, one
        last = re.split(r"\W+", short)[-1]  # of a short form such as SMC-R
        if block and said[last] + said[f"{last}s"] >= 2:
            made.append(
                _card((f"What does {short} stand for?", 0.72, "short form"), long, block, prose)
            )
    return made


_ALIKE, _CONTAINED = 0.75, 0.9
"""Shares of words: of all that two questions have, and of those of the shorter of two answers."""
_MOST_NEAR = 200


def _distinct(cards: list[Card]) -> list[Card]:
    """Of cards that ask or say nearly the same the surest one, in the order of the text.

    Who shares all but a few words shares one of any few words and one: only the rarest of a card are
    looked up (prefix filtering: Chaudhuri, Ganti and Kaushik 2006, section 4).
    """
    kept: list[Card] = []
    seen: list[tuple[frozenset[str], frozenset[str]]] = []
    words = [(content(card.ask), content(card.answer)) for card in cards]
    times = Counter(word for pair in words for both in pair for word in both)
    asks, answers, short = (defaultdict[str, list[int]](list) for _ in range(3))
    for place in sorted(range(len(cards)), key=lambda n: -cards[n].confidence):
        ask, answer = words[place]
        rare = _rarest(answer, times, 1 - _CONTAINED)
        near = {i for w in _rarest(ask, times, 1 - _ALIKE) for i in asks[w][-_MOST_NEAR:]}
        near.update(i for w in rare for i in answers[w][-_MOST_NEAR:])
        near.update(i for w in answer for i in short[w][-_MOST_NEAR:])
        if any(_same(ask, seen[i][0]) or _within(answer, seen[i][1]) for i in near):
            continue
        for index, found in ((asks, ask), (answers, answer), (short, rare)):
            for word in found:
                index[word].append(len(seen))
        seen.append((ask, answer))
        kept.append(cards[place])
    return sorted(kept, key=lambda c: c.line)


def _rarest(words: frozenset[str], times: Mapping[str, int], share: float) -> list[str]:
    """So many of the words that whatever has all but `share` of them has one of these."""
    return sorted(words, key=lambda w: (times[w], w))[: int(share * len(words)) + 1]


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) > _ALIKE * len(one | other)


def _within(one: frozenset[str], other: frozenset[str]) -> bool:
    smaller = min(len(one), len(other))
    return smaller > 3 and len(one & other) > _CONTAINED * smaller
