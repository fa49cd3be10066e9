"""Cards from sentences that say what a thing is, or what something is called."""

from __future__ import annotations

import re

from corpus.cardrelations import ANY, Draft
from corpus.phrasing import (
    is_noun_phrase,
    lower_first,
    without_adverb,
    without_article,
    without_brackets,
)
from corpus.prose import Prose
from corpus.words import content, is_plural

_IS = re.compile(
    r"^((?:A|An|The)?\s*[A-Za-z][\w'’()/+ .@^-]{1,60}?)\s+(is|are|was|were)\s+"
    r"((?:an?|the|one (?:of|that|which|who|in which|where)|any|some|called|known as|defined as|"
    r"a type of|a kind of|a form of)\s+.{12,})$"
)
_ARE_KINDS = re.compile(
    r"^([A-Z][\w'’()/+ -]{2,50}?) are ((?:[\w-]+,? ){0,4}?[a-z]+(?:s|a|ae|i|ren|eople) "
    r"(?:that|which|who|whose|where|in which|of|used (?:to|for|in)|designed|made|composed|consisting|capable|"
    r"with|between|containing|found in|for) .{6,})$"
)
"""Several things of a kind: ``Mitochondria are organelles that ...``."""
_NO_KIND = re.compile(
    r"(?:\w+(?:ed|ful|able|ible|ant|ent)|given|taken|written|chosen|driven|broken|known|shown|drawn|made|"
    r"built|kept|held|left|sent|set|put)\b"
)
_PERSON = re.compile(
    r"an? (?:[\w-]+,? ){0,4}?(?:person|\w{3,}(?:ists?|ians?)|king|queen|emperor|leader|poet|author|painter|"
    r"composer|philosopher|politician|engineer|explorer|inventor|writer|pioneer|professor)"
    r"(?:[,.;]| (?:who|whose|and|of|in|from|at|known|by)\b)"
)
EMPTY = re.compile(
    r"(?:(?:an?|the|one of(?: the)?|any|some)\s+)?(?:(?!(?:that|which|of|to|in|for)\b)[\w-]+\s+){0,2}?"
    r"(?:choices?|topics?|concepts?|aspects?|advances?|milestones?|assumptions?|areas?|"
    r"examples?|conversations?|ways?|matters?|results?|steps?|parts?|ideas?|basis|cases?|subject|questions?|"
    r"reasons?|points?|things?|challenges?|problems?|issues?|goals?|place|lot|number|success|winner|"
    r"fact|need|"
    r"options?|candidates?|must|necessity|trade-?offs?|mistakes?|bit|time|key|start|same|"
    r"way|case|best|worst|only|main|first|last|next|most (?:common|popular|important|used)|opposite|default|"
    r"exception|task|detail|compromise|invaluable|(?:good|great|nice|vast|huge|major) \w+|foundation|heart|"
    r"cornerstone|backbone|work in progress|"
    r"standard|recommended|preferred|bread-and-butter)\b",
    re.I,
)
"""Predicates that say nothing of what a thing is."""
_GENUS = re.compile(
    r"(?:is|are|was|were) (?:an?|the) (?:[\w-]+ ){0,3}?(?:state|study|system|body|movement|period|unit|"
    r"region|"
    r"quantity|branch|field|theory|idea|belief|doctrine|point|path|line|area|part|place|distance|angle|law|"
    r"change|movement|transfer|exchange|process|mechanism|practice|probability|number|"
    r"difference|ratio|fraction|set|ability|act|time|amount|measure|degree|average|technique|method|"
    r"property|rate|sum|quantity|"
    r"product|sequence|collection|structure|tree|kind|form|type|point|smallest|largest|rule|"
    r"algorithm|protocol|language) (?:of|that|along which|where|in which|that|by which|at which|between|"
    r"to|for|whose|where|with)\b"
)
JUDGED = re.compile(
    r"(?:nice|neat|central|key|critical|important|essential|crucial|common|typical|strong|weak|good|"
    r"better|best|bad|"
    r"simple|simpler|large|larger|small|smaller|big|cheap|cheaper|expensive|new|naive|modern|single|real|"
    r"special|general|primary|useful|popular|natural|obvious|related|similar|different|possible|certain|"
    r"average|clever|final)\b",
    re.I,
)
"""Adjectives that tell a thing from others of the text, not of the subject."""
GERUND = re.compile(r"\w+ing (?:an?|the|off|up|out|all|several|both|[A-Z]\w+|\w+s)\b")
_KIND = re.compile(
    r" (?:is|are|was|were) an? (?:[\w-]+ ){1,5}?(?:that|which|who|whose|where|(?:in|by|from|with|"
    r"through|to) which|"
    r"used (?:to|for|in)|for \w+ing|made of|consisting of)\b"
)
"""A genus with what sets the thing apart in it."""
_PAPER = re.compile(
    r"\b(?:page|manual|policy|document|documentation|file|guide|article|table|list|standard|reference|text|"
    r"rfc(?: \d+)?)$",
    re.I,
)
"""What describes something without being it."""
_MEANS = re.compile(
    r"^(.{2,60}?)\s+(?:simply |just )?(refers? to|denotes?|means?|is defined as|are defined as|describes)\s+"
    r"((?!(?:is|are|was|has|can|of|exists?)\b|to an? end|something (?:else|different|quite)|"
    r"different things|more than|nothing).{15,})$"
)
_CALLED = re.compile(
    r"\b(?:is|are|was|were|also|an? (?:\w+ )?(?:process|phenomenon|technique|method|procedure|operation|"
    r"property|"
    r"effect|system|structure|set|sequence|state|practice|mechanism|concept|theory)(?: that)?)\s+(?:is |"
    r"are |became |came to be |often |usually |also |commonly |"
    r"sometimes |collectively |then )?(?:called|known as|referred to as|termed|named)\s+(the |an? )?[\"“'‘]?"
    r"([^\W\d_][\w -]{2,40}?)[\"”'’]?(?=[,.;:(]|\s+(?:and|because|since|which|in|by|for|with|that|of)\b)"
)
_DEFINED_LAST = re.compile(
    r"^((?:The|A|An) [\w-]+ .{12,100}?) (is|are) defined as (the [\w -]{4,30})\.$"
)
_COLON = re.compile(r"^([A-Z][\w'’ -]{2,40}): ((?:an?|the|one who|any) .{20,})$")
_REVERSED = re.compile(
    r"^((?:The|A|An) [\w-]+(?: [\w-]+)? (?:where|at which|in which|between|that|which|of|by which|"
    r"over which|from) .{12,90}?) "
    r"(is|are) (the [\w -]{4,30})\.$"
)
_WHICH_IS = re.compile(
    r"\b(the |an? )([\w-]+(?: [\w-]+){0,3}?)(?: \([\w -]{2,12}\))?, which (?:is|are|means|refers to|"
    r"measures|describes) "
    r"(?:an? |the )?[\w-]+ .{12,}$"
)


