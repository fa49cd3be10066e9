"""The texts of the scripted tutor: one small, realistic course on language models."""

# ruff: noqa: E501

from __future__ import annotations

from agents import views as v

DAY = 86_400_000
NOW = 1_795_000_000_000

QUESTIONS = (
    v.QuestionView(
        "kv-cache", "What does a key-value cache hold while a model generates text, and what does it save?",
        "inference", 3, "llm-foundations", 1, why="on Tuesday you mixed it up with attention weights", seen=2,
    ),
    v.QuestionView(
        "temperature", "What does the temperature do to the next-token distribution?", "decoding", 2,
        "llm-foundations", 2, why="due today",
    ),
    v.QuestionView(
        "layer-norm", "Why does a Transformer need layer normalisation? Say what is normalised over which axis, "
        "and what would go wrong in a deep stack without it.", "architecture", 3, "llm-foundations", 3,
        why="new, and it opens three other questions", seen=0,
    ),
    v.QuestionView("lora", "How does LoRA save memory when a model is fine-tuned?", "training", 3, "llm-foundations", 4),
    v.QuestionView("rag", "When would you choose retrieval over fine-tuning?", "production", 4, "llm-foundations", 5),
)  # fmt: skip

_POINTS = (
    (
        "keys",
        "It holds the keys and values of every earlier token, per layer and head.",
        "keys and values of the earlier tokens",
    ),
    ("recompute", "It saves computing them again for every new token.", "not computed again"),
    ("memory", "It costs memory that grows with the length of the text.", ""),
    ("not-weights", "It does not hold attention weights; those are new for every query.", ""),
)


def points(round_: int, told: bool) -> tuple[v.PointView, ...]:
    """The points after `round_` answers; open ones show their text only once `told`."""
    verdicts = (
        ("open",) * 4,
        ("covered", "partial", "missing", "missing"),
        ("covered", "covered", "covered", "missing"),
    )
    shares = {"open": 0.0, "covered": 1.0, "partial": 0.5, "missing": 0.0}
    found = []
    for (id_, text, quote), verdict in zip(_POINTS, verdicts[min(round_, 2)], strict=True):
        shown = told or verdict in ("covered", "partial")
        found.append(
            v.PointView(
                id_,
                verdict,
                shares[verdict],
                text if shown else "",
                quote if shares[verdict] else "",
                sure=0.9,
                aid="prompt" if id_ == "memory" and round_ > 1 else "none",
                gained=round_ > 0,
            )  # type: ignore[arg-type]
        )
    return tuple(found)


def judgement(round_: int, override: tuple[str, str] | None) -> v.JudgementView:
    every = points(round_, told=round_ > 1)
    if override:
        every = tuple(
            v.PointView(x.id, override[1], 1.0, x.text, x.quote, overridden=True)
            if x.id == override[0]
            else x
            for x in every
        )  # type: ignore[arg-type]
    errors = ()
    if round_ == 1:
        errors = (
            v.ErrorView(
                "The cache stores the attention weights.",
                "Attention weights depend on the new query, so they cannot be kept; keys and values can.",
                "attention weights",
            ),
        )
    return v.JudgementView(
        "partial", sum(x.coverage for x in every) / len(every), every, errors,
        ("You said what it saves, not what it costs.",), 0.82, "built-in",
    )  # fmt: skip


FOLLOW_UP = "What does it cost, as the text gets longer?"
HINT = "Think of what has to be kept for every token that was already read."
TOLD = "It costs memory: for every token, layer and head one key and one value stay in the cache."
EXPLANATION = (
    "You have what it saves. What was missing is the price: the cache **grows with every token**, per layer and head.\n\n"
    "| model | layers | per token |\n|---|---|---|\n| small | 12 | 36 kB |\n| large | 80 | 320 kB |\n\n"
    "```python\nsize = 2 * layers * heads * width * length * 2  # bytes in half precision\n```\n\n"
    "So a long conversation is limited by memory before it is limited by arithmetic."
)
MORE = (
    "In more detail:\n\n- *Multi-query attention* shares one key and value among all heads.\n"
    "- *Paged attention* keeps the cache in blocks, so that several requests share a prefix.\n"
    "- *Quantising the cache* to 8 bits halves it again, at a small loss."
)
CHALLENGE = (
    "Harder: why does a shared prefix let a server answer the second request so much faster?"
)
REPLY = (
    "Good question. The weights are a softmax over the products of the *new* query with all the old keys, "
    "so they change with every token; that is why `list[int]` of old weights would be of no use. "
    "See the notes, page 3."
)
SOURCES = (
    v.SourceView(
        "Efficient Transformers, a survey",
        "section 4.2",
        "The cache stores K and V of all previous positions.",
    ),
    v.SourceView(
        "notes/inference.md", "lines 12 to 40", "cache size = 2 · layers · heads · width · length"
    ),
)
WORDS = tuple(
    "the cache grows with every token and so the memory that a long conversation needs is the limit of a server".split()
)


