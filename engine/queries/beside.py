"""What ran beside an appraisal, for the page of the appraisal."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from engine.domain.access import CaseAccess, Verb, can
from engine.domain.confidence import CONFIDENCE
from engine.domain.people import Actor, EmployeeId, UnitFunction, UnitId
from engine.domain.process import InstanceId
from engine.queries.case_heads import any_case_head, case_head
from engine.queries.people import AnyRow
from engine.queries.steps import SettingsOf
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.instances import find_case
from engine.store.states import readers_of

# The newest; whoever looks for an older one finds it in his own list of what he sent.
MOST = 50
# Shown open with a form: two years of months.
MOST_SHOWN = 24


@dataclass(frozen=True)
class BesideRow:
    """One run of a process beside the appraisal."""

    instance_id: InstanceId
    process_id: str
    title: Mapping[str, str]
    state: str
    started_at: datetime
    ended_at: datetime | None
    confidential: bool


def ran_beside(
    tx: Transaction, actor: Actor, instance_id: str, *, settings_of: SettingsOf, now: datetime
) -> tuple[BesideRow, ...]:
    """What ran beside the appraisal and may be read by the actor, the newest first.

    Nothing beside what is no appraisal. Raises NotFound.
    """
    head = case_head(tx, actor, instance_id, verb=Verb.READ_CASE, now=now)
    if not head.is_main:
        return ()
    rows = _rows(tx, head.cycle_id, head.subject.id)
    held = _held(tx, [row.id for row in rows])
    settings = settings_of(tx, head.definition_id)
    return tuple(
        BesideRow(
            InstanceId(row.id),
            row.process_id,
            settings.title_of(row.process_id),
            row.status,
            row.started_at,
            row.ended_at,
            row.confidential,
        )
        for row in rows
        if can(actor, Verb.READ_CASE, _access(tx, row, held.get(row.id, ())))
    )


def appraisal_of(
    tx: Transaction, actor: Actor, instance_id: str, *, settings_of: SettingsOf, now: datetime
) -> InstanceId | None:
    """The appraisal beside which a case runs; None for an appraisal, and where it is not for him.

    Raises NotFound for a case that the actor may not read.
    """
    head = case_head(tx, actor, instance_id, verb=Verb.READ_CASE, now=now)
    if head.is_main:
        return None
    process = settings_of(tx, head.definition_id).main_process
    main = find_case(
        tx, cycle_id=head.cycle_id, subject_id=head.access.subject_id, process_id=process
    )
    if main is None:
        return None
    known = any_case_head(tx, main.id, now).access
    return main.id if can(actor, Verb.READ_CASE, known) else None


def open_runs(
    tx: Transaction, cycle_id: str, subject_id: EmployeeId, processes: Collection[str]
) -> tuple[AnyRow, ...]:
    """The newest runs of these processes about a person, the oldest first; nothing confidential.

    A row has `id` and `process_id`. Whether somebody may read one is asked of its case.
    """
    run = t.instance.c
    statement = (
        select(run.id, run.process_id)
        .where(
            run.agency_id == tx.agency_id,
            run.cycle_id == cycle_id,
            run.subject_id == subject_id,
            run.process_id.in_(sorted(processes)),
            run.confidential.is_(False),
            ~t.IS_MAIN,
        )
        .order_by(run.started_at.desc(), run.id.desc())
        .limit(MOST_SHOWN)
    )
    return tuple(reversed(tx.connection.execute(statement).all()))


def _rows(tx: Transaction, cycle_id: str, subject_id: str) -> Sequence[AnyRow]:
    run, figures = t.instance, t.appraisal
    same = and_(figures.c.agency_id == run.c.agency_id, figures.c.instance_id == run.c.id)
    statement = (
        select(run, figures.c.rater_id, figures.c.rater_superior_id)
        .join(figures, same)
        .where(
            run.c.agency_id == tx.agency_id,
            run.c.cycle_id == cycle_id,
            run.c.subject_id == subject_id,
            ~t.IS_MAIN,
        )
        .order_by(run.c.started_at.desc(), run.c.id.desc())
        .limit(MOST)
    )
    return tx.connection.execute(statement).all()


def _held(tx: Transaction, cases: Sequence[str]) -> Mapping[str, Sequence[Any]]:
    """Whose work there is or was in each case."""
    item = t.work_item
    columns = (item.c.assignee_id, item.c.closed_by, item.c.offered_to, item.c.function)
    statement = select(item.c.instance_id, item.c.participation, *columns).where(
        item.c.agency_id == tx.agency_id, item.c.instance_id.in_(cases)
    )
    found: dict[str, list[Any]] = {}
    for row in tx.connection.execute(statement) if cases else ():
        found.setdefault(row.instance_id, []).append(row)
    return found


def _access(tx: Transaction, row: AnyRow, held: Sequence[AnyRow]) -> CaseAccess:
    named = [found for found in held if found.participation != CONFIDENCE]
    persons = (p for found in named for p in (found.assignee_id, found.closed_by, found.offered_to))
    return CaseAccess(
        tx.agency_id,
        EmployeeId(row.subject_id),
        unit_id=UnitId(row.unit_id),
        rater_id=row.rater_id,
        rater_superior_id=row.rater_superior_id,
        holders=frozenset(EmployeeId(person) for person in persons if person),
        functions=frozenset(UnitFunction(found.function) for found in held if found.function),
        confidential=row.confidential,
        readers=readers_of(row.readers, row.status),
    )
