"""The example in `docs/measuring.md` does what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parents[2] / "docs" / "measuring.md"


def test_the_example_of_memory_runs_as_it_stands() -> None:
    section = DOCUMENT.read_text("utf-8").partition("\n## Memory\n")[2].partition("\n## ")[0]
    example = re.search(r"```python\n(.*?)```", section, re.S)
    assert example is not None
    names: dict[str, Any] = {}
    exec(example[1], names)
    assert names["ids"][0] == "D2:1"
    assert set(names["ids"]) <= {"D1:1", "D1:2", "D1:3", "D2:1"}