def past_turn(number: int) -> v.TurnView:
    """Turn `number` of a long session: question, answer, judgement and explanation in turn."""
    kind = number % 4
    question = f"past-{number // 4}"
    roles: tuple[tuple[str, str, str], ...] = (
        (
            "tutor",
            "question",
            f"Past question {number // 4 + 1}: what does attention compute for one token?",
        ),
        (
            "learner",
            "answer",
            "It compares its query with all keys and takes the weighted mean of the values, I think.",
        ),
        ("viva", "judgement", ""),
        ("tutor", "explanation", EXPLANATION),
    )
    speaker, role, text = roles[kind]
    return v.TurnView(
        f"p{number}", speaker, role, text, NOW - DAY + number * 1000, question,  # type: ignore[arg-type]
        judgement(2, None) if role == "judgement" else None, SOURCES if role == "explanation" else (),
    )  # fmt: skip


_TOPICS = (
    v.TopicView("architecture", 0.82, 0.70, 0.90, 14, 12, 1),
    v.TopicView("inference", 0.55, 0.40, 0.69, 9, 7, 3),
    v.TopicView("training", 0.31, 0.12, 0.55, 12, 3, 2),
    v.TopicView("decoding", 0.74, 0.60, 0.85, 6, 6, 1),
    v.TopicView("production", 0.10, 0.01, 0.42, 9, 0, 0),
)
_ERRORS = (
    v.ErrorView(
        "The cache stores the attention weights.", "It stores keys and values.", "the weights stay"
    ),
)

TODAY = v.TodayView(
    due_now=7, due_week=19, new=22, minutes_today=20, streak=4, days_left=23, goal="2026-12-12",
    readiness=_TOPICS, misconceptions=_ERRORS,
    plan=(
        v.PlanView("kv-cache", QUESTIONS[0].ask, "inference", 4, "you mixed it up with attention weights on Tuesday"),
        v.PlanView("temperature", QUESTIONS[1].ask, "decoding", 3, "due today, recall about 70 %"),
        v.PlanView("layer-norm", QUESTIONS[2].ask, "architecture", 5, "new, and it opens three other questions"),
    ),
    last_time="Yesterday, 21 minutes: recall of inference went from 38 % to 55 %.", decks=2, questions=50,
)  # fmt: skip
FIRST_DAY = v.TodayView(
    due_now=0, due_week=0, new=50, minutes_today=20, streak=0, days_left=-1, goal="", readiness=(),
    misconceptions=(), plan=TODAY.plan[1:2], first_run=True, decks=2, questions=50,
)  # fmt: skip
REACH = (v.ReachView(0, 0.41, 0.3, 0.5, 0.12), v.ReachView(20, 0.64, 0.5, 0.75, 0.58))

RECAP = v.RecapView(
    title="Recap of Tue 24 Nov", headline="You can say what the cache saves; what it costs still needs a prompt.",
    session="s1", minutes=21.0,
    moved=(
        v.MovedView("kv-cache", QUESTIONS[0].ask, "inference", 0.38, 0.72, 3, 4, 2, 1,
                    "keys and values of the earlier tokens", NOW + 3 * DAY, True),
        v.MovedView("temperature", QUESTIONS[1].ask, "decoding", 0.70, 0.91, 3, 3, 0, 0, "it flattens the softmax", NOW + 9 * DAY),
        v.MovedView("layer-norm", QUESTIONS[2].ask, "architecture", 0.0, 0.44, 2, 5, 1, 0, "per token, over features", NOW + DAY),
    ),
    confident_wrong=_ERRORS, opened=_ERRORS,
    closed=(v.ErrorView("Dropout is active at inference.", "It is switched off."),),
    next_step="Explain to somebody why a long conversation runs out of memory.", overrides=1, judged=14,
    topics=_TOPICS,
    calibration=((0.2, 0.1, 4), (0.5, 0.6, 9), (0.8, 0.7, 12), (0.95, 0.9, 6)),
    confidence=((1, 0.35, 6), (2, 0.62, 11), (3, 0.7, 9)),
    coverage=tuple((NOW - (8 - n) * DAY, share) for n, share in enumerate((0.3, 0.42, 0.4, 0.55, 0.61, 0.58, 0.7, 0.74))),
    forecast=tuple((f"2026-11-{d:02d}", n) for d, n in zip(range(20, 31), (7, 3, 5, 2, 0, 1, 4, 6, 2, 1, 3), strict=True)),
    calendar=tuple((f"2026-11-{d:02d}", m) for d, m in zip(range(1, 20), (0, 0, 12, 20, 0, 25, 8, 0, 0, 20, 21, 19, 0, 30, 0, 5, 20, 20, 21), strict=True)),
    sentences=("The key-value cache went from a guess to three of four points.",),
)  # fmt: skip

