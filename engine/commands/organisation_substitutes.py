"""Substitutes: who acts for whom from when to when; nobody for himself, and no circle."""

from datetime import date, datetime, timedelta

from engine.commands.desk import Desk
from engine.commands.organisation_changes import Office, changing, refuse
from engine.domain.actions import Action
from engine.domain.people import Actor, EmployeeId
from engine.store import organisation, people
from engine.store.ids import new_id
from engine.store.people import SubstitutionRow

# An absence of more than a year is a vacancy: the post gets an acting official.
LONGEST = timedelta(days=366)


def record_substitute(
    desk: Desk,
    actor: Actor,
    *,
    absent_id: EmployeeId,
    substitute_id: EmployeeId,
    starts: date,
    ends: date,
    now: datetime,
) -> str:
    """Let somebody act for somebody who is absent; the substitution's id.

    For the appraised person nobody acts in the own case, whatever is recorded here. Raises
    InvalidForm, NotFound or Forbidden.
    """
    row = SubstitutionRow(new_id(), absent_id, substitute_id, starts, ends)
    with changing(desk, actor, target=absent_id, now=now) as office:
        office.not_about_himself(absent_id, substitute_id)
        _persons(office, row)
        _days(office, row)
        _no_circle(office, row)
        people.add(office.tx, [row])
        office.note(
            Action.SUBSTITUTION_RECORDED, substitution_id=row.id, absent_id=absent_id,
            substitute_id=substitute_id, starts=starts, ends=ends,
        )  # fmt: skip
    return row.id


def end_substitute(desk: Desk, actor: Actor, *, substitution_id: str, now: datetime) -> EmployeeId:
    """End a substitution at once: it does not count today any more; for whom it was.

    Raises InvalidForm, NotFound or Forbidden.
    """
    with changing(desk, actor, target=substitution_id, now=now) as office:
        known = organisation.substitution(office.tx, substitution_id)
        office.not_about_himself(known.absent_id, known.substitute_id)
        if known.ends < office.today:
            refuse({"substitution": "organisation.ended_already"})
        yesterday = office.today - timedelta(days=1)
        organisation.end_substitution(office.tx, substitution_id, last_day=yesterday)
        office.note(
            Action.SUBSTITUTION_ENDED, substitution_id=substitution_id,
            absent_id=known.absent_id, substitute_id=known.substitute_id, last_day=yesterday,
        )  # fmt: skip
    return known.absent_id


def _persons(office: Office, row: SubstitutionRow) -> None:
    if row.absent_id == row.substitute_id:
        refuse({"nip": "organisation.substitutes_himself"})
    people.employee(office.tx, row.absent_id)
    if not organisation.employee_record(office.tx, row.substitute_id).active:
        refuse({"nip": "organisation.not_in_service"})


def _days(office: Office, row: SubstitutionRow) -> None:
    if row.ends < row.starts:
        refuse({"ends": "organisation.period"})
    if row.ends < office.today:
        refuse({"ends": "organisation.past_day"})
    if row.ends - row.starts > LONGEST:
        refuse({"ends": "organisation.too_long"})


def _no_circle(office: Office, row: SubstitutionRow) -> None:
    """Going from substitute to substitute never leads back to the absent person."""
    known = organisation.substitutions_from(office.tx, row.starts)
    shared = [old for old in known if old.starts <= row.ends]
    if any((old.absent_id, old.substitute_id) == (row.absent_id, row.substitute_id)
           for old in shared):  # fmt: skip
        refuse({"starts": "organisation.substitute_twice"})
    reached, waiting = {row.substitute_id}, [row.substitute_id]
    while waiting:
        absent = waiting.pop()
        onward = {old.substitute_id for old in shared if old.absent_id == absent} - reached
        reached |= onward
        waiting += onward
    if row.absent_id in reached:
        refuse({"nip": "organisation.substitute_circle"})
