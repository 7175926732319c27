"""The separation of duties that a diagram asks for at a step: who may not do it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from engine.domain.people import EmployeeId

PROPERTY, SIGNS = "alur:separation", "alur:signs"
# Whoever keyed in what another had signed took part as well.
PAPER, OPERATOR, KEYED_IN = "alur:paper", "operator", "keyed_in"
COMPLETED = "completed:"


@dataclass(frozen=True)
class Separation:
    """What the property of a user task names."""

    from_subject: bool = False
    from_participants: bool = False
    from_rater: bool = False
    from_steps: frozenset[str] = frozenset()

    @classmethod
    def of(cls, properties: Mapping[str, str]) -> Self:
        """The separation that the properties of a user task ask for."""
        parts = [part.strip() for part in properties.get(PROPERTY, "").split(",")]
        steps = (p.removeprefix(COMPLETED) for p in parts if p.startswith(COMPLETED))
        return cls("subject" in parts, "participant" in parts, "rater" in parts, frozenset(steps))

    def __bool__(self) -> bool:
        return self != Separation()


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
    """Who may not do the step, besides the appraised person.

    The rater in office has taken part before he has handed in anything.
    """
    found: set[EmployeeId | None] = set(prepared) if asked.from_participants else set()
    if asked.from_participants or asked.from_rater:
        found.add(rater)
    for step in done:
        took_part = asked.from_participants and step.participation is not None
        if took_part or step.element_id in asked.from_steps:
            found |= {step.by, step.on_behalf_of}
    return frozenset(person for person in found if person)
