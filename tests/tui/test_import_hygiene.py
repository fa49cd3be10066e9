"""What the front end may import: nothing that thinks, stores or parses documents."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FORBIDDEN = (
    "crewai",
    "chromadb",
    "memory",
    "corpus",
    "langchain_community",
    "numpy",
    "onnxruntime",
    "pydantic",
)
SCREENS = "today interview recap library memory ask settings review help sheets".split()


def modules_after(code: str, **variables: str) -> set[str]:
    """Names of the modules that a fresh interpreter holds after `code`."""
    script = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    out = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **variables},
    )
    return set(out.stdout.split())


def test_the_still_frame_needs_next_to_nothing() -> None:
    held = modules_after("import tui.main, tui.still")
    assert not held & {
        "textual",
        "rich",
        "asyncio",
        "argparse",
        "dataclasses",
        "subprocess",
        "typing",
    }


@pytest.mark.parametrize(
    "code",
    [
        "import tui.app, tui.launch, agents.client, "
        + ", ".join(f"tui.screens.{name}" for name in SCREENS),
        "import tui.plain, tui.plain_commands, tui.export, agents.client",
    ],
    ids=["screens", "plain"],
)
def test_screens_never_import_the_engine(code: str) -> None:
    held = {name.split(".")[0] for name in modules_after(code)}
    assert not held & set(FORBIDDEN)


def test_start_up_leaves_out_what_only_some_screens_need() -> None:
    held = modules_after("import tui.app, tui.screens.today")
    assert not held & {
        "markdown_it",
        "textual.widgets._markdown",
        "tui.screens.library",
        "aiohttp",
        "tui.plots.charts",
    }


LIBRARIES = {"asyncio", "chromadb", "crewai", "langchain_community", "langchain_text_splitters"} | {
    "lxml",
    "onnxruntime",
    "PIL",
    "pydantic_settings",
    "pypdfium2",
    "snowballstemmer",
    "textual",
    "tokenizers",
}
"""What no command needs that only looks something up in memory or library."""


@pytest.mark.parametrize(
    ("command", "spared"),
    [
        ("--help", {"numpy", "pydantic", "yaml", "memory", "corpus", "agents.desk"}),
        ("due --help", {"numpy", "pydantic", "yaml", "memory", "corpus", "agents.desk"}),
        ("decks", {"numpy", "corpus.banks.choose", "corpus.loaders", "agents.agenda"}),
        ("show kv-cache", {"numpy", "corpus.banks.choose", "corpus.loaders", "agents.agenda"}),
        ("profile", {"numpy", "yaml", "corpus.library", "corpus.loaders", "agents.agenda"}),
        ("due", {"corpus.banks.choose", "corpus.loaders", "agents.skills", "agents.briefs"}),
        ("goal", {"corpus.banks.choose", "corpus.loaders", "agents.skills", "agents.briefs"}),
    ],
)
def test_a_command_imports_what_it_needs(command: str, spared: set[str], tmp_path: Path) -> None:
    run = (
        "import io, sys; from contextlib import redirect_stdout; from tui.main import main\n"
        f"with redirect_stdout(io.StringIO()): main({command.split()!r})"
    )
    held = modules_after(run, VIVA_HOME=str(tmp_path))
    assert "tui.main" in held
    assert not held & (LIBRARIES | spared)


def test_the_engine_listens_before_it_imports_what_thinks() -> None:
    held = modules_after("import agents.engine")
    assert not held & (LIBRARIES - {"asyncio"} | {"numpy", "pydantic", "yaml", "agents.desk"})
