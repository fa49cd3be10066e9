"""Keeping keys, and what CrewAI would log of requests and replies, out of the log."""

from __future__ import annotations

import logging
import os
import traceback
from pathlib import Path

from agents.models import key_names

SHORTEST = 8
"""A value shorter than this is no key and would blank out half the log."""
HIDDEN = "***"


def redact(text: str) -> str:
    """`text` without the value of any key that stands in the environment."""
    for name in key_names():
        value = os.environ.get(name, "")
        if len(value) >= SHORTEST:
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
