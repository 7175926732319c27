"""A small unit for each regional system, so that each can be seen beside the national one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from api.demo.persons import People
from api.demo.regency import FIRST_DAY, Regency
from api.demo.words import words
from engine.domain.people import EmployeeId, EmployeeKind

# A regency smaller than this has no room for units of their own.
FROM = 150
STAFF = 3


@dataclass(frozen=True)
class Exhibit:
    """One of them; `said` are groups of citizens who answered the survey of the unit alike."""

    system: str
    unit: str
    head: str
    staff: str
    began: int
    done: Sequence[str]
    id: str
    en: str
    services: Sequence[str] = ()
    said: Sequence[Mapping[str, Any]] = ()
    beside: Sequence[Mapping[str, Any]] = ()

    @property
    def key(self) -> str:
        """The key of the unit."""
        return f"exhibit_{self.system}"


@cache
def exhibits() -> tuple[Exhibit, ...]:
    """All of them in the order in which they are shown."""
    return tuple(Exhibit(**entry) for entry in words("exhibits")["exhibits"])


def people_needed(employees: int) -> int:
    """How many people of a demonstration work in these units."""
    return len(exhibits()) * (STAFF + 1) if employees >= FROM else 0


def furnish(people: People) -> Regency:
    """The units with their heads and staff, apart from the rest of the regency."""
    regency = Regency(people)
    for exhibit in exhibits():
        regency.unit(exhibit.key, exhibit.unit, "unit", "regency")
        _fill(regency, exhibit, "kepala", exhibit.head, above="sekda", heads=True, age=47)
        for number in range(1, STAFF + 1):
            _fill(regency, exhibit, f"staf_{number}", exhibit.staff, above=f"{exhibit.key}_kepala")
    return regency


def _fill(
    regency: Regency, exhibit: Exhibit, key: str, title: str, *, above: str,
    heads: bool = False, age: int = 34,
) -> None:  # fmt: skip
    post = {
        "unit": exhibit.key, "key": f"{exhibit.key}_{key}", "title": title, "above": above,
        "heads": heads, "plan": "leader" if heads else "staff",
    }  # fmt: skip
    regency.post(post)
    person = regency.people.person(
        age=age, kind=EmployeeKind.PNS, grade="IV/a" if heads else "III/a", heads=heads
    )
    regency.fill(post, person, FIRST_DAY)


def staff_of(regency: Regency, exhibit: Exhibit) -> tuple[EmployeeId, ...]:
    """Those who work in the unit: the staff in their order, then the head."""
    keys = [f"staf_{number}" for number in range(1, STAFF + 1)] + ["kepala"]
    return tuple(regency.holders[f"{exhibit.key}_{key}"] for key in keys)
