"""Duties that were proposed and wait for a second person, and duties that people hold."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import and_, bindparam, or_, select, update

from engine.domain.people import EmployeeId, UnitId
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.people import DutyRow


class Outcome(StrEnum):
    """What the second person said."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True)
class ProposalRow:
    """One proposed duty; without a unit it is meant for the whole agency."""

    id: str
    employee_id: EmployeeId
    function: str
    unit_id: UnitId | None
    starts: date
    proposed_by: EmployeeId
    proposed_at: datetime
    decided_by: EmployeeId | None = None
    decided_at: datetime | None = None
    outcome: str | None = None


_proposal, _duty = tables.duty_proposal, tables.duty
_ALL = rows.selected(_proposal, ProposalRow)
_ONE = _ALL.where(_proposal.c.id == bindparam("proposal_id"))
_WAITING = _ALL.where(_proposal.c.outcome.is_(None)).order_by(_proposal.c.proposed_at)
_INSERT = rows.inserted(_proposal)
_DECIDE = (
    update(_proposal)
    .where(
        rows.own(_proposal),
        _proposal.c.id == bindparam("of_proposal"),
        _proposal.c.outcome.is_(None),
    )
    .values(outcome=bindparam("said"), decided_by=bindparam("by"), decided_at=bindparam("now"))
)
_VALID = and_(
    _duty.c.starts <= bindparam("day"),
    or_(_duty.c.ends.is_(None), _duty.c.ends >= bindparam("day")),
)
_HELD = (
    rows.selected(_duty, DutyRow)
    .where(or_(_duty.c.ends.is_(None), _duty.c.ends >= bindparam("day")))
    .order_by(_duty.c.function, _duty.c.employee_id, _duty.c.id)
)
_HOLDERS = select(_duty.c.employee_id).where(rows.own(_duty), _VALID).distinct()
_DUTY = rows.selected(_duty, DutyRow).where(_duty.c.id == bindparam("duty_id"))
_END = (
    update(_duty)
    .where(rows.own(_duty), _duty.c.id == bindparam("of_duty"))
    .values(ends=bindparam("last_day"))
)


def propose(tx: Transaction, proposal: ProposalRow) -> None:
    """Keep a proposal until a second person decides."""
    rows.add(tx, _INSERT, [proposal])


def proposal(tx: Transaction, proposal_id: str) -> ProposalRow:
    """One proposal, decided or not. Raises NotFound."""
    found = rows.fetch_one(tx, _ONE, ProposalRow, {"proposal_id": proposal_id})
    if found is None:
        raise NotFound("proposal", proposal_id)
    return found


def waiting(tx: Transaction) -> tuple[ProposalRow, ...]:
    """Proposals that nobody decided yet, the oldest first."""
    return rows.fetch(tx, _WAITING, ProposalRow)


def decide(
    tx: Transaction, proposal_id: str, outcome: Outcome, *, by: EmployeeId, now: datetime
) -> bool:
    """Record what the second person said; false when somebody was faster."""
    values = {"of_proposal": proposal_id, "said": outcome.value, "by": by, "now": now}
    return rows.run(tx, _DECIDE, values) == 1


def held(tx: Transaction, on: date) -> tuple[DutyRow, ...]:
    """Duties that run on the date or start later."""
    return rows.fetch(tx, _HELD, DutyRow, {"day": on})


def holders(tx: Transaction, on: date) -> frozenset[EmployeeId]:
    """Everybody who has any duty on the date."""
    return frozenset(rows.fetch_scalars(tx, _HOLDERS, {"day": on}))


def duty(tx: Transaction, duty_id: str) -> DutyRow:
    """One duty. Raises NotFound."""
    found = rows.fetch_one(tx, _DUTY, DutyRow, {"duty_id": duty_id})
    if found is None:
        raise NotFound("duty", duty_id)
    return found


def end(tx: Transaction, duty_id: str, *, last_day: date) -> None:
    """Let a duty end with a day."""
    rows.run(tx, _END, {"of_duty": duty_id, "last_day": last_day})
