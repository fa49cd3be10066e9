"""Multiple choice: the options below a question, and which of them is right."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.banks.found import Item
from corpus.banks.inline import plain, without_tags
from corpus.banks.wording import ANSWER_ALONE, ANSWER_WORDS

_FENCE = re.compile(r"^\s*(?:>\s*)?(?:`{3,}|~{3,})")
_OPTION = re.compile(
    r"^\s*(?:[-*+]\s+)?(?:\[(?P<box>[ xX✓✔])\]\s*)?(?P<bold>\*\*|__)?(?P<mark>[*✓✔✅→>]\s*)?"
    r"(?:\((?P<a>[A-Ha-h])\)|(?P<b>[A-Ha-h])\s*[).:、．]|(?P<c>[A-H])\s+[-–]|(?P<d>[A-H])\s*[-–])"
    r"(?P<close>\*\*|__)?\s*(?P<text>\S.*)$"
)
_BOX = re.compile(r"^\s*[-*+]\s+\[(?P<box>[ xX✓✔])\]\s*(?P<text>\S.*)$")
_EMPTY = re.compile(r"^\s*(?:[-*+]\s+)?(?:\[([ xX✓✔])\]|\(?([A-H])[.):]\)?)\s*$")
_SAME_LINE = re.compile(r"(?:^|\s)\(?([A-Ha-h])[).]\s+(.*?)(?=\s+\(?[A-Ha-h][).]\s+|$)")
_RIGHT = (
    re.compile(
        rf"(?:{ANSWER_WORDS}|correct(?:\s+(?:answer|option|choice))?|right)\s*(?:is|are|:|：|=|-)?\s*"
        r"[*_`(\[]*\s*(?:option\s+|choice\s+)?\(?(?P<l>[A-H](?:\s*(?:,|&|and|/)\s*[A-H])*)(?![\w'’])",
        re.I,
    ),
    re.compile(r"^\W*[^\W\d_]+(?:\s[^\W\d_]+){0,2}\s*[:：]\s*\W*(?P<l>[A-H])\W*$", re.M),
    re.compile(r"^\W*\(?(?P<l>[A-H])[).:]\W*(?:\s|$)", re.M),
    re.compile(r"^\W*(?P<l>[A-Ha-h])\W*$", re.M),
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


def choice(item: Item) -> Choice | None:
    """The item as a multiple-choice question, None if it has no options.

    If no right option can be told, `right` and `answer` are empty: nothing is guessed.
    """
    head, _, rest = item.ask.partition("\n")
    lines = [*(rest.split("\n") if rest else []), *item.answer.split("\n")]
    options = _options(lines)
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
        return Choice(ask, shown, (), "", _prose(before))
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


def _options(lines: list[str]) -> list[_Option]:
    """The first run of options A, B, ... or of check boxes."""
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
    text = without_tags(line)
    match = _OPTION.match(text)
    if match:
        label = next(g for g in match.group("a", "b", "c", "d") if g).upper()
        body = match.group("text")
        ticked = bool(match.group("mark")) or (match.group("box") or " ") in "xX✓✔"
        whole_bold = bool(match.group("bold")) and body.rstrip().endswith(("**", "__"))
        tail = _MARKED.search(body)
        return _Option(row, label, plain(_MARKED.sub("", body)), ticked or whole_bold or bool(tail))
    match = _BOX.match(text)
    if match:
        return _Option(row, "", plain(match.group("text")), match.group("box") in "xX✓✔")
    empty = _EMPTY.match(text)
    if empty:
        return _Option(row, empty.group(2) or "", "", (empty.group(1) or " ") in "xX✓✔", own=False)
    return None


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


def _on_one_line(ask: str) -> tuple[str, list[_Option]]:
    match = re.search(r"(?:^|\s)\(?[Aa][).]\s+\S.*?\s\(?[Bb][).]\s+\S", ask)
    if not match:
        return ask, []
    part = ask[match.start() :]
    found = [_Option(-1, a.upper(), plain(b), False) for a, b in _SAME_LINE.findall(part)]
    labels = "".join(o.label for o in found)
    return (ask[: match.start()].strip(), found) if "ABCDEFGH".startswith(labels) else (ask, [])


def _told(text: str, options: list[_Option]) -> set[str]:
    """The labels that the text after the options names as right."""
    bare = "\n".join(plain(without_tags(x)) for x in text.split("\n")[:60])
    labels = {o.label for o in options}
    for pattern in _RIGHT:
        match = pattern.search(bare)
        if match:
            told = set(re.findall(r"[A-H]", match.group("l").upper()))
            if told and told <= labels:
                return told
    head = next((x for x in bare.split("\n") if x.strip()), "")
    said = (
        re.sub(rf"^\W*(?:{ANSWER_WORDS})\W*(?:is\W*)?", "", head, flags=re.I)
        .strip(" .`*")
        .casefold()
    )
    return {o.label for o in options if said and o.text.strip(" .`").casefold() == said}


def _reason(text: str) -> str:
    """The explanation after the options, without the line that only names the right one."""
    kept: list[str] = []
    for line in text.split("\n"):
        bare = plain(without_tags(line))
        names = any(p.search(bare) for p in _RIGHT) and len(bare) < 60
        if (
            names
            and len(
                re.sub(rf"{ANSWER_WORDS}|correct|option|right|is|the", "", bare, flags=re.I).split()
            )
            <= 12
        ):
            trimmed = _RIGHT[0].sub("", bare, count=1).strip(" .:()*-–")
            if len(trimmed.split()) > 6:
                kept.append(trimmed)
            continue
        if bare and ANSWER_ALONE.match(bare) and len(bare) < 40 and "?" not in bare:
            continue
        kept.append(line)
    return "\n".join(kept)


_KEY_ROW = re.compile(
    r"(?:^|[\s,;|])(?:q(?:uestion)?\s*)?(\d{1,3})\s*[.):=\-–|]*\s*\(?([A-Ha-h])\)?(?=[\s,;|.]|$)",
    re.I,
)
_KEY_HEAD = re.compile(
    rf"^\W*(?:answer\s+key|answers?\s*(?:key)?|solutions?|key|{ANSWER_WORDS})\W*$", re.I
)


def answer_key(lines: list[str]) -> tuple[int, dict[int, str]]:
    """The line where a key such as ``1. B  2. C`` begins at the end of a text, and what it says.

    ``(-1, {})`` if there is none.
    """
    for row in range(len(lines) - 1, -1, -1):
        if len(lines[row]) < 60 and _KEY_HEAD.match(plain(lines[row])):
            below = [x for x in lines[row + 1 :] if x.strip()]
            found: dict[int, str] = {}
            telling = 0
            for line in below[:500]:
                pairs = _KEY_ROW.findall(plain(line.replace("|", " ")))
                telling += bool(pairs)
                found.update({int(n): letter.upper() for n, letter in pairs})
            if len(found) >= 2 and telling >= 0.7 * len(below):
                return row, found
            return -1, {}
    return -1, {}
