"""What a launch means: how much work for whom, and until when at the latest."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.domain.people import EmployeeId
from engine.domain.population import STOPPING, ConflictKind
from engine.domain.settings import Relation, SystemSettings
from engine.queries.population import Member

MOST_LOADED = 20
Deadline = Callable[[str, datetime | None], datetime]


@dataclass(frozen=True)
class Part:
    """A step that somebody above has in a case: whose it is, and its deadline by name."""

    relation: Relation
    due: str


@dataclass(frozen=True)
class Load:
    """How many people somebody rates, and for how many he is the rater's superior.

    `steps` are his steps when nobody appeals and each is needed, `most` those when all appeal;
    `last` is the day of his last step then, when every deadline is used to its end.
    """

    employee_id: EmployeeId
    rates: int
    oversees: int
    steps: int = 0
    most: int = 0
    last: datetime | None = None


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


@dataclass(frozen=True)
class _Share:
    """What one relation has to do in each case."""

    steps: int
    most: int
    last: datetime | None


def forecast(
    members: Sequence[Member],
    settings: SystemSettings,
    deadline: Deadline,
    now: datetime,
    parts: Sequence[Part] = (),
) -> Forecast:
    """The forecast of a launch now; `parts` are the steps of raters and their superiors."""
    starting = [member for member in members if not STOPPING.intersection(member.conflicts)]
    rates = Counter(member.raters[0] for member in starting if member.raters[0])
    oversees = Counter(member.raters[1] for member in starting if member.raters[1])
    found = Counter(kind for member in members for kind in member.conflicts)
    ordinary, appeal = _way(settings)
    ends = _ends((*ordinary, *appeal), deadline, now)
    ends_by = ends[len(ordinary)]
    shares = {
        relation: _share([p.due for p in parts if p.relation is relation], ordinary, appeal, ends)
        for relation in Relation
    }
    return Forecast(
        len(members),
        len(starting),
        tuple((kind, found[kind]) for kind in ConflictKind if found[kind]),
        len(rates),
        _most_loaded(rates, oversees, shares),
        ends_by,
        ends[-1],
    )


def _most_loaded(
    rates: Counter[EmployeeId],
    oversees: Counter[EmployeeId],
    shares: Mapping[Relation, _Share],
) -> tuple[Load, ...]:
    loads = [_load(key, rates[key], oversees[key], shares) for key in rates | oversees]
    loads.sort(key=lambda load: (-load.steps, -load.rates, -load.oversees, load.employee_id))
    return tuple(loads[:MOST_LOADED])


def _load(key: EmployeeId, rates: int, oversees: int, shares: Mapping[Relation, _Share]) -> Load:
    rating, above = shares[Relation.RATER], shares[Relation.RATER_SUPERIOR]
    days = [share.last for count, share in ((rates, rating), (oversees, above)) if count]
    return Load(
        key,
        rates,
        oversees,
        rates * rating.steps + oversees * above.steps,
        rates * rating.most + oversees * above.most,
        max((day for day in days if day), default=None),
    )


def _share(
    dues: Sequence[str], ordinary: Sequence[str], appeal: Sequence[str], ends: Sequence[datetime]
) -> _Share:
    """How many of these steps lie on the way; one that lies beside it is not foreseen."""
    way = [*ordinary, *appeal]
    on_way = [due for due in dues if due in way]
    last = max((ends[way.index(due) + 1] for due in on_way), default=None)
    return _Share(sum(due in ordinary for due in on_way), len(on_way), last)


def is_of_appeal(settings: SystemSettings, due: str) -> bool:
    """Whether a deadline is one of those that only an appeal adds."""
    return due in _way(settings)[1]


def _way(settings: SystemSettings) -> tuple[list[str], list[str]]:
    """The deadlines of `[forecast]` in the settings; without it all of them, one after another."""
    named = settings.other.get("forecast")
    if not isinstance(named, dict):
        return list(settings.deadlines), []
    ordinary, appeal = named.get("ordinary", ()), named.get("appeal", ())
    return _known(settings, ordinary), _known(settings, appeal)


def _known(settings: SystemSettings, names: Iterable[str]) -> list[str]:
    return [name for name in names if name in settings.deadlines]


def _ends(names: Iterable[str], deadline: Deadline, start: datetime) -> list[datetime]:
    """The start, then the end of each of these deadlines one after the other."""
    ends = [start]
    for name in names:
        ends.append(deadline(name, ends[-1]))
    return ends
