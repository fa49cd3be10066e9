"""A stylesheet that parses each rule once for each set of colours.

Textual 8.2 parses all rules anew for every new screen and at every look at its variables, changed or
not: a third of the time that a screen takes to come up.
"""

from __future__ import annotations

from typing import Any, ClassVar

from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

SOURCES = 256


class ParsedOnce(Stylesheet):
    """Shares what is parsed among all stylesheets with the same variables."""

    _parsed: ClassVar[
        dict[frozenset[tuple[str, str]], LRUCache[tuple[Any, ...], list[RuleSet]]]
    ] = {}

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._share()

    def _share(self) -> None:
        key = frozenset(self._variables.items())
        self._parse_cache = self._parsed.setdefault(key, LRUCache(SOURCES))

    def set_variables(self, variables: dict[str, str]) -> None:
        if variables == self._variables:
            return
        self._parse_cache = LRUCache(SOURCES)  # `set_variables` empties what it finds
        super().set_variables(variables)
        self._share()

    def reparse(self) -> None:
        self.parse()
