"""Follow-ups of somebody who changes his post or leaves: who sees to each from then on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from engine.commands.case_data import superiors_of_case
from engine.commands.case_handover import BY_POST, Handover
from engine.commands.follow_up_work import kind_of
from engine.commands.notices import NewNotice, tell
from engine.commands.roles import CasePeople, place_roles
from engine.commands.trail import Scribe
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.notices import NoticeKind
from engine.domain.people import EmployeeId, UnitFunction, UnitId
from engine.domain.settings import Role
from engine.domain.transfers import Moved, MoveReason
from engine.rules.deadlines import local_date
from engine.store import appraisals, audit, follow_ups, handovers, instances, people, staffing
from engine.store.follow_ups import FollowUpRow
from engine.store.handovers import Holding
from engine.store.instances import InstanceRow

Leaving = Mapping[str, tuple[FollowUpRow, ...]]


@dataclass(frozen=True)
class _Followed:
    """A case with its people, whose follow-ups look for somebody new."""

    handover: Handover
    row: InstanceRow

    def role_of(self, follow_up: FollowUpRow) -> Role | None:
        settings = self.handover.desk.definitions.get(
            self.handover.tx, self.row.definition_id
        ).settings
        return settings.roles.get(kind_of(settings, follow_up.kind).owner)

    def held_by(self, role: Role | None, on: date, raters: CasePeople) -> EmployeeId | None:
        """Who holds a role on the day; None where no person does."""
        roles = (role,) if role else ()
        found = place_roles(self.handover.tx, roles, case=raters, data={}, on=on)
        return found.assignee_id

    def people_before(self) -> CasePeople:
        """Its people as they were: whoever rated it is its rater."""
        known = appraisals.find(self.handover.tx, self.row.id)
        rater, above = (known.rater_id, known.rater_superior_id) if known else (None, None)
        left = known.subject_left if known else False
        return CasePeople(self.row.subject_id, self.row.unit_id, rater, above, left)

    def people_now(self) -> CasePeople:
        """Its people now: once it has ended, who stands above the appraised post today."""
        tx, handover = self.handover.tx, self.handover
        before = self.people_before()
        if self.row.ended_at is None:
            return before
        began = local_date(self.row.started_at, handover.desk.calendar(tx, handover.now))
        above = superiors_of_case(tx, self.row, handover.on, began=began)
        serving = dict.fromkeys(one.employee_id for one in above if one.employee_id)
        rater, superior, *_ = [who for who in serving if who != self.row.subject_id] + [None] * 2
        return CasePeople(before.subject_id, before.unit_id, rater, superior, before.subject_left)


def left_behind(handover: Handover, person: EmployeeId, *, in_service: bool) -> Leaving:
    """Open follow-ups that a person may see to no longer, by case; asked before raters change.

    All of them once he has left the service; of one who goes elsewhere those that came to him with
    his post, for what HR gave to him by name he keeps.
    """
    tx = handover.tx
    held = follow_ups.held_by(tx, person)
    if not in_service:
        return _by_case(held)
    day_before = (handover.since or handover.on) - timedelta(days=1)
    return _by_case(row for row in held if _came_with_post(handover, row, person, day_before))


def _by_case(held: Iterable[FollowUpRow]) -> Leaving:
    return {case: tuple(rows) for case, rows in groupby(held, key=lambda row: row.instance_id)}


def _came_with_post(
    handover: Handover, row: FollowUpRow, person: EmployeeId, day_before: date
) -> bool:
    followed = _Followed(handover, instances.get(handover.tx, row.instance_id))
    role = followed.role_of(row)
    if role is None or role.kind not in BY_POST:
        return False
    return followed.held_by(role, day_before, followed.people_before()) == person


def pass_on(
    handover: Handover, instance_id: str, rows: Iterable[FollowUpRow], person: EmployeeId
) -> None:
    """Give what a person left behind in a case to who holds the role now, else to HR."""
    case = handovers.lock_case(handover.tx, instance_id)
    if case is None:
        return
    followed = _Followed(handover, case)
    events: list[AuditEvent] = []
    for row in rows:
        holding = _holding(followed, row)
        if holding.to != person:
            events.append(_passed(followed, row, holding))
    if events:
        instances.save_head(handover.tx, case.chain, audit.append(handover.tx, case.chain, events))


def _holding(followed: _Followed, row: FollowUpRow) -> Holding:
    """Who sees to it from now on; the subject of a case never gets what was his superior's."""
    tx, case = followed.handover.tx, followed.row
    role = followed.role_of(row)
    to = followed.held_by(role, followed.handover.on, followed.people_now())
    if to and people.employees_in_service(tx, [to]):
        return Holding(to, row.function)
    function = (role.function if role else None) or UnitFunction.HR
    on = followed.handover.on
    if not staffing.duty_holders(tx, function, on, unit_id=UnitId(case.unit_id)):
        function = UnitFunction.HR
    return Holding(None, function.value)


def _passed(followed: _Followed, row: FollowUpRow, holding: Holding) -> AuditEvent:
    handover, case = followed.handover, followed.row
    follow_ups.place(handover.tx, row.id, holding)
    settings = handover.desk.definitions.get(handover.tx, case.definition_id).settings
    title = kind_of(settings, row.kind).title.get("id", row.kind)
    handover.moved.append(
        Moved(MoveReason.FOLLOW_UP, case.id, None, title, holding.to, holding.function)
    )
    _tell(followed, row, holding)
    return Scribe(case.id, case.definition_id, handover.now, handover.by).event(
        Action.FOLLOW_UP_ASSIGNED, kind=row.kind, id=row.id, from_person=row.owner_id,
        owner=holding.to, function=holding.function,
    )  # fmt: skip


def _tell(followed: _Followed, row: FollowUpRow, holding: Holding) -> None:
    """Whoever sees to it now hears of it; of a function all who have it, but not the subject."""
    handover, case = followed.handover, followed.row
    function = UnitFunction(holding.function or UnitFunction.HR)
    holders = (
        (holding.to,)
        if holding.to
        else staffing.duty_holders(handover.tx, function, handover.on, unit_id=UnitId(case.unit_id))
    )
    kind = NoticeKind.FOLLOW_UP_PASSED_ON
    key = f"{kind}:{row.id}:{handover.now.isoformat()}"
    told = [NewNotice(who, kind, key) for who in holders if holding.to or who != case.subject_id]
    tell(handover.tx, told, now=handover.now)
