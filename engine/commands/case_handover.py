"""One case when somebody in it changes his post or leaves: who rates now, who holds its work."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from engine.commands.case_data import superiors_of_case
from engine.commands.desk import Desk
from engine.commands.notices import NewNotice, tell
from engine.commands.permissions import work_access
from engine.commands.roles import CasePeople, place_roles
from engine.commands.trail import Scribe
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.notices import NoticeKind
from engine.domain.people import EmployeeId, UnitFunction, UnitId
from engine.domain.separation import Separation
from engine.domain.settings import Role, RoleKind
from engine.domain.transfers import Moved, MoveReason
from engine.rules.deadlines import local_date
from engine.store import appraisals, audit, delegations, handovers, instances, staffing, work_items
from engine.store.appraisals import AppraisalRow
from engine.store.database import Transaction
from engine.store.handovers import Holding
from engine.store.instances import InstanceRow
from engine.store.work_items import WorkItemRow

# These roles follow from who holds which post today; the others name a person for good.
BY_POST = frozenset({RoleKind.RELATION, RoleKind.HEAD_OF_UNIT, RoleKind.OFFICE})


@dataclass
class Handover:
    """One change of people in force from `since`, `on` at the latest; `moved` grows as it goes."""

    desk: Desk
    tx: Transaction
    by: EmployeeId
    now: datetime
    on: date
    since: date | None = None
    moved: list[Moved] = field(default_factory=list)


@dataclass
class CaseInHand:
    """A locked case with what is being written about it."""

    handover: Handover
    row: InstanceRow
    appraisal: AppraisalRow | None
    events: list[AuditEvent] = field(default_factory=list)

    @property
    def tx(self) -> Transaction:
        """The transaction of the whole change."""
        return self.handover.tx

    def note(self, action: Action, item: WorkItemRow | None = None, **values: object) -> None:
        """Keep an event for the end of the change."""
        scribe = Scribe(self.row.id, self.row.definition_id, self.handover.now, self.handover.by)
        element = item.element_id if item else None
        item_id = item.id if item else None
        self.events.append(scribe.event(action, item=item_id, element=element, **values))

    def close(self) -> None:
        """Write the events to the trail of the case."""
        if self.events:
            chain = audit.append(self.tx, self.row.chain, self.events)
            instances.save_head(self.tx, self.row.chain, chain)


def case_in_hand(handover: Handover, instance_id: str) -> CaseInHand | None:
    """The case, locked; None once it has ended."""
    row = handovers.lock_case(handover.tx, instance_id)
    if row is None or row.ended_at is not None:
        return None
    return CaseInHand(handover, row, appraisals.find(handover.tx, instance_id))


def give_away(case: CaseInHand, person: EmployeeId, *, in_service: bool) -> None:
    """Let everything that a person held in a case go to whoever holds the role now."""
    _replace_raters(case, person)
    if not in_service and person == case.row.subject_id:
        leave_to_hr(case)
    for item in work_items.open_of_instance(case.tx, case.row.id):
        if item.assignee_id == person:
            _replace_holder(case, item, in_service=in_service)
        elif person in {item.offered_to, item.claimed_by, item.delegated_to}:
            _loosen(case, item, person, in_service=in_service)
    case.close()


def let_go(case: CaseInHand, person: EmployeeId) -> None:
    """Let what a person claimed by a duty that he no longer has be there for others again."""
    for item in work_items.open_of_instance(case.tx, case.row.id):
        if _lost_claim(case, item, person):
            _loosen(case, item, person, in_service=True)
    case.close()


def welcome(case: CaseInHand, person: EmployeeId) -> None:
    """Let a case know of somebody who came into a post above its subject.

    He rates from now on where nobody else has begun to. Source: PP 30/2019, the direct superior
    rates.
    """
    known = case.appraisal
    if known is None:
        return
    above = _levels(case, case.handover.on)
    rater = _rater_on_arrival(case, known, person, above)
    superior = _next_above(above, rater, known.rater_superior_id)
    if (rater, superior) != (known.rater_id, known.rater_superior_id):
        before = {known.rater_id, known.rater_superior_id}
        _save_raters(case, rater, superior)
        for item in work_items.open_of_instance(case.tx, case.row.id):
            roles = _roles(case, item)
            if item.assignee_id in before and all(role.kind in BY_POST for role in roles):
                _replace_holder(case, item, in_service=True)
    case.close()


def _rater_on_arrival(
    case: CaseInHand,
    known: AppraisalRow,
    person: EmployeeId,
    above: dict[EmployeeId, int],
) -> EmployeeId | None:
    rater = known.rater_id
    if rater is None:
        return next(iter(above), None)
    if person not in above or above[person] >= above.get(rater, 0):
        return rater
    begun = any(i.closed_by == rater for i in work_items.of_instance(case.tx, case.row.id))
    return rater if begun else person


def leave_to_hr(case: CaseInHand) -> None:
    """From now on HR does in a case what was the subject's to do."""
    if case.appraisal and not case.appraisal.subject_left:
        case.appraisal = replace(case.appraisal, subject_left=True)
        appraisals.save(case.tx, case.appraisal)
        case.note(Action.CASE_HANDED_OVER, subject_left=True)
        case.handover.moved.append(Moved(MoveReason.CASE_KEPT, case.row.id))


