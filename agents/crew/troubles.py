"""What went wrong with a model, in one line without keys, prompts or replies in it."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from time import time


class Cancelled(Exception):
    """The learner gave up on the model for this move."""


class Slow(Exception):
    """No reply within the deadline."""


class Malformed(Exception):
    """A reply that is not of the asked form, even after a repair."""


class Spent(Exception):
    """The turn has no model calls left."""


_STATUS = {
    400: "the model's server did not take the request",
    401: "the model's server refused the key",
    402: "the account at the model's provider has no credit",
    403: "the model's server refused the key",
    404: "there is no such model at the server",
    429: "the model is busy (rate limit)",
}
_KINDS = {400: "refused", 401: "key", 402: "credit", 403: "key", 404: "no model", 429: "busy"}


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def status_of(error: BaseException) -> int:
    """The HTTP status behind an error, 0 if there is none."""
    for one in chain(error):
        status = getattr(one, "status_code", None)
        if isinstance(status, int):
            return status
    return 0


def cut_off(error: BaseException) -> bool:
    """Whether llama.cpp's server refused to hand out a reply of the asked form that ran into the
    limit of tokens: it calls that its own fault, but it is the model's."""
    return status_of(error) == 500 and "does not match the expected" in str(error)


def retry_after(error: BaseException) -> float | None:
    """Seconds the server asked to wait, None if it did not say."""
    for one in chain(error):
        headers = getattr(getattr(one, "response", None), "headers", None)
        value = headers.get("retry-after") if headers is not None else None
        if value is None:
            continue
        try:
            return max(0.0, float(value))
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - time())
        except (TypeError, ValueError):
            return None
    return None


def kind_of(error: BaseException) -> str:
    """One word for the log of use."""
    if isinstance(error, Cancelled):
        return "cancelled"
    if isinstance(error, Malformed):
        return "malformed"
    status = status_of(error)
    if status:
        return _KINDS.get(status, f"http {status}")
    names = [type(one).__name__ for one in chain(error)]
    if isinstance(error, Slow) or any("Timeout" in name for name in names):
        return "slow"
    return "offline" if _unreachable(names) else "failed"


def describe(error: BaseException) -> str:
    """One line for the learner."""
    status = status_of(error)
    if status:
        return _STATUS.get(status, f"the model's server answered {status}")
    match kind_of(error):
        case "slow":
            return "the model did not answer in time"
        case "offline":
            return "the model's server cannot be reached"
        case "malformed":
            return "the model's reply could not be used"
    return "the model failed"


def _unreachable(names: list[str]) -> bool:
    marks = ("Connect", "Protocol", "ReadError", "IncompleteRead", "EndpointConnection")
    return any(mark in name for name in names for mark in marks)