DECKS = (
    v.DeckView(
        "llm-foundations",
        "Foundations of language models",
        "From tokens to the residual stream.",
        40,
        28,
        7,
        bundled=True,
    ),
    v.DeckView(
        "notes",
        "My notes",
        "Imported from notes/.",
        10,
        0,
        0,
        path="/home/ada/decks/notes.yaml",
    ),
)
ROWS = tuple(
    v.RowView(
        QUESTIONS[n % 5].id if n < 5 else f"q{n}",
        QUESTIONS[n % 5].ask if n < 5 else f"Question {n}: what is attention for?",
        _TOPICS[n % 5].topic, 1 + n % 5, "llm-foundations" if n < 40 else "notes",
        ("due", "known", "learning", "new", "known")[n % 5], (0.55, 0.91, 0.44, 0.0, 0.8)[n % 5], NOW + n * DAY, 4,
    )
    for n in range(50)
)  # type: ignore[misc]  # fmt: skip
DETAIL = v.DetailView(
    ROWS[0], TOLD, points(2, True), _ERRORS, SOURCES,
    "id: kv-cache\nask: What does a key-value cache hold?\nanswer: Keys and values.\n",
    ("Tue 17 Nov: 2 of 4 points", "Tue 24 Nov: 3 of 4 points, with a prompt"),
)  # fmt: skip
CARDS = (
    v.CardView("c1", "What is a paged cache?", "A cache kept in blocks.", "notes.md, line 12", 0.8),
    v.CardView("c2", "Why quantise the cache?", "To halve its size.", "notes.md, line 30", 0.55),
    v.CardView(
        "c3",
        "What is a prefix?",
        "The shared beginning of several prompts.",
        "notes.md, line 44",
        0.4,
    ),
)
CLAIMS = (
    v.ClaimView(
        "m1",
        "misconception",
        "Thinks that the cache stores attention weights.",
        0.86,
        3,
        NOW - DAY,
        ("e1", "e2"),
    ),
    v.ClaimView(
        "w1", "weakness", "Leaves out what a method costs.", 0.71, 5, NOW - 2 * DAY, ("e1",)
    ),
    v.ClaimView(
        "s1", "strength", "Explains with small numerical examples.", 0.9, 6, NOW - 3 * DAY, ("e2",)
    ),
    v.ClaimView("g1", "goal", "Interview on 12 December.", 1.0, 1, NOW - 9 * DAY, ("e3",)),
)
EVENTS = (
    v.RecollectionView("e1", NOW - DAY, "learner", "the cache keeps the attention weights", "inference", "kv-cache", 0.9,
                       ("Q: What does a key-value cache hold?",)),
    v.RecollectionView("e2", NOW - 7 * DAY, "learner", "take 12 layers, then it is 36 kB a token", "inference", "kv-cache", 0.7),
)  # fmt: skip
CHECKS = (
    v.CheckView("settings", "ok", "read, nothing unknown"),
    v.CheckView("memory", "ok", "1,204 events, 12 MB, checked in 0.3 s"),
    v.CheckView(
        "model",
        "warn",
        "none configured: the built-in tutor thinks",
        "Set `model` to provider/model.",
    ),
    v.CheckView(
        "embedder",
        "fail",
        "weights are missing: the lexical stand-in serves",
        "Install from the lock.",
    ),
)
SETTINGS = {
    s.name: s
    for s in (
        v.SettingView(
            "model",
            "",
            "",
            "The model that thinks, e.g. ollama/llama3; empty for the built-in tutor.",
        ),
        v.SettingView("theme", "dark", "dark", "Colours.", ("dark", "light", "contrast", "ansi")),
        v.SettingView("minutes", "20", "20", "Minutes of study a day."),
        v.SettingView("reduced_motion", "false", "false", "No animation.", ("true", "false")),
        v.SettingView("goal", "2026-12-12", "", "The date of the interview.", source="viva.toml"),
    )
}
