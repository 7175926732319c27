"""What a launch of a cycle would do now: whom it takes, what stands in the way, how much work."""

from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.steps import deadlines_of
from engine.domain.population import Filters, filters_of
from engine.queries.forecast import Forecast, forecast
from engine.queries.people import agency_day
from engine.queries.population import Member, Needs, planned, population
from engine.store import populations
from engine.store.cycles import CycleRow
from engine.store.database import Transaction


def stored_filters(tx: Transaction, cycle_id: str) -> Filters:
    """The filters of a cycle; everybody before anybody chose."""
    found = populations.find(tx, cycle_id)
    return filters_of(found.filters) if found else Filters()


def foreseen(
    desk: Desk, tx: Transaction, cycle: CycleRow, filters: Filters, *, now: datetime
) -> tuple[tuple[Member, ...], Forecast]:
    """Who would be launched now, and what it means."""
    settings = desk.definitions.get(tx, cycle.definition_id).settings
    needs = Needs(
        settings.needs_rater,
        settings.needs_plan,
        planned(tx, cycle.id),
        populations.conflicting_pairs(tx),
    )
    day = agency_day(tx, now)
    members = population(tx, cycle.id, filters, on=day, ends=cycle.ends, needs=needs)
    deadline = deadlines_of(settings.deadlines, desk.calendar(tx, now), now)
    return members, forecast(members, settings, deadline, now)
