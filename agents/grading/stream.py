"""`viva grade --jsonl`: judge answers from a stream of JSON lines, in order, in batches."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, Queue
from threading import Thread
from typing import Any

from agents.judgement import Grader, Judgement, Point, Task

BATCH = 32


class BadLine(ValueError):
    """A line that is not a task; the message says why."""

    def __init__(self, reason: str, id: object = None) -> None:
        super().__init__(reason)
        self.id = id


def parse(line: str) -> tuple[object, Task]:
    """A line's id, as given, and its task. Raises `BadLine`."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"not JSON: {error}") from None
    if not isinstance(data, dict):
        raise BadLine("not a JSON object")
    id = data.get("id")
    if id is not None and not isinstance(id, str | int | float):
        raise BadLine("id: a string or a number is wanted")
    question = _text(data, "question", id, default="")
    answer = _text(data, "answer", id)
    references = data.get("references") or []
    if not isinstance(references, list) or not all(isinstance(x, str) for x in references):
        raise BadLine("references: a list of strings is wanted", id)
    points = _points(data.get("expectations") or [], id)
    if not points and not any(text.strip() for text in references):
        raise BadLine("neither references nor expectations are given", id)
    return id, Task(question, (answer,), points, tuple(references), id=str(id))


def _text(data: dict[str, Any], key: str, id: object, default: str | None = None) -> str:
    value = data.get(key, default)
    if value is None:
        value = default
    if not isinstance(value, str):
        raise BadLine(f"{key}: a string is wanted", id)
    return value


def _points(given: object, id: object) -> tuple[Point, ...]:
    if not isinstance(given, list):
        raise BadLine("expectations: a list is wanted", id)
    points = []
    for place, one in enumerate(given, 1):
        if isinstance(one, str):
            one = {"text": one}
        if not isinstance(one, dict) or not isinstance(one.get("text"), str):
            raise BadLine(f"expectations: number {place} has no text", id)
        points.append(Point(str(one.get("id", f"e{place}")), one["text"]))
    return tuple(points)


def show(id: object, judgement: Judgement) -> dict[str, Any]:
    """A judgement as the contract writes it."""
    return {
        "id": id,
        "verdict": judgement.verdict,
        "score": judgement.score,
        "p_correct": judgement.p_correct,
        "p_contradictory": judgement.p_contradictory,
        "expectations": [
            {"id": p.id, "verdict": p.verdict, "coverage": p.coverage, "quote": p.quote}
            | ({"text": p.text} if p.text else {})
            | ({"note": p.note} if p.note else {})
            for p in judgement.points
        ],
        "misconceptions": [{"id": hit.id, "quote": hit.quote} for hit in judgement.errors],
        "notes": list(judgement.notes),
        "grader": judgement.grader,
    }


def grade_stream(
    lines_in: Iterable[str],
    write: Callable[[str], object],
    jsonl: bool = True,
    grader: Grader | None = None,
    complete: Callable[[Task], Task] = lambda task: task,
) -> int:
    """Judge each line of `lines_in`, writing one line each in the same order; 1 if any was bad.

    `complete` may add to a task what is known of its question (see `agents.grading.known`). Blank
    lines are skipped. What has arrived is judged together, at most `BATCH` lines at a time, so that
    a caller who waits for each answer gets it. With `jsonl` false the output is for people.
    """
    if grader is None:
        from agents.grading.builtin import BuiltinGrader

        grader = BuiltinGrader()
    failed = False
    for lines in _batches(lines_in):
        batch: list[tuple[object, Task | None]] = []
        for line in lines:
            try:
                id, task = parse(line)
                batch.append((id, complete(task)))
            except BadLine as error:
                failed = True
                batch.append(({"id": error.id, "error": str(error)}, None))
        _flush(batch, grader, write, jsonl)
    return int(failed)


def _batches(lines: Iterable[str]) -> Iterator[list[str]]:
    """Non-blank lines, grouped by what has arrived while the last group was judged."""
    arrived: Queue[str | BaseException | None] = Queue(maxsize=4 * BATCH)

    def read() -> None:
        try:
            for line in lines:
                if line.strip():
                    arrived.put(line)
            arrived.put(None)
        except BaseException as error:
            arrived.put(error)

    Thread(target=read, daemon=True, name="grade-stream").start()
    ended = False
    while not ended:
        group: list[str] = []
        waiting = True
        while waiting and len(group) < BATCH and not ended:
            try:
                one = arrived.get(block=not group)
            except Empty:
                waiting = False
                continue
            if isinstance(one, BaseException):
                raise one
            if one is None:
                ended = True
            else:
                group.append(one)
        if group:
            yield group


def _flush(
    batch: list[tuple[object, Task | None]],
    grader: Grader,
    write: Callable[[str], object],
    jsonl: bool,
) -> None:
    judged = iter(grader.grade_many([task for _, task in batch if task is not None]))
    for id, task in batch:
        record = id if task is None else show(id, next(judged))
        write((json.dumps(record) if jsonl else _plain(record)) + "\n")


def _plain(record: Any) -> str:
    if "error" in record:
        return f"{record['id']}: {record['error']}"
    lines = [f"{record['id']}: {record['verdict']}, score {record['score']:.2f}"]
    for one in record["expectations"]:
        name = one.get("text") or one["id"]
        quote = f'  "{one["quote"]}"' if one["quote"] else ""
        lines.append(f"  {one['verdict']:12} {one['coverage']:.2f}  {name}{quote}")
    lines += [f"  note: {note}" for note in record["notes"]]
    return "\n".join(lines)
