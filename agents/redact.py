"""Keeping keys out of what is shown or written, and out of the log what CrewAI would log of requests
and replies. Imports the standard library alone: reports of faults go through here too."""

from __future__ import annotations

import logging
import os
import traceback
from pathlib import Path

SHORTEST = 8
"""A value shorter than this is no key and would blank out half the log."""
HIDDEN = "***"


KEYS = ("_API_KEY", "_TOKEN", "_SECRET", "_ACCESS_KEY", "_ACCESS_KEY_ID", "_PASSWORD")
"""How the names of variables end that hold a key, those of all providers among them."""


def redact(text: str) -> str:
    """`text` without the value of any key that stands in the environment."""
    for name, value in os.environ.items():
        if len(value) >= SHORTEST and name.upper().endswith(KEYS):
            text = text.replace(value, HIDDEN)
    return text


class Discreet(logging.Filter):
    """A filter for log handlers: removes keys, and the text of CrewAI's own records, which repeats
    what servers answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        if "crewai" in Path(record.pathname).parts or record.name.startswith("crewai"):
            record.msg, record.args = f"{record.module}: {record.levelname.lower()}", ()
            record.exc_info = record.exc_text = None
            return True
        record.msg, record.args = redact(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = redact("".join(traceback.format_exception(*record.exc_info)).rstrip())
            record.exc_info = None
        return True
