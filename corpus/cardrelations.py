"""Cards from sentences that relate one thing to another: contrast, cause, effect, purpose."""

from __future__ import annotations

import re

from corpus.phrasing import is_noun_phrase, lower_first, without_article
from corpus.prose import Prose
from corpus.words import is_plural

Draft = tuple[str, float, str]
"""Question, confidence 0..1, kind."""

ANY = re.compile(
    r"(?:values?|options?|types?|arguments?|fields?|settings?|flags?|keys?|parameters?|functions?|methods?|data|"
    r"names?|objects?|results?|elements?|entries|items?|lines?|files?|members?|macros?|calls?|errors?|code|"
    r"\w+s of the (?:returned|resulting|given) .*)",
    re.I,
)
"""What every text has some of: it is no term."""
_VERSUS = re.compile(
    r"^([A-Z][\w' -]{2,45}?) (?:vs\.?|versus) ([\w' -]{3,45}?)(?::| —| - )\s*(?=.{25,}$)"
)
_CAUSED = re.compile(
    r"^((?:An? |The )?[\w' -]{3,45}?) (?:is|are) (?:mainly |mostly |often |usually |typically )?"
    r"(?:caused by|the result of|brought about by)\s+(?=.{12,}$)"
)
_UNLIKE = re.compile(
    r"^(?:Unlike|In contrast to|Compared (?:to|with)|As opposed to)\s+(.{3,60}?),\s+(.{3,60}?)\s+"
    r"(?:is|are|does|do|has|have|can|cannot|must|may|will|uses?|needs?|allows?|requires?)\b.{10,}$"
)
_WHEREAS = re.compile(r"^(.{10,140}?)(?:,| —)\s*(?:whereas|while)\s+(.{15,160})$")
_SUBJECT = re.compile(
    r"^((?:The |A |An |the |a |an )?[\w' -]{2,45}?)\s+(?:is|are|has|have|can|does|do|uses?|[a-z]{3,}s)\b"
)
_BECAUSE = re.compile(r"^(.{20,130}?),?\s+(?:because|due to the fact that)\s+(.{15,})$")
_EFFECT = re.compile(
    r"^(.{8,70}?)\s+(leads? to|results? in|causes?|prevents?|reduces?|improves?|increases?|enables?|allows?|"
    r"ensures?|mitigates?|eliminates?|avoids?)\s+(.{12,})$"
)
_USED = re.compile(
    r"^(.{3,50}?)\s+(is|are)\s+(?:commonly |often |typically |mainly |primarily )?used\s+(to|for)\s+(.{12,})$"
)


def contrast(sentence: str, prose: Prose) -> Draft | None:
    """``How do X and Y differ?`` for a sentence that sets one beside the other."""
    match = _VERSUS.match(sentence)
    if match and is_noun_phrase(match.group(1), 5) and is_noun_phrase(match.group(2), 5):
        one, other = (lower_first(match.group(n), prose) for n in (1, 2))
        return f"How do {one} and {other} differ?", 0.84, "contrast"
    match = _UNLIKE.match(sentence)
    if match and is_noun_phrase(match.group(1), 7) and is_noun_phrase(match.group(2), 7):
        does = "do" if is_plural(match.group(2)) else "does"
        one, other = lower_first(match.group(2), prose), lower_first(match.group(1), prose)
        return f"How {does} {one} differ from {other}?", 0.84, "contrast"
    match = _WHEREAS.match(sentence)
    if not match or re.match(r"(?:while|if|when)\b", sentence, re.I):
        return None
    first, second = _SUBJECT.match(match.group(1)), _SUBJECT.match(match.group(2))
    if not first or not second:
        return None
    one, other = without_article(first.group(1)), without_article(second.group(1))
    if not is_noun_phrase(one, 5) or not is_noun_phrase(other, 5) or one.lower() == other.lower():
        return None
    sure = 0.76 if prose.about(one) and prose.about(other) else 0.55
    return (
        f"How do {lower_first(first.group(1), prose)} and {lower_first(second.group(1), prose)} differ?",
        sure,
        "contrast",
    )


def without_versus(sentence: str) -> str:
    """A sentence without ``X vs Y:`` at its head."""
    match = _VERSUS.match(sentence)
    if not match:
        return sentence
    rest = sentence[match.end() :]
    return rest[:1].upper() + rest[1:]


def cause(sentence: str, prose: Prose) -> Draft | None:
    """``What causes X?`` or ``Explain why ...`` for a fact and what brings it about."""
    match = _CAUSED.match(sentence)
    if match and is_noun_phrase(match.group(1), 5):
        subject = match.group(1)
        known = prose.about(subject) or len(without_article(subject).split()) > 1
        sure = 0.78 if known and not subject.startswith(("The ", "This ")) else 0.6
        return f"What causes {lower_first(subject, prose)}?", sure, "cause"
    match = _BECAUSE.match(sentence)
    if not match:
        return None
    fact = match.group(1).rstrip(",")
    if re.search(
        r"\b(?:such|this|these|that|it|they|them|also|even|again|not only|just|especially|simply|mainly|"
        r"partly|largely)\b",
        fact,
        re.I,
    ):
        return None
    if (
        re.match(r"(?:during|for|in|at|on|with|if|when|while|to)\b", fact, re.I)
        or len(fact.split()) < 4
    ):
        return None
    subject = _SUBJECT.match(fact)
    if not subject or not is_noun_phrase(subject.group(1)) or not prose.about(subject.group(1)):
        return None
    specific = re.match(r"The\b", fact) and not prose.about(without_article(subject.group(1)))
    broken = re.search(r"\b(?:and|or|but|which|of|to|the)$", fact)
    sure = 0.5 if broken else 0.6 if specific or fact.startswith("The ") else 0.78
    return f"Explain why {lower_first(fact, prose)}.", sure, "cause"


def effect(sentence: str, prose: Prose) -> Draft | None:
    """``What effect does X have?``"""
    match = _EFFECT.match(sentence)
    if not match or not is_noun_phrase(match.group(1), 5) or not prose.about(match.group(1)):
        return None
    if re.search(
        r"\b\w+ed$|\b(?:shows?|gives?|makes?|takes?|finds?|one|people|users?|students?)\b",
        match.group(1),
        re.I,
    ):
        return None
    subject = lower_first(match.group(1), prose)
    does = "do" if is_plural(subject) else "does"
    return f"What effect {does} {subject} have?", 0.64, "effect"


def purpose(sentence: str, prose: Prose) -> Draft | None:
    """``What is X used for?``"""
    match = _USED.match(sentence)
    if not match or not is_noun_phrase(match.group(1), 5) or not prose.about(match.group(1)):
        return None
    if ANY.fullmatch(without_article(match.group(1))):
        return None
    return f"What {match.group(2)} {lower_first(match.group(1), prose)} used for?", 0.74, "purpose"
