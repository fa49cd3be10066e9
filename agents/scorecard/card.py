"""Running the scorecard and keeping its result."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from agents.briefs import Claims
from agents.judgement import Grader, Task
from agents.judging import counts, find_quote
from agents.scorecard.items import EMPTY_KINDS, Item

FILE = "model-scorecards.jsonl"
SLACK = 0.02
"""False credit a model may give more than the built-in grader."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a model's verdicts are worth. Shares are 0..1 over points of answers; `right` holds per
    point whether the model agreed with the human verdict, for comparisons."""

    model: str
    prompt: str
    at: int
    items: int
    points: int
    agreement: float
    builtin_agreement: float
    false_credit: float
    builtin_false_credit: float
    failures: int
    seconds: float
    tokens: int
    price: float
    right: dict[str, bool]

    @property
    def trusted(self) -> bool:
        """Whether the model judges at least as well as the built-in grader; if not, only its words
        are used."""
        return (
            self.agreement >= self.builtin_agreement
            and self.false_credit <= self.builtin_false_credit + SLACK
        )

    def text(self) -> str:
        """The result in a few lines."""
        use = "its verdicts count" if self.trusted else "it is used for wording only"
        return (
            f"{self.model}: agrees with people on {100 * self.agreement:.0f} % of {self.points} "
            f"points (built-in grader {100 * self.builtin_agreement:.0f} %), false credit "
            f"{100 * self.false_credit:.1f} % (built-in {100 * self.builtin_false_credit:.1f} %), "
            f"{self.seconds:.1f} s an answer, {self.tokens} tokens, ${self.price:.4f}, "
            f"{self.failures} replies could not be used; {use}"
        )


Ask = Callable[[Task], Claims | None]
Spent = Callable[[], tuple[int, float]]


def run(
    items: Sequence[Item],
    ask: Ask,
    grader: Grader,
    model: str,
    prompt: str,
    at: int,
    spent: Spent = lambda: (0, 0.0),
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Card:
    """Has the model (`ask`, None when it failed) and the built-in `grader` judge all `items`. `spent`
    gives tokens and US dollars used so far; `report` may raise to stop."""
    own = grader.grade_many([item.task for item in items])
    builtin = {
        f"{item.id}/{p.id}": p.verdict
        for item, judged in zip(items, own, strict=True)
        for p in judged.points
    }
    before = spent()
    asked = _ask_all(items, ask, report)
    after = spent()
    # Where the model fails the built-in grader stands in, here as in a session.
    verdicts = {name: verdict or builtin[name] for name, verdict in asked.verdicts.items()}
    human = {f"{i.id}/{name}": v for i in items for name, v in i.verdicts.items()}
    empty = {f"{i.id}/{name}" for i in items if i.kind in EMPTY_KINDS for name in i.verdicts}
    return Card(
        model=model,
        prompt=prompt,
        at=at,
        items=len(items),
        points=len(human),
        agreement=_agreement(human, verdicts),
        builtin_agreement=_agreement(human, builtin),
        false_credit=_false_credit(human, verdicts, empty),
        builtin_false_credit=_false_credit(human, builtin, empty),
        failures=asked.failures,
        seconds=round(statistics.median(asked.seconds), 3) if asked.seconds else 0.0,
        tokens=after[0] - before[0],
        price=round(after[1] - before[1], 6),
        right={name: verdicts[name] == human[name] for name in human},
    )


@dataclass(slots=True)
class _Asked:
    """What a model said: a verdict per point ("" where it failed), seconds per answer, failures."""

    verdicts: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    failures: int = 0


def _ask_all(items: Sequence[Item], ask: Ask, report: Callable[[int, int], None]) -> _Asked:
    asked = _Asked()
    for done, item in enumerate(items):
        report(done, len(items))
        begun = time.monotonic()
        claims = ask(item.task)
        asked.seconds.append(time.monotonic() - begun)
        asked.failures += claims is None
        asked.verdicts |= {f"{item.id}/{n}": v for n, v in checked(item.task, claims).items()}
    return asked


def checked(task: Task, claims: Claims | None) -> dict[str, str]:
    """The model's verdict per point, credit without a quote that counts taken away; empty where it
    gave none."""
    claimed = {claim.id: claim for claim in claims.points} if claims else {}
    found = {}
    for point in task.points:
        claim = claimed.get(point.id)
        if claim is None:
            found[point.id] = "" if claims is None else "missing"
            continue
        quote = find_quote(claim.quote, task.turns)
        found[point.id] = claim.verdict if quote and counts(quote, task) else "missing"
    return found


def _agreement(human: dict[str, str], verdicts: dict[str, str]) -> float:
    return sum(verdicts[name] == human[name] for name in human) / len(human) if human else 0.0


def _false_credit(human: dict[str, str], verdicts: dict[str, str], empty: set[str]) -> float:
    wrong = [name for name in empty if human[name] == "missing"]
    return sum(verdicts[name] == "covered" for name in wrong) / len(wrong) if wrong else 0.0


def keep(home: Path, card: Card) -> None:
    """Adds `card` to those of the data folder."""
    with (home / FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(card)) + "\n")


def kept(home: Path) -> list[Card]:
    """All cards of the data folder, oldest first; lines that are no cards are left out."""
    path = home / FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    cards = []
    for line in lines:
        try:
            cards.append(Card(**_known(json.loads(line))))
        except (ValueError, TypeError):
            continue
    return cards


def _known(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in Card.__dataclass_fields__ if name in row}


def trusted(home: Path, model: str, prompt: str) -> bool:
    """Whether the model's verdicts count: yes, unless it was found worse than the built-in grader."""
    card = latest(home, f"{model}@{prompt}")
    return card is None or card.trusted


def latest(home: Path, model: str) -> Card | None:
    """The newest card of ``model`` or ``model@prompt-version``, None without one."""
    name, _, prompt = model.partition("@")
    mine = [c for c in kept(home) if c.model == name and (not prompt or c.prompt == prompt)]
    return mine[-1] if mine else None
