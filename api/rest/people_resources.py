"""People for programs: found by name or NIP, one person with posts and substitutes, changes."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.cursors import cursor_of, key_of
from api.rest.resources import (
    CHANGING,
    ID_CHARACTERS,
    ONCE,
    Body,
    Id,
    ItemId,
    PersonId,
    PersonName,
    changing_problems,
    person_name,
    resource_router,
)
from engine.commands.organisation_posts import NewPost, end_post, give_post
from engine.commands.organisation_substitutes import end_substitute, record_substitute
from engine.domain.people import AssignmentKind, EmployeeId, PositionId, UnitId
from engine.queries import employees

router = resource_router()


class People(BaseModel):
    """People in service by name, 50 a page; `next` is the cursor of the page behind."""

    items: list[PersonName]
    next: str | None = None


class PeopleQuery(BaseModel):
    """Which people."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", max_length=80, description="Part of the name, or the NIP.")
    unit_id: Annotated[str, Field(max_length=ID_CHARACTERS)] = ""
    cursor: str = Field("", max_length=600, description="`next` of the page before.")


class Assignment(BaseModel):
    """One post of a person; both days are included."""

    id: Id
    position_id: Id
    title: str = Field(examples=["Analis Kebijakan"])
    unit: str = Field(examples=["Bidang Pendidikan"])
    kind: AssignmentKind
    starts: date
    ends: date | None
    running: bool


class HeldDuty(BaseModel):
    """One duty of a person."""

    function: str = Field(examples=["operator"])
    unit: str
    starts: date
    ends: date | None
    running: bool


class Substitution(BaseModel):
    """Who acts for whom from when to when."""

    id: Id
    other: PersonName
    starts: date
    ends: date
    running: bool


class PersonRecord(BaseModel):
    """One person's place in the agency."""

    id: PersonId
    nip: str = Field(examples=["198609262015051001"])
    name: str = Field(examples=["Sri Wahyuni"])
    kind: str = Field(examples=["pns"])
    grade: str | None = Field(examples=["III/c"])
    active: bool
    assignments: list[Assignment]
    duties: list[HeldDuty]
    substitutes: list[Substitution]
    stands_in_for: list[Substitution]
    open_work_items: int = Field(examples=[3])


class NewAssignment(Body):
    """A position given to somebody; an acting official has an end."""

    position_id: Id
    kind: AssignmentKind = Field(examples=["acting_daily"])
    starts: date = Field(examples=["2026-02-02"])
    ends: date | None = Field(None, examples=["2026-02-13"])


class Ending(Body):
    """The last day of a post."""

    last_day: date = Field(examples=["2026-03-31"])


class NewSubstitute(Body):
    """Who acts for the person, both days included."""

    substitute_id: PersonId
    starts: date = Field(examples=["2026-02-02"])
    ends: date = Field(examples=["2026-02-13"])


class NewId(BaseModel):
    """The id of what was made."""

    id: Id


@router.get("/people")
def list_people(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, asked: Annotated[PeopleQuery, Query()]
) -> People:
    """Who is in service; an operator finds the people of his units."""
    key = key_of(asked.cursor, 2)
    after = (key[0] or "", key[1] or "") if key else None
    unit = UnitId(asked.unit_id) if asked.unit_id else None
    with house.desk.store.reading(actor.agency_id) as tx:
        page = employees.search(tx, actor, visitor.now, asked.q, unit=unit, after=after)
    last = cursor_of(*page.after) if page.after else None
    return People(items=[person_name(row) for row in page.rows], next=last)


@router.get("/people/{employee_id}")
def get_person(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, employee_id: ItemId
) -> PersonRecord:
    """Everything that one person holds."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = employees.employee(tx, actor, EmployeeId(employee_id), visitor.now)
    record = found.record
    return PersonRecord(
        id=record.id,
        nip=record.nip,
        name=record.name,
        kind=record.kind,
        grade=record.grade,
        active=record.active,
        assignments=[_assignment(post) for post in found.posts],
        duties=[_duty(duty) for duty in found.duties],
        substitutes=[_substitution(row) for row in found.substitutes],
        stands_in_for=[_substitution(row) for row in found.stands_in_for],
        open_work_items=found.open_work,
    )


@router.post(
    "/people/{employee_id}/assignments",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=201,
)
def post_assignment_of_person(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, employee_id: ItemId, new: NewAssignment
) -> NewId:
    """Give a position to somebody else."""
    post = NewPost(PositionId(new.position_id), new.kind, new.starts, new.ends)
    person = EmployeeId(employee_id)
    given = give_post(house.desk, actor, employee_id=person, post=post, now=visitor.now)
    return NewId(id=given)


@router.post(
    "/assignments/{assignment_id}/ending",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=204,
)
def post_ending(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, assignment_id: ItemId, ending: Ending
) -> None:
    """Let a post end with a day; open work stays until it is handed over."""
    end_post(
        house.desk,
        actor,
        assignment_id=assignment_id,
        last_day=ending.last_day,
        now=visitor.now,
    )


@router.post(
    "/people/{employee_id}/substitutes",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=201,
)
def post_substitute(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, employee_id: ItemId, new: NewSubstitute
) -> NewId:
    """Let somebody act for a person who is absent."""
    recorded = record_substitute(
        house.desk,
        actor,
        absent_id=EmployeeId(employee_id),
        substitute_id=EmployeeId(new.substitute_id),
        starts=new.starts,
        ends=new.ends,
        now=visitor.now,
    )
    return NewId(id=recorded)


@router.delete(
    "/substitutions/{substitution_id}",
    dependencies=CHANGING,
    responses=changing_problems(),
    status_code=204,
)
def delete_substitution(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, substitution_id: ItemId
) -> None:
    """End a substitution at once."""
    end_substitute(house.desk, actor, substitution_id=substitution_id, now=visitor.now)


def _assignment(post: employees.Post) -> Assignment:
    return Assignment(
        id=post.id,
        position_id=post.position_id,
        title=post.title,
        unit=post.unit,
        kind=AssignmentKind(post.kind),
        starts=post.starts,
        ends=post.ends,
        running=post.is_running,
    )


def _duty(duty: employees.Duty) -> HeldDuty:
    return HeldDuty(
        function=duty.function,
        unit=duty.unit,
        starts=duty.starts,
        ends=duty.ends,
        running=duty.is_running,
    )


def _substitution(row: employees.Substitution) -> Substitution:
    return Substitution(
        id=row.id,
        other=person_name(row.other),
        starts=row.starts,
        ends=row.ends,
        running=row.is_running,
    )
