"""The clerk of models: the scorecard."""

from __future__ import annotations

from agents.desk.handling import handles, refuse
from agents.desk.jobs import Jobs
from agents.desk.room import Room
from agents.protocol import CheckModel, Done
from agents.scorecard import card
from agents.scorecard.items import load_items


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
                team.claims,
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
