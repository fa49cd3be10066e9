"""The models of the team and what they share: circuit breakers, budget, cache and the log of use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from agents.cache import ResponseCache
from agents.crew.breaker import PAUSE, Breaker
from agents.crew.channel import Channel
from agents.models import ModelConfig, Role
from agents.usage import LEFT_OUT, Budget, Total, UsageLog, Use, view_of
from agents.views import UsageView


class Staff:
    """Which model works for which role. `tell` gets one line whenever that changes, empty when all
    is well."""

    def __init__(
        self,
        home: Path,
        models: Mapping[Role, ModelConfig],
        budget: Budget,
        tell: Callable[[str], None],
        pause: float = PAUSE,
    ) -> None:
        self.cache = ResponseCache(home)
        self.log = UsageLog(home)
        self.session = ""
        self._budget = budget
        self._tell = tell
        self._troubles: dict[str, str] = {}
        self._spent = ""
        self._slow: set[str] = set()
        self._lock = threading.Lock()
        self._breakers: dict[str, Breaker] = {}
        self._channels: dict[Role, Channel] = {}
        same: dict[ModelConfig, Channel] = {}
        for role, config in models.items():
            why = config.problem()
            if why:
                self._trouble(config.model, f"{why}; the built-in tutor stands in")
                continue
            if config not in same:
                breaker = self._breakers.setdefault(config.address, Breaker(pause))
                same[config] = Channel(
                    config,
                    breaker,
                    lambda text, name=config.model: self._trouble(name, text),
                    self.add,
                    self.log.clock,
                )
            self._channels[role] = same[config]
        self._check_budget()

    @property
    def channels(self) -> list[Channel]:
        return list(dict.fromkeys(self._channels.values()))

    def channel(self, role: Role) -> Channel | None:
        """The model of a role, None without one."""
        return self._channels.get(role)

    def ready(self, role: Role) -> bool:
        """Whether the role's model would be asked next."""
        channel = self._channels.get(role)
        if channel is None or not channel.breaker.closed:
            return False
        # Another process spends from the same budget, and a new day has a new one.
        self._check_budget()
        return not self._spent

    @property
    def spent(self) -> str:
        """Why no more may be spent today, empty while there is some left."""
        return self._spent

    def warm_up(self) -> None:
        """Prepares the clients, in the background and without a request."""

        def work() -> None:
            for channel in self.channels:
                channel.warm_up()

        if self._channels:
            threading.Thread(target=work, daemon=True, name="warm-up").start()

    def add(self, use: Use) -> None:
        """Records a use and looks at the budget; of a model that leaves moves out, that is said once."""
        self.log.add(use)
        if use.outcome in LEFT_OUT and use.model not in self._slow:
            self._slow.add(use.model)
            why = "is slow for one turn" if use.outcome == "late" else "needs several tries"
            self._tell(f"{use.model} {why}; what it leaves out, the built-in tutor says")
        if use.prompt_tokens or use.completion_tokens:
            self._check_budget()

    def usage(self) -> UsageView:
        """The figures of the current session."""
        total = self.log.session(self.session) if self.session else Total("")
        return view_of(total, (channel.name for channel in self.channels), self.degraded)

    @property
    def degraded(self) -> str:
        """Why the built-in tutor stands in, empty if it does not."""
        return self._spent or next((t for t in self._troubles.values() if t), "")

    def cancel(self) -> None:
        for channel in self.channels:
            channel.cancel()

    def close(self) -> None:
        self.cache.close()
        self.log.close()

    def _check_budget(self) -> None:
        spent = self._budget.spent(self.log) if self._channels else ""
        if spent != self._spent:
            self._spent = spent
            self._tell(f"{spent}; the built-in tutor goes on" if spent else self.degraded)

    def _trouble(self, model: str, text: str) -> None:
        with self._lock:
            if self._troubles.get(model, "") == text:
                return
            self._troubles[model] = text
        self._tell(self.degraded)
