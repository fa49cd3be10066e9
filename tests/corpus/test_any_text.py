"""Any text is read as a question bank without an error, and nothing that is found is invented."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from corpus.banks import find_questions

PIECES = [
    *(
        "# ",
        "## Q1. ",
        "1. ",
        "2. ",
        "- ",
        "- [x] ",
        "A: ",
        "**",
        "What is x?",
        "Answer: B",
        "::",
        "?",
    ),
    *(
        "<details><summary>",
        "</summary>",
        "</details>",
        "```",
        "| a | b |\n|---|---|\n",
        "{{c1::z}}",
    ),
    *(
        " #card",
        "one",
        "two three.",
        "[a](b)",
        "[",
        "]",
        "(",
        "<b>",
        "START\n",
        "END\n",
        "\t",
        "    ",
    ),
    *("é", "\x1b[2J", "A) ", "B) ", "\n", "\n\n"),
]
piece = st.sampled_from(PIECES)


def letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", text))


@given(st.lists(piece, max_size=60).map("".join))
def test_any_text_is_read_and_nothing_is_invented(text: str) -> None:
    for found in find_questions(text):
        labels = "|".join(re.escape(o.partition(":")[0]) for o in found.options) or "(?!)"
        for said in (found.ask.removeprefix("Fill the gap: "), found.answer):
            said = re.sub(rf"^(?:{labels}): ", "", said, flags=re.M)
            # `in` on an iterator consumes it: every letter stands in the text, in this order.
            rest = iter(letters(text))
            assert all(letter in rest for letter in letters(said))
            assert "\x1b" not in said
        assert 1 <= found.line <= text.count("\n") + 1
