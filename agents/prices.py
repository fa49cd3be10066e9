"""What a model costs, from the price table that ships with CrewAI; nothing is fetched."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLE = "llms/litellm_catalog/model_prices_and_context_window.json"


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per token."""

    read: float
    written: float
    cached: float

    def of(self, prompt: int, completion: int, cached: int = 0) -> float:
        """The price of one call; `cached` of the `prompt` tokens came from the provider's cache."""
        fresh = max(0, prompt - cached)
        return fresh * self.read + min(prompt, cached) * self.cached + completion * self.written


FREE = Price(0.0, 0.0, 0.0)


@cache
def _table() -> dict[str, Any]:
    # Finding the package does not import it: that would take seconds.
    spec = importlib.util.find_spec("crewai")
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        path = Path(place) / TABLE
        if path.is_file():
            return json.loads(path.read_text(encoding="utf-8"))
    return {}


@cache
def price_of(provider: str, name: str) -> Price | None:
    """The price of a model, None if the table does not know it."""
    table = _table()
    for key in (f"{provider}/{name}", name, name.rpartition("/")[2]):
        row = table.get(key)
        if isinstance(row, dict) and isinstance(row.get("input_cost_per_token"), int | float):
            read = float(row["input_cost_per_token"])
            written = float(row.get("output_cost_per_token") or 0.0)
            cached = row.get("cache_read_input_token_cost")
            return Price(read, written, float(cached) if cached is not None else read)
    return None
