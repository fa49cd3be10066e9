"""Foreign text is shown as it is and cannot steer the terminal."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.literal import one_line, shown, typed
from tui.prose import crop, formatted, literal, pad, plain, table, wrap

ANY = st.text(st.characters(), max_size=200)
BIDI = {0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F}


@given(ANY)
def test_nothing_shown_can_steer_a_terminal(text: str) -> None:
    for character in shown(text):
        assert character == "\n" or unicodedata.category(character) not in ("Cc", "Cs")
        assert ord(character) not in BIDI


@given(ANY)
def test_what_is_shown_can_be_encoded(text: str) -> None:
    shown(text).encode()
    typed(text).encode()
    one_line(text).encode()


def test_escape_bytes_stay_visible_and_inert() -> None:
    assert shown("\x1b[31mred\x00") == "␛[31mred␀"
    assert typed("\x1b[31mred\x00\tx") == "[31mred\tx"
    assert shown("a\r\nb\rc\u2028d") == "a\nb\nc\nd"
    assert shown("x\u202eevil\u2066") == "xevil"
    assert shown("\udc80") == "�"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=120), st.integers(2, 40))
def test_lines_fit_and_lose_only_blanks(text: str, width: int) -> None:
    pieces = [text[a:b] for a, b in wrap(text, width)]
    assert all(cell_len(piece) <= width for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(ANY, st.integers(1, 60))
def test_a_learners_words_are_never_reworded(text: str, width: int) -> None:
    drawn = plain(literal(text, width))
    assert "".join(drawn.split()) == "".join(shown(text).split())


@given(ANY, st.integers(8, 80))
def test_laid_out_lines_fit(text: str, width: int) -> None:
    for line in formatted(text, width):
        assert sum(cell_len(part) for part, _ in line) <= max(width, 8)


@given(st.text(max_size=60), st.integers(0, 30))
def test_pad_is_exact(text: str, width: int) -> None:
    assert cell_len(pad(shown(text).replace("\n", " "), width)) == width
    assert cell_len(crop(shown(text).replace("\n", " "), width)) <= width


def test_markup_of_others_is_not_ours() -> None:
    for text in ("list[int]", "[/]", "[@click=app.quit]x[/]", "[bold]", "a ** b ** c", "1 * 2 * 3"):
        assert plain(literal(text, 60)) == text
    assert (
        plain(formatted("x = list[int] and [/] and [@click=app.quit]", 80))
        == "x = list[int] and [/] and [@click=app.quit]"
    )


def test_code_and_tables_are_readable() -> None:
    code, grid = "```python\nif x:\n    y = 1\n```", "| a | b |\n|---|---|\n| one | two |"
    text = f"before\n{code}\n{grid}\n- item that is long enough to wrap"
    lines = plain(formatted(text, 24)).split("\n")
    assert "│ if x:" in lines and "│     y = 1" in lines
    assert "one  two" in lines
    assert "```" not in "\n".join(lines)
    assert lines[-1].startswith("  ")


def test_a_table_fits_narrow_places() -> None:
    rows = [["model", "what it is good for"], ["small", "answers that must come quickly"]]
    assert all(sum(cell_len(part) for part, _ in line) <= 24 for line in table(rows, 24))
