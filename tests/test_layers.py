"""The house: imports run one way, modules stay small, nothing of this machine is in a file."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("corpus", "memory", "agents", "tui")
"""Each room may import those before it."""
LONGEST = 450
"""Lines; the rule is "about 400", and a contract is read in one piece."""
HEAVY = ("crewai", "chromadb", "langchain", "langchain_community", "onnxruntime", "numpy")
LIGHT = frozenset({"agents.client", "agents.codec", "agents.protocol", "agents.spawn"}) | {
    "agents.figures",
    "agents.startup",
    "agents.redact",
    "agents.views",
    "agents.wire",
}
"""What the front end may import of the agents before it asks for a command's own work."""


def modules(*rooms: str) -> list[Path]:
    return sorted(p for room in rooms for p in (ROOT / room).rglob("*.py"))


def imported(path: Path, top_level: bool = False) -> list[tuple[str, int]]:
    """The modules that a file imports, with the line; with `top_level` those at import time."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(_at_import(tree.body)) if top_level else list(ast.walk(tree))
    found: list[tuple[str, int]] = []
    for node in nodes:
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, node.lineno))
    return found


def _at_import(body: list[ast.stmt]):
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        for inner in ("body", "orelse", "handlers", "finalbody"):
            if isinstance(node, (ast.If, ast.Try)) and getattr(node, inner, None):
                yield from _at_import(getattr(node, inner))


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_one_way(room: str):
    above = ROOMS[ROOMS.index(room) + 1 :]
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(room)
        for name, line in imported(path)
        if name.split(".")[0] in (*above, "tests", "bench")
    ]
    assert wrong == []


def test_only_the_crew_imports_crewai_when_it_is_imported():
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules(*ROOMS)
        for name, line in imported(path, top_level=True)
        if name.split(".")[0].startswith("crewai") and "agents/crew/" not in path.as_posix()
    ]
    assert wrong == []


def test_the_front_end_is_light():
    """It imports the contract and the client; heavier things only inside a command's function."""
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules("tui")
        for name, line in imported(path, top_level=True)
        if name.split(".")[0] in (*HEAVY, "memory", "corpus", "crewai")
        or (name.split(".")[0] == "agents" and name not in LIGHT)
    ]
    assert wrong == []


def test_what_is_light_imports_nothing_heavy():
    code = (
        "import sys, agents.client, agents.redact, agents.spawn, agents.wire;"
        f"print(sorted({set(HEAVY) | {'crewai', 'pydantic', 'yaml', 'memory', 'corpus'}!r}"
        " & {m.split('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_is_imported_is_declared():
    """Nothing works only because another package happens to bring it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[<>=\[]", name)[0] for name in project["dependencies"]}
    brought_by = {
        package: {name.lower().replace("_", "-") for name in names}
        for package, names in packages_distributions().items()
    }
    wrong = {
        name.split(".")[0]
        for path in modules(*ROOMS)
        for name, _ in imported(path)
        if name.split(".")[0] not in (*sys.stdlib_module_names, *ROOMS)
        # `crewai_core` is a part of CrewAI, which pins it to its own version.
        and not name.startswith("crewai")
        and not declared & brought_by[name.split(".")[0]]
    }
    assert wrong == set()


def test_no_module_is_long():
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in modules(*ROOMS)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


MACHINE = re.compile(r"/work/|/root/|/home/(?!ada/)\w+/|files\.pythonhosted\.org|pypi\.org/simple")


def test_nothing_of_a_machine_or_a_registry_is_in_a_file():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    wrong = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path == Path(__file__) or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        wrong += [f"{name}: {found.group()}" for found in MACHINE.finditer(text)]
    assert wrong == []
