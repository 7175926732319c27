"""The demonstration is the same for the same seed, whole, and has something for everybody."""

import itertools
import json
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.cli_house import opened
from api.demo.demonstration import Demonstration, make_demonstration
from api.demo.edges import edges
from api.demo.exhibits import exhibits
from api.demo.organisation import build_regency
from api.demo.story import stories
from api.settings import DemoExample, Settings
from engine.commands.desk import Desk
from engine.commands.organisation import Known, check_organisation
from engine.domain.actions import Action
from engine.domain.nip import parse_nip
from engine.domain.people import AgencyId, EmployeeKind
from engine.store import agencies, verification
from engine.store import tables as t
from engine.store.database import ANY_AGENCY, Store
from engine.store.vault import Folder
from tests.session import locked

COMMON = ("/inbox", "/inbox?tab=done", "/my-appraisals", "/my-results", "/notices", "/account")
PROMISED = {
    "hr": (
        *COMMON, "/inbox?tab=roles", "/inbox?tab=all", "/overview", "/cases", "/cycles",
        "/incidents", "/achievements", "/organisation", "/employees", "/duties", "/cards",
        "/people/transfers", "/notices/unit-list", "/administration", "/imports",
    ),
    "auditor": ("/inbox", "/my-appraisals", "/notices", "/overview", "/cases", "/account"),
    "rater": (*COMMON, "/team", "/overview"),
    "employee": (*COMMON,),
}  # fmt: skip
EMPTY = re.compile(r'class="[^"]*\bempty\b')
ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
EMPLOYEES = 30


@dataclass(frozen=True)
class Opening:
    """A data folder that is open."""

    desk: Desk
    data: Path

    def agencies(self) -> list[tuple[Desk, AgencyId]]:
        with self.desk.store.reading(ANY_AGENCY) as tx:
            return [(self.desk, found) for found in agencies.every_id(tx)]

    def rows(self, statement: Any) -> list[Any]:
        ((_, agency_id),) = self.agencies()
        with self.desk.store.reading(agency_id) as tx:
            return list(tx.connection.execute(statement))

    def client(self) -> TestClient:
        """A browser in front of the demonstration."""
        text = (self.data / "examples.json").read_text(encoding="utf-8")
        examples = tuple(DemoExample(**example) for example in json.loads(text))
        walk = tuple(row["employee_id"] for row in self.walk())
        settings = Settings(demo=True, demo_walk=walk, demo_examples=examples)
        return TestClient(create_app(self.desk, settings))

    def walk(self) -> list[dict[str, str]]:
        text = (self.data / "demonstration.json").read_text(encoding="utf-8")
        return list(json.loads(text))

    def seat(self, role: str) -> TestClient:
        """A browser of one person of the walk."""
        client = self.client()
        (person,) = [row["employee_id"] for row in self.walk() if row["role"] == role]
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)[1]
        client.post("/sign-in", data={"employee_id": person, "csrf_token": token})
        return client


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
    assert made.cases == EMPLOYEES - 1


def test_the_people_of_the_walk_have_what_the_walk_needs(demonstration):
    desk, made = demonstration
    personas = {persona.role: persona.employee_id for persona in made.personas}
    this_period = t.appraisal.select().where(t.appraisal.c.cycle_id == made.cycle_id)
    appraisals = {row.employee_id: row for row in rows(desk, made, this_period)}
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


@pytest.fixture(scope="session")
def regency_of_200(evidence) -> Path:
    """The demonstration as it is by default, made once a session."""
    folder = evidence.folder / "regency"
    with locked(evidence.folder):
        if not folder.exists():
            part = folder.with_suffix(".part")
            result = CliRunner().invoke(app, ["demo", "--data", str(part)])
            assert result.exit_code == 0, result.output
            part.rename(folder)
    return folder


@pytest.fixture
def regency(regency_of_200: Path, tmp_path: Path):
    """A server over a copy of it, and who is who."""
    data = Path(shutil.copytree(regency_of_200, tmp_path / "var"))
    with opened(data, demo=True) as house:
        yield Opening(house.desk, data)


def test_by_default_there_are_200_people_and_the_trail_of_all_they_did_is_whole(regency):
    for desk, agency_id in regency.agencies():
        with desk.store.reading(agency_id) as tx:
            assert len(tx.connection.execute(t.employee.select()).all()) == 200
            assert list(verification.verify(tx)) == []