def definition(sentence: str, prose: Prose) -> Draft | None:
    match = _IS.match(sentence)
    if not match:
        return _kinds(sentence, prose) or _after_colon(sentence, prose)
    if EMPTY.match(match.group(3)) or re.match(
        r"the (?:most|least) \w+ (?!\w+ (?:of|in))", match.group(3)
    ):
        return None
    past = match.group(2) in ("was", "were")
    if match.group(3).startswith(("called", "known as")) or GERUND.match(match.group(1)):
        return None
    if re.search(r"\bif\b", match.group(3)[:60]):
        return None
    subject = without_adverb(without_brackets(match.group(1)))
    core = without_article(subject)
    if not is_noun_phrase(subject) or not is_noun_phrase(core):
        return None
    if JUDGED.match(core) or ANY.fullmatch(core):
        return None
    article = subject.lower().startswith(("a ", "an "))
    shown = (
        lower_first(subject, prose)
        if subject[:1].isupper() and subject != core
        else lower_first(core, prose)
    )
    telling = len(core.split()) >= 2 or core.isupper() or core.lower() in prose.marked
    about = prose.about(core)
    bare = not subject.lower().startswith("the ")
    sure = 0.62 + 0.16 * about + 0.08 * telling + 0.04 * article
    sure += 0.06 * (bare and not about and len(match.group(3).split()) > 5)
    sure -= past * (0.1 if core[:1].isupper() else 0.2)
    sure -= 0.3 * (content(core) <= content(match.group(3)))
    predicate = sentence[match.end(1) :][:90]
    genus = bool(_GENUS.search(predicate))
    sure += 0.16 * genus or 0.1 * bool(_KIND.match(predicate))
    if match.group(3).startswith("one of"):
        sure -= 0.2 if match.group(3).startswith("one of the most") else 0.1
    if subject.lower().startswith("the "):
        sure -= 0.06 if genus else 0.14
    if re.match(r"(?:\w+ed|resulting|given|same|current|default)\b", core, re.I) and not article:
        sure -= 0.2
    if re.match(
        r" (?:is|are) an? (?:new|special|alternative|similar|simplified|one-way|nice|major|minor|further|"
        r"good|great|useful|excellent|important|powerful|popular|expensive|very|critical|essential|"
        r"fundamental|basic|"
        r"valuable|better)\b",
        predicate,
    ):
        sure -= 0.2
    if re.match(r"\w+ing\s+(?:a|an|the|to)\b", core):
        sure -= 0.2
    asks = (
        "Who"
        if core[:1].isupper() and core[-1:].islower() and _PERSON.match(match.group(3))
        else "What"
    )
    return f"{asks} {match.group(2)} {shown}?", sure, "definition"


