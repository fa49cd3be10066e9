"""Colours: dark, light, high contrast and the terminal's own sixteen. None of them carries meaning alone."""

from __future__ import annotations

from textual.theme import Theme

NAMES = ("dark", "light", "contrast", "ansi")

_ANSI = {
    "block-cursor-foreground": "ansi_default",
    "block-cursor-background": "ansi_default",
    "border": "ansi_blue",
    "border-blurred": "ansi_default",
    "footer-background": "ansi_default",
    "scrollbar": "ansi_bright_black",
    "scrollbar-background": "ansi_default",
    "scrollbar-corner-color": "ansi_default",
    "ansi-background": "ansi_black",
    "ansi-foreground": "ansi_white",
}

THEMES = (
    Theme(
        name="dark", dark=True, primary="#7fb4e8", secondary="#9d8fd6", accent="#e8b45a", warning="#e8b45a",
        error="#ee7d79", success="#7fc98f", foreground="#e4e4e0", background="#16181c", surface="#1c1f25",
        panel="#262a32",
    ),
    Theme(
        name="light", dark=False, primary="#1f5f9e", secondary="#5b4a9e", accent="#8a5a00", warning="#8a5a00",
        error="#a8201a", success="#1f6b35", foreground="#1d1f23", background="#fbfaf7", surface="#f3f1ec",
        panel="#e6e3dc",
    ),
    Theme(
        name="contrast", dark=True, primary="#ffff00", secondary="#00ffff", accent="#00ffff",
        warning="#ffff00",
        error="#ff8080", success="#80ff80", foreground="#ffffff", background="#000000", surface="#000000",
        panel="#1a1a1a", text_alpha=1.0,
    ),
    Theme(
        name="ansi", ansi=True, primary="ansi_blue", secondary="ansi_cyan", accent="ansi_magenta",
        warning="ansi_yellow", error="ansi_red", success="ansi_green", foreground="ansi_default",
        background="ansi_default", surface="ansi_default", panel="ansi_default", boost="ansi_default",
        variables=_ANSI,
    ),
)  # fmt: skip
