"""Models: which are usable, where they are, what they cost; keys that stay where they belong."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from agents import briefs
from agents.cache import FILE as CACHE
from agents.cache import ResponseCache, cache_key
from agents.crew.breaker import Breaker
from agents.crew.job import Allowance
from agents.crew.staff import Staff
from agents.crew.team import ROLE_OF
from agents.crew.troubles import Malformed, describe, kind_of, retry_after
from agents.discovery import find_local_servers
from agents.models import PROVIDERS, ROLES, ModelConfig, Role, _key, configured
from agents.prices import price_of
from agents.redact import Discreet, redact
from agents.roundtrip import round_trip
from agents.sending import CONTENT, what_is_sent
from agents.speech import spoken
from agents.streaming import TextStream, Wordwise
from agents.usage import Budget, UsageLog, Use, thumbs
from memory.events import Event, now_ms
from memory.settings import Settings
from tests.servers import serving
from tui import fault

KEY = "sk-proj-0123456789abcdefSECRET"


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for provider in PROVIDERS.values():
        for name in provider.keys:
            monkeypatch.delenv(name, raising=False)


def test_each_problem_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "OPENAI_API_KEY" in ModelConfig("openai/gpt-4o-mini").problem()
    assert "provider/name" in ModelConfig("llama3").problem()
    assert "provider/name" in ModelConfig("nobody/llama3").problem()
    assert not ModelConfig("ollama/llama3").problem()
    assert not ModelConfig("openai/any", "http://127.0.0.1:1/v1").problem()
    monkeypatch.setattr("agents.models._installed", lambda module: False)
    assert "viva-study[anthropic]" in ModelConfig("anthropic/claude-x").problem()


def test_a_role_with_a_model_of_its_own_keeps_to_its_own_provider() -> None:
    settings = Settings(
        model="openai/a", base_url="http://127.0.0.1:9/v1", model_evaluator="anthropic/b"
    )
    found = configured(settings)
    assert found["quizzer"].model == "openai/a" and found["quizzer"].local
    assert found["evaluator"].model == "anthropic/b" and not found["evaluator"].base_url
    assert configured(Settings()) == {}


def test_a_key_goes_only_to_the_provider_it_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    openai = PROVIDERS["openai"]
    assert _key(openai, "") == KEY
    assert _key(openai, "http://127.0.0.1:1234/v1") == "none"
    monkeypatch.setenv("VIVA_API_KEY", "another-key")
    assert _key(openai, "http://127.0.0.1:1234/v1") == "another-key"


def test_local_servers_are_found_on_loopback_only() -> None:
    with serving() as server:
        found = find_local_servers([("llamacpp", server.port), ("vllm", 1)])
    assert [(s.provider, s.models) for s in found] == [("llamacpp", ("llamacpp/tiny",))]


@pytest.mark.parametrize(
    ("fault", "says"),
    [("", "answers"), ("401", "refused the key"), ("404", "no such model"), ("500", "500")],
)
def test_a_round_trip_tells_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, says: str
) -> None:
    monkeypatch.setenv("VIVA_API_KEY", KEY)
    with serving(lambda asked: {"text": "ready"}, fault=fault) as server:
        result = round_trip(ModelConfig("openai/tiny", server.url), tmp_path)
    assert result.ok is not bool(fault)
    assert says in result.text() and KEY not in result.text()


def test_prices_come_with_crewai() -> None:
    price = price_of("openai", "gpt-4o-mini")
    assert price is not None
    assert price.of(1_000_000, 0) == pytest.approx(0.15)
    assert price.of(1000, 0, cached=1000) < price.of(1000, 0)
    assert price_of("ollama", "a-model-nobody-knows") is None


def test_keys_do_not_reach_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    assert KEY not in redact(f"refused: Bearer {KEY}")
    record = logging.LogRecord("x", 40, "/a/b.py", 1, "no: %s", (KEY,), None)
    assert Discreet().filter(record) and KEY not in record.getMessage()
    theirs = logging.LogRecord("root", 40, "/lib/crewai/llm.py", 1, "said: secret", (), None)
    assert Discreet().filter(theirs) and "secret" not in theirs.getMessage()
    assert KEY not in spoken(f"your key is {KEY}")


def test_every_provider_s_key_is_kept_back(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {name for provider in PROVIDERS.values() for name in provider.keys}
    assert len(names) >= 9
    for name in sorted(names | {"VIVA_API_KEY", "VIVA_MEMORY_TOKEN", "AWS_SECRET_ACCESS_KEY"}):
        monkeypatch.setenv(name, KEY)
        assert KEY not in redact(f"refused: {KEY}"), name
        monkeypatch.delenv(name)
    assert KEY in redact(f"refused: {KEY}")


def test_no_key_stands_in_the_report_of_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIVA_HOME", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    try:
        raise ValueError(f"Bearer {KEY}") from KeyError(KEY)
    except ValueError as error:
        assert fault.own(error, "viva test") == fault.CODE
    report = (tmp_path / fault.NAME).read_text()
    assert "ValueError: Bearer ***" in report and KEY not in report
    assert KEY not in capsys.readouterr().err


def test_a_model_s_words_cannot_draw() -> None:
    assert spoken("a\x1b[31mred\x1b[0m \x1b]0;title\x07b\x00\u202ec\n") == "ared bc"


def test_replies_are_kept_by_all_that_made_them(tmp_path: Path) -> None:
    cache = ResponseCache(tmp_path)
    key = cache_key("v1", "m", "Words", "content")
    assert len({key, cache_key("v2", "m", "Words", "content"), cache_key("v1", "n", "W", "c")}) == 3
    cache.put(key, '{"text": "x"}')
    assert ResponseCache(tmp_path).get(key) == '{"text": "x"}'
    cache.clear()
    assert cache.get(key) is None
    cache.close()
    (tmp_path / CACHE).write_bytes(b"this is no database at all" * 100)
    again = ResponseCache(tmp_path)
    again.put(key, "{}")
    assert again.get(key) == "{}"


def test_use_is_summed_and_a_budget_is_for_a_day(tmp_path: Path) -> None:
    now = [1_800_000_000_000]
    log = UsageLog(tmp_path, lambda: now[0])
    for agent, outcome, tokens in (("a", "ok", 100), ("a", "cache", 0), ("b", "slow", 0)):
        log.add(Use(now[0], "s", agent, "t", "m", "v1", outcome, prompt_tokens=tokens, price=0.5))
    total = log.session("s")
    assert (total.replies, total.failures, total.hits, total.tokens) == (1, 1, 1, 100)
    assert [row.name for row in log.agents(session="s")] == ["a", "b"]
    assert Budget().spent(log) == ""
    assert "100 tokens" in Budget(tokens=100).spent(log)
    assert "$1.00" in Budget(price=1.0).spent(log)
    now[0] += 86_400_000
    assert Budget(tokens=100).spent(log) == ""


def test_a_budget_is_shared_by_processes_and_renewed_every_day(tmp_path: Path) -> None:
    config = ModelConfig("openai/tiny", "http://127.0.0.1:9/v1")
    staff = Staff(tmp_path, {"quizzer": config}, Budget(tokens=100), lambda text: None)
    assert staff.ready("quizzer")
    elsewhere = UsageLog(tmp_path)
    elsewhere.add(Use(now_ms(), "s", "a", "t", "m", "v1", prompt_tokens=120))
    assert not staff.ready("quizzer")
    later = Staff(tmp_path, {"quizzer": config}, Budget(tokens=100), lambda text: None)
    assert not later.ready("quizzer")
    staff.log.clock = lambda: now_ms() + 2 * 86_400_000
    assert staff.ready("quizzer")


def test_thumbs_count_per_prompt_version() -> None:
    said = [Event(f"e{n}", "explained", n, "s", prompt="v1", model="m") for n in range(3)]
    given = [
        Event(f"f{n}", "feedback", 9 + n, "s", payload={"about": about, "thumbs": thumb})
        for n, (about, thumb) in enumerate([("e0", 1), ("e1", 1), ("e1", -1), ("e2", 0)])
    ]
    assert thumbs([*said, *given]) == {("v1", "m"): (1, 1)}


@pytest.mark.parametrize("size", [1, 3, 50])
def test_the_text_of_a_reply_is_read_while_it_is_written(size: int) -> None:
    raw = '{"citations": [], "text": "A \\"b\\" \\u00e9\\n\\ud83d\\ude00 end", "more": "no"}'
    out: list[str] = []
    stream = TextStream(out.append)
    for at in range(0, len(raw), size):
        stream.feed(raw[at : at + size])
    assert "".join(out) == 'A "b" é\n😀 end'


def test_a_key_in_pieces_is_seen_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    out: list[str] = []
    words = Wordwise(out.append, lambda text: spoken(text, strip=False))
    for char in f"the key {KEY} and \x1b[31mred":
        words.feed(char)
    words.finish()
    assert "".join(out) == "the key *** and red"


def test_a_breaker_opens_longer_each_time_and_honours_what_a_server_asks() -> None:
    now = [0.0]
    breaker = Breaker(10, lambda: now[0])
    assert breaker.closed
    assert (breaker.failed(), breaker.failed()) == (10, 20)
    assert not breaker.closed
    now[0] = 21
    assert breaker.closed and breaker.succeeded() and not breaker.succeeded()
    assert breaker.failed(3) == 3
    assert breaker.failed(1e9) == 600


def test_a_turn_has_two_calls_and_an_end() -> None:
    now = [0.0]
    turn = Allowance(clock=lambda: now[0])
    assert [turn.take(), turn.take(), turn.take()] == [True, True, False]
    assert turn.seconds(20) == 20
    now[0] = 15
    assert turn.seconds(20) == 15
    now[0] = 29
    assert turn.seconds(20) == 0


def test_troubles_are_told_without_what_was_said() -> None:
    class Refusal(Exception):
        status_code = 429

        class response:
            headers = {"retry-after": "7"}  # noqa: RUF012

    assert retry_after(Refusal(KEY)) == 7.0
    assert KEY not in describe(Refusal(KEY)) and kind_of(Refusal()) == "busy"
    assert kind_of(ConnectionError(KEY)) == "offline" and kind_of(Malformed()) == "malformed"


def test_what_is_sent_is_listed() -> None:
    assert what_is_sent(Settings()) == ()
    local = what_is_sent(Settings(model="ollama/llama3"))
    assert len(local) == 3 and not any(row.away for row in local)
    away = what_is_sent(Settings(model="openai/x", base_url="https://example.org/v1"))
    assert all(row.away and "example.org" in row.where for row in away)


BRIEFS = {
    "quizzer": (briefs.QuizBrief, briefs.CardsBrief),
    "explainer": (briefs.ExplainBrief, briefs.RecapBrief),
    "evaluator": (briefs.JudgeBrief,),
}
HOW = {"task", "mood", "seen", "words", "turn"}
"""Fields that hold nothing of anybody's, only what is wanted."""


@pytest.mark.parametrize("role", ROLES)
def test_the_list_of_what_is_sent_is_that_of_the_requests(role: Role) -> None:
    fields = {name for brief in BRIEFS[role] for name in brief.model_fields}
    listed = [name for names in CONTENT[role] for name in names.split()]
    assert set(listed) == fields - HOW
    assert {ROLE_OF[agent] for agent in ROLE_OF} == set(ROLES)


def test_a_memory_elsewhere_is_listed_as_away() -> None:
    (row,) = what_is_sent(Settings(memory="https://chroma.example.org"))
    assert row.away and "passages" in row.what and "your words" in row.what
    (row,) = what_is_sent(Settings(memory="http://127.0.0.1:8000"))
    assert not row.away
