"""What a transfer does to records: posts, duties and substitutions end, a post begins."""

from dataclasses import dataclass
from datetime import date, timedelta

from engine.commands.case_handover import Handover
from engine.commands.duties import DUTIES_CHAIN
from engine.commands.handover import (
    close_function,
    hand_over_all,
    leave_own_cases,
    take_up,
)
from engine.commands.organisation_changes import ORGANISATION_CHAIN
from engine.commands.vacancies import (
    ACTING,
    holders_from,
    is_one_of_a_kind,
    new_post,
    posts_called,
)
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import AssignmentKind, EmployeeId, PositionId, UnitFunction, UnitId
from engine.domain.transfers import Moved, MoveReason, Refusal, TransferKind
from engine.store import audit, duties, handovers, organisation, people, sessions, staffing
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.people import AssignmentRow, DutyRow, PositionRow
from engine.store.transfers import TransferRow


@dataclass(frozen=True)
class Agreed:
    """Who decided it and who else leaves his post with the same decision."""

    by: EmployeeId
    leaving: frozenset[EmployeeId] = frozenset()


def refusal_of(tx: Transaction, row: TransferRow, agreed: Agreed, on: date) -> Refusal | None:
    """Why a transfer cannot be carried out now; None when it can."""
    if row.employee_id == agreed.by:
        return Refusal.OWN
    if not handovers.lock_person(tx, row.employee_id):
        return Refusal.LEFT
    held = _running(tx, row)
    if any(post.starts >= row.effective_on for post in held):
        return Refusal.BEFORE_POST
    if _would_leave_nobody(tx, row, on):
        return Refusal.LAST_HR
    return _new_post_refusal(tx, row, agreed) if TransferKind(row.kind).moves else None


def _new_post_refusal(tx: Transaction, row: TransferRow, agreed: Agreed) -> Refusal | None:
    unit = next((unit for unit in people.units(tx) if unit.id == row.unit_id), None)
    if unit is None or (unit.closed_on and unit.closed_on < row.effective_on):
        return Refusal.NO_UNIT
    if not row.title:
        return Refusal.NO_TITLE
    matching = _positions(tx, row)
    if any(post.position_id in {found.id for found in matching} for post in _running(tx, row)):
        return Refusal.SAME_POST
    if is_one_of_a_kind(matching):
        free = [found for found in matching if not _holders(tx, found, row, agreed.leaving)]
        return None if free else Refusal.POST_TAKEN
    return None


def _positions(tx: Transaction, row: TransferRow) -> tuple[PositionRow, ...]:
    """The posts of the unit with the title."""
    return posts_called(tx, UnitId(row.unit_id or ""), row.title or "")


def _holders(
    tx: Transaction, position: PositionRow, row: TransferRow, leaving: frozenset[EmployeeId]
) -> set[EmployeeId]:
    """Who holds a post for good on the day and does not leave it himself."""
    return holders_from(tx, position, row.effective_on) - leaving


def _running(tx: Transaction, row: TransferRow) -> list[AssignmentRow]:
    """The posts that a person holds on the day or will hold later."""
    return [
        post
        for post in organisation.posts_of(tx, row.employee_id)
        if post.ends is None or post.ends >= max(row.effective_on, post.starts)
    ]


def _would_leave_nobody(tx: Transaction, row: TransferRow, on: date) -> bool:
    """Whether the last HR officer of the agency would go: work that nobody holds falls to HR."""
    lost = {duty.function for duty in _lost_duties(tx, row, on) if duty.unit_id is None}
    if UnitFunction.HR.value not in lost:
        return False
    holders = set(staffing.duty_holders(tx, UnitFunction.HR, on))
    return not people.employees_in_service(tx, holders - {row.employee_id})


def _lost_duties(tx: Transaction, row: TransferRow, on: date) -> tuple[DutyRow, ...]:
    """Duties end with the unit in which somebody had them; a promotion inside it changes none."""
    held = handovers.duties_of(tx, row.employee_id, on)
    own = staffing.assignment_on(tx, row.employee_id, row.effective_on - timedelta(days=1))
    if TransferKind(row.kind).moves and own and own.unit_id == row.unit_id:
        return ()
    return held


