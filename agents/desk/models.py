"""The clerk of models: the scorecard, and what models were used for."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING

from agents.briefs import Claims
from agents.desk.handling import handles, refuse
from agents.desk.jobs import Job
from agents.desk.room import Room
from agents.figures import ComparisonView, UseRow, UseView
from agents.judgement import Task
from agents.models import configured
from agents.protocol import CheckModel, CompareModels, Done, GetUse
from agents.scorecard import card
from agents.scorecard.compare import compare, thumbs_of
from agents.scorecard.items import load_items
from agents.team import BuiltinTeam
from agents.usage import Budget, Total, UsageLog, thumbs

if TYPE_CHECKING:
    from agents.crew.team import CrewTeam

SESSIONS = 10
"""Latest sessions of which the use is listed."""
PATIENCE = 120.0
"""Seconds to wait for a model that failed."""


class ModelClerk:
    """Says what a model's verdicts are worth, and what models cost."""

    def __init__(self, room: Room) -> None:
        self._room = room

    @handles(CheckModel)
    def check(self, request: CheckModel) -> Done:
        with self._evaluating(request.model) as team:
            return self._check(team, request.job)

    @contextlib.contextmanager
    def _evaluating(self, wanted: str) -> Iterator[CrewTeam]:
        """The team whose Evaluator is `wanted` (``model`` or ``model@prompt``), by default the room's."""
        room = self._room
        if room.loading is not None:
            room.loading.join(PATIENCE)
        if isinstance(room.team, BuiltinTeam):
            raise refuse("the agents are not loaded, so no model can be asked", "see `viva doctor`")
        from agents.crew.team import CrewTeam

        assert isinstance(room.team, CrewTeam)
        if not wanted:
            yield room.team
            return
        name, _, prompt = wanted.partition("@")
        settings = room.settings.model_copy(update={"model_evaluator": name})
        config = configured(settings)["evaluator"]
        if problem := config.problem():
            raise refuse(f"{name} cannot be used", problem)
        budget = Budget(settings.budget_tokens, settings.budget_price)
        try:
            team = CrewTeam(
                room.home,
                room.grader,
                {"evaluator": config},
                _nothing,
                _nothing,
                budget=budget,
                prompts={"evaluator": prompt},
            )
        except LookupError:
            mend = "write the file agents/prompts/evaluator-….yaml with that version"
            raise refuse(f"the Evaluator has no prompt {prompt!r}", mend) from None
        try:
            yield team
        finally:
            team.close()

    def _check(self, team: CrewTeam, name: str) -> Done:
        room = self._room
        channel = team.staff.channel("evaluator")
        if channel is None:
            mend = team.staff.degraded or "set VIVA_MODEL to provider/name"
            raise refuse("no model judges answers", mend)
        items = load_items(room.library.question)
        asking = _Asking(team)
        with self._room.jobs.job(name, f"checking {channel.name}") as job:
            made = card.run(
                items,
                lambda task: asking.claims(task, job),
                room.grader,
                channel.name,
                team.prompt_of("evaluator"),
                room.clock(),
                team.staff.log.today,
                job.report,
            )
        if made.failures == len(items):
            raise refuse(f"{channel.name} gave no usable reply", team.staff.degraded)
        card.keep(room.home, made)
        return Done(text=made.text())

    @handles(CompareModels)
    def compare(self, request: CompareModels) -> ComparisonView:
        first, second = self._card(request.first), self._card(request.second)
        given = thumbs_of(first, second, thumbs(self._room.memory.events()))
        try:
            return compare(first, second, given)
        except ValueError as error:
            raise refuse(str(error)) from error

    def _card(self, name: str) -> card.Card:
        found = card.latest(self._room.home, name)
        if found is None:
            raise refuse(f"{name} has not been checked", "run `viva models check` for it")
        return found

    @handles(GetUse)
    def use(self, request: GetUse) -> UseView:
        log = UsageLog(self._room.home)
        given = thumbs(self._room.memory.events())
        tokens, price = log.today()
        models = _rows(
            log.models(), [(model, up, down) for (_, model), (up, down) in given.items()]
        )
        prompts = _rows(
            log.prompts(), [(name, up, down) for (name, _), (up, down) in given.items()]
        )
        agents = _rows(log.agents(), ())
        sessions = tuple(
            UseRow(**{**asdict(total), "name": _moment(log.begun(total.name))})
            for total in log.sessions(SESSIONS)
        )
        log.close()
        return UseView(tokens, price, models, prompts, agents, sessions)


class _Asking:
    """Has a model judge one answer after another, for as long as it can be reached."""

    def __init__(self, team: CrewTeam) -> None:
        self._team = team
        self._unreached = 0

    def claims(self, task: Task, job: Job) -> Claims | None:
        """The model's verdicts; a model that rests after a failure is waited for, so that it is the
        model that is measured, but not one that fails again right after."""
        staff = self._team.staff
        end = time.monotonic() + PATIENCE
        while not staff.ready("evaluator"):
            if job.stopped or self._unreached > 1 or staff.spent or time.monotonic() > end:
                raise refuse("the model cannot be asked any more", staff.degraded)
            time.sleep(0.1)
        made = self._team.claims(task)
        self._unreached = 0 if made is not None or staff.ready("evaluator") else self._unreached + 1
        return made


def _rows(totals: list[Total], given: Iterable[tuple[str, int, int]]) -> tuple[UseRow, ...]:
    """Sums of use with the thumbs `given` (name, up, down), also for names that cost nothing."""
    rows = {total.name: UseRow(**asdict(total)) for total in totals}
    for name, up, down in given:
        row = rows.get(name, UseRow(name))
        rows[name] = replace(row, up=row.up + up, down=row.down + down)
    return tuple(row for name, row in sorted(rows.items()) if name)


def _moment(at: int) -> str:
    """A time in milliseconds as local date and hour."""
    return datetime.fromtimestamp(at / 1000).strftime("%Y-%m-%d %H:%M")


def _nothing(query: str) -> str:
    """What the tools of a team find that only judges."""
    return "[]"
