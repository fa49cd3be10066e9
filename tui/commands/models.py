"""`viva models`: which models there are, whether they work, how good they judge, what they cost."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from agents.protocol import CheckModel, Done, GetUse, Refused, Trouble, Tutor
from agents.views import UseRow, UseView
from tui.commands.shell import complain, options, parsed, print_json, say, table, with_tutor

ABOUT = """\
find: look for model servers on this computer. test: one real request to each configured model.
check: have the model judge the graded answers of the scorecard. usage: what was used so far, and your thumbs.
compare A B: two checked models (or MODEL@PROMPT-VERSION) side by side.
Without any of these: what is configured and usable."""


def run(arguments: list[str]) -> int:
    parser = options("models", ABOUT)
    parser.add_argument(
        "action", nargs="?", default="list",
        choices=("list", "find", "test", "check", "usage", "compare"),
    )  # fmt: skip
    parser.add_argument("names", nargs="*", help="for compare: two models")
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args
    if args.action in ("check", "usage"):
        return {"check": _check, "usage": _usage}[args.action](args.json)
    from memory.home import HomeError, locate
    from memory.settings import SettingsError, load_settings

    try:
        home = locate()
        settings = load_settings(home)
        if args.action == "compare":
            return _compare(home, args.names, args.json)
        return {"list": _list, "find": _find, "test": _test}[args.action](home, settings, args.json)
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
    table((name, problem or "usable") for name, problem in usable.items())
    return 0


def _row(home: Path, config: Any) -> dict[str, str]:
    return {"model": config.model, "address": config.address, "problem": config.problem()}


def _find(home: Path, settings: Any, as_json: bool) -> int:
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


def _test(home: Path, settings: Any, as_json: bool) -> int:
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


def _check(as_json: bool) -> int:
    async def work(tutor: Tutor) -> Done:
        import asyncio

        while True:
            try:
                return await tutor.request(CheckModel(job="check"))
            except Refused as refused:
                if "still being loaded" not in refused.trouble.message:
                    raise
                await asyncio.sleep(0.2)

    def show(done: Done) -> None:
        if as_json:
            print_json({"result": done.text})
        else:
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
        for title, rows in (("By model", use.models), ("By prompt version", use.prompts)):
            if rows:
                say(f"\n{title}")
                table(map(_use, rows))

    async def work(tutor: Tutor) -> UseView:
        return await tutor.request(GetUse())

    return with_tutor(work, show)


def _use(row: UseRow) -> tuple[str, ...]:
    """The columns of one model or prompt version."""
    return (
        row.name,
        f"{row.replies} replies",
        f"{row.failures} failed",
        f"{row.hits} from the cache",
        f"{row.tokens} tokens",
        f"${row.price:.4f}",
        f"{row.seconds:.1f} s each",
        f"{row.up} good, {row.down} bad" if row.up or row.down else "not rated",
    )


def _compare(home: Path, names: list[str], as_json: bool) -> int:
    from agents.scorecard.card import kept, latest
    from agents.scorecard.compare import compare

    if len(names) != 2:
        return complain(Trouble("compare needs two models", "viva models compare A B"))
    cards = [latest(home, name) for name in names]
    for name, card in zip(names, cards, strict=True):
        if card is None:
            have = ", ".join(dict.fromkeys(f"{c.model}@{c.prompt}" for c in kept(home))) or "none"
            mend = f"run `viva models check` with VIVA_MODEL={name}; checked so far: {have}"
            return complain(Trouble(f"{name} has not been checked", mend))
    first, second = (card for card in cards if card is not None)
    try:
        result = compare(first, second)
    except ValueError as error:
        return complain(Trouble(str(error)))
    if as_json:
        print_json(result)
    else:
        say(result.text())
    return 0
