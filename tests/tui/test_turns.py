"""Verdicts: quotes are found in the learner's own words; every verdict has a sign and a word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from agents.judgement import Overall
from agents.views import ErrorView, JudgementView, PointView, SourceView, TopicView
from tests.tui import scripted_texts as texts
from tui import pages, plots, wording
from tui.literal import shown
from tui.prose import formatted, plain
from tui.turns import judgement_lines, point_lines, quote_marks, source_lines


def judged(
    *points: PointView, errors: tuple[ErrorView, ...] = (), verdict: Overall = "partial"
) -> JudgementView:
    return JudgementView(verdict, 0.5, points, errors)


def test_quoted_words_are_marked_where_they_stand() -> None:
    answer = "First the KEYS and values.\nThen nothing is computed twice."
    view = judged(
        PointView("a", "covered", 1.0, quote="keys and values"),
        PointView("b", "partial", 0.5, quote="computed twice"),
        PointView("c", "missing", 0.0, quote="First"),
        errors=(ErrorView("x", "y", quote="nothing"),),
    )
    marks = {style: answer[a:b] for a, b, style in quote_marks(answer, view)}
    assert marks == {
        "mark-right": "KEYS and values",
        "mark-partial": "computed twice",
        "mark-against": "nothing",
    }


@given(st.text(max_size=80), st.text(max_size=20))
def test_marks_stay_inside_the_answer(answer: str, quote: str) -> None:
    for start, end, _ in quote_marks(answer, judged(PointView("a", "covered", 1.0, quote=quote))):
        assert 0 <= start < end <= len(shown(answer))


@pytest.mark.parametrize("verdict", ["covered", "partial", "missing", "contradicted"])
def test_no_verdict_by_colour_alone(verdict: str) -> None:
    sign, word = wording.VERDICTS[verdict]
    text = plain(judgement_lines(judged(PointView("a", verdict, 0.5, "A point.")), 70))  # type: ignore[arg-type]
    assert sign in text and word in text


def test_points_not_yet_made_are_not_given_away() -> None:
    view = judged(*(PointView(str(n), "missing", 0.0) for n in range(4)))
    text = plain(judgement_lines(view, 70))
    assert "4 points you have not made yet" in text and text.count("missing") == 1


@pytest.mark.parametrize("width", [44, 56, 76, 110])
def test_a_long_quote_takes_one_line_and_the_sheet_shows_it_whole(width: int) -> None:
    quote = "the keys and the values of all the tokens that came before " * 4
    point = PointView("a", "covered", 1.0, "A point.", quote)
    lines = plain(judgement_lines(judged(point), width)).split("\n")
    assert len(lines) == 3 and lines[-1].endswith("…”")
    assert all(cell_len(line) <= width for line in lines)
    whole = " ".join(plain(point_lines(point, width)).split())
    assert quote.strip() in whole


def test_a_judge_that_is_not_sure_calls_nothing_wrong_outright() -> None:
    turned = PointView("a", "contradicted", 0.0, "", "keys change", sure=0.5)
    text = plain(judgement_lines(judged(turned, verdict="contradictory"), 76))
    assert "something in it may be wrong" in text and "you seem to have turned round" in text
    sure = replace(turned, sure=0.9)
    text = plain(judgement_lines(judged(sure, turned, verdict="contradictory"), 76))
    assert "something is wrong in it" in text and "you have turned round" in text
    half = PointView("b", "partial", 0.5, "", "words", sure=0.0)
    assert "sure" not in plain(judgement_lines(judged(half), 76))


def test_a_quote_that_stands_there_already_is_referred_to() -> None:
    points = [PointView(name, "covered", 1.0, f"Point {name}.", "the words") for name in "ab"]
    text = plain(judgement_lines(judged(*points), 76))
    assert text.count("“the words”") == 1 and text.count("for the same words") == 1


@pytest.mark.parametrize("width", [30, 39, 40, 76])
def test_sources_take_one_line(width: int) -> None:
    many = tuple(SourceView(f"A survey of survey number {n}", f"p. {n}") for n in range(4))
    (line,) = source_lines(many, width)
    text = plain([line])
    assert cell_len(text) <= width and text.startswith(" source: ") and "3 more" in text
    assert not source_lines((), width) and not source_lines((SourceView(""),), width)


def test_a_tutors_markdown_is_laid_out() -> None:
    text = (
        "## Why\n\n\nIt is *new*, and **two** things hold:\n- one `x * y` that is long enough to be wrapped\n"
        "  - nested\n1. first\n\n```python\na = b * c * d\n```\n2 * 3 * 4"
    )
    lines = formatted(text, 30)
    assert plain(lines).split("\n") == [
        "Why", "", "It is new, and two things", "hold:", "• one `x * y` that is long",
        "  enough to be wrapped", "  • nested", "1. first", "", "│ a = b * c * d", "2 * 3 * 4",
    ]  # fmt: skip
    styles = {text: style for line in lines for text, style in line}
    assert styles["Why"] == styles["two"] == "strong" and styles["`x * y`"] == "code"
    assert styles["new"] == "quote"


@pytest.mark.parametrize("width", [40, 74, 116])
def test_every_plot_fits(width: int) -> None:
    for _, plot in plots.PLOTS:
        lines = plot(texts.RECAP, width)
        assert lines and all(len("".join(part for part, _ in line)) <= width for line in lines)
        assert len(lines) <= 16


def test_plots_of_nothing_say_so() -> None:
    from agents.views import RecapView

    empty = RecapView("t", "h", "s", 0, ())
    for _, plot in plots.PLOTS:
        assert plain(plot(empty, 60)).strip()
    assert plain(pages.recap_lines(empty, 60, texts.NOW))


def test_dates_are_said_from_today() -> None:
    day = 86_400_000
    assert [wording.due(texts.NOW + n * day, texts.NOW) for n in (-3, 0, 1, 9)] == [
        "today", "today", "tomorrow", "in 9 days",
    ]  # fmt: skip
    assert wording.due(0, texts.NOW) == "-"


def test_of_many_topics_those_begun_are_named() -> None:
    many = [TopicView(f"t{n:03}", 0.4, 0.2, 0.6, 1, 0, 0) for n in range(300)]
    many[270] = replace(many[270], seen=1)
    many[100] = replace(many[100], questions=9)
    named = [t.topic for t in pages.main_topics(many)]
    assert len(named) == pages.TOPICS and {"t270", "t100"} <= {*named} and named == sorted(named)
    text = plain(pages.today_lines(replace(texts.TODAY, readiness=tuple(many)), 76))
    assert f"and {300 - pages.TOPICS} more topics" in text
