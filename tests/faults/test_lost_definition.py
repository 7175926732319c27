"""A definition is lost or changed under running cases: they alone wait, and it can be put back.

R15 of the fault catalogue, the part that lies in no case: its diagrams, rules and forms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, insert, select
from starlette.testclient import TestClient

from api.app import create_app
from api.security import SESSION_COOKIE, new_token, token_hash
from api.settings import Settings
from engine.commands.cycles import open_cycle
from engine.commands.definitions import DefinitionCache
from engine.commands.incidents import retry_incident
from engine.commands.sessions import open_session
from engine.domain.bundle import Bundle
from engine.domain.people import EmployeeId
from engine.errors import DefinitionDamaged
from engine.jobs.daily_logs import lock_log_months
from engine.jobs.monthly import open_months
from engine.library import read_bundle
from engine.store import definitions, tables
from engine.store.database import Store
from tests.cases import NOW, Case, problems
from tests.evidence import Evidence
from tests.faults.background import work_at
from tests.faults.many import launch_everybody
from tests.faults.test_poison import DUE, LATER, fire, seen
from tests.logs import LOCKED, office_with_logs, with_year
from tests.logs import NOW as LOG_NOW
from tests.office import POSITIONS, Office
from tests.ready import Offices
from tests.session import count
from tests.store.test_verification import tamper

FILES = tables.definition_file
# What became of the files of one version each.
LOSSES = {
    "nothing_left": "DELETE FROM definition_file WHERE definition_id = :nothing_left",
    "no_diagram": (
        "DELETE FROM definition_file WHERE definition_id = :no_diagram AND name LIKE '%.bpmn'"
    ),
    "other_bytes": (
        "UPDATE definition_file SET content = :content "
        "WHERE definition_id = :other_bytes AND name LIKE '%/window/system.toml'"
    ),
}
SEATS = {
    "hr_officer": ("/inbox", "/cases", "/incidents", "/cycles"),
    "division_head": ("/inbox", "/team"),
    "p000000": ("/inbox", "/my-appraisals"),
}
Kept = Sequence[Mapping[str, object]]


def test_cases_of_a_damaged_definition_stop_nobody_are_seen_and_go_on_once_it_is_back(
    offices: Offices, evidence: Evidence
):
    many, lost = count(40, 1000), count(6, 51)
    office = offices.open("window")
    launch_everybody(office, many - lost - len(POSITIONS))
    damaged = {loss: start_on_another_version(office, loss, lost) for loss in LOSSES}
    deploy(office, "")
    cases = [case for each in damaged.values() for case in each]
    kept = damage(offices, {loss: each[0].row.definition_id for loss, each in damaged.items()})
    office = anew(office)

    fired = fire(office, DUE)
    work_at(office, LATER)

    assert fired == many - lost
    assert seen(office) == {case.id for case in cases}
    assert answers_of_lists(office) == {200}
    for case in cases:
        with pytest.raises(DefinitionDamaged):
            Case(office, case.id).complete(case.row.subject_id, "answer", {"text": "Sudah."})
        assert not retry(office, case)
    put_back(offices, kept)
    assert all(retry(anew(office), case) for case in cases)
    assert {(*case.open, case.actions.count("timer.fired")) for case in cases} == {("too_late", 1)}
    assert seen(office) == set()
    assert problems(office) == []
    evidence.record(f"lost_definition.{offices.kind}.cases", many)
    evidence.record(f"lost_definition.{offices.kind}.damaged", lost)
    evidence.record(f"lost_definition.{offices.kind}.others_stopped", many - lost - fired)
    evidence.record(f"lost_definition.{offices.kind}.repaired", len(cases))


def test_a_period_whose_files_are_lost_keeps_no_month_of_another_waiting(offices: Offices):
    office, day = offices.open("aside"), date(2025, 3, 1)
    now = datetime(2025, 3, 1, 2, tzinfo=UTC)
    deploy(office, "Versi kedua", "aside")
    newer = open_cycle(
        office.desk, office.actor("hr_officer", now), system="aside", name="Semester",
        starts=day, ends=day.replace(month=8), now=now,
    )  # fmt: skip
    office.start("analyst", now)
    left = lose_files_of_cycle(offices, newer)

    assert open_months(left.desk, left.agency_id, now=now) == 1


def test_a_period_whose_files_are_lost_keeps_no_daily_log_of_another_open(offices: Offices):
    office = office_with_logs(offices)
    deploy(office, "Versi kedua", "walesi")
    newer = with_year(office, 2027, LOG_NOW)
    left = lose_files_of_cycle(offices, newer.cycle_id)

    assert lock_log_months(left.desk, left.agency_id, now=LOCKED) == 2


def start_on_another_version(office: Office, note: str, lost: int) -> list[Case]:
    """Some cases, in a cycle of their own, on a version that differs by a note."""
    deploy(office, note)
    opened = open_cycle(
        office.desk, office.actor("hr_officer", NOW), system="window", name=note,
        starts=date(2025, 1, 1), ends=date(2025, 12, 31), now=NOW,
    )  # fmt: skip
    there = replace(office, cycle_id=opened)
    return [Case.start(there, f"p{number:06}") for number in range(lost // len(LOSSES))]


def lose_files_of_cycle(offices: Offices, cycle_id: str) -> Office:
    """The last office after the files of the version of a cycle are gone, as anew."""
    office, made = offices.opened[-1]
    tamper(
        made, "DELETE FROM definition_file WHERE definition_id = "
        "(SELECT definition_id FROM cycle WHERE id = :cycle)", cycle=cycle_id,
    )  # fmt: skip
    return anew(office)


def deploy(office: Office, note: str, system: str = "window") -> None:
    """Make a version of the system the active one."""
    found = read_bundle(office.desk.library, system)
    noted = {f"workflows/{system}/note.md": note.encode()} if note else {}
    files = {**found.files, **noted}
    with office.desk.store.transaction(office.agency_id) as tx:
        bundle, by = Bundle(found.system, files), EmployeeId("hr_officer")
        definitions.deploy(tx, bundle, deployed_by=by, now=NOW)


def damage(offices: Offices, versions: Mapping[str, str]) -> Kept:
    """Spoil the files of versions behind the product's back; what they were."""
    office, made = offices.opened[-1]
    asked = select(FILES).where(FILES.c.definition_id.in_(versions.values()))
    with office.desk.store.reading(office.agency_id) as tx:
        kept = [dict(row) for row in tx.connection.execute(asked).mappings()]
    tamper(made, *LOSSES.values(), **versions, content=b"[system]\n")
    return kept


