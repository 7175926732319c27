"""Small processes beside an appraisal that a person opens when there is reason."""

from collections.abc import Iterator
from datetime import date, datetime

from engine.commands.beside_starts import (
    ChosenOpening,
    appraisal_to_come,
    running_appraisal,
    start_beside,
)
from engine.commands.cycles import open_for_starts
from engine.commands.definitions import LoadedDefinition
from engine.commands.desk import Desk
from engine.commands.permissions import demand, refusals_audited
from engine.commands.roles import CasePeople, openers_in
from engine.domain.access import OpeningAccess, Verb, can
from engine.domain.beside import Beside
from engine.domain.people import Actor, EmployeeId
from engine.domain.process import InstanceId
from engine.domain.settings import Relation, SystemSettings
from engine.errors import Conflict, NotFound
from engine.rules.deadlines import local_date
from engine.store import appraisals, cycles, instances, staffing
from engine.store import beside as beside_runs
from engine.store.appraisals import AppraisalRow
from engine.store.cycles import CycleRow
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.states import CycleStatus


def open_beside(
    desk: Desk,
    actor: Actor,
    *,
    cycle_id: str,
    subject_id: EmployeeId,
    process_id: str,
    now: datetime,
    key: str = "",
) -> InstanceId:
    """Open a process beside somebody's running appraisal; the instance's id.

    Where there is one already of which there may be one only, and where the same `key` was used
    before, it is that one. Raises Forbidden, NotFound, or Conflict when the cycle or the appraisal
    has ended.
    """
    verb = Verb.OPEN_BESIDE
    with (
        refusals_audited(desk, actor, verb, target=subject_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        cycle = open_for_starts(tx, cycle_id)
        definition = desk.definitions.get(tx, cycle.definition_id)
        beside = definition.settings.beside.get(process_id)
        if beside is None:
            raise NotFound("process", process_id)
        today = local_date(now, desk.calendar(tx, now))
        main = running_appraisal(tx, definition, cycle, subject_id)
        if main is None and beside.before_appraisal:
            main = appraisal_to_come(tx, definition, cycle, subject_id, on=today)
        if main is None:
            raise NotFound("appraisal", subject_id)
        opening = opening_access(tx, definition.settings, beside, main, today)
        demand(actor, verb, opening)
        turn = beside.turn(today, key or new_id())
        known = beside_runs.find(tx, main.cycle_id, subject_id, process_id, turn)
        if known:
            return known
        chosen = ChosenOpening(definition, cycle, main, beside, turn)
        return start_beside(desk, tx, actor.employee_id, chosen, now=now)


def openable(
    desk: Desk, tx: Transaction, actor: Actor, instance_id: str, *, now: datetime
) -> tuple[Beside, ...]:
    """What the actor may open beside this case now; nothing beside what is no running appraisal."""
    row = instances.get(tx, instance_id)
    cycle = cycles.get(tx, row.cycle_id)
    if not row.is_main or row.ended_at or cycle.status != CycleStatus.OPEN:
        return ()
    settings = desk.definitions.get(tx, cycle.definition_id).settings
    main, today = appraisals.get(tx, instance_id), local_date(now, desk.calendar(tx, now))
    return tuple(
        beside
        for beside in settings.beside.values()
        if can(actor, Verb.OPEN_BESIDE, opening_access(tx, settings, beside, main, today))
        and not _is_used(tx, main, beside, today)
    )


def besides_of(
    tx: Transaction,
    definition: LoadedDefinition,
    cycle: CycleRow,
    subject_id: EmployeeId,
    *,
    on: date,
) -> Iterator[tuple[Beside, OpeningAccess]]:
    """What may still be opened about a person on the day, with who may; nothing once it ended."""
    try:
        main = running_appraisal(tx, definition, cycle, subject_id)
        runs = main is not None
        main = main or appraisal_to_come(tx, definition, cycle, subject_id, on=on)
    except (NotFound, Conflict):
        return
    for beside in definition.settings.beside.values():
        if (runs or beside.before_appraisal) and not _is_used(tx, main, beside, on):
            yield beside, opening_access(tx, definition.settings, beside, main, on)


def _is_used(tx: Transaction, main: AppraisalRow, beside: Beside, today: date) -> bool:
    """Whether there is one already of which there may be one only."""
    if beside.once is None:
        return False
    turn, process = beside.turn(today, ""), beside.process_id
    return beside_runs.find(tx, main.cycle_id, main.employee_id, process, turn) is not None


def opening_access(
    tx: Transaction, settings: SystemSettings, beside: Beside, main: AppraisalRow, on: date
) -> OpeningAccess:
    """Who may open the process beside this appraisal on the day.

    Nobody opens one about a unit beside the appraisal of somebody who does not head it.
    """
    fits = not beside.of_head or _heads_unit(tx, main, on)
    roles = [settings.roles[key] for key in beside.by] if fits else []
    people = case_people_of(main)
    return OpeningAccess(
        tx.agency_id,
        main.employee_id,
        main.unit_id,
        frozenset(person for role in roles for person in openers_in(tx, role, people, on)),
        frozenset(role.function for role in roles if role.function),
        by_anyone=any(role.relation is Relation.ANYONE for role in roles),
    )


def _heads_unit(tx: Transaction, main: AppraisalRow, on: date) -> bool:
    return staffing.head_of_unit(tx, main.unit_id, on) == main.employee_id


def case_people_of(main: AppraisalRow) -> CasePeople:
    """The people whom the roles of an appraisal refer to."""
    return CasePeople(
        main.employee_id, main.unit_id, main.rater_id, main.rater_superior_id, main.subject_left
    )
