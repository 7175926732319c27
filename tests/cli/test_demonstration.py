"""The demonstration is the same for the same seed, whole, and has something for everybody."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.demo.demonstration import Demonstration, make_demonstration
from api.demo.organisation import build_regency
from api.demo.story import stories
from engine.commands.desk import Desk
from engine.commands.organisation import Known, check_organisation
from engine.domain.nip import parse_nip
from engine.domain.people import EmployeeKind
from engine.store import tables as t
from engine.store import verification
from engine.store.database import Store
from engine.store.vault import Folder

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
EMPLOYEES = 30


def made(folder: Path, seed: int) -> tuple[Desk, Demonstration]:
    store = Store(f"sqlite:///{folder / f'{seed}-{len(list(folder.iterdir()))}.db'}")
    store.migrate()
    desk = Desk(store, ROOT, Folder(folder / "files"))
    demonstration = make_demonstration(
        desk, employees=EMPLOYEES, seed=seed, now=NOW, progress=lambda *_: None
    )
    return desk, demonstration


def rows(desk: Desk, demonstration: Demonstration, statement: Any) -> list[Any]:
    with desk.store.reading(demonstration.agency_id) as tx:
        return list(tx.connection.execute(statement))


def people_and_cases(desk: Desk, demonstration: Demonstration) -> list[Any]:
    """Who there is, and how far each case has come, without the ids that differ."""
    people = rows(desk, demonstration, t.employee.select().order_by(t.employee.c.nip))
    work = (
        t.work_item.join(t.instance, t.instance.c.id == t.work_item.c.instance_id)
        .join(t.employee, t.employee.c.id == t.instance.c.subject_id)
        .join(t.appraisal, t.appraisal.c.instance_id == t.instance.c.id)
        .select()
        .with_only_columns(
            t.employee.c.nip,
            t.work_item.c.element_id,
            t.work_item.c.state,
            t.work_item.c.opened_at,
            t.work_item.c.due_at,
            t.appraisal.c.predicate,
        )
        .order_by(t.employee.c.nip, t.work_item.c.opened_at, t.work_item.c.element_id)
    )
    found = [(row.nip, row.name, row.kind) for row in people]
    return [found, [tuple(row) for row in rows(desk, demonstration, work)]]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory):
    desk, demonstration = made(tmp_path_factory.mktemp("demonstration"), 3)
    yield desk, demonstration
    desk.store.close()


def test_the_same_seed_and_day_give_the_same_people_and_cases(demonstration, tmp_path: Path):
    again, other = made(tmp_path, 3), made(tmp_path, 4)

    same, different = people_and_cases(*again), people_and_cases(*other)
    for desk, _ in (again, other):
        desk.store.close()

    assert same == people_and_cases(*demonstration)
    assert different[0] != same[0]


def test_nothing_failed_on_the_way_and_the_trail_is_whole(demonstration):
    desk, made = demonstration

    with desk.store.reading(made.agency_id) as tx:
        problems = list(verification.verify(tx))

    assert problems == []
    assert rows(desk, made, t.incident.select()) == []
    assert made.cases == EMPLOYEES - 1


def test_there_are_cases_at_every_stage_some_late_and_none_in_the_future(demonstration):
    desk, made = demonstration

    items = rows(desk, made, t.work_item.select())
    open_items = [item for item in items if item.state == "open"]

    assert {item.element_id for item in open_items} >= {
        "self_assessment", "supervisor_review", "discussion_record", "discussion_confirm",
        "explanation_reply", "sign_result", "deliver_result", "notify_ack", "appeal_decision",
    }  # fmt: skip
    assert any(item.due_at and item.due_at < NOW for item in open_items)
    assert any(item.due_at and item.due_at > NOW for item in open_items)
    assert all(item.opened_at <= NOW for item in items)
    statuses = {row.status for row in rows(desk, made, t.instance.select())}
    assert statuses == {"running", "completed"}


def test_the_people_of_the_walk_have_what_the_walk_needs(demonstration):
    desk, made = demonstration
    personas = {persona.role: persona.employee_id for persona in made.personas}
    appraisals = {row.employee_id: row for row in rows(desk, made, t.appraisal.select())}
    waiting = {
        (row.assignee_id, row.element_id): row
        for row in rows(desk, made, t.work_item.select().where(t.work_item.c.state == "open"))
    }

    own = appraisals[personas["employee"]]

    assert (own.rater_id, own.rater_superior_id) == (
        personas["rater"],
        personas["rater_superior"],
    )
    assert (personas["employee"], "self_assessment") in waiting
    window = waiting[personas["result_in_hand"], "notify_ack"]
    assert window.due_at > NOW + timedelta(days=7)
    assert set(personas) >= {"hr", "auditor"}


def test_the_regency_has_the_people_that_every_test_set_needs():
    regency = build_regency(employees=40, seed=3, today=NOW.date(), year=2026)
    organisation = regency.organisation()
    names = [employee.name for employee in organisation.employees]
    nips = [employee.nip for employee in organisation.employees]

    for employee in organisation.employees:
        parse_nip(employee.nip, kind=EmployeeKind(employee.kind), today=NOW.date())
    assert check_organisation(organisation, Known(), NOW.date()) == ()
    assert {employee.kind for employee in organisation.employees} == set(EmployeeKind)
    assert any(" " not in name for name in names)
    assert any("'" in name for name in names)
    assert any(nip.endswith("002") for nip in nips)
    assert [row.kind for row in organisation.assignments].count("acting_permanent") == 1
    sizes = [len(list(own)) for _, own in itertools.groupby(
        sorted(row.unit_id for row in organisation.assignments)
    )]  # fmt: skip
    assert 2 in sizes


@pytest.mark.parametrize("employees", [10, 11, 23, 500])
def test_a_regency_has_exactly_as_many_people_as_asked_for(employees: int):
    regency = build_regency(employees=employees, seed=1, today=NOW.date(), year=2026)

    assert len(regency.employees) == employees
    assert len({row.nip for row in regency.employees}) == employees
    assert check_organisation(regency.organisation(), Known(), NOW.date()) == ()


def test_every_story_has_its_own_ending():
    keys = [story.key for story in stories()]

    assert len(keys) == len(set(keys)) >= 15