def _kinds(sentence: str, prose: Prose) -> Draft | None:
    match = _ARE_KINDS.match(sentence)
    if not match or EMPTY.match(match.group(2)):
        return None
    subject = without_adverb(without_brackets(match.group(1)))
    if subject.startswith("The ") or not is_noun_phrase(subject, 5) or JUDGED.match(subject):
        return None
    if ANY.fullmatch(subject) or _NO_KIND.match(match.group(2)):
        return None
    sure = 0.68 + 0.1 * prose.about(subject) + 0.04 * (len(subject.split()) > 1)
    return f"What are {lower_first(subject, prose)}?", sure, "definition"


def _after_colon(sentence: str, prose: Prose) -> Draft | None:
    """``Socialism: a system in which ...``."""
    match = _COLON.match(sentence) if ": " in sentence else None
    if not match or not is_noun_phrase(match.group(1), 4) or EMPTY.match(match.group(2)):
        return None
    if without_article(match.group(1)) != match.group(1):
        return None
    term = match.group(1).lower() if match.group(1).isupper() else match.group(1)
    if JUDGED.match(term) or ANY.fullmatch(term):
        return None
    return f"What is meant by {lower_first(term, prose)}?", 0.74, "term"


def meaning(sentence: str, prose: Prose) -> Draft | None:
    match = _MEANS.match(sentence)
    if not match or not is_noun_phrase(without_brackets(match.group(1))):
        return None
    subject = without_adverb(without_brackets(match.group(1)))
    if match.group(2) == "describes" and _PAPER.search(subject):
        return None
    shown, plural = lower_first(subject, prose), is_plural(without_article(subject))
    plural = plural and not GERUND.match(subject)
    if ANY.fullmatch(without_article(subject)):
        return None
    sure = 0.84 if prose.about(subject) else 0.68
    if (
        match.group(2).startswith("mean")
        and match.group(3).startswith("that ")
        and subject.startswith("The ")
    ):
        return f"What follows from {shown}?", sure - 0.08, "effect"
    if match.group(2).startswith("mean"):
        return f"What {'do' if plural else 'does'} {shown} mean?", sure, "definition"
    return f"What {'are' if plural else 'is'} {shown}?", sure, "definition"


def named_last(sentence: str, prose: Prose) -> Draft | None:
    """``What is the equilibrium point?`` of a sentence that says the name last."""
    match = _DEFINED_LAST.match(sentence) or _REVERSED.match(sentence)
    if match and not ANY.fullmatch(match.group(3)[4:]):
        if re.search(r"\b(?:is|are|this|these|same|most)\b", match.group(1)):
            return None
        if is_noun_phrase(match.group(3)) and not JUDGED.match(match.group(3)[4:]):
            return f"What {match.group(2)} {match.group(3)}?", 0.74, "name"
    match = _WHICH_IS.search(sentence) if ", which " in sentence else None
    if (
        match
        and is_noun_phrase(match.group(2), 4)
        and not re.search(r"\b(?:of|for|in)\b", match.group(2))
    ):
        name = match.group(2)
        if (
            not JUDGED.match(name)
            and not ANY.fullmatch(name)
            and (prose.about(name) or name.istitle())
        ):
            sure = 0.72 if name.lower() in prose.marked or name.istitle() else 0.64
            return f"What is {match.group(1)}{lower_first(name, prose)}?", sure, "name"
    return None


def named(sentence: str, prose: Prose) -> Draft | None:
    match = _CALLED.search(sentence)
    if not match or match.start() < 25 or not is_noun_phrase(match.group(2), 4):
        return None
    name, said = match.group(2).strip(), match.group()
    before = sentence[: match.start()]
    if before.count("(") > before.count(")") or re.match(
        r"(?:while|although|if|when)\b", before, re.I
    ):
        return None
    judged = (match.group(1) or "").startswith("a") and "known as" in said
    if judged or JUDGED.match(name) or ANY.fullmatch(name):
        return None
    verb = "are" if is_plural(name) else "is"
    told = said.startswith("a") and not said.startswith(("are", "also"))
    sure = 0.76 if prose.about(name) else 0.72 if told or len(before.split()) > 4 else 0.64
    sure -= 0.12 * bool(
        re.match(r"The \w+(?: \w+)? (?!of|in|that|between|at|on|for|by)\w+s? ", before)
    )
    return f"What {verb} {match.group(1) or ''}{lower_first(name, prose)}?", sure, "name"
