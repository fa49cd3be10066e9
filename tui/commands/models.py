"""`viva models`: which models there are, whether they work, how good they judge, what they cost."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agents.figures import ComparisonView, SideView, UseRow, UseView
from agents.protocol import CheckModel, CompareModels, Done, GetUse, Trouble
from tui.commands.shell import Served, complain, options, parsed, print_json, say, table, with_tutor

ABOUT = """\
find: look for model servers on this computer. test: one real request to each configured model.
check [MODEL ...]: have a model judge the graded answers of the scorecard; usage: what was used so far,
and your thumbs. compare A B: two models (or MODEL@PROMPT-VERSION) over the same answers, side by side;
one that was not checked yet is checked first.
Without any of these: what is configured and usable."""


def run(arguments: list[str]) -> int:
    parser = options("models", ABOUT)
    parser.add_argument(
        "action", nargs="?", default="list",
        choices=("list", "find", "test", "check", "usage", "compare"),
    )  # fmt: skip
    parser.add_argument("names", nargs="*", help="for check and compare: models")
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args
    if args.action == "usage":
        return _usage(args.json)
    if args.action == "check":
        return _check(args.names, args.json)
    from memory.home import HomeError, locate
    from memory.settings import SettingsError, load_settings

    try:
        home = locate()
        settings = load_settings(home)
        if args.action == "compare":
            return _compare(home, args.names, args.json)
        if args.action == "find":
            return _find(args.json)
        return (
            _test(settings, args.json)
            if args.action == "test"
            else _list(home, settings, args.json)
        )
    except SettingsError as error:
        return complain(Trouble(str(error), error.mend))
    except HomeError as error:
        return complain(Trouble(error.message, error.mend))


def _list(home: Path, settings: Any, as_json: bool) -> int:
    from agents.models import PROVIDERS, ModelConfig, configured
    from agents.scorecard.card import latest

    found = configured(settings)
    agents = {role: _row(home, config) for role, config in found.items()}
    usable = {
        name: ModelConfig(f"{name}/any", settings.base_url if name == "openai" else "").problem()
        for name in PROVIDERS
    }
    if as_json:
        print_json({"agents": agents, "providers": usable})
        return 0
    if not found:
        say(
            "No model is configured: the built-in tutor does everything. Set VIVA_MODEL=provider/name."
        )
    for role, row in agents.items():
        say(f"{role}: {row['model']} at {row['address']}")
        say(row["problem"] or "ready to be tried with `viva models test`", 4)
        card = latest(home, row["model"])
        if card is not None:
            say(card.text(), 4)
    say("\nProviders")
    table(((name, problem or "usable") for name, problem in usable.items()), wrap=True)
    return 0


def _row(home: Path, config: Any) -> dict[str, str]:
    return {"model": config.model, "address": config.address, "problem": config.problem()}


def _find(as_json: bool) -> int:
    from agents.discovery import find_local_servers

    servers = find_local_servers()
    if as_json:
        print_json(servers)
    elif not servers:
        say("No model server answers on this computer (Ollama, LM Studio, llama.cpp, vLLM).")
    for server in [] if as_json else servers:
        say(f"{server.provider} at {server.url}")
        for name in server.models:
            say(f"VIVA_MODEL={name}", 4)
    return 0


def _test(settings: Any, as_json: bool) -> int:
    from agents.models import configured
    from agents.roundtrip import round_trip

    configs = list(dict.fromkeys(configured(settings).values()))
    if not configs:
        return complain(Trouble("no model is configured", "set VIVA_MODEL=provider/name"))
    # CrewAI's own files go elsewhere: a data folder that is not Viva's yet must stay empty.
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        results = [round_trip(config, Path(folder)) for config in configs]
    if as_json:
        print_json(results)
    for result in [] if as_json else results:
        say(result.text())
    return 0 if all(result.ok for result in results) else 1


def _check(names: list[str], as_json: bool) -> int:
    def work(served: Served) -> list[Done]:
        return [served(CheckModel("check", name)) for name in names or [""]]

    def show(made: list[Done]) -> None:
        if as_json:
            print_json({"result": "\n".join(done.text for done in made)})
        for done in [] if as_json else made:
            say(done.text)

    return with_tutor(work, show, agents=True, progress=True)


def _usage(as_json: bool) -> int:
    def show(use: UseView) -> None:
        if as_json:
            print_json(use)
            return
        if not use.models and not use.prompts:
            say("No model has been used yet.")
            return
        say(f"Today: {use.tokens_today} tokens, ${use.price_today:.4f}.")
        for title, rows, rated in (
            ("By model", use.models, True),
            ("By prompt version", use.prompts, True),
            ("By agent", use.agents, False),
            ("By session", use.sessions, False),
        ):
            if rows:
                say(f"\n{title}")
                table(_use(row, rated) for row in rows)

    def work(served: Served) -> UseView:
        return served(GetUse())

    return with_tutor(work, show)


def _use(row: UseRow, rated: bool) -> tuple[str, ...]:
    """The columns of one model, agent, session or prompt version; the last are thumbs if it is
    `rated`."""
    columns = (
        row.name,
        f"{row.replies} replies",
        f"{row.failures} failed",
        f"{row.skipped} left out",
        f"{row.hits} from the cache",
        f"{row.tokens} tokens",
        f"${row.price:.4f}",
        f"{row.seconds:.1f} s each",
    )
    return (*columns, _thumbs(row.up, row.down)) if rated else columns


def _compare(home: Path, names: list[str], as_json: bool) -> int:
    from agents.scorecard.card import latest

    if len(names) != 2:
        return complain(Trouble("compare needs two models", "viva models compare A B"))
    missing = [name for name in dict.fromkeys(names) if latest(home, name) is None]

    def work(served: Served) -> ComparisonView:
        for name in missing:
            served(CheckModel(job="check", model=name))
        return served(CompareModels(*names))

    def show(result: ComparisonView) -> None:
        if as_json:
            print_json(result)
        else:
            _side_by_side(result)

    return with_tutor(work, show, agents=bool(missing), progress=True)


def _side_by_side(found: ComparisonView) -> None:
    """The two in columns, and below what the differences are worth."""
    one, other = found.first, found.second
    rows = [("", one.name, other.name)]
    for title, write in _FIGURES:
        rows.append((title, write(one), write(other)))
    rows += [
        (f"thumbs, {row.prompt}", _thumbs(*row.first), _thumbs(*row.second)) for row in found.thumbs
    ]
    table(rows)
    say(
        f"\nDifference in agreement on the {found.points} points both judged: "
        f"{100 * found.difference:+.1f} points ({100 * found.low:+.1f} to "
        f"{100 * found.high:+.1f}), {_worth(found.p)}."
    )
    if found.thumbs:
        say(f"Difference in all your thumbs: {_worth(found.thumbs_p)}.")


_FIGURES: tuple[tuple[str, Callable[[SideView], str]], ...] = (
    ("agrees with people", lambda side: f"{100 * side.agreement:.1f} %"),
    ("credit for nothing", lambda side: f"{100 * side.false_credit:.1f} %"),
    ("unusable replies", lambda side: str(side.failures)),
    ("seconds an answer", lambda side: f"{side.seconds:.1f}"),
    ("tokens", lambda side: str(side.tokens)),
    ("price", lambda side: f"${side.price:.4f}"),
)


def _worth(p: float) -> str:
    return f"p = {p:.3f}, {'significant' if p < 0.05 else 'not significant'}"


def _thumbs(up: int, down: int) -> str:
    return f"{up} good, {down} bad" if up or down else "not rated"
