"""What makes a sentence fit for a card, and how a question is built from its parts."""

from __future__ import annotations

import re

from corpus.prose import Prose
from corpus.verbs import PAST, base

_LEANS = re.compile(
    r"^(?:e\.g|i\.e|this|these|those|that|it|its|they|their|he|she|such|here|however|thus|"
    r"therefore|hence|"
    r"there(?! (?:are|were) (?:two|three|four|five|six|seven|eight|several)\b)|moreover|furthermore|"
    r"in addition|also|but|and|or|so|then|instead|otherwise|similarly|likewise|"
    r"for (?:example|instance|this)|in (?:this|that|these|particular|other words|fact|contrast)|"
    r"as (?:a result|we|you|shown|discussed|mentioned|before|above|described|with)|note|notably|recall|we|"
    r"our|let|let's|now|finally|first|firstly|second|secondly|third|next|consequently|on the other hand|"
    r"after|both|each|one of|another|some|others?|more|most|many|given|see|please|to do so|to|indeed|"
    r"still|yet|while this|conversely|again|besides|nonetheless|nevertheless|meanwhile|i|you|your|if you|"
    r"what|why|how|who|when we|following|using|consider|because of this|by doing|all|none|maybe|perhaps|"
    r"the (?:former|latter|above|following|first|second|third|last|next|idea here|same|resulting|authors?|"
    r"paper|figure|table|code|example|results?|reader|previous|question|problem|goal here|key|rest|other|"
    r"two|three|four|only|main|remaining|new|old|current|entire|whole|user|company|team|project)|"
    r"suppose|imagine|assume|today|yesterday|recently|in \d{4}|at (?:this|that)|with (?:this|that)|"
    r"on the flip side|while (?:this|these|it|they)|unfortunately|fortunately|interestingly|"
    r"surprisingly|of course|clearly|obviously|"
    r"usually|often|sometimes|actually|basically|simply|rather|even|only|just|once|until|unless|whether)\b",
    re.I,
)
_POINTS_AWAY = re.compile(
    r"\b(?:(?:listing|example|step) \d|figure|fig\.|table|section|chapter|equation|eq\.|appendix|below|"
    r"above|previous(?:ly)?|earlier|later (?:in|on)|"
    r"following (?:code|example|figure|section)|"
    r"this (?:section|chapter|paper|book|guide|page|tutorial|article|post|document|course|lesson|lecture|"
    r"video|example|case)|"
    r"in our (?:experiments?|study|results?)|click|see also|contact|copyright|as follows|we (?:show|saw|will|"
    r"have seen|discussed)|mentioned|see the|here|(?:is|are) (?:discussed|described|covered|explained|"
    r"documented) "
    r"(?:in|more|further|under|elsewhere))\b",
    re.I,
)
_NOISE = re.compile(
    r"https?://|\$[^$]{25,}\$|\\[a-z]{3,}|[{}|\x00]|\.\.\.$|©|\bI\b|\b(?:my|me|our|us|we|you|your)\b"
)
_STARTS = re.compile(r"(?!\d+[.)] )[\"“(]?[A-Z0-9]")
_ENDS = re.compile(r"(?<!i\.e)(?<!e\.g)(?<!\betc)[.!][\"”)]*$")
_NO_SUBJECT = re.compile(
    r"^(?:this|that|these|those|it|there|which|what|who|they|we|you|he|she|here|one|each|both|all|most|many|"
    r"several|a few|few|various|numerous|certain|some|any|every|"
    r"no|nothing|everything|something|anyone|people|others?|its|their|our|my|your|his|her|"
    r"chief|among|another|such|more|less|much|given|in|on|for|at|by|as|to|if|when|while|after|before|"
    r"although|since|"
    r"because|with|without|under|from|unlike|like|the (?:first|second|third|last|next|other|"
    r"former|latter|same|"
    r"following|above|results?|reason|goal|idea|problem|question|answer|output|input|example|code|figure|"
    r"table|rest|difference|main|key|only|point|purpose|intuition|trick|upshot|bottom line|case|fact|choice|"
    r"most|best|worst|more|less|two|three|four|number|amount|way|thing|user|author|paper|model|process|"
    r"method|approach|system|algorithm|function|value|data|name|term|word|set|list|type|kind|size|order|"
    r"time|year|day|world|people|part|end|start|beginning|change|current|new|old|original|final|entire|"
    r"whole|general|resulting|remaining|previous))\b(?:\s|$)",
    re.I,
)
_ASIDE = re.compile(
    r",\s+(?:on the other hand|however|therefore|thus|hence|in turn|of course|for example|for instance|"
    r"by contrast|in contrast|in fact|then|too|in general|in practice|respectively|moreover),(?=\s)",
    re.I,
)
_QUOTED = re.compile(r"[\"“”]([^\"“”]{2,40}?)[\"“”]")
_NOT_LOWERED = re.compile(r"[A-Z]\w*[.]?(?:['’]s)?$")
_NO_NAME = frozenset(
    """a an the each every all both some most many any no one two three
    class function method module option command field flag""".split()
)
"""Words before a name that are no part of it: determiners, and what sort of thing it is."""
_ADVERB = re.compile(
    r"\s+(?:in turn|also|often|still|always|never|now|then|thus|therefore|hence|just|only|itself|themselves|"
    r"in general|in practice|in essence|at its core|here|"
    r"(?!(?:family|assembly|anomaly|reply|supply|monopoly|oligopoly)\b)\w{2,}ly),?$",
    re.I,
)
_COMMON = re.compile(
    r"(?:tions?|ments?|ings?|ness|ity|sis|ics|isms?|logy|ships?|ances?|ences?|ures?)$"
)
"""How words end that are no names."""
_NAME = re.compile(r"[Tt]he [A-Z][a-z]+ [A-Z]")
"""``The First Estate`` is a name, not one of those before."""
_NO_END = frozenset(
    """of for in to a an the with by on at from into different same other various certain general
    similar one ones
    own such corresponding""".split()
)
"""Words that no phrase to be asked about ends in."""
_LY = re.compile(r"\w+ly\b")
_LY_NOUN = re.compile(
    r"(?:supply|family|assembly|anomaly|reply|monopoly|oligopoly|italy|ally|fly|butterfly|polly|multiply)\b",
    re.I,
)
_DETERMINED = re.compile(r"(?:its|their|then|thus|so|not|only|also)\b", re.I)
_INNER_VERB = re.compile(
    r"[;:?!\"“”$=|,]|\b(?:and|or|but|that|which|who|whose|whom|whether|where|is|are|was|were|can|will|"
    r"has|have|do|does|not|if|when|as|"
    r"because|than|there|it|this|these|should|must|may|would|could|might)\b",
    re.I,
)


