"""How the built-in tutor takes up what was said before it asks on: short, neutral and true.

`{said}` stands for the learner's own words, which code has checked. Credit stands under
`gained` and `partly` only, which code chooses only when a point was credited.
"""

from __future__ import annotations

LEADS: dict[str, tuple[str, ...]] = {
    "gained": (
        "{said}: that is one of the points.",
        "{said} counts.",
        "Yes: {said}.",
        "Credited: {said}.",
        "{said} is right.",
        "{said}: yes.",
        "{said} belongs in the answer.",
        "That is right: {said}.",
    ),
    "partly": (
        "{said} is half of a point.",
        "{said} goes halfway.",
        "With {said} a point is half made.",
        "Half a point for {said}.",
        "{said} comes close.",
        "{said} is a start.",
    ),
    "unsure": (
        "I am not sure how you mean {said}.",
        "I cannot quite place {said} yet.",
        "{said} may be it; be more exact.",
        "I need {said} more precisely.",
        "{said} could be the point.",
    ),
    "vague": (
        "That stays too general to credit.",
        "There is nothing specific in that yet.",
        "One could say that of almost anything.",
        "Too general still.",
        "I need something more specific.",
        "That names no part and no step.",
        "Be more concrete.",
        "That could stand in any answer.",
    ),
    "nothing": (
        "That does not touch the point yet.",
        "That earns no credit yet.",
        "None of the points is in there yet.",
        "That does not answer it yet.",
        "The point is not in there.",
        "I am after something else.",
        "Not yet.",
        "That adds nothing I can credit.",
        "Still open.",
    ),
    "contradicted": (
        "{said} does not hold.",
        "I cannot agree with {said}.",
        "{said} is not how it works.",
        "{said} is where it goes wrong.",
        "I would dispute {said}.",
    ),
    "doubted": (
        "I am not sure I agree with {said}.",
        "{said} may be the wrong way round.",
        "I doubt {said}, but may misread it.",
        "Look at {said} once more.",
        "I may misread {said}.",
    ),
    "gave_up": (
        "Then a smaller step.",
        "Let us narrow it down.",
        "One piece at a time, then.",
        "Then let me help a little.",
        "Here is something to go by.",
        "No harm done.",
    ),
    "puzzled": (
        "Let me put it differently.",
        "Look at it this way.",
        "Another way in.",
    ),
    "copied": (
        "Those words stood here already; say it in your own.",
        "A copy earns nothing.",
        "In your own words, please.",
        "I can credit only words of your own.",
        "Try it without looking.",
        "That was a copy.",
    ),
    "aside": (
        "Let us stay with the question.",
        "Back to the question.",
        "The question still stands.",
    ),
    "language": (
        "I can judge answers in English only; half a sentence will do.",
        "In English, if you can.",
        "I follow English only.",
    ),
}
UNQUOTED: dict[str, tuple[str, ...]] = {
    "gained": ("That makes a point.", "One point more.", "That counts."),
    "partly": ("Part of a point is there.", "That is half of it."),
    "unsure": ("I am not sure how you mean that.", "I cannot quite place that."),
    "contradicted": (
        "Something in that does not hold.",
        "Part of that is the wrong way round.",
        "That cannot be right as it stands.",
    ),
    "doubted": (
        "I am not sure I agree with all of it.",
        "Something in that may be the wrong way round.",
    ),
}
"""For the same moods where no words can be quoted."""
