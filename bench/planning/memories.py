"""Families of simulated memory, none of which is the belief that the planner holds.

All are made from `ease`, one standard normal number per point that the points of a question share:
some questions stick and some do not.

Each keeps its state as numpy arrays over all points of one learner and offers four functions: the
chance of recall after some days, and the state after a recall, after a lapse that was put right, and
after being told for the first time. All are pure, so that an oracle can look ahead.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

State = dict[str, np.ndarray]


class Memory(Protocol):
    """One learner's memory. Times in days; `rows` select points."""

    def start(self, known: np.ndarray, rng: np.random.Generator) -> State: ...
    def recall(self, state: State, now: np.ndarray | float) -> np.ndarray: ...
    def recalled(self, state: State, now: float) -> State: ...
    def lapsed(self, state: State, now: float, basis: np.ndarray) -> State: ...


class Power:
    """Power-law forgetting with FSRS-like growth; all parameters vary by learner and by point."""

    def __init__(self, rng: np.random.Generator, ease: np.ndarray) -> None:
        n = len(ease)
        self.decay = rng.uniform(0.25, 0.9)
        self.factor = 0.9 ** (-1 / self.decay) - 1
        self.growth = np.exp(rng.normal(0, 0.35))
        self.first = 1.5 * np.exp(rng.normal(0, 0.4)) * np.exp(rng.normal(0, 0.6, n) + 0.7 * ease)
        self.ease = np.exp(rng.normal(0, 0.5, n) + 0.4 * ease)

    def start(self, known: np.ndarray, rng: np.random.Generator) -> State:
        stability = np.where(known, np.exp(rng.normal(2.8, 1.0, len(known))), 0.0)
        return {
            "s": stability,
            "last": -rng.exponential(5.0, len(known)),
            "ease": self.ease,
            "first": self.first,
        }

    def recall(self, state: State, now: np.ndarray | float) -> np.ndarray:
        stability = np.maximum(state["s"], 1e-3)
        days = np.maximum(now - state["last"], 0)
        return np.where(state["s"] > 0, (1 + self.factor * days / stability) ** -self.decay, 0.0)

    def recalled(self, state: State, now: float) -> State:
        r = self.recall(state, now)
        s = np.maximum(state["s"], 1e-3)
        more = 2.5 * self.growth * state["ease"] * s**-0.15 * (np.exp(1.3 * (1 - r)) - 1)
        return {**state, "s": s * (1 + more), "last": np.full_like(s, now)}

    def lapsed(self, state: State, now: float, basis: np.ndarray) -> State:
        s = state["s"]
        again = np.minimum(1.2 * ((s + 1) ** 0.3), np.maximum(s, 0.5))
        first = state["first"] * (0.4 + 0.6 * basis)
        return {
            **state,
            "s": np.where(s > 0, np.maximum(again, 0.5), first),
            "last": np.full_like(s, now),
        }


class HalfLife:
    """Exponential forgetting; a success multiplies the half-life, more so when it came late."""

    def __init__(self, rng: np.random.Generator, ease: np.ndarray) -> None:
        n = len(ease)
        self.first = 7.0 * np.exp(rng.normal(0, 0.4)) * np.exp(rng.normal(0, 0.5, n) + 0.6 * ease)
        self.gain = rng.uniform(1.6, 3.2) * np.exp(rng.normal(0, 0.2, n) + 0.2 * ease)

    def start(self, known: np.ndarray, rng: np.random.Generator) -> State:
        half = np.where(known, np.exp(rng.normal(4.0, 0.9, len(known))), 0.0)
        return {
            "h": half,
            "last": -rng.exponential(5.0, len(known)),
            "first": self.first,
            "gain": self.gain,
        }

    def recall(self, state: State, now: np.ndarray | float) -> np.ndarray:
        days = np.maximum(now - state["last"], 0)
        return np.where(state["h"] > 0, 2.0 ** (-days / np.maximum(state["h"], 1e-3)), 0.0)

    def recalled(self, state: State, now: float) -> State:
        r = self.recall(state, now)
        more = 1 + state["gain"] * np.minimum(2.5 * (1 - r), 1.0)
        return {**state, "h": np.minimum(state["h"] * more, 400.0), "last": np.full_like(r, now)}

    def lapsed(self, state: State, now: float, basis: np.ndarray) -> State:
        h, first = state["h"], state["first"] * (0.4 + 0.6 * basis)
        return {
            **state,
            "h": np.where(h > 0, np.maximum(h * 0.45, first * 0.7), first),
            "last": np.full_like(h, now),
        }