def put_back(offices: Offices, kept: Kept) -> None:
    """What an administrator does with a copy."""
    made = offices.opened[-1][1]
    owner = Store(made.url, migration_url=made.migration_url)
    with owner.as_owner() as tx:
        damaged = FILES.c.definition_id.in_({row["definition_id"] for row in kept})
        tx.connection.execute(delete(FILES).where(damaged))
        tx.connection.execute(insert(FILES), [*kept])
    owner.close()


def anew(office: Office) -> Office:
    """The office as a process that has just started sees it."""
    return replace(office, desk=replace(office.desk, definitions=DefinitionCache()))


def answers_of_lists(office: Office) -> set[int]:
    """What HR, a rater and one of the people are answered by the lists they work with."""
    app, found = create_app(office.desk, Settings(), clock=lambda: LATER), set()
    for person, pages in SEATS.items():
        token = new_token()
        open_session(
            office.desk, office.agency_id, employee_id=EmployeeId(person),
            token_hash=token_hash(token), language="en", hours=12, now=LATER,
        )  # fmt: skip
        browser = TestClient(app, cookies={SESSION_COOKIE: token})
        found |= {browser.get(page).status_code for page in pages}
    return found


def retry(office: Office, case: Case) -> bool:
    """Whether the case goes on when HR tries again."""
    hr = office.actor("hr_officer", LATER)
    return retry_incident(office.desk, hr, instance_id=case.id, now=LATER)
