"""Whom a rater lets prepare drafts: a named operator of his unit, for a time."""

from datetime import date, datetime, timedelta

from engine.commands.account_trail import note
from engine.commands.desk import Desk
from engine.domain.actions import Action
from engine.domain.people import Actor, EmployeeId, UnitFunction
from engine.errors import Finding, InvalidForm, NotFound
from engine.rules.deadlines import local_date
from engine.store import preparers, staffing
from engine.store.ids import new_id
from engine.store.preparers import PreparerRow

LONGEST = timedelta(days=366)


def allow_preparer(
    desk: Desk, actor: Actor, *, operator_id: EmployeeId, starts: date, ends: date, now: datetime
) -> str:
    """Let an operator of the actor's unit prepare facts and texts of the actor's open ratings.

    The permission's id. Raises InvalidForm.
    """
    with desk.store.transaction(actor.agency_id) as tx:
        today = local_date(now, desk.calendar(tx, now))
        if not starts <= ends <= starts + LONGEST or ends < today:
            raise InvalidForm([Finding("preparer.period", element_id="ends")])
        post = staffing.assignment_on(tx, actor.employee_id, today)
        try:
            operator = staffing.actor(tx, operator_id, today)
        except NotFound as error:
            raise InvalidForm([Finding("preparer.operator", element_id="operator")]) from error
        held = post and operator.holds(UnitFunction.OPERATOR, post.unit_id)
        if post is None or not held or operator_id == actor.employee_id:
            raise InvalidForm([Finding("preparer.operator", element_id="operator")])
        row = PreparerRow(new_id(), actor.employee_id, operator_id, post.unit_id, starts, ends, now)
        preparers.add(tx, row)
        note(
            desk, tx, actor.employee_id, Action.PREPARER_ALLOWED, now=now, preparer=row.id,
            operator=operator_id, starts=starts.isoformat(), ends=ends.isoformat(),
        )  # fmt: skip
    return row.id


def end_preparer(desk: Desk, actor: Actor, *, preparer_id: str, now: datetime) -> None:
    """Take the permission back at once. Raises NotFound, also for that of another rater."""
    with desk.store.transaction(actor.agency_id) as tx:
        known = preparers.get(tx, preparer_id)
        if known.rater_id != actor.employee_id:
            raise NotFound("preparer", preparer_id)
        if preparers.end(tx, preparer_id, now=now):
            note(
                desk, tx, actor.employee_id, Action.PREPARER_ENDED, now=now,
                preparer=preparer_id, operator=known.operator_id,
            )  # fmt: skip