def stands_alone(sentence: str, least: int = 7, most: int = 42) -> bool:
    """True if the sentence says something without what stands around it."""
    words = sentence.split()
    if not least <= len(words) <= most:
        return False
    if not _STARTS.match(sentence) or not _ENDS.search(sentence):
        return False
    if _LEANS.match(sentence) and not _NAME.match(sentence):
        return False
    letters = sum(map(str.isalpha, sentence)) + sum(map(str.isspace, sentence))
    if letters < 0.85 * len(sentence) or sentence.count("$") > 2 or not is_whole(sentence):
        return False
    return not (_POINTS_AWAY.search(sentence) or _NOISE.search(sentence))


def is_whole(text: str) -> bool:
    """False if brackets or quotation marks are left open, as when a sentence was cut in two."""
    return (
        text.count("(") == text.count(")")
        and text.count('"') % 2 == 0
        and text.count("“") == text.count("”")
    )


def points_away(text: str) -> bool:
    """True if the text speaks of a figure, a section or what was said before."""
    return bool(_POINTS_AWAY.search(text))


def is_noun_phrase(text: str, most: int = 6) -> bool:
    """True for a short phrase that can be asked about."""
    text = text.strip()
    words = text.split()
    if not 1 <= len(words) <= most or _INNER_VERB.search(text):
        return False
    if _NO_SUBJECT.match(text) and not _NAME.match(text):
        return False
    if words[-1].lower() in _NO_END:
        return False
    adverb = _LY.match(text) and not _LY_NOUN.match(text)
    return bool(re.search(r"[A-Za-z]{2}", text)) and not adverb


def is_subject(text: str, most: int = 7) -> bool:
    """True for a noun phrase, or two joined by ``and``."""
    one, joined, other = text.partition(" and ")
    if not joined:
        return is_noun_phrase(text, most)
    return is_noun_phrase(one, 4) and is_noun_phrase(other, 4) and not _DETERMINED.match(other)


def without_article(text: str) -> str:
    """``the cache`` as ``cache``."""
    return re.sub(r"^(?:a|an|the)\s+", "", text.strip(), flags=re.I)


def mid_sentence(phrase: str, prose: Prose) -> str:
    """`phrase` as it is written inside a sentence: small, unless it is a name."""
    words = phrase.strip().split(" ")
    return " ".join(w if _keeps_case(w, prose) else w.lower() for w in words)


def lower_first(text: str, prose: Prose) -> str:
    """`text` with its first letter small, unless its first word is a name or begins one."""
    word, _, rest = text.partition(" ")
    one = word.endswith(("'s", "’s")) or (not rest and not _COMMON.search(word))
    if one and word[:-2].lower() not in prose.small and word.lower() not in prose.small:
        return text
    name = word.lower() not in _NO_NAME and _NOT_LOWERED.match(rest.partition(" ")[0])
    return text if name or _keeps_case(word, prose) else text[:1].lower() + text[1:]


def _keeps_case(word: str, prose: Prose) -> bool:
    bare = re.sub(r"['’]s$", "", word.strip("()\"'’:;,.?!"))
    odd = any(c.isupper() for c in bare[1:]) or any(c.isdigit() or c in "_./" for c in bare)
    return (
        odd
        or bare == "I"
        or (len(bare) == 1 and bare.isupper() and bare != "A")
        or bare.lower() in prose.names
    )


def without_adverb(phrase: str) -> str:
    """``the cache usually`` as ``the cache``."""
    return _ADVERB.sub("", phrase)


def without_asides(sentence: str) -> str:
    """``Deflation, however, is`` as ``Deflation is``."""
    return _ASIDE.sub("", sentence) if "," in sentence else sentence


def unquoted(sentence: str) -> str:
    """`sentence` with its short quotations as plain words."""
    return _QUOTED.sub(r"\1", sentence) if '"' in sentence or "“" in sentence else sentence


def ask_of(subject: str, verb: str) -> tuple[str, str]:
    """The helper and the base form to ask with: ``does``, ``depend`` for ``depends``."""
    if verb in PAST:
        return "did", PAST[verb]
    if verb.endswith("s") and not verb.endswith("ss"):
        return "does", base(verb)
    return "do", verb


def without_brackets(text: str) -> str:
    """`text` without what stands in round brackets."""
    return re.sub(r"\s*\([^()]*\)", "", text).strip()
