"""What the front end may import: nothing that thinks, stores or parses documents."""

from __future__ import annotations

import subprocess
import sys

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


def modules_after(code: str) -> set[str]:
    """Names of the modules that a fresh interpreter holds after `code`."""
    script = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
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
