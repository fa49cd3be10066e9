"""What all clerks share: the learner's memory and library, the team, the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agents.agenda import Agenda, utc_offset
from agents.grading.deferred import DeferredGrader
from agents.protocol import Chunk, Status, TurnAdded, Update
from agents.recorder import Recorder
from agents.team import Team
from agents.views import TurnView
from corpus.library import Library
from corpus.passages import of_decks
from memory.settings import Settings
from memory.store import Memory
from memory.today import end_of_day


@dataclass
class Room:
    """Everything open in the engine. `team` is replaced when CrewAI has loaded."""

    home: Path
    settings: Settings
    memory: Memory
    library: Library
    recorder: Recorder
    agenda: Agenda
    grader: DeferredGrader
    team: Team
    publish: Callable[[Update], None]
    clock: Callable[[], int]
    stage: str = "memory"
    indexed: bool = False

    def index_corpus(self) -> None:
        """Has memory index the passages of all decks; what it holds already costs nothing."""
        self.indexed = True
        for deck in self.library.decks:
            self.memory.set_passages(deck.id, of_decks([deck]))

    def today_until(self) -> int:
        """The end (ms) of the learner's day: what comes due until then counts as due."""
        return end_of_day(self.clock(), utc_offset())

    def status(self, text: str = "") -> None:
        """Tells the screens where the engine and its model stand."""
        stage = "ready" if self.stage == "ready" else "memory"
        self.publish(Status(stage, text, self.team.usage()))

    def turn(self, turn: TurnView, final: bool = True, replaces: str = "") -> None:
        """Shows a turn; one that is not `final` grows by chunks and is replaced in the end."""
        self.publish(TurnAdded(turn, final, replaces))

    def chunk(self, turn: str, text: str) -> None:
        """Shows more of a growing turn."""
        self.publish(Chunk(turn, text))
