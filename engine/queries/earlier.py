"""What a person handed in during an earlier appraisal, for one that begins with it."""

from dataclasses import dataclass

from sqlalchemy import and_, select

from engine.domain.confidence import UNNAMED
from engine.domain.people import EmployeeId
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.sealing import Sealed
from engine.store.states import InstanceStatus, WorkItemState


@dataclass(frozen=True)
class EarlierAnswer:
    """A sealed answer and the key of its period."""

    payload: bytes
    commitment: str
    sealing_key_id: str

    @property
    def sealed(self) -> Sealed:
        """The answer as `sealing.open_committed` takes it."""
        return Sealed(self.payload, self.commitment)


def last_answer(tx: Transaction, subject_id: EmployeeId, element_id: str) -> EarlierAnswer | None:
    """What was handed in last at a step of the person's finished appraisals.

    Nothing that was taken back, said in confidence or said beside an appraisal.
    """
    sent, case, item = t.submission, t.instance, t.work_item
    its_case = and_(case.c.agency_id == sent.c.agency_id, case.c.id == sent.c.instance_id)
    its_item = and_(item.c.agency_id == sent.c.agency_id, item.c.id == sent.c.work_item_id)
    statement = (
        select(sent.c.payload, sent.c.commitment, case.c.sealing_key_id)
        .join(case, its_case)
        .join(item, its_item)
        .where(
            sent.c.agency_id == tx.agency_id,
            sent.c.element_id == element_id,
            sent.c.actor_id != UNNAMED,
            case.c.subject_id == subject_id,
            case.c.status == InstanceStatus.COMPLETED.value,
            t.IS_MAIN,
            item.c.state == WorkItemState.COMPLETED.value,
        )
        .order_by(sent.c.at.desc(), sent.c.id.desc())
        .limit(1)
    )
    found = tx.connection.execute(statement).one_or_none()
    return None if found is None else EarlierAnswer(*found)