def apply_transfer(handover: Handover, row: TransferRow, agreed: Agreed) -> None:
    """Carry a transfer out; what it moves is in the hand-over."""
    tx, kind = handover.tx, TransferKind(row.kind)
    last_day = row.effective_on - timedelta(days=1)
    lost = _lost_duties(tx, row, handover.on)
    for post in _running(tx, row):
        _end_post(handover, post, last_day)
    _end_powers(handover, row, lost, last_day)
    relieved, position_id = _enter(handover, row, agreed) if kind.moves else ((), None)
    if kind.leaves:
        _leave(handover, row, cancelled=kind is TransferKind.DEATH)
    for person in (row.employee_id, *relieved):
        hand_over_all(handover, person)
    for function in dict.fromkeys(duty.function for duty in lost):
        close_function(handover, UnitFunction(function))
    if position_id:
        take_up(handover, row.employee_id, position_id)


def _leave(handover: Handover, row: TransferRow, *, cancelled: bool) -> None:
    handovers.leave(handover.tx, row.employee_id)
    closed = sessions.end_all(handover.tx, row.employee_id)
    if closed:
        handover.moved.append(Moved(MoveReason.SESSIONS_CLOSED, count=closed))
    leave_own_cases(handover, row.employee_id, cancelled=cancelled)


def _end_powers(
    handover: Handover, row: TransferRow, lost: tuple[DutyRow, ...], last_day: date
) -> None:
    tx, yesterday = handover.tx, handover.on - timedelta(days=1)
    for duty in lost:
        duties.end(tx, duty.id, last_day=min(last_day, yesterday))
        facts = {"duty": duty.id, "employee_id": duty.employee_id, "function": duty.function}
        _record(handover, DUTIES_CHAIN, Action.DUTY_ENDED, **facts)
        handover.moved.append(Moved(MoveReason.DUTY_ENDED, function=duty.function))
    for found in handovers.substitutions_of(tx, row.employee_id, handover.on):
        organisation.end_substitution(tx, found.id, last_day=min(last_day, yesterday))
        _record(
            handover, ORGANISATION_CHAIN, Action.SUBSTITUTION_ENDED, substitution_id=found.id,
            absent_id=found.absent_id, substitute_id=found.substitute_id, last_day=last_day,
        )  # fmt: skip
        other = found.substitute_id if found.absent_id == row.employee_id else found.absent_id
        handover.moved.append(Moved(MoveReason.SUBSTITUTION_ENDED, to=other))


def _enter(
    handover: Handover, row: TransferRow, agreed: Agreed
) -> tuple[tuple[EmployeeId, ...], PositionId]:
    """The new post begins; who acted in it is relieved."""
    tx = handover.tx
    free = [p for p in _positions(tx, row) if not _holders(tx, p, row, agreed.leaving)]
    position_id = free[0].id if free else _new_position(handover, row)
    relieved = []
    for post in organisation.holders_of(tx, position_id):
        running = post.ends is None or post.ends >= row.effective_on
        if post.kind in ACTING and running and post.starts < row.effective_on:
            _end_post(handover, post, row.effective_on - timedelta(days=1))
            relieved.append(post.employee_id)
    kind, unit_id = AssignmentKind.DEFINITIVE, UnitId(row.unit_id or "")
    post = AssignmentRow(new_id(), row.employee_id, position_id, unit_id, kind, row.effective_on)
    people.add(tx, [post])
    _record(
        handover, ORGANISATION_CHAIN, Action.POST_GIVEN, assignment_id=post.id,
        employee_id=post.employee_id, position_id=position_id, kind=kind, starts=post.starts,
    )  # fmt: skip
    return tuple(relieved), position_id


def _end_post(handover: Handover, post: AssignmentRow, last_day: date) -> None:
    organisation.end_post(handover.tx, post.id, last_day=last_day)
    _record(
        handover, ORGANISATION_CHAIN, Action.POST_ENDED, assignment_id=post.id,
        employee_id=post.employee_id, position_id=post.position_id, last_day=last_day,
        ended_before=post.ends,
    )  # fmt: skip


def _record(handover: Handover, chain: str, action: Action, **values: object) -> None:
    event = AuditEvent(action, handover.now, handover.by, values=values)
    audit.append_to_chain(handover.tx, chain, [event])


def _new_position(handover: Handover, row: TransferRow) -> PositionId:
    tx, unit_id = handover.tx, UnitId(row.unit_id or "")
    position = new_post(tx, unit_id, row.title or "")
    people.add(tx, [position])
    _record(
        handover, ORGANISATION_CHAIN, Action.POSITION_ADDED,
        position_id=position.id, unit_id=unit_id,
    )  # fmt: skip
    return position.id
