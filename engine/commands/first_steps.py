"""The first step of a case, of the appraisal or of what runs beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.bpmn.run import Execution
from engine.commands.desk import Desk
from engine.commands.saving import save_step
from engine.commands.steps import NOWHERE, Step, step_context
from engine.commands.trail import Scribe
from engine.domain.actions import Action
from engine.domain.audit import GENESIS, AuditEvent
from engine.domain.beside import MAIN
from engine.domain.people import EmployeeId, UnitFunction, UnitId
from engine.domain.process import InstanceId
from engine.queries.rosters import Raters
from engine.store import appraisals, instances, sealing
from engine.store.appraisals import AppraisalRow
from engine.store.cycles import CycleRow
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.instances import InstanceRow
from engine.store.sealing import SealingKey


@dataclass(frozen=True)
class NewCase:
    """A case that somebody starts: about whom, with which data, raters, and in which role.

    `readers` are functions that may read it once it is over.
    """

    process_id: str
    cycle: CycleRow
    subject_id: EmployeeId
    data: Mapping[str, object]
    raters: Raters
    by: EmployeeId
    role: str | None = "hr"
    on_behalf_of: EmployeeId | None = None
    turn: str = MAIN
    confidential: bool = False
    readers: frozenset[UnitFunction] = frozenset()


def start_new(desk: Desk, tx: Transaction, new: NewCase, *, now: datetime) -> InstanceId:
    """Start the case in the caller's transaction. Raises Conflict when it exists."""
    key = sealing.key_for(tx, new.subject_id, period=new.cycle.id, now=now)
    row = _row(new, key, now)
    instances.add(tx, row, blob=b"")
    appraisals.add(tx, AppraisalRow(row.id, row.cycle_id, row.subject_id, row.unit_id, *new.raters))
    definition, calendar = desk.definitions.get(tx, row.definition_id), desk.calendar(tx, now)
    context = step_context(tx, definition, row, calendar=calendar, now=now)
    data = {"case": dict(new.data)}
    execution = Execution.start(definition.specs, row.process_id, data, context)
    scribe = Scribe(row.id, row.definition_id, now, new.by, new.role, new.on_behalf_of)
    step = Step(desk, tx, row, key, definition, scribe, calendar, execution, NOWHERE)
    step.events.append(started_event(scribe, new.cycle, new.raters, new.turn))
    step.settle()
    save_step(step)
    return row.id


def _row(new: NewCase, key: SealingKey, now: datetime) -> InstanceRow:
    return InstanceRow(
        id=InstanceId(new_id()),
        definition_id=new.cycle.definition_id,
        process_id=new.process_id,
        cycle_id=new.cycle.id,
        subject_id=new.subject_id,
        unit_id=UnitId(str(new.data["unit_id"])),
        sealing_key_id=key.id,
        started_at=now,
        audit_head=GENESIS,
        audit_count=0,
        turn=new.turn,
        confidential=new.confidential,
        readers=",".join(sorted(new.readers)),
    )


def started_event(scribe: Scribe, cycle: CycleRow, raters: Raters, turn: str = MAIN) -> AuditEvent:
    """What the trail says of a case that began; `turn` only of what runs beside the appraisal."""
    more = {"turn": turn} if turn != MAIN else {}
    return scribe.event(
        Action.INSTANCE_STARTED,
        cycle=cycle.id,
        rater=raters[0],
        rater_superior=raters[1],
        **more,
    )
