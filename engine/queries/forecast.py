"""What a launch means: how much work for whom, and until when at the latest."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.domain.people import EmployeeId
from engine.domain.population import STOPPING, ConflictKind
from engine.domain.settings import SystemSettings
from engine.queries.population import Member

MOST_LOADED = 20
Deadline = Callable[[str, datetime | None], datetime]


@dataclass(frozen=True)
class Load:
    """How many people somebody rates, and for how many he is the rater's superior."""

    employee_id: EmployeeId
    rates: int
    oversees: int


@dataclass(frozen=True)
class Forecast:
    """The work of a launch; `loads` are the most loaded, `latest` dates in words of the page."""

    members: int
    starting: int
    conflicts: tuple[tuple[ConflictKind, int], ...]
    raters: int
    loads: tuple[Load, ...]
    ends_by: datetime
    ends_with_appeal: datetime


def forecast(
    members: Sequence[Member], settings: SystemSettings, deadline: Deadline, now: datetime
) -> Forecast:
    """The forecast of a launch now."""
    starting = [member for member in members if not STOPPING.intersection(member.conflicts)]
    rates = Counter(member.raters[0] for member in starting if member.raters[0])
    oversees = Counter(member.raters[1] for member in starting if member.raters[1])
    found = Counter(kind for member in members for kind in member.conflicts)
    ordinary, appeal = _way(settings)
    ends_by = _after(ordinary, deadline, now)
    return Forecast(
        len(members),
        len(starting),
        tuple((kind, found[kind]) for kind in ConflictKind if found[kind]),
        len(rates),
        _most_loaded(rates, oversees),
        ends_by,
        _after(appeal, deadline, ends_by),
    )


def _most_loaded(rates: Counter[EmployeeId], oversees: Counter[EmployeeId]) -> tuple[Load, ...]:
    loads = [Load(key, rates[key], oversees[key]) for key in rates.keys() | oversees.keys()]
    loads.sort(key=lambda load: (-load.rates, -load.oversees, load.employee_id))
    return tuple(loads[:MOST_LOADED])


def _way(settings: SystemSettings) -> tuple[list[str], list[str]]:
    """The deadlines of `[forecast]` in the settings; without it all of them, one after another."""
    named = settings.other.get("forecast")
    if not isinstance(named, dict):
        return list(settings.deadlines), []
    ordinary, appeal = named.get("ordinary", ()), named.get("appeal", ())
    return _known(settings, ordinary), _known(settings, appeal)


def _known(settings: SystemSettings, names: Iterable[str]) -> list[str]:
    return [name for name in names if name in settings.deadlines]


def _after(names: Iterable[str], deadline: Deadline, start: datetime) -> datetime:
    """The end of all these deadlines one after the other."""
    end = start
    for name in names:
        end = deadline(name, end)
    return end
