"""The clerk of models: the scorecard, and what models were used for."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from agents.briefs import Claims
from agents.desk.handling import handles, refuse
from agents.desk.jobs import Job, Jobs
from agents.desk.room import Room
from agents.judgement import Task
from agents.protocol import CheckModel, Done, GetUse
from agents.scorecard import card
from agents.scorecard.items import load_items
from agents.usage import Total, UsageLog, thumbs
from agents.views import UseRow, UseView

if TYPE_CHECKING:
    from agents.crew.team import CrewTeam

PATIENCE = 120.0
"""Seconds to wait for a model that failed."""


class ModelClerk:
    """Says what a model's verdicts are worth."""

    def __init__(self, room: Room, jobs: Jobs) -> None:
        self._room = room
        self._jobs = jobs

    @handles(CheckModel)
    def check(self, request: CheckModel) -> Done:
        from agents.crew.team import CrewTeam

        room = self._room
        team = room.team
        if not isinstance(team, CrewTeam):
            raise refuse("the agents are still being loaded", "try again in a moment")
        channel = team.staff.channel("evaluator")
        if channel is None:
            mend = team.staff.degraded or "set VIVA_MODEL to provider/name"
            raise refuse("no model judges answers", mend)
        items = load_items(room.library.question)
        with self._jobs.job(request.job, f"checking {channel.name}") as job:
            made = card.run(
                items,
                lambda task: self._asked(team, task, job),
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
        log.close()
        return UseView(tokens, price, models, prompts)

    def _asked(self, team: CrewTeam, task: Task, job: Job) -> Claims | None:
        """The model's verdicts; a model that rests after a failure is waited for, so that it is the
        model that is measured."""
        end = time.monotonic() + PATIENCE
        while not team.staff.ready("evaluator"):
            if job.stopped or time.monotonic() > end:
                raise refuse("the model cannot be reached any more", team.staff.degraded)
            time.sleep(0.1)
        return team.claims(task)


def _rows(totals: list[Total], given: Iterable[tuple[str, int, int]]) -> tuple[UseRow, ...]:
    """Sums of use with the thumbs `given` (name, up, down), also for names that cost nothing."""
    rows = {total.name: UseRow(**asdict(total)) for total in totals}
    for name, up, down in given:
        row = rows.get(name, UseRow(name))
        rows[name] = replace(row, up=row.up + up, down=row.down + down)
    return tuple(row for name, row in sorted(rows.items()) if name)
