"""The one registry of what can be done: it feeds bindings, footer, help, palette and the keymap."""

from __future__ import annotations

from collections.abc import Mapping

from tui.action_table import ACTIONS, SCOPES, Action

__all__ = ["ACTIONS", "SCOPES", "Action", "faulty_keymap", "find", "fits", "keys_of", "mark", "of"]

_MARKS = {
    "enter": "⏎", "escape": "esc", "slash": "/", "delete": "del", "pageup": "pgup", "pagedown": "pgdn",
    "space": "space",
}  # fmt: skip


def of(scope: str) -> tuple[Action, ...]:
    """The actions of one screen, without those that work everywhere."""
    return tuple(action for action in ACTIONS if action.scope == scope)


def find(name: str) -> Action:
    """The action called e.g. ``interview.hint``. Raises `KeyError`."""
    for action in ACTIONS:
        if action.name == name:
            return action
    raise KeyError(name)


def fits(action: Action, phase: str) -> bool:
    """Whether `action` makes sense in `phase` (empty: outside an interview)."""
    return not action.phases or not phase or phase in action.phases


def keys_of(action: Action, keymap: Mapping[str, str]) -> str:
    """The keys of `action` as remapped by the learner."""
    return keymap.get(action.name) or action.keys


def mark(keys: str) -> str:
    """The first of `keys` as a reader sees it: ``ctrl+g`` is ``^g``, ``f1`` is ``F1``."""
    key = keys.split(",")[0]
    if key.startswith("ctrl+"):
        return "^" + key[5:]
    if len(key) > 1 and key[0] == "f" and key[1:].isdigit():
        return key.upper()
    return _MARKS.get(key, key)


def faulty_keymap(keymap: Mapping[str, str]) -> list[str]:
    """What is wrong with a learner's keymap, one sentence each: unknown names, keys used twice."""
    known = {action.name: action for action in ACTIONS}
    wrong = [f"keys: there is no action {name!r}" for name in keymap if name not in known]
    for scope in SCOPES:
        seen: dict[str, Action] = {}
        for action in (*of(scope), *of("everywhere")):
            for key in keys_of(action, keymap).split(","):
                other = seen.get(key)
                if (
                    other
                    and (action.name in keymap or other.name in keymap)
                    and _meet(action, other)
                ):
                    wrong.append(f"keys: {key} means both {other.name} and {action.name}")
                seen[key] = action
    return list(dict.fromkeys(wrong))


def _meet(one: Action, two: Action) -> bool:
    return not one.phases or not two.phases or bool(set(one.phases) & set(two.phases))
