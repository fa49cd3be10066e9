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
_OTHER_ASKS = (
    r"что|чем|как|какие|какой|какая|какое|каков[аы]?|почему|зачем|когда|где|кто|сколько|в ч[её]м|для чего|"
    r"назовите|расскажите|опишите|объясните|перечислите|приведите|сравните|дайте|"
    r"назови|расскажи|опиши|объясни|перечисли|приведи|що|чому|навіщо|"
    r"qué|cuál(?:es)?|cómo|por qué|cuándo|dónde|quién(?:es)?|cuántos?|para qué|"
    r"explique|explica|describa|describe|defina|define|nombre|enumere|mencione|compare|"
    r"o que|qual|quais|como|por que|quando|onde|quem|para que|descreva|cite|diferencie|"
    r"qu'est-ce|qu’est-ce|quelles?|quels?|pourquoi|comment|quand|où|combien|à quoi|"
    r"expliquez|décrivez|définissez|citez|donnez|nommez|comparez|"
    r"was|wie|warum|wieso|weshalb|wann|wo|wer|wem|wen|welche[rsnm]?|wozu|woran|worin|wodurch|"
    r"nennen sie|erklären sie|beschreiben sie|definieren sie|erläutern sie|nenne|erkläre|beschreibe|"
    r"cosa|che cos|perché|quali|quale|dove|chi|spiega|descrivi|elenca|definisci|"
    r"co to|czym|dlaczego|jak|jaki[ea]?|kiedy|gdzie|kto|wymień|opisz|wyjaśnij|"
    r"wat|waarom|hoe|welke?|wanneer|waar|leg uit|noem|beschrijf|"
    r"nedir|nasıl|neden|apa|mengapa|bagaimana|jelaskan|sebutkan"
)
_STARTS = re.compile(
    rf"^\W*(?:{_ASKS}|(?!(?:list|state|name|design|draw)\s+of\b)(?:{_TELLS})(?=\W+\w)|{_OTHER_ASKS})\b(?![-.(]\w)",
    re.I,
)
_CLAUSE = re.compile(
    r"^\W*(?:if|when|where|while|given|let|you|your|which|is|has|have)\b.{20,}[.;]\W*$", re.I
)
"""A sentence that begins like a question and ends like a statement."""
_EASTERN = re.compile(
    r"^\W*(?:什么|什麼|为什么|為什麼|为何|如何|怎么|怎样|怎麼|谁|哪|请|請|简述|简单|说说|说一|谈谈|谈一谈|解释|解釋|"
    r"列举|描述|介绍|分析|比较|对比|论述|实现|手写|下列|下面|以下|关于)|"
    r"(?:什么|什麼|多少|哪些|哪个|哪一|吗|呢|区别|區別|差异|异同|为什么|怎么办|是什么|的是|正确的|错误的)\W*$|"
    r"(?:か|でしょう|説明せよ|述べよ|ください|なさい|とは|何|違い)[。．\s]*$|"
    r"(?:까|나요|인가|는가|무엇|시오|세요|하라|차이)[.\s]*$"
)
_BLANK = re.compile(r"_{3,}|（\s*）|\(\s{1,6}\)\W*$")
_TELL = re.compile(
    r"^\W*(?:explain|describe|define|compare|contrast|discuss|differentiate|distinguish|elaborate)\b",
    re.I,
)
_COMPARES = re.compile(r"\b(?:vs\.?|versus|differences?|trade-?offs?)\b", re.I)
QUESTION_WORDS = (
    r"q|que|ques|qn|quest|question|questão|questao|pregunta|pergunta|frage|aufgabe|domanda|вопрос|питання|"
    r"задача|задание|vraag|pytanie|soru|soal|pertanyaan|câu hỏi|câu|otázka|fråga|spørgsmål|kysymys|"
    r"întrebare|kérdés|面试题|题目|題目|问题|問題|問|问|题|題|質問|设問|질문|문제|problem|exercise|ejercicio|exercice|"
    r"السؤال|سؤال|प्रश्न|सवाल"
)
"""What stands before a question's number or colon, in several languages."""
NUMBER = re.compile(
    rf"^\s*(?:(?:{QUESTION_WORDS})\s*(?:n[°ºo]\.?|№|no\.?|[.#])?\s*(?P<b>\d{{1,4}})(?:\s*\([^()\d]{{2,40}}\))?"
    r"(?:\s*[.:)\]：、．–—-]+(?!\d)|(?=\s|$))|"
    rf"(?:{QUESTION_WORDS})\s*(?:[:：]|[.)\]](?=\s)|-\s)+(?!\d)|"
    r"第\s*(?P<f>\d{1,4})\s*[题題問问]\s*[.:：、]*|"
    r"\(?(?P<c>\d{1,4})(?:\.\d{1,3})?\s*(?:[.):、．：]\)?(?!\d)|-\s)|"
    r"\[(?P<d>\d{1,4})\]|[A-Z](?P<e>\d{1,3})\s*[.):](?=\s))\s*",
    re.I,
)
"""A question's number and label, such as ``12.``, ``Q3:``, ``(4)`` or ``Question:``."""

