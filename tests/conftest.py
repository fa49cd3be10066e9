"""What keeps the suite's many processes short."""

from __future__ import annotations

import os

from agents.startup import begin

# A child that may not keep its bytecode compiles all of Viva anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
begin()
