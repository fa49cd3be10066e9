"""Multiple choice: the options below a question, and which of them is right."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.banks.found import Item
from corpus.banks.inline import plain, visible
from corpus.banks.wording import ANSWER_ALONE, ANSWER_WORDS

_FENCE = re.compile(r"^\s*(?:>\s*)?(?:`{3,}|~{3,})")
_OPTION = re.compile(
    r"^\s*(?:[-*+]\s+)?(?:\[(?P<box>[ xX✓✔])\]\s*)?(?P<bold>\*\*|__)?(?P<mark>[*✓✔✅→>]\s*)?"
    r"(?:\((?P<a>[A-Ha-h])\)|(?P<b>[A-Ha-h])\s*[).:、．]|(?P<c>[A-H])\s+[-–]|(?P<d>[A-H])\s*[-–])"
    r"(?P<close>\*\*|__)?\s*(?P<text>\S.*)$"
)
_BOX = re.compile(r"^\s*[-*+]\s+\[(?P<box>[ xX✓✔])\]\s*(?P<text>\S.*)$")
_EMPTY = re.compile(r"^\s*(?:[-*+]\s+)?(?:\[([ xX✓✔])\]|\(?([A-H])[.):]\)?)\s*$")
_SAME_LINE = re.compile(r"(?:^|\s)\(?([A-Ha-h])[).]\s*(.*?)(?=\s+\(?[A-Ha-h][).]\s*\S|$)")
_DIGIT = re.compile(r"^\s*(?:[-*+]\s+)?\(?(?P<n>[1-8])[:.)]\s*(?P<text>\S.*)$")
_NAMES = re.compile(r"(?<![^\W_])[A-Ha-h](?![^\W_])")
_LETTER_RUN = (
    r"(?P<l>(?-i:[A-H](?:\s*(?:,|;|&|/|\+|and|or|und|et|y|e|и|、|，|和)?\s*\(?[A-H]\)?(?![^\W_])){0,7}"
    r"|[A-H]{2,6})(?![^\W_]|['’])|[a-h](?:\s*(?:,|;|&|/|and)\s*[a-h](?![^\W_])){0,7}"
    r"(?=\s*(?:[).:,;*_`\]]|$)))"
)
_TOLD = re.compile(
    rf"(?<![^\W\d_])(?:{ANSWER_WORDS}|correct|right|key)(?![^\W\d_]{{2}})\s*[*_`]*\s*"
    r"(?:is|are|ist|sind|es|son|est|sont|é|è|—это|是|为|為|[:：=.)\]\-–—])*\s*[*_`(\[「【]*\s*"
    rf"(?:(?:option|choice|letter|opción|alternativa|вариант|选项)\s*)?\(?{_LETTER_RUN}",
    re.I,
)
_LABELLED = re.compile(rf"^\W*[^\W\d_]+(?:\s[^\W\d_]+){{0,2}}\s*[:：]\s*\W*{_LETTER_RUN}\W*$", re.I)
_LEADING = re.compile(
    r"^\W*\(?(?P<l>[A-H])[).:、](?:\W|$)|^\W*(?P<m>[A-Ha-h](?:\s*[,&]\s*[A-Ha-h])*)\W*$"
)
_DIGIT_TOLD = re.compile(
    rf"^\W*(?:#+\s*)?(?:{ANSWER_WORDS})(?![^\W\d_])[^\w\n]*(\d)\b", re.I | re.M
)
_MARKED = re.compile(
    r"\s*(?:✓|✔|✅|☑|\((?:correct|right|answer|true)\)|<-+|←|\[x\]|\*)\s*(?:correct|right)?\s*$",
    re.I,
)


@dataclass(slots=True)
class Choice:
    """A question with options. `right` are labels such as ``B``; `answer` is what to learn."""

    ask: str
    options: tuple[str, ...]
    right: tuple[str, ...]
    answer: str
    led: bool = False
    """True if prose stands between the question and its options, as before a list in an answer."""


@dataclass(slots=True)
class _Option:
    row: int
    label: str
    text: str
    right: bool
    lines: int = 1
    own: bool = True
    """False for an option whose text stands below it."""


def choice(item: Item, told: str = "") -> Choice | None:
    """The item as a multiple-choice question, None if it has no options.

    `told` is what a key at the end of the text says of it: only then, or if the item's own text
    names one of them as the answer, are numbered lines options.
    If no right option can be told, `right` and `answer` are empty: nothing is guessed.
    """
    if len(_MAYBE.findall(item.ask)) + len(_MAYBE.findall(item.answer)) < 2 and not _has_a_and_b(
        f"{item.ask[:2000]}\n{item.answer[:2000]}"
    ):
        return None
    head, _, rest = item.ask.partition("\n")
    asked = rest.split("\n") if rest else []
    lines = [x for line in (*asked, *item.answer.split("\n")) for x in _apart(_latin(line))]
    options = _options(lines) or _digits(lines, told)
    if not options and not rest:
        head, inline = _on_one_line(head)
        options = inline
    if not options:
        return None
    first, last = options[0].row, options[-1].row + options[-1].lines - 1
    before = "\n".join(lines[:first]) if first >= 0 else ""
    after = "\n".join(lines[last + 1 :]) if last >= 0 else "\n".join(lines)
    if not options[0].label:
        for place, option in enumerate(options):
            option.label = "ABCDEFGHIJKLMNOP"[place % 16]
    right = [o for o in options if o.right]
    if not right or len(right) == len(options):
        labels = _told(after, options)
        right = [o for o in options if o.label in labels]
    ask = head + ("\n" + before.strip("\n") if before.strip() else "")
    shown = tuple(f"{o.label}: {o.text}" for o in options)
    if not right:
        return Choice(ask, shown, (), "", _prose("\n".join(lines[len(asked) : max(first, 0)])))
    answer = "\n".join(f"{o.label}: {o.text}" for o in right)
    reason = _reason(after)
    if reason:
        answer += "\n\n" + reason
    return Choice(ask, shown, tuple(o.label for o in right), answer)


def settled(found: list[Choice | None], *, keyed: bool = False) -> list[Choice | None]:
    """The choices of one document that are choices: a lettered list may also be an answer.

    A list without a right option counts if others have one, if the text ends with a key (`keyed`),
    or if it is a sheet of options alone.
    """
    listed = [c for c in found if c]
    told = sum(bool(c.right) for c in listed)
    sheet = len(listed) >= max(3, 0.6 * len(found)) and sum(
        len(c.options) >= 3 for c in listed
    ) >= 0.8 * len(listed)
    trusted = keyed or told >= max(1, 0.3 * len(listed)) or sheet
    return [c if c and (c.right or (trusted and not c.led)) else None for c in found]


def _prose(text: str) -> bool:
    fenced = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        elif (
            not fenced and len(line.split()) >= 3 and not line.lstrip().startswith(("<", "!", "|"))
        ):
            return True
    return False


def option_runs(lines: list[str]) -> list[tuple[int, int]]:
    """Where runs of options stand in a whole text: first line, and the line after the last."""
    made: list[tuple[int, int]] = []
    lines = [_latin(x) for x in lines]
    starts = [i for i, x in enumerate(lines) if _starts_run(x)]
    for start in starts:
        if made and start < made[-1][1]:
            continue
        if _on_one_line(lines[start])[1]:
            made.append((start, start + 1))
            continue
        found = _options(lines[start : start + _LONGEST_RUN], at_once=True)
        if found:
            made.append((start, start + found[-1].row + found[-1].lines))
    return made


def _starts_run(line: str) -> bool:
    if len(line) > 2000 or not (_MAYBE.match(line) or _has_a_and_b(line)):
        return False
    option = _option(line, 0)
    return bool(option and option.label in ("", "A")) or bool(_on_one_line(line)[1])


_LONGEST_RUN = 80


def _options(lines: list[str], *, at_once: bool = False) -> list[_Option]:
    """The first run of options A, B, ... or of check boxes; if `at_once`, one that begins there."""
    found: list[_Option] = []
    fenced = False
    for row, line in enumerate(lines):
        fence = bool(_FENCE.match(line))
        was_fenced, fenced = fenced, fenced != fence
        if found and (fence or fenced or not line.strip()):
            _take_code(found[-1], row, "" if fence or not was_fenced else line)
            continue
        if fence or fenced or not line.strip():
            continue
        option = _option(line, row)
        if option and _follows(found, option):
            found.append(option)
        elif option and option.label == "A" and len(found) < 2:
            found = [option]
        elif found and not _carries_on(found, line, row):
            if len(found) >= 2:
                break
            found = []
        if at_once and (not found or found[0].row):
            return []
    labels = [o.label for o in found]
    lettered = len(found) >= 2 and labels[:2] == ["A", "B"]
    boxed = len(found) >= 2 and not any(labels)
    return found if lettered or boxed else []


def _take_code(option: _Option, row: int, line: str) -> None:
    """Code right below an option that has no text of its own is the option."""
    if not option.own and row == option.row + option.lines:
        option.lines += 1
        option.text = f"{option.text}\n{line.rstrip()}".strip("\n")


def _option(line: str, row: int) -> _Option | None:
    text = visible(line)
    if not _MAYBE.match(text.lstrip()):
        return None
    match = _OPTION.match(text)
    if match:
        label = next(g for g in match.group("a", "b", "c", "d") if g).upper()
        body = match.group("text")
        ticked = bool(match.group("mark")) or (match.group("box") or " ") in "xX✓✔"
        opened = match.group("bold") or body.startswith(("**", "__"))
        whole_bold = (
            bool(opened) and body.rstrip().endswith(("**", "__")) and not match.group("close")
        )
        tail = _MARKED.search(body)
        return _Option(row, label, plain(_MARKED.sub("", body)), ticked or whole_bold or bool(tail))
    match = _BOX.match(text)
    if match:
        return _Option(row, "", plain(match.group("text")), match.group("box") in "xX✓✔")
    empty = _EMPTY.match(text)
    if empty:
        return _Option(row, empty.group(2) or "", "", (empty.group(1) or " ") in "xX✓✔", own=False)
    return None


_MAYBE = re.compile(
    r"^\s{0,12}(?:<[^<>\n]{1,80}>\s*){0,3}\W{0,12}(?:[A-Ha-hА-Еа-е1-8][^\w\n]|\[[ xX✓✔]?\]|[A-H] ?[-–])",
    re.M,
)
"""A line that may be an option: what holds fewer than two of them holds no choice."""
_CYRILLIC_LETTER = re.compile("[абвгде]", re.I)
_CYRILLIC = re.compile(
    rf"^(\s*(?:[-*+]\s+)?\W{{0,3}}|.*(?:{ANSWER_WORDS})\W{{1,4}})([абвгде])(?=[).:,;]|\W*$)", re.I
)


def _latin(line: str) -> str:
    """`line` with the label of a Russian option, or the one that is named as right, as A to F."""
    if line.isascii() or not _CYRILLIC_LETTER.search(line):
        return line
    match = _CYRILLIC.match(line)
    if not match:
        return line
    label = "ABCDEF"["абвгде".index(match.group(2).lower())]
    return line[: match.start(2)] + label + line[match.end(2) :]


def _digits(lines: list[str], key: str) -> list[_Option]:
    """Options numbered 1, 2, ...: only if the text after them names one of them as the answer."""
    found: list[_Option] = []
    for row, line in enumerate(lines):
        match = _DIGIT.match(visible(line))
        if match and int(match.group("n")) == len(found) + 1:
            found.append(_Option(row, match.group("n"), plain(match.group("text")), False))
        elif match and int(match.group("n")) == 1:
            found = [_Option(row, "1", plain(match.group("text")), False)]
        elif found and line.strip() and not _carries_on(found, line, row):
            break
    if len(found) < 2:
        return []
    below = "\n".join(plain(visible(x)) for x in lines[found[-1].row + 1 :])
    told = _DIGIT_TOLD.search(below) or re.fullmatch(r"\W*(\d)\W*", key)
    if not told or not 0 < int(told.group(1)) <= len(found):
        return []
    found[int(told.group(1)) - 1].right = True
    return found


def _follows(found: list[_Option], option: _Option) -> bool:
    if not found:
        return option.label in ("", "A")
    last = found[-1]
    if not option.label or not last.label:
        return option.label == last.label
    return ord(option.label) == ord(last.label) + 1


def _carries_on(found: list[_Option], line: str, row: int) -> bool:
    """True for a further line of the last option."""
    last = found[-1]
    near = row == last.row + last.lines and last.own
    if (
        near
        and not ANSWER_ALONE.match(plain(line))
        and not re.match(r"^\s*(?:[-*+#<|]|\d+[.)])", line)
    ):
        last.lines += 1
        last.text = f"{last.text} {plain(line)}".strip()
        return True
    return False


def _apart(line: str) -> list[str]:
    """A line that holds nothing but options as one line for each."""
    if len(line) > 2000 or not _has_a_and_b(line):
        return [line]
    head, found = _on_one_line(line)
    return [f"{o.label}) {o.text}" for o in found] if found and not head.strip(" -*") else [line]


_A_AND_B = re.compile(r"(?:^|\s)\(?[Aa][).]\s*\S.{0,400}?\s\(?[Bb][).]\s*\S")


def _has_a_and_b(text: str) -> bool:
    """True for a text with options on one line."""
    small = text.lower()
    return ("b)" in small or "b." in small) and _A_AND_B.search(text) is not None


def holds_question(line: str) -> bool:
    """True for a line with options that begins with their question."""
    return len(plain(_on_one_line(line)[0]).split()) >= 2


def _on_one_line(ask: str) -> tuple[str, list[_Option]]:
    match = _A_AND_B.search(ask[:2000]) if _has_a_and_b(ask[:2000]) else None
    if not match:
        return ask, []
    part = ask[match.start() :]
    found = [_Option(-1, a.upper(), plain(b), False) for a, b in _SAME_LINE.findall(part)]
    labels = "".join(o.label for o in found)
    return (ask[: match.start()].strip(), found) if "ABCDEFGH".startswith(labels) else (ask, [])


def _told(text: str, options: list[_Option]) -> set[str]:
    """The labels that the text after the options names as right."""
    lines = [plain(visible(x)) for x in text.split("\n")[:60]]
    filled = [x for x in lines if x]
    by_text = {_bare(o.text): o.label for o in options}
    for line in filled:
        said = _ANSWER_START.sub("", line) if _ANSWER_START.match(line) else ""
        if not said and line is filled[0]:
            said = line
        if _bare(said) in by_text:
            return {by_text[_bare(said)]}
        parts = [_bare(x) for x in re.split(r"\s*[,;&]\s*|\s+and\s+", said)]
        if len(parts) > 1 and all(x in by_text for x in parts):
            return {by_text[x] for x in parts}
    labels = {o.label for o in options}
    for line in filled:
        told = letters_told(line) or (line is filled[0] and _letters(_LEADING.match(line))) or set()
        if told and told <= labels:
            return told
    return set()


def named_by(text: str, options: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The labels that a key's entry names, and the answer to learn; nothing if it names none."""
    rows = [_Option(0, o[0], o[3:], False) for o in options]
    labels = _told(text, rows)
    if not labels and re.fullmatch(r"[A-Ha-h]{1,4}", text.strip()):
        labels = set(text.strip().upper()) & {o.label for o in rows}
    right = tuple(o.label for o in rows if o.label in labels)
    answer = "\n".join(o for o in options if o[0] in right)
    reason = _reason(text).strip() if right else ""
    return right, f"{answer}\n\n{reason}" if len(reason.split()) > 3 else answer