LABEL = re.compile(rf"^\s*(?:{QUESTION_WORDS})\s*[#.:：)]*\s*(?:\d|\S)", re.I)
"""A label in words, such as ``Q.``; read it only where `NUMBER` matches too."""

_RIGHT_WORDS = (
    r"correct answers?|correct options?|correct choices?|right answers?|right option|the answer|"
    r"(?:the )?correct (?:answer|option|choice)s? (?:is|are)|answers? (?:is|are)|"
    r"respuestas? correctas?|opción correcta|respostas? corret[ao]s?|resposta certa|alternativa correta|"
    r"(?:bonnes? )?réponses?(?: correctes?)?|richtige antwort(?:en)?|richtig|"
    r"rispost[ae] (?:corrett[ae]|giust[ae])|"
    r"правильн(?:ый|ые) ответы?|верн(?:ый|ые) ответы?|правильна відповідь|prawidłowa odpowiedź|"
    r"poprawna odpowiedź|juiste antwoord|goede antwoord|rätt svar|doğru cevap|jawaban(?: yang)? benar|"
    r"đáp án(?: đúng)?|câu trả lời|(?:本题)?(?:参考|标准|正确|参考的)?答案(?:解析)?|正确选项|正解|答え|정답|"
    r"الإجابة الصحيحة|सही उत्तर"
)
ANSWER_WORDS = (
    rf"{_RIGHT_WORDS}|"
    r"answers?|ans|solution|response|reply|explanation|"
    r"sample answer|model answer|suggested answer|答|解析|解答|回答|ответы?|відповідь|antwort|lösung|"
    r"antwoord|réponse|respuesta|resposta|risposta|odpowiedź|odpověď|cevap|yanıt|jawaban|답|"
    r"svar|vastaus|răspuns|odgovor|الإجابة|คำตอบ|përgjigja|javob|uitleg|solución|solução|gabarito|उत्तर"
)
ANSWER = re.compile(
    rf"^\s*(?:[-*+>]\s+)?(?:#{{1,6}}\s+)?[*_`]*\s*(?:{ANSWER_WORDS}|a)\s*(?:\d{{1,4}}\s*)?"
    r"[*_`]*\s*(?:[:：]|[.)](?=\s)|[-–—](?=\s))\s*[*_]*\s*",
    re.I,
)
"""The label of an answer with its colon, such as ``**Answer:**`` or ``A:``."""

ANSWER_ALONE = re.compile(
    rf"^\W*(?:show |see |view |click for |reveal |the |查看|点击|显示)?(?:{ANSWER_WORDS}|hint|"
    r"details|show|click|expand|spoiler|reveal)(?![^\W\d_])[^?？]{0,60}$",
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
    if _STARTS.match(core) or (not core.isascii() and _EASTERN.search(core)):
        return 0.4 if _CLAUSE.match(core) and "?" not in bare else 0.9
    if _BLANK.search(core):
        return 0.75
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
