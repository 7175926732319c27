"""What happens in a demonstration case, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from api.demo.words import words


@dataclass(frozen=True)
class Story:
    """The steps done, in order; after the last one the case waits for `waits_days` days."""

    key: str
    weight: int
    steps: tuple[str, ...]
    waits_days: int
    result: str = "as_expected"
    behaviour: str = "as_expected"
    choice: str = "accept"
    appeal: str = "keep"
    explanation: bool = False
    paper: bool = False
    uploads: tuple[str, ...] = ()
    at_the_last_minute: bool = False
    pace: float = 1.0

    def begins(self, now: datetime) -> datetime:
        """When the case began, so that its next step has waited as long as it should."""
        return now - sum((self.pause(step) for step in self.steps), timedelta(self.waits_days))

    def pause(self, step: str) -> timedelta:
        """How long the step waited before it was done."""
        return timedelta(days=_days()[step]) * self.pace

    def ending_after(self, step: str, *, waits_days: int) -> "Story":
        """The same story cut off after a step; unchanged when it does not come that far."""
        if step not in self.steps or step == self.steps[-1]:
            return self
        kept = self.steps[: self.steps.index(step) + 1]
        return replace(self, steps=kept, waits_days=waits_days)


def stories() -> tuple[Story, ...]:
    """All stories that are drawn, those of the walk first."""
    return tuple(story_of(entry["key"]) for entry in words("stories")["stories"])


def story_of(key: str) -> Story:
    """The story with this key, also those that are told of chosen people only."""
    told = (*words("stories")["stories"], *words("stories")["other"])
    entry: dict[str, Any] = next(entry for entry in told if entry["key"] == key)
    listed = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return Story(**{**entry, **listed})


def _days() -> Mapping[str, int]:
    days: Mapping[str, int] = words("stories")["days"]
    return days
