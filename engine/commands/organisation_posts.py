"""Who holds a position from when to when: definitively, or acting as Plt or Plh."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.commands.desk import Desk
from engine.commands.organisation_changes import Office, changing, refuse
from engine.domain.actions import Action
from engine.domain.people import Actor, AssignmentKind, EmployeeId, PositionId
from engine.store import organisation, people
from engine.store.ids import new_id
from engine.store.people import AssignmentRow, PositionRow

# A date further away is a slip of the keyboard; decrees reach back months, not years.
FARTHEST = timedelta(days=5 * 366)


@dataclass(frozen=True)
class NewPost:
    """A position given to somebody; both days are included, an acting official has an end."""

    position_id: PositionId
    kind: AssignmentKind
    starts: date
    ends: date | None = None


def give_post(
    desk: Desk, actor: Actor, *, employee_id: EmployeeId, post: NewPost, now: datetime
) -> str:
    """Give a position to somebody else; the assignment's id.

    Raises InvalidForm naming what does not fit, NotFound or Forbidden.
    """
    with changing(desk, actor, target=employee_id, now=now) as office:
        office.not_about_himself(employee_id)
        position = people.position(office.tx, post.position_id)
        _days(office, post)
        _is_open(office, position, post)
        row = AssignmentRow(
            new_id(), employee_id, position.id, position.unit_id, post.kind.value,
            post.starts, post.ends,
        )  # fmt: skip
        _is_free(office, row)
        _fits_person(office, row)
        people.add(office.tx, [row])
        office.note(
            Action.POST_GIVEN, assignment_id=row.id, employee_id=employee_id,
            position_id=position.id, kind=row.kind, starts=row.starts, ends=row.ends,
        )  # fmt: skip
    return row.id


def end_post(
    desk: Desk, actor: Actor, *, assignment_id: str, last_day: date, now: datetime
) -> EmployeeId:
    """Let an assignment end with a day; whose it was.

    Open work stays where it is until it is handed over. Raises InvalidForm, NotFound or Forbidden.
    """
    with changing(desk, actor, target=assignment_id, now=now) as office:
        known = organisation.post(office.tx, assignment_id)
        office.not_about_himself(known.employee_id)
        if known.ends is not None and known.ends < office.today:
            refuse({"last_day": "organisation.ended_already"})
        if last_day < known.starts:
            refuse({"last_day": "organisation.period"})
        if known.ends is not None and last_day > known.ends:
            refuse({"last_day": "organisation.only_earlier"})
        organisation.end_post(office.tx, assignment_id, last_day=last_day)
        office.note(
            Action.POST_ENDED, assignment_id=assignment_id, employee_id=known.employee_id,
            position_id=known.position_id, last_day=last_day, ended_before=known.ends,
        )  # fmt: skip
    return known.employee_id


def overlap(starts: date, ends: date | None, row: AssignmentRow) -> bool:
    """Whether an assignment shares a day with a period; an open end never ends."""
    last, other = ends or date.max, row.ends or date.max
    return row.starts <= last and starts <= other


def _days(office: Office, post: NewPost) -> None:
    if post.ends is None and post.kind is not AssignmentKind.DEFINITIVE:
        refuse({"ends": "organisation.acting_needs_end"})
    if post.ends is not None and post.ends < post.starts:
        refuse({"ends": "organisation.period"})
    if abs(post.starts - office.today) > FARTHEST:
        refuse({"starts": "organisation.far_day"})


def _is_open(office: Office, position: PositionRow, post: NewPost) -> None:
    closed = organisation.unit(office.tx, position.unit_id).closed_on
    if closed is not None and (post.ends or date.max) > closed:
        refuse({"starts": "organisation.closed_unit"})


def _is_free(office: Office, row: AssignmentRow) -> None:
    """One definitive holder, one Plt and one Plh of a position at a time."""
    others = organisation.holders_of(office.tx, row.position_id)
    taken = [old for old in others if old.kind == row.kind and overlap(row.starts, row.ends, old)]
    if taken:
        refuse({"starts": "organisation.position_taken"}, since=taken[0].starts.isoformat())


def _fits_person(office: Office, row: AssignmentRow) -> None:
    """In service, one definitive post at a time, and not acting in the own post."""
    if not organisation.employee_record(office.tx, row.employee_id).active:
        refuse({"nip": "organisation.not_in_service"})
    own = [
        old
        for old in organisation.posts_of(office.tx, row.employee_id)
        if old.kind == AssignmentKind.DEFINITIVE and overlap(row.starts, row.ends, old)
    ]
    if row.kind == AssignmentKind.DEFINITIVE and own:
        refuse({"nip": "organisation.has_post"}, since=own[0].starts.isoformat())
    if any(old.position_id == row.position_id for old in own):
        refuse({"nip": "organisation.acts_for_himself"})