def _replace_raters(case: CaseInHand, person: EmployeeId) -> None:
    known = case.appraisal
    if known is None or person not in {known.rater_id, known.rater_superior_id}:
        return
    above = _levels(case, case.handover.on)
    rater, superior = known.rater_id, known.rater_superior_id
    if rater == person:
        since = case.handover.since or case.handover.on
        level = _levels(case, since - timedelta(days=1)).get(person, 0)
        rater = next((who for who, found in above.items() if found >= level), None)
    superior = _next_above(above, rater, None if superior == person else superior)
    if (rater, superior) != (known.rater_id, known.rater_superior_id):
        _save_raters(case, rater, superior)


def _levels(case: CaseInHand, on: date) -> dict[EmployeeId, int]:
    """Who stands above the subject on the day, nearest first, with how far above."""
    handover = case.handover
    began = local_date(case.row.started_at, handover.desk.calendar(handover.tx, handover.now))
    found: dict[EmployeeId, int] = {}
    for superior in superiors_of_case(handover.tx, case.row, on, began=began):
        if superior.employee_id and superior.employee_id != case.row.subject_id:
            found.setdefault(superior.employee_id, superior.level)
    return found


def _next_above(
    above: dict[EmployeeId, int], rater: EmployeeId | None, otherwise: EmployeeId | None
) -> EmployeeId | None:
    """Who stands next above the rater; for one appointed from elsewhere, who did before."""
    if rater in above:
        order = list(above)
        return next(iter(order[order.index(rater) + 1 :]), None)
    return otherwise or next((who for who in above if who != rater), None)


def _save_raters(case: CaseInHand, rater: EmployeeId | None, superior: EmployeeId | None) -> None:
    assert case.appraisal is not None  # noqa: S101 - asked by both callers
    case.appraisal = replace(case.appraisal, rater_id=rater, rater_superior_id=superior)
    appraisals.save(case.tx, case.appraisal)
    case.note(Action.CASE_HANDED_OVER, rater=rater, rater_superior=superior)
    moved = Moved(MoveReason.RATER_CHANGED, case.row.id, to=rater)
    case.handover.moved.append(moved)


def _roles(case: CaseInHand, item: WorkItemRow) -> Sequence[Role]:
    known = case.handover.desk.definitions.get(case.tx, case.row.definition_id).settings.roles
    return [known[key] for key in item.role.split(",") if key in known]


