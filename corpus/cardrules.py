"""Cards from single sentences: each rule turns one kind of statement into a question.

A rule returns a question and how sure it is, or None. The answer is always the sentence itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus.carddefinitions import GERUND, JUDGED, definition, meaning, named, named_last
from corpus.cardfacts import condition, depends, maker, occasion, role, states, where
from corpus.cardparts import parts
from corpus.cardrelations import Draft, cause, contrast, effect, purpose, reason
from corpus.phrasing import (
    is_noun_phrase,
    lower_first,
    without_adverb,
    without_article,
    without_brackets,
)
from corpus.prose import Prose, stems
from corpus.verbs import ACTIONS, BASES, base
from corpus.words import is_plural

Rule = Callable[[str, Prose], Draft | None]
_ATTRIBUTE = re.compile(
    r"^(The|One of the|One|A|Another)\s+((?:[a-z]+\s+){0,2}(?:idea|principle|assumption|premise|insight|"
    r"consequence|"
    r"property|characteristic|requirement|precondition|cost|price|origin|source|outcome|advantage|"
    r"disadvantage|benefit|drawback|purpose|goal|aim|"
    r"role|objective|limitation|difference|motivation|downside|weakness|strength|effect|risk|challenge|"
    r"function|task|job|complexity|cause|reason|trade-?off)s?)\s+(of|for|behind|between|in|with|to)\s+"
    r"(.{3,80}?)\s+(is|are|was|were)\s+(.{15,})$"
)

_REMEMBERED = re.compile(r"(?:keep in mind|remember|note|know|consider|follow|start with)\b")
_VERB_INSIDE = re.compile(
    r"\b(?:can|may|will|must|should|could|has|have|does|is|are|was|which|if|when|because)\b"
)


def _attribute(sentence: str, prose: Prose) -> Draft | None:
    match = _ATTRIBUTE.match(sentence)
    if not match or re.search(r"\b(?:this|that|these|it|such)\b|,", match.group(4), re.I):
        return None
    if match.group(2).endswith(("function", "functions")) and match.group(3) != "of":
        return None
    if _VERB_INSIDE.search(match.group(4)) or _REMEMBERED.match(match.group(4)):
        return None
    if len(match.group(4).split()) > 10 or re.match(
        r"(?:well|known|clear|obvious|large|small|high|low|not)\b", match.group(6)
    ):
        return None
    article = {"The": "the", "One": "one", "One of the": "one of the"}.get(match.group(1), "a")
    ask = f"What {match.group(5)} {article} {match.group(2)} {match.group(3)} {match.group(4)}?"
    return ask, 0.86 if prose.about(match.group(4)) else 0.7, "attribute"


_NO_OBJECT = frozenset(
    """will can cannot may might must should would could has have do does only
    to of that and or but is are was were in on at by with from it them this these those both its their
    him her his such""".split()
)
_NO_AGENT = re.compile(
    r"\b(?:neither|nor|lot|lots|makes|gets|lets|goes|comes|becomes|seems|code|software|library|program|"
    r"linux)\b|"
    r"\d\.\d|^(?:two|three|four|five|several|many|other)\b|"
    r"\b(?:page|reference|manual|guide|chapter|section|document|documentation|appendix|article)s?$|['’]s$",
    re.I,
)
_ASKED = frozenset(
    """measure require guarantee ensure represent store contain control determine describe compute
    specify prevent protect produce hold record report yield limit affect influence""".split()
)
"""Verbs that a question may hold, since what is asked for is their object."""
_OFFERS = frozenset("supports provides allows permits uses implements offers".split())
"""What a program does among other things."""
_ORDERS = ACTIONS | BASES
_MOST_OF_SUBJECT = 5
_OFTEN = 12
"""What a text names more often it is about as a whole: one sentence does not say what that does."""


def _action(sentence: str, prose: Prose) -> Draft | None:
    """``What does weight decay do?`` for a term and what it does."""
    words = without_brackets(sentence).split()
    for place in range(1, min(len(words) - 4, _MOST_OF_SUBJECT + 2)):
        plural = words[place] in BASES and is_plural(words[place - 1])
        if plural or words[place] in ACTIONS:
            break
    else:
        return None
    after = words[place + 1].strip(".,;:")
    if (
        after in _NO_OBJECT
        or after.endswith("ing")  # the verb was a noun: "variance models containing"
        or after in _ORDERS
        or GERUND.match(sentence)
        or words[0].lower() in _ORDERS
    ):
        return None
    subject = without_adverb(" ".join(words[:place]))
    core = without_article(subject)
    term = len(core.split()) >= 2 or core[1:] != core[1:].lower() or core.lower() in prose.marked
    if (
        not is_noun_phrase(subject, _MOST_OF_SUBJECT)
        or is_plural(core) != plural
        or JUDGED.match(core)
    ):
        return None
    if not prose.about(core):
        return None
    if (
        _NO_AGENT.search(subject)
        or re.search(r"\b[a-z]+ \d+$", subject)
        or re.search(r"\bthe same \w+", sentence)
    ):
        return None
    shown = lower_first(subject, prose)
    verb = words[place]
    sure = 0.66 if term and not subject.startswith("The ") else 0.6
    sure += 0.05 * (sure > 0.65 and " " in core and len(words) > 8)
    sure += 0.1 * (stems(core) in prose.named)
    sure -= 0.2 * (" " not in core and prose.usage.times(core) > _OFTEN)
    made = core != core.lower() and core.lower() not in prose.small
    sure -= 0.1 * (made and verb in _OFFERS and " " not in core)
    does, verb = ("do", verb) if plural else ("does", base(verb))
    if verb in _ASKED:
        return f"What {does} {shown} {verb}?", sure + 0.06 * term, "action"
    return f"What {does} {shown} do?", sure, "action"


_LEANS_INSIDE = re.compile(
    r"\b(?:everything|anything|something|nowhere) else\b|\b(?:different|other|various) purposes\b|"
    r"\bthe (?:two|three|four|other|latter|former|above) \w+|\bone of (?:two|three|four|several) \w+\.$|"
    r"\b(?:these|those|such|said|this) (?!(?:is|are|means|that|way|reason|to|as|who|whose|of|in|"
    r"which)\b)\w+|\bdoes not do so\b|!|"
    r"\bmeans they\b|[^,] (?:in|of|to|by|than|from)\.$|"  # the formula that stood there is no text
    r"\bthat (?:purpose|case|way|reason|time|point|end)\b|\b(?:as well|too|either)\.$|\b(?:he|she|him|her)\b",
    re.I,
)
"""Signs that even a sentence with a subject of its own needs the one before it."""

_WORDY = re.compile(r"\w")
_CODE = re.compile(r"\w_\w|\w\.\w|\(\)|\s-{1,2}\w|::|[a-z]{2}[A-Z][a-z]+[A-Z]")
"""Names of a program: what they do is looked up, not known."""
_SURE = 0.7
"""From this no other rule is tried."""

_BE = frozenset("is are was were".split())
RULES: tuple[tuple[Rule, frozenset[str] | None], ...] = (
    (_attribute, _BE),
    (definition, None),
    (meaning, frozenset("refers refer denotes denote means mean defined describes".split())),
    (parts, frozenset(
        """There consists consist consisted comprises comprise comprised composed made into are were include
        included has have had on in by from as defines offers provides involves""".split()
    )),
    (contrast, frozenset(
        """Unlike contrast Compared opposed vs vs. versus differs differ differed whereas while While
        Whereas""".split()
    )),
    (occasion, frozenset(
        """occurs occur happens happen appear appears arises arise sets set said considered called
        regarded""".split()
    )),
    (reason, frozenset(["reason"])),
    (cause, frozenset(
        """because Because Since Due due Owing Thanks caused result brought triggered driven arises
        arise stems stem
        results""".split()
    )),
    (named_last, frozenset(["the", "which"])),
    (states, frozenset(["that"])),
    (depends, frozenset(["on"])),
    (maker, frozenset(["by", "named"])),
    (purpose, frozenset(
        "used designed intended needed required responsible suited employed use uses".split()
    )),
    (where, frozenset(
        "take takes took occur occurs occurred happen happens found located situated".split()
    )),
    (role, frozenset(["as"])),
    (condition, frozenset("When If Once Whenever".split())),
    (effect, frozenset(
        """lead leads led result results resulted cause causes caused prevent prevents reduce reduces
        improve improves
        increase increases enable enables allow allows ensure ensures mitigate mitigates eliminate
        eliminates avoid
        avoids""".split()
    )),
    (_action, None),
    (named, frozenset("called known referred termed named".split())),
)  # fmt: skip
"""Rules in the order they are tried, each with the words one of which a sentence needs for it."""


def draft(sentence: str, prose: Prose, *, opens: bool = False) -> Draft | None:
    """The question of the first rule that is sure of the sentence, else of the surest one.

    A sentence that `opens` its paragraph tells what the paragraph is about.
    """
    best: Draft | None = None
    words = frozenset(sentence.split())
    for rule, needed in RULES:
        if needed is not None and needed.isdisjoint(words):
            continue
        made = rule(sentence, prose)
        if made and (best is None or made[1] > best[1]):
            best = made
            if best[1] >= _SURE:
                break
    if best is None:
        return None
    ask, sure, kind = best
    sure += 0.08 * (opens and kind in ("definition", "action"))
    sure -= 0.1 * (kind not in ("definition", "name") and _CODE.search(ask) is not None)
    sure -= 0.1 * (kind == "condition" and " also " in sentence)
    return ask, sure - 0.3 * _leans_inside(sentence), kind


def _leans_inside(sentence: str) -> bool:
    """True if the sentence needs the one before it, though it has a subject of its own."""
    before, them, _ = sentence.partition(" them")
    nobody = bool(them) and not any(is_plural(word.strip(",;()")) for word in before.split())
    return nobody or _LEANS_INSIDE.search(sentence) is not None


def gap(sentence: str, prose: Prose) -> tuple[str, str] | None:
    """The sentence with one term that the author marked left out, and the term."""
    best, at = "", -1
    small = sentence.lower()
    words = dict.fromkeys(re.findall(r"\w+", small)) if prose.marked else ()
    for term in (t for word in words for t in prose.marked_from.get(word, ())):
        if len(term) > len(best) and term in small:
            places = _places(term, small)
            if len(places) == 1 and not small.startswith(term):
                best, at = term, places[0]
    if not best or len(small) != len(sentence):
        return None
    end = at + len(best)
    return f"{sentence[:at]}_____{sentence[end:]}", sentence[at:end]


def _places(term: str, text: str) -> list[int]:
    """Where a term stands in a text as words of their own."""
    found: list[int] = []
    at = text.find(term)
    while at >= 0:
        end = at + len(term)
        if not _WORDY.match(text[at - 1 : at]) and not _WORDY.match(text[end : end + 1]):
            found.append(at)
        at = text.find(term, end)
    return found
