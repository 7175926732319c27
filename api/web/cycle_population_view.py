"""What the page of a period's people shows: how many can start, what is in the way, the work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import Request

from api.deps import House, Visitor
from api.web.organisation_forms import NOTHING_REFUSED, Refused
from engine.commands.foresight import foreseen, stored_filters
from engine.domain.access import Verb
from engine.domain.people import Actor, EmployeeId, EmployeeKind, UnitId
from engine.domain.population import STOPPING, ConflictKind, Filters, PostKind, RelationKind
from engine.queries import cycle_views
from engine.queries.cycle_views import ConflictedPerson, CycleHead
from engine.queries.forecast import Forecast
from engine.queries.people import Person, agency_day, people
from engine.queries.population import Member, unit_names
from engine.store import cycles, populations
from engine.store.database import Transaction
from engine.store.populations import DeclaredConflictRow

FEW = 10
DONE = frozenset({"filters", "exclude", "include", "rater", "conflict"})
# Where each obstacle is removed; the others are settled on this page.
FIXES = {
    ConflictKind.NO_PLAN: "/imports?kind=plans",
    ConflictKind.NO_UNIT: "/organisation",
    ConflictKind.INACTIVE: "/organisation",
    ConflictKind.TWO_POSTS: "/organisation",
    ConflictKind.OWN_RATER: "/organisation",
}
NAMING = frozenset(
    {
        ConflictKind.NO_RATER, ConflictKind.RELATED, ConflictKind.INACTIVE,
        ConflictKind.TWO_RATERS, ConflictKind.OWN_RATER,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Obstacle:
    """One thing that stands in the way, of how many people, and where it is removed."""

    kind: ConflictKind
    count: int
    stops: bool
    fix: str


@dataclass(frozen=True)
class PopulationPage:
    """Everything that the page shows."""

    cycle: CycleHead
    filters: Filters
    forecast: Forecast
    obstacles: tuple[Obstacle, ...]
    kind: ConflictKind | None
    listed: Sequence[ConflictedPerson]
    after: EmployeeId | None
    chosen: Person | None
    excluded: Sequence[Person]
    pairs: Sequence[tuple[Person, Person, str]]
    loaded: Mapping[str, Person]
    units: Mapping[UnitId, str]
    elsewhere: Sequence[tuple[str, int]]
    today: date


def population_view(
    house: House, visitor: Visitor, actor: Actor, cycle_id: str, request: Request
) -> PopulationPage:
    """The page of a period's people. Raises Forbidden, NotFound."""
    asked = request.query_params
    code = asked.get("conflict", "")
    kind = ConflictKind(code) if code in set(ConflictKind) else None
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.LAUNCH_CYCLE)
        head = cycle_views.cycle_head(tx, cycle_id)
        filters, day = stored_filters(tx, cycle_id), agency_day(tx, visitor.now)
        cycle = cycles.get(tx, cycle_id)
        found, told = foreseen(house.desk, tx, cycle, filters, now=visitor.now)
        listed, after = _listed(tx, found.members, kind, asked.get("after", ""), day)
        left_out = [row.employee_id for row in populations.exclusions(tx, cycle_id)]
        chosen = EmployeeId(asked.get("person", ""))
        return PopulationPage(
            head,
            filters,
            told,
            obstacles(told),
            kind,
            listed,
            after,
            people(tx, [chosen], day).get(chosen) if chosen else None,
            list(people(tx, left_out, day).values()),
            _pairs(tx, day),
            people(tx, [load.employee_id for load in told.loads], day),
            unit_names(tx),
            _elsewhere(found.elsewhere, house.systems(tx, visitor.language)),
            day,
        )


def _elsewhere(
    counted: Mapping[str | None, int], titles: Mapping[str, str]
) -> Sequence[tuple[str, int]]:
    """How many are left to other systems, by title; no title where the unit has none."""
    found = [(titles.get(key, key) if key else "", count) for key, count in counted.items()]
    return sorted(found, key=lambda one: (not one[0], one[0]))


def obstacles(told: Forecast) -> tuple[Obstacle, ...]:
    """What stands in the way: first what stops, the most frequent first."""
    found = [
        Obstacle(kind, count, kind in STOPPING, FIXES.get(kind, ""))
        for kind, count in told.conflicts
    ]
    return tuple(sorted(found, key=lambda one: (not one.stops, -one.count, one.kind)))


def _listed(
    tx: Transaction, members: Sequence[Member], kind: ConflictKind | None, after: str, day: date
) -> tuple[Sequence[ConflictedPerson], EmployeeId | None]:
    """The people with one conflict after somebody, and who stands last where more follow.

    Without a chosen conflict they are listed only when they are few.
    """
    if kind is None:
        few = [m for m in members if m.conflicts]
        return (cycle_views.conflicted(tx, few, None, day) if len(few) <= FEW else ()), None
    later = [m for m in members if kind in m.conflicts and m.employee_id > after]
    page = later[: cycle_views.MOST_NAMED]
    shown = cycle_views.conflicted(tx, page, kind, day)
    return shown, page[-1].employee_id if len(later) > len(page) else None


def _pairs(tx: Transaction, day: date) -> list[tuple[Person, Person, str]]:
    declared: Sequence[DeclaredConflictRow] = populations.declared_conflicts(tx)
    known = people(tx, [key for row in declared for key in (row.employee_id, row.other_id)], day)
    return [
        (known[row.employee_id], known[row.other_id], row.kind)
        for row in declared
        if row.employee_id in known and row.other_id in known
    ]


def shown(
    page: PopulationPage, request: Request, told: Refused = NOTHING_REFUSED
) -> dict[str, object]:
    """What the template names."""
    done = request.query_params.get("done", "")
    return {
        "page": page,
        "cycle": page.cycle,
        "forecast": page.forecast,
        "naming": NAMING,
        "kinds": list(EmployeeKind),
        "posts": list(PostKind),
        "relations": list(RelationKind),
        "refused": told,
        "done": done if done in DONE else "",
    }