def letters_told(line: str) -> set[str]:
    """The letters that one line with an answer's label names, such as ``Answer: A and C``."""
    return _letters(_TOLD.search(line)) or _letters(_LABELLED.match(line))


def _letters(match: re.Match[str] | None) -> set[str]:
    if not match:
        return set()
    run = next(g for g in match.groupdict().values() if g)
    if re.fullmatch(r"[A-H]{2,6}", run):
        return set(run)
    return {x.upper() for x in _NAMES.findall(run)}


_ANSWER_START = re.compile(
    rf"^\W*(?:the )?(?:{ANSWER_WORDS}|correct)(?![^\W\d_])\s*(?:is|are|是|为|[:：.)\-–—])*\s*[*_`]*\s*",
    re.I,
)


def _bare(text: str) -> str:
    return text.strip(" .`*_\"'。").casefold()


def _reason(text: str) -> str:
    """The explanation after the options, without the line that only names the right one."""
    kept: list[str] = []
    named = False
    for line in text.split("\n"):
        bare = plain(visible(line))
        if not named and bare:
            told = _TOLD.search(bare)
            named = bool(told or _LABELLED.match(bare) or _LEADING.match(bare))
            rest = bare[told.end() :].strip(" .:()*-–—」】") if told else ""
            if len(rest.split()) > 6:
                kept.append(rest)
            if named or (_ANSWER_START.match(bare) and not _ANSWER_START.sub("", bare)):
                continue
        if bare and ANSWER_ALONE.match(bare) and len(bare) < 40 and "?" not in bare:
            continue
        kept.append(line)
    return "\n".join(kept)
