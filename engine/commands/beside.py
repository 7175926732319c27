"""Small processes beside an appraisal: opened by a person when there is reason, or each month."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import orjson

from engine.commands.case_data import beginnings
from engine.commands.cycles import open_for_starts
from engine.commands.definitions import LoadedDefinition
from engine.commands.desk import Desk
from engine.commands.first_steps import NewCase, start_new
from engine.commands.permissions import demand, refusals_audited
from engine.commands.roles import CasePeople, openers_in
from engine.domain.access import OpeningAccess, Verb, can
from engine.domain.beside import Beside, Opening
from engine.domain.cascade import results_in
from engine.domain.people import SYSTEM, Actor, AgencyId, EmployeeId, UnitId
from engine.domain.process import InstanceId
from engine.domain.settings import Relation, SystemSettings
from engine.errors import Conflict, NotFound
from engine.queries.unit_systems import systems_of_units
from engine.rules.deadlines import local_date
from engine.rules.numbers import from_jsonable
from engine.store import appraisals, cycles, instances, plans, staffing
from engine.store import beside as beside_runs
from engine.store.appraisals import AppraisalRow
from engine.store.cycles import CycleRow
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.plans import PlanRow
from engine.store.states import CycleStatus

# What a person knows of complaints who opens by hand what complaints open by themselves.
NOT_FOUND = {"category": None, "complaints": None}


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
        main = _appraisal(tx, definition, cycle, subject_id)
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
        chosen = _Opening(definition, cycle, main, beside, turn)
        return _start(desk, tx, actor.employee_id, chosen, now=now)


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
        main = _appraisal(tx, definition, cycle, subject_id)
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


@dataclass(frozen=True)
class _Opening:
    """What is opened, beside which appraisal; `more` is what the case knows besides."""

    definition: LoadedDefinition
    cycle: CycleRow
    main: AppraisalRow
    beside: Beside
    turn: str
    more: Mapping[str, object] = field(default_factory=dict)


def open_month(desk: Desk, agency_id: AgencyId, cycle_id: str, *, now: datetime, limit: int) -> int:
    """Open what each month opens for the next people who have it not yet; how many got it.

    Only while the cycle is open and the day lies in it.
    """
    with desk.store.transaction(agency_id) as tx:
        cycle = cycles.get(tx, cycle_id)
        today = local_date(now, desk.calendar(tx, now))
        if cycle.status != CycleStatus.OPEN or not cycle.starts <= today <= cycle.ends:
            return 0
        definition = desk.definitions.get(tx, cycle.definition_id)
        monthly = [b for b in definition.settings.beside.values() if b.start is Opening.MONTH]
        openings = [
            _Opening(definition, cycle, appraisals.get(tx, instance_id), beside, turn)
            for beside in monthly
            for turn in (beside.turn(today, ""),)
            for instance_id in beside_runs.without(
                tx, cycle_id, beside.process_id, turn, limit=limit
            )
        ]
        for opening in openings:
            _start(desk, tx, SYSTEM, opening, now=now)
        return len(openings)


@dataclass(frozen=True)
class UnitFinding:
    """Something about a unit that opens a process: which run it is, what the case knows of it."""

    unit_id: UnitId
    turn: str
    known: Mapping[str, object]


def open_for_finding(
    desk: Desk,
    tx: Transaction,
    cycle: CycleRow,
    subject_id: EmployeeId,
    process_id: str,
    finding: UnitFinding,
    *,
    now: datetime,
) -> bool:
    """Let the system open a process beside a person's appraisal; false where he has none."""
    definition = desk.definitions.get(tx, cycle.definition_id)
    beside = definition.settings.beside[process_id]
    today = local_date(now, desk.calendar(tx, now))
    try:
        main = _appraisal(tx, definition, cycle, subject_id)
        if main is None and beside.before_appraisal:
            main = appraisal_to_come(tx, definition, cycle, subject_id, on=today)
    except (NotFound, Conflict):
        return False
    if main is None:
        return False
    about = replace(main, unit_id=finding.unit_id)
    chosen = _Opening(definition, cycle, about, beside, finding.turn, finding.known)
    _start(desk, tx, SYSTEM, chosen, now=now)
    return True


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


def _appraisal(
    tx: Transaction, definition: LoadedDefinition, cycle: CycleRow, subject_id: EmployeeId
) -> AppraisalRow | None:
    """The running appraisal, None before it is started. Raises Conflict when it has ended."""
    process = definition.settings.main_process
    case = instances.find_case(tx, cycle_id=cycle.id, subject_id=subject_id, process_id=process)
    if case is None:
        return None
    if case.ended_at is not None:
        raise Conflict(f"the appraisal of {subject_id} has ended")
    return appraisals.get(tx, case.id)


def appraisal_to_come(
    tx: Transaction,
    definition: LoadedDefinition,
    cycle: CycleRow,
    subject_id: EmployeeId,
    *,
    on: date,
) -> AppraisalRow:
    """The people and the unit of the appraisal as it would be started on the day.

    Raises NotFound for who holds no post, has nobody to rate him, or is in a unit that is
    appraised by another system.
    """
    known = beginnings(tx, definition, cycle=cycle, employee_ids=[subject_id], on=on)
    unit_id = known.unit_of(subject_id)
    if not systems_of_units(tx).takes(cycle.system, unit_id):
        raise NotFound("appraisal", subject_id)
    return AppraisalRow("", cycle.id, subject_id, unit_id, *known.raters(subject_id))


def _start(
    desk: Desk, tx: Transaction, by: EmployeeId, opening: _Opening, *, now: datetime
) -> InstanceId:
    """Start it with the people of the appraisal."""
    main, cycle, beside = opening.main, opening.cycle, opening.beside
    today = local_date(now, desk.calendar(tx, now))
    new = NewCase(
        process_id=beside.process_id,
        cycle=cycle,
        subject_id=main.employee_id,
        data={**_data(tx, opening, today), "opened_by": by, **opening.more},
        raters=(main.rater_id, main.rater_superior_id),
        by=by,
        role=None,
        turn=opening.turn,
        confidential=beside.confidential,
    )
    return start_new(desk, tx, new, now=now)


def _lines(plan: PlanRow | None) -> list[Mapping[str, object]]:
    found = from_jsonable(orjson.loads(plan.content)) if plan else []
    return found if isinstance(found, list) else []


def _data(tx: Transaction, opening: _Opening, today: date) -> dict[str, object]:
    """What the case knows at its start; `period` is the month in which it is opened.

    `leader_results` are the results in the rater's own plan, which that of the person serves.
    """
    main, cycle = opening.main, opening.cycle
    days_of_month = monthrange(today.year, today.month)[1]
    plan = plans.find(tx, cycle.id, main.employee_id)
    above = plans.find(tx, cycle.id, main.rater_id) if main.rater_id else None
    return {
        "subject_id": main.employee_id,
        "cycle_id": cycle.id,
        "cycle_ends": cycle.ends.isoformat(),
        "unit_id": main.unit_id,
        "correlation": f"{main.unit_id}/{cycle.id}",
        "plan": _lines(plan),
        "leader_results": [
            {"result_plan": result} for result in dict.fromkeys(results_in(_lines(above)))
        ],
        "period": f"{today:%Y-%m}",
        "period_ends": today.replace(day=days_of_month).isoformat(),
        **(NOT_FOUND if opening.beside.start is Opening.COMPLAINTS else {}),
    }
