"""Questions in rows: CSV, TSV, JSON and Anki notes, by the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.banks.clean import clean_answer, clean_ask, level_of
from corpus.banks.clozes import clozes
from corpus.banks.document import normalise
from corpus.banks.found import Found, Item
from corpus.banks.inline import plain
from corpus.banks.wording import likeness
from corpus.markup import looks_like_html, to_markdown

_ASK = """question front prompt q term ask problem query question_text questiontext question_title word
concept expression card title stem вопрос 问题 题目 问 题干 frage pregunta pergunta enunciado domanda soru
질문 問題 вопросы instruction text""".split()
_ANSWER = """answer back response definition a solution reply meaning correct_answer correctanswer
answer_text answers model_answer reference_answer output completion translation correct correct_option
correct_choice right_answer key ответ 答案 antwort respuesta risposta cevap 답 explanation description
extra lösung loesung solución respuesta_correcta resposta resposta_correta réponse reponse risposta_corretta
правильный_ответ 正确答案 参考答案 正解 解答 정답 doğru_cevap""".split()
_REASON = "explanation rationale reason feedback notes comment extra".split()
_TOPIC = (
    "topic category tags tag subject section deck chapter subcategory domain subdomain type".split()
)
_LEVEL = "level difficulty complexity hardness".split()
_OPTION = re.compile(r"^(?:(?:option|choice|opt|answer|ans|distractor)[ _-]?)?([a-h]|[1-8])$")
_OPTIONS = "options choices answers alternatives candidates".split()
_WRONG = ("incorrect_answers", "incorrectanswers", "wrong_answers", "distractors")

Record = Mapping[str, object]


def from_table(rows: Sequence[Sequence[str]]) -> list[Found]:
    """The questions in rows of cells, the first of which may name the columns."""
    filled = [(i, list(r)) for i, r in enumerate(rows) if any(c.strip() for c in r)]
    head, named = columns([r for _, r in filled])
    if named:
        keys = [_key(c) for c in head]
        found = [_row_record(keys, row) for _, row in filled[1:]]
        return from_records(found, [i + 1 for i, _ in filled[1:]])
    filled = filled[bool(head) :]
    if all(len(r) == 1 for _, r in filled):
        return []
    if not _plausible([r for _, r in filled]):
        return []
    return [f for i, row in filled for f in _bare_row(row, i + 1)]


def columns(rows: Sequence[Sequence[str]]) -> tuple[list[str], bool]:
    """The names of the columns in the first of `rows`, none if it names none; and whether one of
    them is known to hold questions."""
    if not rows:
        return [], False
    head = [c.strip().strip("\ufeff") for c in rows[0]]
    keys = [_key(c) for c in head]
    known = _first(keys, _ANSWER) or len(keys) == 1 or _first(keys, _OPTION_NAMES)
    if _first(keys, _ASK) and known:
        return head, True
    below = [likeness(r[0]) >= 0.9 for r in rows[1:] if r]
    asking = sum(below) >= max(_LEAST_ASKING, 0.8 * len(below))
    return (head if asking and likeness(head[0]) < 0.7 else []), False


def is_known(name: str) -> bool:
    """True for a name of a column that is read, or that holds no more than a number or an origin."""
    key = _key(name)
    lists = (_ASK, _ANSWER, _REASON, _TOPIC, _LEVEL, _OPTIONS, _WRONG, _RIGHT_PLACE, _ORIGIN)
    return any(key in names for names in lists) or bool(_OPTION.match(key))


_LEAST_ASKING = 3
_RIGHT_PLACE = ("answer_index", "correct_index", "answer_idx", "label")
_ORIGIN = "id guid uid uuid no nr number num index # s.no source deck notetype note_type".split()
_OPTION_NAMES = [
    "a",
    "b",
    "c",
    "d",
    "option_a",
    "option_1",
    "option1",
    "choice1",
    "choice_a",
    "optiona",
]


def _row_record(head: list[str], row: list[str]) -> Record:
    if len(row) > len(head):
        row = [*row[: len(head) - 1], ",".join(row[len(head) - 1 :])]
    return dict(zip(head, row, strict=False))


def _plausible(rows: list[list[str]]) -> bool:
    """True if columns without names may be fronts and backs, not a table of figures."""
    two = [r for r in rows if len(r) >= 2 and r[0].strip() and r[1].strip()]
    if len(two) < 0.5 * len(rows):
        return False
    figures = sum(bool(re.fullmatch(r"[\d.,:%$€+\-/ ]*", c.strip())) for r in two for c in r[:2])
    asking = sum(likeness(r[0]) >= 0.8 for r in two)
    different = len({r[0] for r in two}) >= 0.8 * len(two)
    return asking >= 0.5 * len(two) or (
        different and figures <= 0.5 * len(two) and len(rows[0]) <= 4
    )


def _bare_row(row: list[str], line: int) -> list[Found]:
    if len(row) < 2:
        return []
    tags = row[2] if len(row) >= 3 and len(row[2]) < 200 else ""
    return _made_of({"question": row[0], "answer": row[1], "tags": tags}, line)


def from_records(records: Sequence[Record], lines: Sequence[int] | None = None) -> list[Found]:
    """The questions among records with named fields; other records are passed over."""
    found: list[Found] = []
    for index, record in enumerate(records):
        found += _made_of(record, lines[index] if lines else index + 1)
    return found


def is_question(record: Record) -> bool:
    """True if a record of JSON has a field for the question and one for the answer or options."""
    keys = [_key(k) for k in record]
    ask, answer = _first(keys, _ASK), _first(keys, _ANSWER)
    if not ask or ask == answer:
        return False
    weak = ask in ("text", "title", "word") and answer in (
        "description",
        "output",
        "extra",
        "type",
    )
    rest = (
        answer
        or _first(keys, _OPTIONS)
        or (ask in ("question", "q", "question_text") and len(record) <= 12)
    )
    value = next((v for k, v in record.items() if _key(k) == ask), "")
    return bool(rest) and not weak and isinstance(value, (str, Mapping)) and bool(_text(value))


def _key(name: object) -> str:
    text = str(name).strip().strip("\ufeff\"'").replace(" ", "_").replace("-", "_")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text).lower().rstrip(":")


def _first(keys: Sequence[str], names: Sequence[str]) -> str:
    for name in names:
        if name in keys:
            return name
    return ""


def _text(value: object) -> str:
    if isinstance(value, str):
        return normalise(
            to_markdown(value, targets=False) if looks_like_html(value) else value
        ).strip()
    if isinstance(value, (list, tuple)):
        parts = [_text(v) for v in value]
        return "\n".join(f"- {p}" for p in parts if p) if len(parts) > 1 else "".join(parts)
    if isinstance(value, Mapping):
        return _text(
            value.get("text")
            or value.get("value")
            or value.get("answer")
            or value.get("content")
            or ""
        )
    return "" if value is None or isinstance(value, bool) else str(value)


def _made_of(record: Record, line: int) -> list[Found]:
    """The question of a record, or one for each of the gaps in it."""
    fields = {_key(k): v for k, v in record.items()}
    ask_key = _first([k for k in fields if _text(fields[k])], _ASK)
    raw = _text(fields.get(ask_key, ""))
    gaps = clozes(raw, line, line) if "{{c" in raw else []
    made = [_made(fields, ask_key, raw, line, gap) for gap in gaps or [None]] if raw else []
    return [one for one in made if one is not None]


def _made(fields: Record, ask_key: str, raw: str, line: int, gap: Item | None) -> Found | None:
    rest = {k: v for k, v in fields.items() if k != ask_key}
    told_keys = [k for k in rest if rest[k] not in (None, "") and (k != "a" or "b" not in rest)]
    answer_key = _first(told_keys, _ANSWER)
    options, correct = _options(rest, answer_key)
    if gap:
        raw, answer = gap.ask, gap.answer
    elif options:
        answer = "\n".join(f"{label}: {text}" for label, text in options if label in correct)
    else:
        answer = _text(rest.get(answer_key))
    reason_key = _first([k for k in rest if gap or k != answer_key], _REASON)
    reason = _text(rest.get(reason_key)) if reason_key and answer else ""
    if reason and plain(reason) not in plain(answer):
        answer = f"{answer}\n\n{reason}"
    ask, level = clean_ask(raw)
    if not any(c.isalnum() for c in ask):
        return None
    said = clean_answer(answer, labelled=not options) if answer else ""
    return Found(
        ask=ask,
        answer=said,
        line=line,
        level=level_of(_text(rest.get(_first(list(rest), _LEVEL)))) or level,
        topic=_topic(rest),
        options=tuple(f"{label}: {text}" for label, text in options),
        right=tuple(correct) if said else (),
        reading="row",
    )


def _topic(fields: Record) -> str:
    value = fields.get(_first([k for k in fields if fields[k]], _TOPIC))
    if isinstance(value, (list, tuple)):
        return " ".join(str(v) for v in value)[:120]
    return " ".join(_text(value).replace("::", " / ").split())[:120]


def _options(fields: Record, answer_key: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The options as (label, text) and the labels of the right ones."""
    values = _option_values(fields, answer_key)
    if len(values) < 2:
        return [], []
    options = [("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i % 26], text) for i, text in enumerate(values)]
    flagged = _flagged(fields, answer_key)
    if flagged:
        return options, [options[i][0] for i in flagged if i < len(options)]
    wrong_given = _first(list(fields), _WRONG)
    told = fields.get(answer_key)
    if told is None and not wrong_given:
        told = next(
            (fields[k] for k in _RIGHT_PLACE if k in fields),
            None,
        )
    return options, [] if told is None else _right(told, options)


def _flagged(fields: Record, answer_key: str) -> list[int]:
    """Places of the options that say of themselves that they are right."""
    for name in (*_OPTIONS, answer_key):
        value = fields.get(name)
        if isinstance(value, (list, tuple)):
            return [
                i
                for i, option in enumerate(value)
                if isinstance(option, Mapping)
                and any(_key(k) in _IS_RIGHT and v in (True, 1, "true") for k, v in option.items())
            ]
    return []


_IS_RIGHT = frozenset("is_correct correct iscorrect right is_right is_answer answer valid".split())


def _option_values(fields: Record, answer_key: str) -> list[str]:
    for name in _OPTIONS:
        value = fields.get(name)
        if isinstance(value, Mapping):
            return [_bare_option(_text(v)) for v in value.values()]
        listed = isinstance(value, (list, tuple))
        if listed and (name != answer_key or any(isinstance(v, Mapping) for v in value)):
            return [_bare_option(_text(v)) for v in value]
    wrong = fields.get(_first(list(fields), _WRONG))
    if isinstance(wrong, (list, tuple)):
        texts = [_text(v) for v in wrong]
        return sorted([*texts, _text(fields.get(answer_key))])
    named = [k for k in fields if _OPTION.match(k) and k != "q"]
    named = [k for k in named if _text(fields[k])]
    lettered = [k for k in named if k != answer_key or (k == "a" and "b" in named)]
    return [_text(fields[k]) for k in lettered] if len(lettered) >= 2 else []


def _bare_option(text: str) -> str:
    return re.sub(r"^\(?[A-Ha-h][).:]\s+", "", text)


def _right(told: object, options: list[tuple[str, str]]) -> list[str]:
    if isinstance(told, (list, tuple)):
        return [label for one in told for label in _right(one, options)]
    if isinstance(told, bool):
        return []
    if isinstance(told, int):
        return [options[told][0]] if 0 <= told < len(options) else []
    text = _text(told)
    same = [
        label
        for label, option in options
        if plain(option).casefold() == plain(_bare_option(text)).casefold()
    ]
    if same:
        return same[:1]
    match = re.fullmatch(
        r"\W*(?:option|choice|answer)?[ _-]?\(?([A-Ha-h])\)?(?:[).:].*)?\W*", text, re.I
    )
    if match:
        return [label for label, _ in options if label == match.group(1).upper()]
    letters = re.fullmatch(r"\W*[A-Ha-h](?:\s*[,;&/ ]\s*[A-Ha-h])+\W*", text)
    if letters:
        told_labels = re.findall(r"[A-H]", text.upper())
        return [label for label, _ in options if label in told_labels]
    number = re.fullmatch(r"(?:option)?[ _-]?(\d)", text, re.I)
    if number and 1 <= int(number.group(1)) <= len(options):
        return [options[int(number.group(1)) - 1][0]]
    return []
