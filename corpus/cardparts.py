"""Cards from sentences that list: what a thing consists of, which kinds there are of it."""

from __future__ import annotations

import re

from corpus.cardrelations import Draft
from corpus.phrasing import ask_of, is_noun_phrase, lower_first, without_adverb
from corpus.prose import Prose
from corpus.words import is_plural

_CONSISTS = re.compile(
    r"^(.{3,60}?)\s+(consists? of|consisted of|comprises?|comprised|(?:is|are|was|were) composed of|"
    r"(?:is|are|was|were) made up of|(?:is|are|was|were|can be) (?:divided|classified|split|grouped|"
    r"organi[sz]ed|"
    r"subdivided|categori[sz]ed) into)\s+(.{12,})$"
)
_NUMBER = r"(?:two|three|four|five|six|seven|eight|several)"
_THERE_ARE = re.compile(
    rf"^There (are|were) ({_NUMBER} (?!other|more|further|additional|such)[\w' -]{{3,50}}?(?: (?:of|to|"
    rf"for|in|behind|"
    rf"that) [^:,.]{{3,60}})?)(?:, [^:]{{3,50}})?"
    r"\s*(?::| — | - |, namely |, (?=[^.:]+, [^.:]+ and ))\s*(.{12,})$"
)
_WHICH = re.compile(
    rf"^(.{{3,60}}?)\s+(is|are|was|were|can be)\s+((?:[\w-]+ ){{1,4}}?(?:into|on|of|in|by|from|"
    rf"as))\s+(?:the )?(?:following )?"
    rf"({_NUMBER} [\w' -]{{3,40}}?)\s*(?::| — |, namely)\s*(.{{8,}})$"
)
_HAS = re.compile(
    rf"^(.{{3,60}}?)\s+(has|have|had|defines?|offers?|provides?|distinguish(?:es)?|involves?)\s+(?:the )?"
    rf"({_NUMBER} [\w' -]{{3,40}}?)\s*(?::| — |, namely|,(?= (?:the|an?) [^,]+(?:,| and )))\s*(.{{8,}})$"
)
_LISTED = re.compile(
    r"^(The (?:[a-z]+ ){0,2}(?:types|kinds|stages|steps|phases|components|parts|forms|causes|functions|"
    r"effects|branches|"
    r"categories|classes|levels|layers|methods|goals|properties|elements|principles|factors)(?: (?:of|"
    r"in|for) "
    r"[\w' -]{3,50}?)?|(?:[A-Z]\w+ )?[Ee]xamples of [\w' -]{3,50}?)\s+(are|were|include|"
    r"included)(?: the following)?:?\s+"
    r"(?!\w+ed\b|sometimes|often|usually|known|called|not\b|also\b|very\b|as\b|so\b)"
    r"(?=.{3,}(?:,|;| and ).+$)(.{12,})$"
)


def _listed(sentence: str, prose: Prose) -> Draft | None:
    """A question for a sentence that says how many of something there are and lists them."""
    match = _THERE_ARE.match(sentence)
    if match:
        return f"What {match.group(1)} the {match.group(2)}?", 0.8, "enumeration"
    match = (
        _LISTED.match(sentence) if sentence.startswith("The ") or "xamples of" in sentence else None
    )
    if match:
        what = lower_first(match.group(1), prose)
        some = "some " if what.lower().startswith("examples") else ""
        verb = "were" if match.group(2) in ("were", "included") else "are"
        return f"What {verb} {some}{what}?", 0.78, "enumeration"
    match = _WHICH.match(sentence) if ":" in sentence or " — " in sentence else None
    if match and is_noun_phrase(without_adverb(match.group(1)), 7):
        subject = lower_first(match.group(1), prose)
        helper, _, more = match.group(2).partition(" ")
        rest = f"{more} {match.group(3)}".strip()
        return f"Which {match.group(4)} {helper} {subject} {rest}?", 0.78, "enumeration"
    match = (
        _HAS.match(sentence) if ":" in sentence or " — " in sentence or ", " in sentence else None
    )
    if match and is_noun_phrase(match.group(1), 6):
        subject = lower_first(match.group(1), prose)
        helper, verb = (
            ("did", "have") if match.group(2) == "had" else ask_of(subject, match.group(2))
        )
        verb = "have" if match.group(2) in ("has", "have") else verb
        return f"Which {match.group(3)} {helper} {subject} {verb}?", 0.78, "enumeration"
    return None


def parts(sentence: str, prose: Prose) -> Draft | None:
    listed = _listed(sentence, prose)
    if listed:
        return listed
    match = _CONSISTS.match(sentence)
    if not match or not is_noun_phrase(match.group(1)) or not prose.about(match.group(1)):
        return None
    subject, verb = lower_first(match.group(1), prose), match.group(2)
    does = "do" if is_plural(subject) else "does"
    if subject.lower().startswith("examples of "):
        return f"What are some {subject}?", 0.8, "enumeration"
    does = "did" if verb.startswith(("consisted", "comprised")) else does
    if verb.startswith("consist"):
        return f"What {does} {subject} consist of?", 0.8, "enumeration"
    if verb.startswith("compris"):
        return f"What {does} {subject} comprise?", 0.78, "enumeration"
    helper, _, rest = verb.partition(" ")
    return f"What {helper} {subject} {rest}?", 0.76, "enumeration"
