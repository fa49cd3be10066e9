"""What all clerks share: the learner's memory and library, the team, the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from agents.desk.jobs import Jobs
from agents.grading.deferred import DeferredGrader
from agents.protocol import Chunk, Status, TurnAdded, Update
from agents.recorder import Recorder
from agents.views import TurnView
from memory.days import end_of_day, utc_offset
from memory.settings import Settings
from memory.store import Memory

if TYPE_CHECKING:
    from agents.agenda import Agenda
    from agents.scripts import Scripts
    from agents.team import Team
    from corpus.library import Library

Listener = Callable[[], None]


@dataclass
class Room:
    """Everything open in the engine. `team` is replaced when CrewAI has loaded.

    Library, agenda and scripts are made when first asked for: not every command needs them.
    """

    home: Path
    settings: Settings
    memory: Memory
    recorder: Recorder
    grader: DeferredGrader
    team: Team
    publish: Callable[[Update], None]
    clock: Callable[[], int]
    stage: str = "memory"
    loading: threading.Thread | None = None
    """Puts CrewAI's team in place; None where the built-in tutor plays for good."""
    indexed: bool = False
    team_changed: list[Listener] = field(default_factory=list)
    events_erased: list[Listener] = field(default_factory=list)
    closing: list[Listener] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.jobs = Jobs(self.publish)
        self._library: Library | None = None
        self._agenda: Agenda | None = None
        self._scripts: Scripts | None = None

    @property
    def library(self) -> Library:
        with self.lock:
            if self._library is None:
                from corpus.library import Library

                self._library = Library(self.home)
            return self._library

    @property
    def agenda(self) -> Agenda:
        with self.lock:
            if self._agenda is None:
                from agents.agenda import Agenda

                self._agenda = Agenda(self.library, self.memory.knowledge, self.clock)
            return self._agenda

    @property
    def scripts(self) -> Scripts:
        with self.lock:
            if self._scripts is None:
                from agents.desk.looking import scripts_of

                self._scripts = scripts_of(self)
            return self._scripts

    def take_team(self, team: Team) -> None:
        """Has everybody turn to `team`."""
        with self.lock:
            self.team = team
            for listener in self.team_changed:
                listener()

    def index_corpus(self) -> None:
        """Has memory index the passages of all decks; what it holds already costs nothing."""
        from corpus.passages import of_decks

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