class ActR:
    """Activation from every past practice (Pavlik and Anderson 2005), kept for the last 8 of them.

    Recall is a logistic function of activation; the decay of a practice grows with the activation it
    met, which is what makes spacing pay. Between sessions time runs at a fraction of its speed.
    """

    SLOTS = 8

    def __init__(self, rng: np.random.Generator, ease: np.ndarray) -> None:
        n = len(ease)
        self.base = rng.uniform(0.14, 0.24)
        self.slope = rng.uniform(0.2, 0.3)
        self.tau = rng.normal(-0.2, 0.15) + rng.normal(0, 0.3, n) - 0.4 * ease
        self.noise = rng.uniform(0.25, 0.4)
        self.speed = 0.4

    def start(self, known: np.ndarray, rng: np.random.Generator) -> State:
        n = len(known)
        times = np.full((self.SLOTS, n), -np.inf)
        decays = np.full((self.SLOTS, n), 0.3)
        for k, past in enumerate((90.0, 50.0, 25.0, 8.0)):
            times[k] = np.where(known, -past * np.exp(rng.normal(0, 0.3, n)), -np.inf)
            decays[k] = self.base + 0.05
        return {"t": times, "d": decays, "tau": self.tau}

    def _activation(self, state: State, now: np.ndarray | float) -> np.ndarray:
        days = np.maximum(now - state["t"], 0.02) * self.speed
        with np.errstate(divide="ignore"):
            return np.log(np.where(np.isfinite(state["t"]), days ** -state["d"], 0.0).sum(axis=0))

    def recall(self, state: State, now: np.ndarray | float) -> np.ndarray:
        met = np.clip((self._activation(state, now) - state["tau"]) / self.noise, -40, 40)
        return np.where(np.isfinite(state["t"]).any(axis=0), 1 / (1 + np.exp(-met)), 0.0)

    def _practise(self, state: State, now: float, strength: np.ndarray | float) -> State:
        met = np.minimum(np.exp(np.maximum(self._activation(state, now), -20.0)), 3.0)
        decay = self.slope * met + self.base + 0.12 * (1 - strength)
        slot = np.argmin(state["t"], axis=0)
        column = np.arange(state["t"].shape[1])
        times, decays = state["t"].copy(), state["d"].copy()
        times[slot, column], decays[slot, column] = now, decay
        return {**state, "t": times, "d": decays}

    def recalled(self, state: State, now: float) -> State:
        return self._practise(state, now, 1.0)

    def lapsed(self, state: State, now: float, basis: np.ndarray) -> State:
        return self._practise(state, now, 0.2 + 0.6 * basis)


