"""Choosing among equivalent phrases without repeating oneself in a session."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from corpus.words import sentences

_GAP = re.compile(r"\{\w+\}")


def fresh(options: Sequence[str], used: Iterable[str], turn: int) -> str:
    """An option that is in none of the texts in `used`, starting at `turn`; empty if all are worn.
    What may stand in a ``{gap}`` of an option does not count."""
    worn = [_key(text) for text in used]
    for offset in range(len(options)):
        option = options[(turn + offset) % len(options)]
        if not any(map(_matcher(option), worn)):
            return option
    return ""


def _matcher(option: str) -> Callable[[str], re.Match[str] | None]:
    """What finds `option`, its gaps filled, in a text."""
    parts = [re.escape(_key(part)) for part in _GAP.split(option)]
    if len(parts) == 1:
        return re.compile(parts[0]).search
    # A gap holds a few words; what stands around it makes the frame.
    return re.compile(r"(?:^|\b)" + r"\W*(?:\w+\W+){1,14}?".join(parts)).search


def unsaid(text: str, used: Iterable[str]) -> str:
    """The sentences of `text` that were not said before; a word or two is never taken as said."""
    # A sentence may have stood behind an opening such as "So:", or before a full stop was added.
    joined = " | ".join(_key(other) for other in used)
    return " ".join(s for s in sentences(text) if len(s.split()) < 4 or _key(s) not in joined)


def quoted(text: str, limit: int = 14) -> str:
    """The learner's words in quotation marks, cut to `limit` words, without question marks."""
    words = text.replace("?", "").replace("“", "").replace("”", "").split()
    if not words:
        return ""
    cut = " ".join(words[:limit]).strip(" .,;:!")
    return f"“{cut} …”" if len(words) > limit else f"“{cut}”"


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def without_heading(text: str) -> str:
    """A passage without the line of headings above it."""
    first, blank, rest = text.partition("\n\n")
    heading = "\n" not in first and first.strip()[-1:] not in (".", "!", "?", ":", ";", "”")
    return rest if blank and heading and rest.strip() else text


def cut_words(text: str, limit: int) -> str:
    """`text` to at most `limit` words, ending at a sentence where one ends in time."""
    words = text.split()
    if len(words) <= limit:
        return text.strip()
    kept: list[str] = []
    for sentence in sentences(text):
        if len(" ".join([*kept, sentence]).split()) > limit:
            break
        kept.append(sentence)
    return " ".join(kept) if kept else " ".join(words[:limit]) + " …"


def sentence(text: str) -> str:
    """`text` with a full stop where it has no end of its own."""
    text = text.strip()
    return text if not text or text[-1] in ".!?:”…" else f"{text}."


def lower_first(text: str) -> str:
    """`text` to go on after a comma, if its first word is an ordinary one that asks."""
    return text[:1].lower() + text[1:] if _ASKING.match(text) else ""


_ASKING = re.compile(
    r"(?:what|which|why|how|where|when|who|whose|does|do|is|are|can|could|would|will|should|has|have|"
    r"to what|in what|in which|at what|at which|by what|from what|under what|under which|with what|"
    r"for what|on what|between which|between what|after what|before what)\b",
    re.IGNORECASE,
)