def test_there_are_cases_at_every_stage_some_late_and_none_in_the_future(regency):
    items, now = regency.rows(t.work_item.select()), datetime.now(UTC)
    open_items = [item for item in items if item.state == "open"]

    assert {item.element_id for item in open_items} >= {
        "self_assessment", "supervisor_review", "discussion_record", "discussion_confirm",
        "explanation_reply", "sign_result", "deliver_result", "notify_ack", "appeal_decision",
        "name_authority",
    }  # fmt: skip
    assert any(item.due_at and item.due_at < now for item in open_items)
    assert any(item.due_at and item.due_at > now for item in open_items)
    assert all(item.opened_at <= now for item in items)
    statuses = {row.status for row in regency.rows(t.instance.select())}
    assert statuses == {"running", "completed", "held", "cancelled"}


def test_everything_that_a_page_can_show_happened_to_somebody(regency):
    kept = {
        "an incident": t.incident, "a note": t.case_comment, "a file": t.attachment,
        "a result sheet": t.result_sheet, "an extension": t.extension, "a launch": t.launch,
        "who was left out of it": t.launch_person, "a shared filter": t.saved_filter,
        "a proposed duty": t.duty_proposal, "a sheet to confirm": t.sheet_upload,
        "a transfer": t.transfer, "prepared work": t.delegation,
    }  # fmt: skip

    empty = [what for what, table in kept.items() if not regency.rows(table.select())]

    assert empty == []
    notices = regency.rows(t.notice.select())
    assert {notice.read_at is None for notice in notices} == {True, False}
    assert len({row.cycle_id for row in regency.rows(t.appraisal.select())}) == 2 + len(exhibits())
    done = {item.element_id for item in regency.rows(t.work_item.select()) if item.closed_by}
    assert done >= {"file_appeal", "appeal_decision", "sign_changed", "acknowledge_final"}
    actions = {event.action for event in regency.rows(t.audit_event.select())}
    assert actions >= {Action.APPEAL_WITHDRAWN, Action.INCIDENT_OPENED, Action.CYCLE_CLOSED}


def test_each_regional_system_has_a_unit_in_which_its_steps_can_be_done(regency):
    open_items = regency.rows(
        t.work_item.join(t.instance, t.instance.c.id == t.work_item.c.instance_id)
        .select()
        .with_only_columns(t.instance.c.unit_id, t.work_item.c.element_id)
        .where(t.work_item.c.state == "open", t.instance.c.unit_id.like("exhibit_%"))
    )
    found = {(row.unit_id.removeprefix("exhibit_"), row.element_id) for row in open_items}

    assert found >= {
        ("walesi", "supervisor_review"), ("walesi", "examine_report"), ("walesi", "annual_report"),
        ("gayungan", "propose_peers"), ("salatiga", "agree_indicators"),
        ("jambi", "show_certificate"), ("jambi", "acknowledge_criteria"),
    }  # fmt: skip
    assert {system for system, _ in found} == {exhibit.system for exhibit in exhibits()}


def test_what_citizens_said_is_told_to_everybody_without_a_seat(regency):
    page = regency.client().get("/survey").text

    assert "Distrik Air Jernih" in page
    assert "Antrean pagi" not in page


def test_everybody_special_is_there_and_explained_in_both_languages(regency):
    examples = json.loads((regency.data / "examples.json").read_text(encoding="utf-8"))
    names = {row.id: row.name for row in regency.rows(t.employee.select())}

    found = [names[example["employee_id"]] for example in examples]

    assert len(found) == len(set(found)) == len(edges()) + len(exhibits())
    assert all(example["id"] and example["en"] for example in examples)
    assert [row.active for row in regency.rows(t.employee.select())].count(False) == 2


@pytest.mark.parametrize("role", ["hr", "auditor", "rater", "employee"])
def test_no_page_of_a_seat_is_empty(regency, role: str):
    client = regency.seat(role)

    answers = {path: client.get(path) for path in PROMISED[role]}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(
        answers, 200
    )
    assert [path for path, answer in answers.items() if EMPTY.search(answer.text)] == []


def test_anybody_is_found_by_name_and_who_left_has_no_seat(regency):
    client = regency.client()

    everybody, found = client.get("/sign-in").text, client.get("/sign-in?q=sumarni").text

    assert everybody.count('class="gone"') == 2
    assert "Namanya satu kata." in everybody
    assert "Sumarni" in found
    assert found.count('name="employee_id"') == 1
    assert 'name="employee_id"' not in client.get("/sign-in?q=%25").text


def test_every_story_has_its_own_ending():
    keys = [story.key for story in stories()]

    assert len(keys) == len(set(keys)) >= 15
