"""The two read-only tools of the conversing Explainer."""

from __future__ import annotations

from collections.abc import Callable

from crewai.tools import BaseTool
from pydantic import PrivateAttr


class _Lookup(BaseTool):
    _look_up: Callable[[str], str] = PrivateAttr(default=lambda query: "[]")

    def _run(self, query: str) -> str:
        return self._look_up(query)


class SearchCorpus(_Lookup):
    name: str = "search_corpus"
    description: str = "Search the learner's decks and documents. Returns passages as JSON data."


class RecallHistory(_Lookup):
    name: str = "recall_learner_history"
    description: str = "What this learner said and got wrong before, on a topic. Returns JSON data."


def make_tools(search: Callable[[str], str], recall: Callable[[str], str]) -> list[BaseTool]:
    """Both tools, bound to what they look up."""
    tools: list[BaseTool] = []
    for kind, look_up in ((SearchCorpus, search), (RecallHistory, recall)):
        tool = kind()
        tool._look_up = look_up
        tools.append(tool)
    return tools
