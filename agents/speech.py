"""Making a model's words safe to show and to keep."""

from __future__ import annotations

import re
import unicodedata

from agents.redact import redact

_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_]?)")


def spoken(text: str, strip: bool = True) -> str:
    """`text` without keys, escape sequences, control and direction-changing characters; line ends
    stay."""
    text = _ESCAPE.sub("", text)
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    text = redact("".join(kept))
    return text.strip() if strip else text
