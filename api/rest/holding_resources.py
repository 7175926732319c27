"""Who holds work items, for programs: claimed, released, prepared by others, taken back, given."""

from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor, Visitor
from api.house import House
from api.problem_table import row_of
from api.rest.resources import (
    CHANGING,
    ONCE,
    Body,
    Id,
    IfMatch,
    ItemId,
    PersonId,
    Reason,
    changing_problems,
    resource_router,
    version_of,
)
from engine.commands.assignment import claim, delegate, reassign, release, return_work
from engine.commands.bulk_work import ItemResult, reassign_many, remind_many
from engine.commands.recall import recall
from engine.commands.reminding import remind
from engine.domain.people import Actor, EmployeeId
from engine.errors import AlurError
from engine.queries.handing_on import task_lines

router = resource_router()
MAX_AT_ONCE = 50
CHANGED = changing_problems(412)


class Receiver(Body):
    """Who gets the work, and why."""

    employee_id: PersonId
    reason: Reason


class Changed(BaseModel):
    """Whether anything was changed; it is not when everything was so already."""

    changed: bool


class WorkItemId(BaseModel):
    """The id of a work item."""

    id: Id


class Reminders(Body):
    """Whose holders are reminded."""

    work_item_ids: list[Id] = Field(min_length=1, max_length=MAX_AT_ONCE)


class Reassignments(Body):
    """What goes to one person, and why."""

    work_item_ids: list[Id] = Field(min_length=1, max_length=MAX_AT_ONCE)
    employee_id: PersonId
    reason: Reason


class Outcome(BaseModel):
    """What became of one work item; `refused` names the kind of problem."""

    work_item_id: Id
    done: bool
    refused: str | None = Field(examples=["work-item-closed"])


class Outcomes(BaseModel):
    """A result for each work item that the caller looks after; others are not there for him."""

    items: list[Outcome]


@router.post(
    "/work-items/{item_id}/assignment", dependencies=ONCE, responses=CHANGED, status_code=204
)
def post_assignment(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    item_id: ItemId,
    if_match: IfMatch = None,
) -> None:
    """Claim work that is there for everybody of a unit function."""
    expected = version_of(if_match)
    claim(house.desk, actor, item_id=item_id, now=visitor.now, expected_version=expected)


@router.delete(
    "/work-items/{item_id}/assignment", dependencies=CHANGING, responses=CHANGED, status_code=204
)
def delete_assignment(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    item_id: ItemId,
    if_match: IfMatch = None,
) -> None:
    """Release claimed work; its draft stays."""
    expected = version_of(if_match)
    release(house.desk, actor, item_id=item_id, now=visitor.now, expected_version=expected)


@router.post(
    "/work-items/{item_id}/delegation", dependencies=ONCE, responses=CHANGED, status_code=204
)
def post_delegation(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    item_id: ItemId,
    to: Receiver,
    if_match: IfMatch = None,
) -> None:
    """Let somebody prepare the answers; the holder checks and hands in himself."""
    delegate(
        house.desk,
        actor,
        item_id=item_id,
        to=EmployeeId(to.employee_id),
        reason=to.reason,
        now=visitor.now,
        expected_version=version_of(if_match),
    )


@router.delete(
    "/work-items/{item_id}/delegation", dependencies=CHANGING, responses=CHANGED, status_code=204
)
def delete_delegation(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    item_id: ItemId,
    if_match: IfMatch = None,
) -> None:
    """Return prepared answers to the holder, or take them back as the holder."""
    expected = version_of(if_match)
    return_work(house.desk, actor, item_id=item_id, now=visitor.now, expected_version=expected)


@router.post("/work-items/{item_id}/recall", dependencies=ONCE, responses=CHANGED, status_code=201)
def post_recall(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, item_id: ItemId
) -> WorkItemId:
    """Take back what was handed in; the work item that opens instead has the answers as draft."""
    return WorkItemId(id=recall(house.desk, actor, item_id=item_id, now=visitor.now))


@router.post("/work-items/{item_id}/reassignment", dependencies=ONCE, responses=CHANGED)
def post_reassignment(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    item_id: ItemId,
    to: Receiver,
    if_match: IfMatch = None,
) -> Changed:
    """Give open work to somebody else, whoever holds it; for HR."""
    changed = reassign(
        house.desk,
        actor,
        item_id=item_id,
        to=EmployeeId(to.employee_id),
        reason=to.reason,
        now=visitor.now,
        expected_version=version_of(if_match),
    )
    return Changed(changed=changed)


@router.post("/work-items/{item_id}/reminder", dependencies=ONCE, responses=changing_problems())
def post_reminder(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, item_id: ItemId
) -> Changed:
    """Remind whoever holds the work, once a day."""
    return Changed(changed=remind(house.desk, actor, item_id=item_id, now=visitor.now))


@router.post("/reminders", dependencies=ONCE, responses=changing_problems())
def post_reminders(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, asked: Reminders
) -> Outcomes:
    """Remind the holders of several work items."""
    known = _known(house, visitor, actor, asked.work_item_ids)
    return _outcomes(remind_many(house.desk, actor, item_ids=known, now=visitor.now))


@router.post("/reassignments", dependencies=ONCE, responses=changing_problems())
def post_reassignments(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, asked: Reassignments
) -> Outcomes:
    """Give several work items to one person, each for itself; for HR."""
    known = _known(house, visitor, actor, asked.work_item_ids)
    to, reason = EmployeeId(asked.employee_id), asked.reason
    done = reassign_many(house.desk, actor, item_ids=known, to=to, reason=reason, now=visitor.now)
    return _outcomes(done)


def _known(house: House, visitor: Visitor, actor: Actor, item_ids: list[str]) -> list[str]:
    with house.desk.store.reading(actor.agency_id) as tx:
        return list(task_lines(tx, actor, item_ids, house.name_of(visitor.language)))


def _outcomes(done: tuple[ItemResult, ...]) -> Outcomes:
    return Outcomes(
        items=[
            Outcome(work_item_id=one.item_id, done=one.done, refused=_kind(one.refused))
            for one in done
        ]
    )


def _kind(refused: AlurError | None) -> str | None:
    return row_of(refused).kind if refused else None
