"""Decks on disk: a YAML file or a folder of them, read into `Deck` and written back.

A folder holds `deck.yaml` (id, title, about, licence) and any number of other YAML files, each a
list of questions, read in file-name order. A single file holds the same fields with the list under
`questions`, or just the list, in which case the file's name is the deck's id.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from corpus import deckyaml
from corpus.deckyaml import DeckError, Place
from corpus.model import Deck, Question
from corpus.naming import slug

BUNDLED = Path(__file__).parent / "decks"
"""The folder of the decks that come with Viva, one folder per deck."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A deck, and for every question id where in which file it stands."""

    deck: Deck
    places: Mapping[str, Place] = field(default_factory=dict)


def read_deck(path: Path | str, *, bundled: bool = False) -> Deck:
    """The deck in file or folder `path`.

    Raises `DeckError` (file, line, message, mend) for the first thing that is wrong: YAML that
    cannot be read, an unknown or missing field, an id used twice, a cycle of prerequisites.
    """
    return read(path, bundled=bundled).deck


def read(path: Path | str, *, bundled: bool = False) -> Reading:
    """Like `read_deck`, with the place of every question."""
    path = Path(path)
    head, groups = _folder(path) if path.is_dir() else _file(path)
    questions: list[Question] = []
    places: dict[str, Place] = {}
    for entry in groups:
        for question in _questions(entry):
            if question.id in places:
                first = places[question.id]
                raise DeckError(
                    entry.place.path,
                    entry.place.line,
                    f"the question id {question.id!r} is used twice; "
                    f"the first is at {first.path.name}:{first.line}",
                    "give one of the two another id",
                )
            questions.append(question)
            places[question.id] = entry.place
    questions = _resolve_series(questions)
    fields = {"title": "", **head.data, "path": str(path), "bundled": bundled}
    fields["title"] = fields["title"] or str(fields["id"])
    try:
        deck = Deck(**{**fields, "questions": tuple(questions)})
    except (ValidationError, TypeError) as error:
        raise deckyaml.explain(error, head) from None
    cycle = find_cycle(questions)
    if cycle:
        place = places[cycle[0]]
        raise DeckError(
            place.path,
            place.line,
            "prerequisites form a circle: " + " -> ".join(cycle),
            "remove one of these prerequisites",
        )
    return Reading(deck, places)


def read_once(path: Path) -> Reading:
    """Like `read`, but a folder is only read again once one of its files has changed."""
    try:
        files = [(file, file.stat()) for file in sorted(path.glob("*.yaml"))]
    except OSError:
        return read(path)
    return _read_as_it_was(path, tuple((f, s.st_size, s.st_mtime_ns) for f, s in files))


@lru_cache(maxsize=8)
def _read_as_it_was(path: Path, files: tuple[tuple[Path, int, int], ...]) -> Reading:
    return read(path)


def find_cycle(questions: Iterable[Question]) -> list[str]:
    """One circle of prerequisites as ids, the first repeated at the end; empty if there is none.

    Prerequisites that name no question given here are ignored.
    """
    wants = {q.id: q.prerequisites for q in questions}
    done: set[str] = set()
    for start in wants:
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                path.pop()
                on_path.discard(name)
                done.add(name)
            elif name in on_path:
                return [*path[path.index(name) :], name]
            elif name not in done:
                path.append(name)
                on_path.add(name)
                stack.append((name, True))
                stack.extend((n, False) for n in wants[name] if n in wants)
    return []


def find_problems(readings: Iterable[Reading]) -> list[DeckError]:
    """What is wrong between decks: ids used in two, prerequisites that exist in none, circles."""
    readings = list(readings)
    problems: list[DeckError] = []
    seen: dict[str, Place] = {}
    series = {q.series for r in readings for q in r.deck.questions if q.series}
    for reading in readings:
        for name, place in reading.places.items():
            if name in seen:
                problems.append(_problem(place, f"{name!r} is also in {seen[name].path}", "rename"))
            seen.setdefault(name, place)
    for reading in readings:
        for question in reading.deck.questions:
            for wanted in (*question.prerequisites, *question.related):
                if wanted not in seen and wanted not in series:
                    message = f"{question.id!r} names {wanted!r}, which no deck has"
                    mend = "correct the id or take it out"
                    problems.append(_problem(reading.places[question.id], message, mend))
    cycle = find_cycle(q for r in readings for q in r.deck.questions)
    if cycle:
        message = "prerequisites form a circle: " + " -> ".join(cycle)
        problems.append(_problem(seen[cycle[0]], message, "remove one of these prerequisites"))
    return problems


def _problem(place: Place, message: str, mend: str) -> DeckError:
    return DeckError(place.path, place.line, message, mend)


