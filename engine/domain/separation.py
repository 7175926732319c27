"""The separation of duties that a diagram asks for at a step: who may not do it."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from engine.domain.people import EmployeeId

PROPERTY, SIGNS = "alur:separation", "alur:signs"
# Whoever keyed in what another had signed took part as well.
PAPER, OPERATOR, KEYED_IN = "alur:paper", "operator", "keyed_in"
# A part in a case that only the step takes on which an appeal ends.
DECIDES_APPEAL = "appeal_decision"
COMPLETED, NAMED = "completed:", "named:"


@dataclass(frozen=True)
class Separation:
    """What the property of a user task names; `named_at` is where the case names a person."""

    from_subject: bool = False
    from_participants: bool = False
    from_rater: bool = False
    from_steps: frozenset[str] = frozenset()
    named_at: str | None = None

    @classmethod
    def of(cls, properties: Mapping[str, str]) -> Self:
        """The separation that the properties of a user task ask for."""
        parts = [part.strip() for part in properties.get(PROPERTY, "").split(",")]
        steps = (p.removeprefix(COMPLETED) for p in parts if p.startswith(COMPLETED))
        named = next((part.removeprefix(NAMED) for part in parts if part.startswith(NAMED)), None)
        return cls(
            "subject" in parts, "participant" in parts, "rater" in parts, frozenset(steps), named
        )

    @property
    def from_others(self) -> bool:
        """Whether it keeps anybody away for what he did or is in the case."""
        return self.from_participants or self.from_rater or bool(self.from_steps)

    def __bool__(self) -> bool:
        return self.from_subject or self.from_others or self.named_at is not None


@dataclass(frozen=True)
class HandedIn:
    """Who handed in a step of a case, in whose name, and as what kind of taking part."""

    element_id: str
    by: EmployeeId
    on_behalf_of: EmployeeId | None = None
    participation: str | None = None


def barred(
    asked: Separation,
    *,
    rater: EmployeeId | None,
    done: Iterable[HandedIn],
    prepared: Iterable[EmployeeId],
) -> frozenset[EmployeeId]:
    """Who may not do the step, besides the appraised person; `done` holds the oldest first.

    The rater in office has taken part before he has handed in anything.
    """
    done = tuple(done)
    found: set[EmployeeId | None] = set(prepared) if asked.from_participants else set()
    if asked.from_participants or asked.from_rater:
        found.add(rater)
    for step in done:
        if asked.from_participants and step.participation is not None:
            found |= {step.by, step.on_behalf_of}
    return frozenset(person for person in found if person) | last_hands(done, asked.from_steps)


def last_hands(done: Iterable[HandedIn], steps: Container[str]) -> frozenset[EmployeeId]:
    """Who handed in each of these steps the last time; `done` holds the oldest first.

    Whoever did a step that was done anew by another is free to check that one: otherwise a few
    rounds would leave nobody.
    """
    last = {step.element_id: step for step in done if step.element_id in steps}
    persons = (person for step in last.values() for person in (step.by, step.on_behalf_of))
    return frozenset(person for person in persons if person)
