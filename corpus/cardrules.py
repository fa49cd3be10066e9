"""Cards from single sentences: each rule turns one kind of statement into a question.

A rule returns a question and how sure it is, or None. The answer is always the sentence itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus.cardrelations import ANY, Draft, cause, contrast, effect, purpose
from corpus.phrasing import (
    is_noun_phrase,
    lower_first,
    without_adverb,
    without_article,
    without_brackets,
)
from corpus.prose import Prose, stems
from corpus.verbs import ACTIONS, BASES, base
from corpus.words import content, is_plural

Rule = Callable[[str, Prose], Draft | None]

_ATTRIBUTE = re.compile(
    r"^(The|One|A|Another)\s+((?:[a-z]+\s+){0,2}(?:advantage|disadvantage|benefit|drawback|purpose|goal|aim|"
    r"role|objective|limitation|difference|motivation|downside|weakness|strength|effect|risk|challenge|"
    r"function|task|job|complexity|cause|reason|trade-?off)s?)\s+(of|for|behind|between|in|with|to)\s+"
    r"(.{3,80}?)\s+(is|are)\s+(.{15,})$"
)
_IS = re.compile(
    r"^((?:A|An|The)?\s*[A-Za-z][\w'’()/+ .@^-]{1,60}?)\s+(is|are)\s+"
    r"((?:an?|the|one of|any|some|called|known as|defined as|a type of|a kind of|a form of)\s+.{12,})$"
)
EMPTY = re.compile(
    r"(?:(?:an?|the|one of(?: the)?|any|some)\s+)?(?:(?!(?:that|which|of|to|in|for)\b)[\w-]+\s+){0,2}?"
    r"(?:choices?|topics?|assumptions?|areas?|"
    r"examples?|conversations?|ways?|matters?|results?|steps?|parts?|ideas?|basis|cases?|subject|questions?|"
    r"reasons?|points?|things?|challenges?|problems?|issues?|goals?|place|lot|number|success|winner|fact|need|"
    r"options?|candidates?|must|necessity|trade-?offs?|mistakes?|bit|good|great|time|words?|key|start|same|"
    r"way|case|best|worst|only|main|first|last|next|most (?:common|popular|important|used)|opposite|default|"
    r"exception|task|detail|compromise|invaluable|"
    r"standard|recommended|preferred|bread-and-butter)\b",
    re.I,
)
"""Predicates that say nothing of what a thing is."""
_GENUS = re.compile(
    r"(?:is|are) (?:an?|the) (?:[\w-]+ ){0,2}?(?:state|process|mechanism|practice|probability|number|"
    r"difference|ratio|fraction|set|ability|act|time|amount|measure|degree|average|technique|method|property|rate|sum|"
    r"product|sequence|collection|structure|tree|kind|form|type|point|smallest|largest|rule|"
    r"algorithm|protocol|language) (?:of|in which|that|by which|at which|between|to|for|whose|where|with)\b"
)
_JUDGED = re.compile(
    r"(?:central|key|critical|important|essential|crucial|common|typical|strong|weak|good|better|best|bad|"
    r"simple|simpler|large|larger|small|smaller|big|cheap|cheaper|expensive|new|naive|modern|single|real|"
    r"special|general|primary|useful|popular|natural|obvious|related|similar|different|possible|certain|average|clever|final)\b",
    re.I,
)
"""Adjectives that tell a thing from others of the text, not of the subject."""
_GERUND = re.compile(r"\w+ing (?:an?|the|off|up|out|all|several|both|[A-Z]\w+|\w+s)\b")
_KIND = re.compile(
    r" (?:is|are) an? (?:[\w-]+ ){1,5}?(?:that|which|whose|where|(?:in|by|from|with|through|to) which|"
    r"used (?:to|for|in)|for \w+ing|made of|consisting of)\b"
)
"""A genus with what sets the thing apart in it."""
_OCCURS = re.compile(
    r"^((?:An? |The )?[\w' -]{3,45}?) (occurs?|happens?|arises?|sets? in) (?:when|if) (.{12,})$"
)
_MEANS = re.compile(
    r"^(.{2,60}?)\s+(refers? to|denotes?|means?|is defined as|are defined as|describes)\s+"
    r"((?!something (?:else|different|quite)|different things|more than|nothing).{15,})$"
)
_CALLED = re.compile(
    r"\b(?:is|are|was|were|also)\s+(?:called|known as|referred to as|termed)\s+(the |an? )?[\"“'‘]?"
    r"([A-Za-z][\w -]{2,40}?)[\"”'’]?(?=[,.;:(]|\s+(?:and|because|since|which|in|by|for|with|that)\b)"
)
_CONSISTS = re.compile(
    r"^(.{3,60}?)\s+(consists? of|comprises?|(?:is|are) composed of|(?:is|are) made up of|"
    r"(?:is|are|can be) (?:divided|classified|split|grouped) into)\s+(.{12,})$"
)
_THERE_ARE = re.compile(
    r"^There are ((?:two|three|four|five|six|several)(?: \w+)? (?:types?|kinds?|ways|approaches|categories|"
    r"components|reasons|methods|steps|forms|classes|strategies|options|patterns|levels|phases|stages)"
    r"(?: (?:of|to|for|in) [^:,.]{3,60})?)\s*(?::|,|—| - )\s*(.{15,})$"
)


def _attribute(sentence: str, prose: Prose) -> Draft | None:
    match = _ATTRIBUTE.match(sentence)
    if not match or re.search(r"\b(?:this|that|these|it|such)\b|,", match.group(4), re.I):
        return None
    if match.group(2).endswith(("function", "functions")) and match.group(3) != "of":
        return None
    if len(match.group(4).split()) > 10 or re.match(
        r"(?:well|known|clear|obvious|large|small|high|low|not)\b", match.group(6)
    ):
        return None
    article = {"The": "the", "One": "one"}.get(match.group(1), "a")
    ask = f"What {match.group(5)} {article} {match.group(2)} {match.group(3)} {match.group(4)}?"
    return ask, 0.86 if prose.about(match.group(4)) else 0.7, "attribute"


def _definition(sentence: str, prose: Prose) -> Draft | None:
    match = _IS.match(sentence)
    if not match or EMPTY.match(match.group(3)):
        return None
    if match.group(3).startswith(("called", "known as")) or _GERUND.match(match.group(1)):
        return None
    if re.search(r"\bif\b", match.group(3)[:60]):
        return None
    subject = without_adverb(without_brackets(match.group(1)))
    core = without_article(subject)
    if not is_noun_phrase(subject) or not is_noun_phrase(core):
        return None
    if _JUDGED.match(core) or ANY.fullmatch(core):
        return None
    article = subject.lower().startswith(("a ", "an "))
    shown = (
        lower_first(subject, prose)
        if subject[:1].isupper() and subject != core
        else lower_first(core, prose)
    )
    telling = len(core.split()) >= 2 or core.isupper() or core.lower() in prose.marked
    sure = 0.62 + 0.16 * prose.about(core) + 0.08 * telling + 0.04 * article
    sure -= 0.3 * (content(core) <= content(match.group(3)))
    predicate = sentence[match.end(1) :][:90]
    genus = bool(_GENUS.search(predicate))
    sure += 0.16 * genus or 0.1 * bool(_KIND.match(predicate))
    if match.group(3).startswith("one of"):
        sure -= 0.1
    if subject.lower().startswith("the "):
        sure -= 0.06 if genus else 0.14
    if re.match(r"(?:\w+ed|resulting|given|same|current|default)\b", core, re.I) and not article:
        sure -= 0.2
    if re.match(
        r" (?:is|are) an? (?:new|special|alternative|similar|simplified|one-way|nice|major|minor|further)\b",
        predicate,
    ):
        sure -= 0.2
    if re.match(r"\w+ing\s+(?:a|an|the|to)\b", core):
        sure -= 0.2
    return f"What {match.group(2)} {shown}?", sure, "definition"


def _meaning(sentence: str, prose: Prose) -> Draft | None:
    match = _MEANS.match(sentence)
    if not match or not is_noun_phrase(without_brackets(match.group(1))):
        return None
    subject = without_adverb(without_brackets(match.group(1)))
    shown, plural = lower_first(subject, prose), is_plural(without_article(subject))
    plural = plural and not _GERUND.match(subject)
    if ANY.fullmatch(without_article(subject)):
        return None
    sure = 0.84 if prose.about(subject) else 0.68
    if match.group(2).startswith("mean"):
        return f"What {'do' if plural else 'does'} {shown} mean?", sure, "definition"
    return f"What {'are' if plural else 'is'} {shown}?", sure, "definition"


def _occasion(sentence: str, prose: Prose) -> Draft | None:
    match = _OCCURS.match(sentence)
    if (
        not match
        or not is_noun_phrase(match.group(1), 5)
        or re.search(r"\b(?:this|it)\b", match.group(1))
    ):
        return None
    subject, verb = lower_first(match.group(1), prose), match.group(2)
    plural = is_plural(without_article(subject))
    stemmed = re.sub(r"^(occur|happen|arise|set)s?", r"\1", verb)
    return f"When {'do' if plural else 'does'} {subject} {stemmed}?", 0.76, "condition"


def _named(sentence: str, prose: Prose) -> Draft | None:
    match = _CALLED.search(sentence)
    if not match or match.start() < 25 or not is_noun_phrase(match.group(2), 4):
        return None
    name = match.group(2).strip()
    verb = "are" if is_plural(name) else "is"
    sure = 0.74 if prose.about(name) else 0.62
    return f"What {verb} {match.group(1) or ''}{lower_first(name, prose)}?", sure, "definition"


def _parts(sentence: str, prose: Prose) -> Draft | None:
    match = _THERE_ARE.match(sentence)
    if match:
        return f"What are the {match.group(1)}?", 0.8, "enumeration"
    match = _CONSISTS.match(sentence)
    if not match or not is_noun_phrase(match.group(1)) or not prose.about(match.group(1)):
        return None
    subject, verb = lower_first(match.group(1), prose), match.group(2)
    does = "do" if is_plural(subject) else "does"
    if subject.lower().startswith("examples of "):
        return f"What are some {subject}?", 0.8, "enumeration"
    if verb.startswith("consist"):
        return f"What {does} {subject} consist of?", 0.8, "enumeration"
    if verb.startswith("compris"):
        return f"What {does} {subject} comprise?", 0.78, "enumeration"
    helper, _, rest = verb.partition(" ")
    return f"What {helper} {subject} {rest}?", 0.76, "enumeration"


_NO_OBJECT = frozenset(
    """to of that and or but is are was were in on at by with from it them this these those both its their
    him her his such""".split()
)
_NO_AGENT = re.compile(
    r"\b(?:neither|nor|lot|lots|makes|gets|lets|goes|comes|becomes|seems|code|software|library|program|linux)\b|"
    r"\d\.\d",
    re.I,
)
_ORDERS = ACTIONS | BASES
_MOST_OF_SUBJECT = 5
_OFTEN = 12
"""What a text names more often it is about as a whole: one sentence does not say what that does."""


def _action(sentence: str, prose: Prose) -> Draft | None:
    """``What does weight decay do?`` for a term and what it does."""
    words = sentence.split()
    for place in range(1, min(len(words) - 4, _MOST_OF_SUBJECT + 2)):
        if words[place] in ACTIONS:
            break
    else:
        return None
    after = words[place + 1].strip(".,;:")
    if (
        after in _NO_OBJECT
        or after in ACTIONS
        or _GERUND.match(sentence)
        or words[0].lower() in _ORDERS
    ):
        return None
    subject = without_adverb(without_brackets(" ".join(words[:place])))
    core = without_article(subject)
    term = len(core.split()) >= 2 or core[1:] != core[1:].lower() or core.lower() in prose.marked
    if not is_noun_phrase(subject, _MOST_OF_SUBJECT) or is_plural(core) or _JUDGED.match(core):
        return None
    if not prose.about(core):
        return None
    if _NO_AGENT.search(subject) or re.search(r"\bthe same \w+", sentence):
        return None
    shown = lower_first(subject, prose)
    verb = words[place]
    sure = 0.66 if term and not subject.startswith("The ") else 0.6
    sure += 0.1 * (stems(core) in prose.named)
    sure -= 0.1 * (" " not in core and prose.usage.times(core) > _OFTEN)
    if verb in ("measures", "requires", "guarantees", "ensures"):
        return f"What does {shown} {base(verb)}?", sure, "action"
    return f"What does {shown} do?", sure, "action"


_LEANS_INSIDE = re.compile(
    r"\b(?:everything|anything|something|nowhere) else\b|\b(?:different|other|various) purposes\b|"
    r"\bthe (?:two|three|four|other|latter|former|above) \w+|"
    r"\b(?:these|those|such|said|this) (?!is|are|means|that|way|reason)\w+|\bdoes not do so\b|!|"
    r"\b(?:as well|too|either)\.$|\b(?:he|she|him|her)\b",
    re.I,
)
"""Signs that even a sentence with a subject of its own needs the one before it."""

RULES: tuple[Rule, ...] = (
    _attribute, _definition, _meaning, _parts, contrast, _occasion, cause, purpose, _action, effect,
    _named,
)  # fmt: skip


def draft(sentence: str, prose: Prose, *, opens: bool = False) -> Draft | None:
    """The question of the first rule that fits the sentence.

    A sentence that `opens` its paragraph tells what the paragraph is about.
    """
    for rule in RULES:
        made = rule(sentence, prose)
        if made:
            ask, sure, kind = made
            sure += 0.08 * (opens and kind in ("definition", "action"))
            return ask, sure - 0.2 * bool(_LEANS_INSIDE.search(sentence)), kind
    return None


def gap(sentence: str, prose: Prose) -> tuple[str, str] | None:
    """The sentence with one term that the author marked left out, and the term."""
    best = ""
    small = sentence.lower()
    words = dict.fromkeys(re.findall(r"\w+", small)) if prose.marked else ()
    for term in (t for word in words for t in prose.marked_from.get(word, ())):
        if len(term) > len(best) and term in small:
            found = re.findall(rf"(?<!\w){re.escape(term)}(?!\w)", sentence, re.I)
            if len(found) == 1 and not small.startswith(term):
                best = term
    if not best:
        return None
    match = re.search(rf"(?<!\w){re.escape(best)}(?!\w)", sentence, re.I)
    if not match:
        return None
    return sentence[: match.start()] + "_____" + sentence[match.end() :], match.group()