def write_deck(deck: Deck, path: Path | str) -> None:
    """Write `deck` as one readable YAML file, replacing `path` in one step."""
    data = deck.model_dump(exclude_defaults=True, exclude={"path", "bundled", "questions"})
    data["questions"] = [question_data(q) for q in deck.questions]
    write_text(Path(path), dump(data))


def question_data(question: Question) -> dict[str, Any]:
    """The fields of `question` that differ from their defaults, in the order of the format."""
    return question.model_dump(exclude_defaults=True, mode="json")


def dump(data: object) -> str:
    """`data` as block YAML: long texts folded, texts of several lines kept as they are."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def write_text(path: Path, text: str) -> None:
    """Write `text` so that `path` holds either the old or the whole of the text, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes texts in block style where that reads better."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else ">" if len(text) > 88 else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def _file(path: Path) -> tuple[deckyaml.Entry, list[deckyaml.Entry]]:
    entry = deckyaml.load(path)
    if isinstance(entry.data, list):
        head = deckyaml.Entry({"id": slug(path.stem) or "deck"}, entry.node, Place(path, 1))
        return head, deckyaml.entries(entry)
    if not isinstance(entry.data, dict):
        raise DeckError(path, 1, "this is not a deck", "start with `id:`, `title:`, `questions:`")
    questions = deckyaml.child(entry, "questions")
    data = {k: v for k, v in entry.data.items() if k != "questions"}
    data.setdefault("id", slug(path.stem) or "deck")
    head = deckyaml.Entry(data, entry.node, entry.place)
    return head, deckyaml.entries(questions) if questions else []


def _folder(path: Path) -> tuple[deckyaml.Entry, list[deckyaml.Entry]]:
    head_path = path / "deck.yaml"
    if not head_path.is_file():
        raise DeckError(path, 0, "the folder has no deck.yaml", "add one with `id:` and `title:`")
    head = deckyaml.load(head_path)
    if not isinstance(head.data, dict) or "id" not in head.data:
        raise DeckError(head_path, 1, "the deck has no id", "add a line `id: my-deck`")
    groups: list[deckyaml.Entry] = []
    for file in sorted(path.glob("*.yaml")):
        if file != head_path:
            groups += deckyaml.entries(deckyaml.load(file))
    return head, groups


def _questions(entry: deckyaml.Entry) -> list[Question]:
    """The question of `entry`, or one per stage if it has stages."""
    if not isinstance(entry.data, dict) or "stages" not in entry.data:
        return [deckyaml.question(entry)]
    whole = {k: v for k, v in entry.data.items() if k != "stages"}
    deckyaml.question(deckyaml.Entry({**whole, "expectations": []}, entry.node, entry.place))
    stages = deckyaml.entries(deckyaml.child(entry, "stages"))
    made: list[Question] = []
    for stage in stages:
        made.append(_stage(whole, stage, made[-1].id if made else ""))
    return made


def _stage(whole: Mapping[str, Any], stage: deckyaml.Entry, before: str) -> Question:
    if not isinstance(stage.data, dict):
        raise DeckError(stage.place.path, stage.place.line, "a stage is not a mapping", "indent it")
    own = dict(stage.data)
    name = str(own.pop("name", "") or own.get("id", ""))
    ask = str(own.pop("ask", ""))
    if not ask or not own.get("id"):
        raise DeckError(
            stage.place.path, stage.place.line, "a stage needs `id` and `ask`", "add it"
        )

    def staged(wording: str) -> str:
        return f"{wording}\n\n{name}: {ask}"

    carried = ("topic", "level", "sources")
    data = {
        **{k: whole[k] for k in carried if k in whole},
        **own,
        "id": f"{whole['id']}/{own['id']}",
        "ask": staged(str(whole["ask"])),
        "variants": [*map(staged, whole.get("variants", ())), *own.get("variants", ())],
        "prerequisites": [before] if before else list(whole.get("prerequisites", ())),
        "series": whole["id"],
        "stage": name,
    }
    shared = whole.get("misconceptions", ())
    if shared:
        data["misconceptions"] = [*own.get("misconceptions", ()), *shared]
    if not before:
        data["note"] = own.get("note") or whole.get("note", "")
    return deckyaml.question(deckyaml.Entry(data, stage.node, stage.place))


def _resolve_series(questions: list[Question]) -> list[Question]:
    """A prerequisite that names a whole design question means its last stage."""
    last = {q.series: q.id for q in questions if q.series}
    ids = {q.id for q in questions}

    def resolved(question: Question) -> Question:
        wanted = tuple(w if w in ids else last.get(w, w) for w in question.prerequisites)
        if wanted == question.prerequisites:
            return question
        return question.model_copy(update={"prerequisites": wanted})

    return [resolved(q) for q in questions]
