"""What a launch of a cycle would do now: whom it takes, what stands in the way, how much work."""

from datetime import datetime

from engine.commands.definitions import LoadedDefinition
from engine.commands.desk import Desk
from engine.commands.extensions import DUE
from engine.commands.steps import deadlines_of
from engine.domain.population import Filters, filters_of
from engine.domain.settings import Relation, RoleKind
from engine.queries.forecast import Forecast, Part, forecast, is_of_appeal
from engine.queries.people import agency_day
from engine.queries.population import Needs, Population, planned, population
from engine.store import populations
from engine.store.cycles import CycleRow
from engine.store.database import Transaction


def stored_filters(tx: Transaction, cycle_id: str) -> Filters:
    """The filters of a cycle; everybody before anybody chose."""
    found = populations.find(tx, cycle_id)
    return filters_of(found.filters) if found else Filters()


def foreseen(
    desk: Desk, tx: Transaction, cycle: CycleRow, filters: Filters, *, now: datetime
) -> tuple[Population, Forecast]:
    """Who would be launched now, and what it means."""
    definition = desk.definitions.get(tx, cycle.definition_id)
    settings = definition.settings
    needs = Needs(
        settings.needs_rater,
        settings.needs_plan,
        planned(tx, cycle.id),
        populations.conflicting_pairs(tx),
    )
    day = agency_day(tx, now)
    found = population(tx, cycle, filters, on=day, needs=needs)
    deadline = deadlines_of(settings.deadlines, desk.calendar(tx, now), now)
    return found, forecast(found.members, settings, deadline, now, parts_above(definition))


def parts_above(definition: LoadedDefinition) -> tuple[Part, ...]:
    """The steps of a case that its rater and the rater's superior have.

    Whoever decides an appeal is named in the case; the rater's superior is the first to be asked.
    Source: PP 30/2019 art. 60.
    """
    settings, found = definition.settings, []
    for task in definition.specs.user_tasks.values():
        due = task.properties.get(DUE, "")
        for role in settings.roles_of_lane(task.lane)[:1]:
            if role.relation:
                found.append(Part(role.relation, due))
            elif role.kind is RoleKind.NOMINATED and is_of_appeal(settings, due):
                found.append(Part(Relation.RATER_SUPERIOR, due))
    return tuple(found)