class TwoStrengths:
    """Storage and retrieval strength (Bjork and Bjork 1992): stretched-exponential forgetting.

    Storage strength never falls and grows most when retrieval strength is low; it slows forgetting.
    """

    def __init__(self, rng: np.random.Generator, ease: np.ndarray) -> None:
        n = len(ease)
        self.shape = rng.uniform(0.5, 0.9)
        self.scale = 14.0 * np.exp(rng.normal(0, 0.4)) * np.exp(rng.normal(0, 0.5, n) + 0.6 * ease)
        self.step = rng.uniform(0.5, 0.9)

    def start(self, known: np.ndarray, rng: np.random.Generator) -> State:
        storage = np.where(known, np.exp(rng.normal(1.2, 0.5, len(known))), 0.0)
        return {"w": storage, "last": -rng.exponential(5.0, len(known)), "scale": self.scale}

    def recall(self, state: State, now: np.ndarray | float) -> np.ndarray:
        days = np.maximum(now - state["last"], 0)
        length = np.maximum(state["scale"] * state["w"] ** 1.7, 1e-3)
        return np.where(state["w"] > 0, np.exp(-((days / length) ** self.shape)), 0.0)

    def recalled(self, state: State, now: float) -> State:
        r = self.recall(state, now)
        grown = state["w"] + self.step * (0.08 + 1.6 * (1 - r)) * np.minimum(r + 0.4, 1.0)
        return {**state, "w": grown, "last": np.full_like(r, now)}

    def lapsed(self, state: State, now: float, basis: np.ndarray) -> State:
        first = 0.75 * (0.6 + 0.4 * basis)
        w = np.where(state["w"] > 0, np.maximum(state["w"] * 0.75, first) + 0.1, first)
        return {**state, "w": w, "last": np.full_like(w, now)}


class TimeScales:
    """Traces on seven time scales (the multiscale context model, Mozer, Pashler et al. 2009).

    Each trace leaks at its own rate; a practice fills it by what the faster ones and itself still
    lack, more after a retrieval. Strength, the mean of the traces, is the chance of recall.
    """

    SCALES = 7

    def __init__(self, rng: np.random.Generator, ease: np.ndarray) -> None:
        n = len(ease)
        ratio = rng.uniform(3.0, 3.8)
        slow = np.exp(rng.normal(0, 0.4)) * np.exp(rng.normal(0, 0.4, n) + 0.5 * ease)
        self.tau = 0.3 * ratio ** np.arange(self.SCALES)[:, None] * slow
        self.told, self.retrieved = rng.uniform(0.6, 0.95), rng.uniform(0.8, 1.1)

    def start(self, known: np.ndarray, rng: np.random.Generator) -> State:
        n = len(known)
        state = {"x": np.zeros((self.SCALES, n)), "last": np.full(n, -60.0), "tau": self.tau}
        for past in (60.0, 45.0, 20.0, 6.0):
            state = self._practise(state, -past * np.exp(rng.normal(0, 0.2, n)), self.retrieved)
        state["x"] = state["x"] * known
        return state

    def _traces(self, state: State, now: np.ndarray | float) -> np.ndarray:
        return state["x"] * np.exp(-np.maximum(now - state["last"], 0) / state["tau"])

    def recall(self, state: State, now: np.ndarray | float) -> np.ndarray:
        return np.minimum(self._traces(state, now).mean(axis=0), 1.0)

    def _practise(self, state: State, now: np.ndarray | float, fill: np.ndarray | float) -> State:
        x = self._traces(state, now)
        upto = np.cumsum(x, axis=0) / np.arange(1, self.SCALES + 1)[:, None]
        last = np.broadcast_to(now, state["last"].shape).astype(float)
        return {**state, "x": x + fill * np.maximum(1 - upto, 0), "last": last}

    def recalled(self, state: State, now: float) -> State:
        return self._practise(state, now, self.retrieved)

    def lapsed(self, state: State, now: float, basis: np.ndarray) -> State:
        return self._practise(state, now, self.told * (0.5 + 0.5 * basis))


FAMILIES: dict[str, type] = {
    "power": Power,
    "half-life": HalfLife,
    "act-r": ActR,
    "two-strengths": TwoStrengths,
}
HELD_OUT: dict[str, type] = {"time-scales": TimeScales}
"""Looked at last: nothing in the planner was chosen on it."""


def take(state: State, rows: np.ndarray) -> State:
    """The state of some points only."""
    return {name: values[..., rows] for name, values in state.items()}


def put(state: State, rows: np.ndarray, part: State) -> None:
    """Write the state of some points back."""
    for name, values in part.items():
        state[name][..., rows] = values
