"""Where logging goes: a rotating file in the data folder, never the screen."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path


def log_to_file(home: Path) -> logging.Handler:
    """Sends all logging to a rotating file in the data folder; never to the screen."""
    handler = logging.handlers.RotatingFileHandler(
        home / "viva.log", maxBytes=1_000_000, backupCount=3, delay=True, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("viva").setLevel(logging.INFO)
    return handler
