"""How much a text looks like a question, and the marks that stand before one."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.banks.inline import plain

_ASKS = (
    r"what|what's|what’s|whats|why|how|when|where|which|who|who's|whose|whom|is|are|was|were|do|does|"
    r"did|can|could|should|would|will|has|have|in what|in which|for what|at which|to what|under what|"
    r"on what|from which|by what|with what|what're|how's"
)
_TELLS = (
    r"explain|describe|define|compare|contrast|discuss|list|name|give|design|implement|write|create|"
    r"build|tell|show|prove|derive|state|outline|distinguish|differentiate|identify|summari[sz]e|talk|"
    r"walk|calculate|compute|find|draw|estimate|suppose|imagine|given|consider|briefly|reverse|"
    r"elaborate|illustrate|mention|demonstrate|evaluate|justify|sketch|convert|determine|assume|"
    r"analy[sz]e|predict|you|your|expand|let|if|pick|true or false|choose|select|complete|fill"
)
_STARTS = re.compile(rf"^\W*(?:{_ASKS}|{_TELLS})\b", re.I)
_TELL = re.compile(
    r"^\W*(?:explain|describe|define|compare|contrast|discuss|differentiate|distinguish|elaborate)\b",
    re.I,
)
_COMPARES = re.compile(r"\b(?:vs\.?|versus|differences?|trade-?offs?)\b", re.I)
NUMBER = re.compile(
    r"^\s*(?:(?:q(?:uestion)?)\s*[.#]?\s*(?P<b>\d{1,4})(?=\s|$)|(?:q(?:uestion)?|ques|问题?|вопрос|frage|pregunta|soru|질문|problem|exercise)\s*[#.]?\s*"
    r"(?P<a>\d{1,4}(?:\.\d{1,3})?)?\s*[.:)\]：、-]+(?!\d)|"
    r"\(?(?P<c>\d{1,4})(?:\.\d{1,3})?\s*[.):、．]\)?(?!\d)|\[(?P<d>\d{1,4})\]|[A-Z](?P<e>\d{1,3})\s*[.):](?=\s))\s*",
    re.I,
)
"""A question's number and label, such as ``12.``, ``Q3:``, ``(4)`` or ``Question:``."""

ANSWER_WORDS = (
    r"answers?|ans|solution|response|reply|correct answer|correct option|right answer|explanation|"
    r"sample answer|model answer|suggested answer|答案?|解答|回答|正解|ответ|відповідь|antwort|lösung|"
    r"antwoord|réponse|respuesta|resposta|risposta|odpowiedź|odpověď|cevap|yanıt|jawaban|đáp án|정답|답|"
    r"svar|vastaus|răspuns|odgovor|الإجابة|คำตอบ|përgjigja|javob|uitleg|solución|solução"
)
ANSWER = re.compile(
    rf"^\s*(?:[-*+>]\s+)?(?:#{{1,6}}\s+)?[*_]*\s*(?:{ANSWER_WORDS}|a)\s*(?:\d{{1,4}}\s*)?"
    r"[*_]*\s*(?:[:：]|[.)](?=\s)|-(?=\s))\s*[*_]*\s*",
    re.I,
)
"""The label of an answer with its colon, such as ``**Answer:**`` or ``A:``."""

ANSWER_ALONE = re.compile(
    rf"^\W*(?:show |see |view |click for |reveal |the )?(?:{ANSWER_WORDS}|hint|details|show|click|expand|"
    r"spoiler|reveal)\b[^?？]{0,60}$",
    re.I,
)
"""A whole line or summary that only says that the answer follows."""

_LONGEST = 700


@lru_cache(maxsize=20_000)
def likeness(text: str) -> float:
    """0..1: how much one line looks like a question or a task."""
    if not text or len(text) > 3 * _LONGEST:
        return 0.0
    bare = plain(text)
    core = without_number(bare)
    if not core or len(core) > _LONGEST:
        return 0.0
    if ends_asking(bare):
        return 1.0
    if _STARTS.match(core):
        return 0.9
    if "?" in bare or "？" in bare:
        return 0.8
    if _COMPARES.search(core) and len(core) < 150:
        return 0.7
    return 0.25


def asks(text: str) -> bool:
    """True for a text that ends with a question mark or tells to explain something."""
    bare = plain(text)
    return ends_asking(bare) or bool(_TELL.match(without_number(bare)))


def ends_asking(text: str) -> bool:
    """True for a text that ends with a question mark, closing marks and emoji aside."""
    for char in reversed(text):
        if char in "?？؟":
            return True
        if char.isalnum():
            return False
    return False


def without_number(text: str) -> str:
    """`text` without the number or label before it, unless nothing else would be left."""
    match = NUMBER.match(text)
    return text[match.end() :] if match and text[match.end() :].strip() else text


def number_of(text: str) -> int | None:
    """The number before a question."""
    match = NUMBER.match(text)
    found = next((g for g in match.groups() if g), None) if match else None
    return int(found.split(".")[0]) if found else None
