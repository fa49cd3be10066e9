"""What Viva says itself, where no agent has anything to find words for."""

from __future__ import annotations

GONE = "This question is no longer in your decks, so nothing more is asked about it."
JUDGE_YOURSELF = (
    "This question came without an answer, so nothing was compared. Was yours good? Overrule the "
    "verdict, and it comes back when it is due."
)
NO_ANSWER = "There is no answer to compare this with: judge it yourself."
NO_JUDGE = "This answer could not be judged: judge it yourself."
