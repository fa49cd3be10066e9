"""What the scripted tutor serves besides a session: library, memory, settings and long work."""

from __future__ import annotations

from dataclasses import replace

from agents import figures as f
from agents import protocol as p
from agents import views as v
from tests.tui import scripted_texts as texts


class Shelves:
    """Part of `Scripted`; changes what it was asked to change, and nothing else."""

    def __init__(self) -> None:
        self._claims = list(texts.CLAIMS)
        self._cards = list(texts.CARDS)
        self._settings = dict(texts.SETTINGS)

    def tell(self, update: p.Update) -> None:
        raise NotImplementedError

    def _on_setgoal(self, message: p.SetGoal) -> v.TodayView:
        return replace(texts.TODAY, goal=message.date)

    def _on_getforecast(self, _: p.GetForecast) -> tuple[v.ReachView, ...]:
        return texts.REACH

    def _on_getuse(self, _: p.GetUse) -> f.UseView:
        return f.UseView()

    def _on_comparemodels(self, message: p.CompareModels) -> f.ComparisonView:
        sides = (f.SideView(n, 0.8, 0.0, 0, 1.0, 10, 0.0) for n in (message.first, message.second))
        return f.ComparisonView(*sides, points=10, difference=0.0, low=0.0, high=0.0, p=1.0)

    def _on_getrecap(self, _: p.GetRecap) -> v.RecapView:
        return texts.RECAP

    def _on_ownrecap(self, _: p.OwnRecap) -> v.RecapView:
        return replace(texts.RECAP, own=texts.judgement(1, None))

    def _on_getdecks(self, _: p.GetDecks) -> tuple[v.DeckView, ...]:
        return texts.DECKS

    def _on_getrows(self, message: p.GetRows) -> tuple[v.RowView, ...]:
        return tuple(
            row for row in texts.ROWS
            if message.query.lower() in row.ask.lower()
            and (not message.deck or row.deck == message.deck)
            and (not message.due or row.state == "due")
        )[: message.limit]  # fmt: skip

    def _on_getdetail(self, message: p.GetDetail) -> v.DetailView:
        row = next((r for r in texts.ROWS if r.id == message.question), texts.ROWS[0])
        return replace(texts.DETAIL, row=row)

    def _on_editquestion(self, message: p.EditQuestion) -> v.DetailView:
        if "ask:" not in message.text:
            raise p.Refused(p.Trouble("line 1: a question needs `ask`", "Add `ask: ...`."))
        return replace(texts.DETAIL, text=message.text)

    def _on_addsource(self, message: p.AddSource) -> v.ImportView:
        for done in range(5):
            self.tell(p.Progress(message.job, "reading page", done + 1, 5, 4.0 - done))
        return v.ImportView(message.path, "notes", 12, 9, 1, 2, (("page 3", "no question found"),))

    def _on_removesource(self, _: p.RemoveSource) -> p.Done:
        return p.Done()

    def _on_getcards(self, _: p.GetCards) -> tuple[v.CardView, ...]:
        return tuple(self._cards)

    def _on_reviewcard(self, message: p.ReviewCard) -> p.Done:
        self._cards = [card for card in self._cards if card.id != message.card]
        return p.Done()

    def _on_searchcorpus(self, _: p.SearchCorpus) -> tuple[v.SourceView, ...]:
        return texts.SOURCES

    def _on_recall(self, _: p.Recall) -> tuple[v.RecollectionView, ...]:
        return texts.EVENTS

    def _on_getclaims(self, message: p.GetClaims) -> tuple[v.ClaimView, ...]:
        return tuple(c for c in self._claims if message.query.lower() in c.text.lower())

    def _on_getevents(self, _: p.GetEvents) -> tuple[v.RecollectionView, ...]:
        return texts.EVENTS

    def _on_correctclaim(self, message: p.CorrectClaim) -> p.Done:
        self._claims = [
            replace(c, text=message.text) if c.id == message.claim else c
            for c in self._claims
            if message.text or c.id != message.claim
        ]
        return p.Done()

    def _on_forget(self, message: p.Forget) -> p.Done:
        self._claims = [c for c in self._claims if c.id != message.what]
        return p.Done(text="forgotten")

    def _on_doctor(self, _: p.Doctor) -> tuple[v.CheckView, ...]:
        return texts.CHECKS

    def _on_getsettings(self, _: p.GetSettings) -> tuple[v.SettingView, ...]:
        return tuple(self._settings.values())

    def _on_setsetting(self, message: p.SetSetting) -> p.Done:
        known = self._settings.get(message.name)
        if known is None or (known.choices and message.value not in known.choices):
            raise p.Refused(p.Trouble(f"{message.name}: {message.value!r} is no choice"))
        self._settings[message.name] = replace(known, value=message.value, source="viva.toml")
        return p.Done()

    def _on_rebuild(self, message: p.Rebuild) -> p.Done:
        self.tell(p.Progress(message.job, "folding events", 10, 40, 3.0))
        return p.Done(text="rebuilt")

    def _on_checkmodel(self, message: p.CheckModel) -> p.Done:
        self.tell(p.Progress(message.job, "asking", 1, 4, 6.0))
        return p.Done(text="no model is configured: the built-in tutor thinks")

    def _on_export(self, message: p.Export) -> p.Done:
        return p.Done(text=f"written to {message.path}")

    def _on_import(self, message: p.Import) -> p.Done:
        return p.Done(text=f"read {message.path}")

    def _on_backup(self, message: p.BackUp) -> p.Done:
        return p.Done(text=f"written to {message.path}")
