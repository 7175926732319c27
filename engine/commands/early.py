"""What a person may begin: for himself before his appraisal is started, and about others."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.commands.beside import besides_of, opening_access
from engine.commands.beside_starts import appraisal_to_come
from engine.commands.definitions import LoadedDefinition
from engine.commands.desk import Desk
from engine.domain.access import Verb, can
from engine.domain.beside import Beside
from engine.domain.people import Actor, EmployeeId
from engine.domain.settings import OF_MANY
from engine.errors import NotFound
from engine.rules.deadlines import local_date
from engine.store import beside as beside_runs
from engine.store import cycles, instances
from engine.store.cycles import CycleRow
from engine.store.database import Transaction
from engine.store.states import CycleStatus


@dataclass(frozen=True)
class EarlyOffer:
    """A process that may be opened in a cycle, whose name is told beside it."""

    cycle_id: str
    cycle: str
    beside: Beside


def early_offers(
    desk: Desk, tx: Transaction, actor: Actor, *, now: datetime
) -> tuple[EarlyOffer, ...]:
    """What the actor may open for himself now in the open cycles where no appraisal of him runs."""
    today = local_date(now, desk.calendar(tx, now))
    return tuple(
        EarlyOffer(cycle.id, cycle.name, beside)
        for cycle, definition in _open_cycles(desk, tx)
        if today <= cycle.ends
        for beside in definition.settings.beside.values()
        if beside.before_appraisal and _may_open(tx, actor, definition, cycle, beside, today)
    )


def writes_about_others(desk: Desk, tx: Transaction) -> bool:
    """Whether an open cycle has a process that colleagues may open about a person."""
    return any(
        settings.roles[key].relation in OF_MANY
        for _, definition in _open_cycles(desk, tx)
        for settings in (definition.settings,)
        for beside in settings.beside.values()
        for key in beside.by
    )


def offers_about(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    person: EmployeeId,
    *,
    now: datetime,
    is_known: bool = True,
) -> tuple[EarlyOffer, ...]:
    """What the actor may open now about another person, in every open cycle.

    Of somebody who is not known to work with the actor only what a role of his own opens.
    """
    today = local_date(now, desk.calendar(tx, now))
    return tuple(
        EarlyOffer(cycle.id, cycle.name, beside)
        for cycle, definition in _open_cycles(desk, tx)
        for beside, access in besides_of(tx, definition, cycle, person, on=today)
        if can(actor, Verb.OPEN_BESIDE, access if is_known else replace(access, by_anyone=False))
    )


def _open_cycles(desk: Desk, tx: Transaction) -> Iterator[tuple[CycleRow, LoadedDefinition]]:
    for cycle in cycles.every(tx):
        if cycle.status == CycleStatus.OPEN:
            definition = desk.definitions.find(tx, cycle.definition_id)
            if definition:
                yield cycle, definition


def _may_open(
    tx: Transaction,
    actor: Actor,
    definition: LoadedDefinition,
    cycle: CycleRow,
    beside: Beside,
    today: date,
) -> bool:
    person, process = actor.employee_id, definition.settings.main_process
    if instances.find_case(tx, cycle_id=cycle.id, subject_id=person, process_id=process):
        return False
    turn = beside.turn(today, "")
    if turn and beside_runs.find(tx, cycle.id, person, beside.process_id, turn):
        return False
    try:
        main = appraisal_to_come(tx, definition, cycle, person, on=today)
    except NotFound:
        return False
    access = opening_access(tx, definition.settings, beside, main, today)
    return bool(can(actor, Verb.OPEN_BESIDE, access))
