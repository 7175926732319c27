"""What a person handed in earlier, for an appraisal or a form that begins with it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select

from engine.domain.confidence import UNNAMED
from engine.domain.people import EmployeeId
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.sealing import Sealed
from engine.store.states import InstanceStatus, WorkItemState

# Two years of months.
MOST_NOTED = 24


@dataclass(frozen=True)
class EarlierAnswer:
    """A sealed answer, the key of its period and what that is called."""

    payload: bytes
    commitment: str
    sealing_key_id: str
    period: str

    @property
    def sealed(self) -> Sealed:
        """The answer as `sealing.open_committed` takes it."""
        return Sealed(self.payload, self.commitment)


def last_answer(tx: Transaction, subject_id: EmployeeId, element_id: str) -> EarlierAnswer | None:
    """What was handed in last at a step of the person's finished appraisals.

    Nothing that was taken back, said in confidence or said beside an appraisal.
    """
    case = t.instance
    statement = _answers(tx, subject_id, element_id).where(
        case.c.status == InstanceStatus.COMPLETED.value, t.IS_MAIN
    )
    found = tx.connection.execute(statement.limit(1)).one_or_none()
    return None if found is None else EarlierAnswer(*found)


def noted_answers(
    tx: Transaction, subject_id: EmployeeId, cycle_id: str, element_id: str
) -> tuple[EarlierAnswer, ...]:
    """What was handed in at a step beside the appraisal of a cycle, the newest first.

    Nothing that was taken back, called off or said in confidence.
    """
    case = t.instance
    statement = _answers(tx, subject_id, element_id).where(
        case.c.cycle_id == cycle_id,
        case.c.status != InstanceStatus.CANCELLED.value,
        case.c.confidential.is_(False),
        ~t.IS_MAIN,
    )
    found = tx.connection.execute(statement.limit(MOST_NOTED)).all()
    return tuple(EarlierAnswer(*row) for row in found)


def _answers(tx: Transaction, subject_id: EmployeeId, element_id: str) -> Select[Any]:
    sent, case, item, period = t.submission, t.instance, t.work_item, t.cycle
    its_case = and_(case.c.agency_id == sent.c.agency_id, case.c.id == sent.c.instance_id)
    its_item = and_(item.c.agency_id == sent.c.agency_id, item.c.id == sent.c.work_item_id)
    its_period = and_(period.c.agency_id == case.c.agency_id, period.c.id == case.c.cycle_id)
    return (
        select(sent.c.payload, sent.c.commitment, case.c.sealing_key_id, period.c.name)
        .join(case, its_case)
        .join(item, its_item)
        .join(period, its_period)
        .where(
            sent.c.agency_id == tx.agency_id,
            sent.c.element_id == element_id,
            sent.c.actor_id != UNNAMED,
            case.c.subject_id == subject_id,
            item.c.state == WorkItemState.COMPLETED.value,
        )
        .order_by(sent.c.at.desc(), sent.c.id.desc())
    )
