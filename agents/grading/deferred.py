"""The built-in grader, loaded when the first answer is judged: its weights take a second."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents.judgement import Grader, Judgement, Task


class DeferredGrader:
    """Stands for the built-in grader. `load` may be called ahead, from any thread."""

    name = "built-in"

    def __init__(self) -> None:
        self._grader: Grader | None = None
        self._lock = threading.Lock()

    def load(self) -> Grader:
        """The grader, loaded once."""
        with self._lock:
            if self._grader is None:
                from agents.grading.builtin import BuiltinGrader

                self._grader = BuiltinGrader()
            return self._grader

    def grade(self, task: Task) -> Judgement:
        return self.load().grade(task)

    def grade_many(self, tasks: list[Task]) -> list[Judgement]:
        return self.load().grade_many(tasks)
