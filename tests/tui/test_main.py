"""The console entry names what it does not know, and the still frame fits any terminal."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import fault, lately, look, main, options
from tui.launch import farewell
from tui.still import lines


def test_an_unknown_command_is_named_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["deks"]) == 2
    error = capsys.readouterr().err
    assert "'deks'" in error and "viva decks" in error


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--minutes", "x"], "'x' is not a number of minutes"),
        (["--questions", "0"], "not a number from 1 to 500"),
        (["--bogus"], "--bogus"),
    ],
)
def test_bad_options_are_named(
    args: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["study", *args]) == 2
    assert said in capsys.readouterr().err


def test_help_and_version_succeed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["--help"]) == 0 and main.main(["--version"]) == 0
    assert "--plain" in capsys.readouterr().out


def test_options_given_are_the_ones_that_differ() -> None:
    assert options.parse(["--mock", "--minutes", "20"]) == {"mode": "mock", "minutes": 20.0}


def test_own_commands_can_be_called() -> None:
    for name in ("study", "serve"):
        module, _, function = main.COMMANDS[name].partition(":")
        assert callable(getattr(import_module(module), function))


@given(st.integers(1, 300), st.integers(1, 90))
def test_the_still_frame_fits(columns: int, rows: int) -> None:
    frame = lines(columns, rows)
    assert len(frame) <= rows and all(len(line) <= columns for line in frame)


@pytest.mark.parametrize("place", ["home", "elsewhere"])
def test_a_fault_of_our_own_is_one_clear_line_and_a_report(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    place: str,
) -> None:
    folder = tmp_path / place
    folder.mkdir()
    monkeypatch.setenv("VIVA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(folder))

    def broken(*_: object, **__: object) -> None:
        raise ValueError("a\x1b[2Jb")

    monkeypatch.setattr("agents.desk.open_desk", broken)
    for _ in range(9):
        assert main.main(["decks"]) == fault.CODE
    out, error = capsys.readouterr()
    assert not out and "Traceback" not in error and "\x1b" not in error
    report = folder / fault.NAME
    assert "`viva decks` failed" in error and str(report) in error and "ValueError" in error
    assert report.stat().st_mode & 0o777 == 0o600
    assert report.read_text().count("Traceback (most recent call last)") == fault.MOST


def test_the_last_line_tells_how_to_go_on() -> None:
    assert "viva --resume" in farewell(0, True) and "viva --resume" in farewell(1, False)
    assert "viva" in farewell(0, False)


def test_a_bad_theme_and_a_broken_file_are_named(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_HOME", str(tmp_path))
    monkeypatch.setenv("VIVA_THEME", "pink")
    assert any("'pink'" in problem for problem in look.read().problems)
    monkeypatch.delenv("VIVA_THEME")
    (tmp_path / "viva.toml").write_text('theme = "light"\n[keys]\n"interview.hint" = "f11"\n')
    assert look.read() == look.Look("light", motion=True, keymap={"interview.hint": "f11"})
    (tmp_path / "viva.toml").write_text("theme = ")
    assert any("viva.toml" in problem for problem in look.read().problems)


def test_the_data_folder_is_the_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs

    monkeypatch.delenv("VIVA_HOME", raising=False)
    for data in ("", "/somewhere/else"):
        monkeypatch.setenv("XDG_DATA_HOME", data)
        assert lately.home() == platformdirs.user_data_dir("viva")
    monkeypatch.setenv("VIVA_HOME", "~/mine")
    assert lately.home() == str(Path("~/mine").expanduser())
