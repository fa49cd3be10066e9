"""The two read-only tools of the conversing Explainer."""

from __future__ import annotations

from collections.abc import Callable

from crewai.tools import BaseTool
from pydantic import Field


class _Lookup(BaseTool):
    # A field and not a private attribute: CrewAI copies tools, and copies lose those.
    look_up: Callable[[str], str] = Field(exclude=True)

    def _run(self, query: str) -> str:
        return self.look_up(query)


class SearchCorpus(_Lookup):
    name: str = "search_corpus"
    description: str = "Search the learner's decks and documents. Returns passages as JSON data."


class RecallHistory(_Lookup):
    name: str = "recall_learner_history"
    description: str = "What this learner said and got wrong before, on a topic. Returns JSON data."


def make_tools(search: Callable[[str], str], recall: Callable[[str], str]) -> list[BaseTool]:
    """Both tools, bound to what they look up."""
    return [SearchCorpus(look_up=search), RecallHistory(look_up=recall)]
