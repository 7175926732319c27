"""What follows a result: kinds of follow-ups, with who sees to them until when and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

MAX_DAYS, MAX_CHECKPOINTS = 730, 24
KEYS = frozenset(
    {"title", "title_en", "owner", "days", "plan", "checkpoint", "checkpoints", "form", "failed"}
)


class FollowUpStep(StrEnum):
    """What is written down about a follow-up, in its order; `CANCELLED` ends it at any time."""

    PLAN = "plan"
    CHECKPOINT = "checkpoint"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class FollowUpKind:
    """One kind as `[follow_ups.<kind>]` describes it.

    `owner` is a role of the system, `days` are calendar days from the result to the due date.
    `plan`, `checkpoint` and `form` are schema files: what is agreed first, what is noted once a
    month at least `checkpoints` times, and what is asked at the end. `failed` are the answers of
    the last form that mean that the plan was not met.
    """

    key: str
    title: Mapping[str, str]
    owner: str = "hr"
    days: int = 30
    plan: str | None = None
    checkpoint: str | None = None
    checkpoints: int = 0
    form: str | None = None
    failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def forms(self) -> tuple[str, ...]:
        """The schema files of all its forms."""
        return tuple(name for name in (self.plan, self.checkpoint, self.form) if name)

    def due_on(self, today: date) -> date:
        """The day until which it is to be done."""
        return today + timedelta(days=self.days)

    def form_of(self, step: FollowUpStep) -> str | None:
        """The schema file of a step; None where nothing more than the proof is asked."""
        forms = {FollowUpStep.PLAN: self.plan, FollowUpStep.CHECKPOINT: self.checkpoint}
        return forms.get(step, self.form if step is FollowUpStep.DONE else None)

    def next_step(self, taken: Mapping[FollowUpStep, int]) -> FollowUpStep:
        """What is to be written down next; `taken` counts the steps that were."""
        if self.plan and not taken.get(FollowUpStep.PLAN):
            return FollowUpStep.PLAN
        if taken.get(FollowUpStep.CHECKPOINT, 0) < self.checkpoints:
            return FollowUpStep.CHECKPOINT
        return FollowUpStep.DONE

    def has_failed(self, answers: Mapping[str, object]) -> bool:
        """Whether the answers of the last form say that the plan was not met."""
        told = self.failed.items()
        return bool(told) and all(answers.get(name) == value for name, value in told)


def follow_ups_of(
    document: Mapping[str, object], roles: Mapping[str, object]
) -> Mapping[str, FollowUpKind]:
    """The kinds of `[follow_ups.*]` by key; `roles` are those of the system.

    Raises ValueError, KeyError or TypeError that names what is wrong.
    """
    entries = document.get("follow_ups", {})
    if not isinstance(entries, Mapping):
        raise TypeError("follow_ups must be tables")
    found = {key: _kind(key, entry) for key, entry in entries.items()}
    for kind in found.values():
        if kind.owner not in roles:
            raise ValueError(f"follow_ups.{kind.key}.owner names no role: {kind.owner}")
    return found


def _kind(key: str, entry: object) -> FollowUpKind:
    if not isinstance(entry, Mapping) or entry.keys() - KEYS:
        raise TypeError(f"follow_ups.{key} must be a table of {', '.join(sorted(KEYS))}")
    checkpoint, failed = entry.get("checkpoint"), entry.get("failed", {})
    checkpoints = _whole(key, "checkpoints", entry.get("checkpoints", 0), MAX_CHECKPOINTS)
    if bool(checkpoint) != bool(checkpoints):
        raise ValueError(f"follow_ups.{key}: checkpoint and checkpoints belong together")
    title = str(entry["title"])
    return FollowUpKind(
        key=key,
        title={"id": title, "en": str(entry.get("title_en", title))},
        owner=str(entry["owner"]),
        days=_whole(key, "days", entry["days"], MAX_DAYS),
        plan=_text_or_none(entry.get("plan")),
        checkpoint=_text_or_none(checkpoint),
        checkpoints=checkpoints,
        form=_text_or_none(entry.get("form")),
        failed={str(name): str(value) for name, value in failed.items()},
    )


def _whole(key: str, name: str, value: object, most: int) -> int:
    if not isinstance(value, int) or not 0 <= value <= most:
        raise ValueError(f"follow_ups.{key}.{name} must be a whole number from 0 to {most}")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else str(value)
