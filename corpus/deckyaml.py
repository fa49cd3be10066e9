"""YAML as decks use it: read with the line of everything, so that an error can name its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from corpus.model import Deck, Expectation, Misconception, Question, Source

_NULL = "tag:yaml.org,2002:null"
_TAGS = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}
_MAX_DEPTH = 16
_MAX_NODES = 2_000_000
_MAX_BYTES = 50_000_000


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Tells texts from nothing, which is all that decks need; YAML's own rules take as long as the
    parsing."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        if kind is yaml.ScalarNode and implicit[0] and value in ("", "~", "null", "Null", "NULL"):
            return _NULL
        return _TAGS[kind]


class DeckError(ValueError):
    """Something in a deck file is wrong: where (`line` counts from 1), what, and how to mend it."""

    def __init__(self, path: Path, line: int, message: str, mend: str = "") -> None:
        self.path, self.line, self.message, self.mend = path, line, message, mend
        super().__init__(f"{path}:{line}: {message}" + (f" ({mend})" if mend else ""))


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, counted from 1."""

    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece of YAML as plain data (every scalar a string), with the node it was read from."""

    data: Any
    node: yaml.Node
    place: Place


def load(path: Path) -> Entry:
    """The document in `path`. Raises `DeckError`."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise DeckError(path, 0, "the file is over 50 MB", "split the deck")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DeckError(path, line, "the file is not UTF-8", "save it as UTF-8") from None
    except OSError as error:
        raise DeckError(path, 0, f"cannot be read: {error.strerror}") from None
    return parse(text, path)


def parse(text: str, path: Path) -> Entry:
    """The YAML document `text`, errors naming `path`."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        mend = "check the indentation, and put a text that holds `: ` or `#` in quotes"
        raise DeckError(
            path, mark.line + 1 if mark else 1, f"not valid YAML: {what}", mend
        ) from None
    except RecursionError:
        raise DeckError(path, 1, "nested too deeply") from None
    if node is None:
        raise DeckError(path, 1, "the file is empty", "add a question")
    return Entry(_Builder(path).build(node), node, Place(path, 1))


class _Builder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.nodes = 0

    def build(self, node: yaml.Node, depth: int = 0) -> Any:
        self.nodes += 1
        if depth > _MAX_DEPTH or self.nodes > _MAX_NODES:
            raise DeckError(self.path, _line(node), "nested too deeply, or aliases without end")
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, depth + 1) for item in node.value]
        made: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in made:
                message = f"the field `{name}` stands twice"
                raise DeckError(self.path, _line(key), message, "remove one of them")
            if value.tag != _NULL:
                made[name] = self.build(value, depth + 1)
        return made


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def child(entry: Entry, name: str) -> Entry | None:
    """The value of field `name`, or None if the mapping has no such field."""
    for key, value in entry.node.value:
        if key.value == name and name in entry.data:
            return Entry(entry.data[name], value, Place(entry.place.path, _line(value)))
    return None


def entries(entry: Entry | None) -> list[Entry]:
    """The items of a list of mappings, each with its own place. Raises `DeckError`."""
    if entry is None:
        return []
    path = entry.place.path
    if not isinstance(entry.data, list):
        mend = "begin each question with `- id: ...`"
        raise DeckError(path, entry.place.line, "a list of questions was expected here", mend)
    made: list[Entry] = []
    for data, node in zip(entry.data, entry.node.value, strict=True):
        if not isinstance(data, dict):
            raise DeckError(path, _line(node), "a question must be a mapping", "begin with `- id:`")
        made.append(Entry(data, node, Place(path, _line(node))))
    return made


def question(entry: Entry) -> Question:
    """The question that `entry` says. Raises `DeckError`."""
    try:
        return Question.model_validate(entry.data)
    except ValidationError as error:
        raise explain(error, entry) from None


def explain(error: ValidationError | TypeError, entry: Entry) -> DeckError:
    """A validation error as a `DeckError` at the line of the field it is about."""
    if not isinstance(error, ValidationError):
        return DeckError(entry.place.path, entry.place.line, str(error))
    # A misspelt field is both unknown and missing: the unknown name is what to tell.
    first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
    loc = [str(part) for part in first["loc"]]
    line = _locate(entry.node, loc)
    where = ".".join(loc)
    message = str(first["msg"]).removeprefix("Value error, ")
    kind = first["type"]
    if kind == "extra_forbidden":
        message = f"there is no field `{loc[-1]}`"
        mend = _nearest(loc)
    elif kind == "missing":
        message, mend = f"`{where}` is missing", f"add `{loc[-1]}: ...`"
    else:
        message = f"`{where}`: {message}" if where else message
        mend = _MENDS.get(kind, "")
    return DeckError(entry.place.path, line, message, mend)


_MENDS = {
    "string_pattern_mismatch": "use small letters, digits, `-`, `_` and `.`",
    "string_type": "write a text here; in quotes if it begins with a bracket",
    "string_too_short": "write a text here, or take the field out",
    "string_too_long": "shorten it",
    "tuple_type": "write a list here, one item a line, each after `- `",
    "model_type": "write a mapping here: `field: value` lines",
    "greater_than_equal": "give a number within the range",
    "less_than_equal": "give a number within the range",
    "greater_than": "give a number within the range",
    "int_parsing": "give a whole number",
    "float_parsing": "give a number",
}


def _nearest(loc: list[str]) -> str:
    parents: Iterable[type[BaseModel]] = (Question, Deck)
    if len(loc) > 1:
        kinds = {"expectations": Expectation, "misconceptions": Misconception, "sources": Source}
        parents = [kinds[loc[0]]] if loc[0] in kinds else parents
    known = [name for parent in parents for name in parent.model_fields]
    near = difflib.get_close_matches(loc[-1], known, n=1)
    return f"did you mean `{near[0]}`?" if near else "remove it; the fields are " + ", ".join(known)


def _locate(node: yaml.Node, loc: list[str]) -> int:
    """The line of the deepest part of `loc` that exists under `node`."""
    line = _line(node)
    for part in loc:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
            found = (node.value[int(part)], node.value[int(part)])
        if found is None:
            break
        line, node = _line(found[0]), found[1]
    return line