def _replace_holder(case: CaseInHand, item: WorkItemRow, *, in_service: bool) -> None:
    roles = _roles(case, item)
    if in_service and not any(role.kind in BY_POST for role in roles):
        return
    gone = None if in_service else item.assignee_id
    holding = _holding(case, item, roles, gone)
    if holding.to == item.assignee_id:
        return
    handovers.hold(case.tx, item.id, holding)
    delegations.end(case.tx, item.id, now=case.handover.now)
    case.note(
        Action.WORK_REASSIGNED,
        item,
        from_person=item.assignee_id,
        to=holding.to,
        function=holding.function,
    )
    reason = MoveReason.TO_PERSON if holding.to else MoveReason.TO_FUNCTION
    moved = Moved(reason, case.row.id, item.id, item.name, holding.to, holding.function)
    case.handover.moved.append(moved)
    if holding.to:
        kind = NoticeKind.WORK_REASSIGNED
        key = f"{kind}:{item.id}:{item.version}"
        tell(
            case.tx,
            [NewNotice(holding.to, kind, key, item.id, case.row.id)],
            now=case.handover.now,
        )


def _holding(
    case: CaseInHand, item: WorkItemRow, roles: Sequence[Role], gone: EmployeeId | None
) -> Holding:
    """Who holds the work now; HR where the roles lead to nobody who may do it."""
    people, on = _people(case), case.handover.on
    placed = place_roles(case.tx, roles, case=people, data={}, on=on)
    candidates: list[EmployeeId | None] = [placed.assignee_id]
    if placed.assignee_id or _decides(case, item):
        candidates += _levels(case, on)
    fits = (w for w in candidates if w and w != gone and _may_hold(case, item, w))
    fit = next(fits, None)
    if fit:
        return Holding(fit, None)
    function = placed.function or UnitFunction.HR
    if not staffing.duty_holders(case.tx, function, on, unit_id=UnitId(item.unit_id or "")):
        function = UnitFunction.HR
    return Holding(None, function.value)


def _decides(case: CaseInHand, item: WorkItemRow) -> bool:
    """Whether the step belongs to a superior who took no part, as the decision on an appeal."""
    definition = case.handover.desk.definitions.get(case.tx, case.row.definition_id)
    return Separation.of(definition.properties_of(item.element_id)).from_participants


def _may_hold(case: CaseInHand, item: WorkItemRow, person: EmployeeId) -> bool:
    definition = case.handover.desk.definitions.get(case.tx, case.row.definition_id)
    access = work_access(case.tx, case.row, item, definition.properties_of(item.element_id))
    own = access.apart_from_subject and person == case.row.subject_id
    return not own and person not in access.barred


def _people(case: CaseInHand) -> CasePeople:
    known = case.appraisal
    return CasePeople(
        case.row.subject_id,
        case.row.unit_id,
        known.rater_id if known else None,
        known.rater_superior_id if known else None,
        known.subject_left if known else False,
    )


def _loosen(case: CaseInHand, item: WorkItemRow, person: EmployeeId, *, in_service: bool) -> None:
    """Take a person out of work that is somebody else's, unless he may go on with it."""
    known = case.appraisal
    superior = known.rater_superior_id if known else None
    stale_offer = item.offered_to == person and superior != person
    if in_service and not stale_offer and not _lost_claim(case, item, person):
        return
    handovers.loosen(case.tx, item, person)
    if person in {item.delegated_to, item.claimed_by}:
        delegations.end(case.tx, item.id, now=case.handover.now)
    case.note(
        Action.WORK_REASSIGNED,
        item,
        from_person=person,
        to=item.assignee_id,
        function=item.function,
    )
    reason = MoveReason.TO_PERSON if item.assignee_id else MoveReason.TO_FUNCTION
    moved = Moved(reason, case.row.id, item.id, item.name, item.assignee_id, item.function)
    case.handover.moved.append(moved)


def _lost_claim(case: CaseInHand, item: WorkItemRow, person: EmployeeId) -> bool:
    if item.claimed_by != person or not item.function:
        return False
    function, unit_id = UnitFunction(item.function), UnitId(item.unit_id or "")
    holders = staffing.duty_holders(case.tx, function, case.handover.on, unit_id=unit_id)
    return person not in holders
