"""An empty folder becomes an agency, or a demonstration, or is told what is missing."""

import re
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pytest

from api.app import create_app
from api.cli_house import opened
from engine.commands.activation import NewSecrets, use_code
from engine.commands.duties import propose_duty
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.commands.sign_in import sign_in
from engine.domain.people import UnitFunction
from engine.errors import InvalidForm
from engine.queries.people import agency_day
from engine.store import agencies, definitions, people, staffing
from engine.store.database import ANY_AGENCY, Store
from engine.store.people import EmployeeRow
from engine.store.sessions import Stage
from tests.browser.sweeping import doors_of
from tests.cli.conftest import Run
from tests.commands.accounts import door

OFFICER = ("--name", "Kabupaten Uji", "--person", "Contoh Satu", "--nip", "19860926 201505 1 001")


def test_init_makes_an_agency_whose_first_officer_may_set_it_up(run: Run, tmp_path: Path):
    result = run("init", *OFFICER, "--data", tmp_path / "var")

    assert result.exit_code == 0, result.output
    assert "alur deploy national" in result.output
    store = Store(f"sqlite:///{tmp_path / 'var' / 'alur.db'}")
    with store.reading(ANY_AGENCY) as tx:
        (agency_id,) = agencies.every_id(tx)
    with store.reading(agency_id) as tx:
        officer = people.employee_by_nip(tx, "198609262015051001")
        actor = staffing.actor(tx, officer.id, agency_day(tx, agencies.current(tx).created_at))
    store.close()
    assert actor.holds(UnitFunction.HR)
    assert actor.holds(UnitFunction.ADMINISTRATOR)


def test_init_leads_on_to_pages_that_are_there(run: Run, tmp_path: Path):
    result = run("init", *OFFICER, "--data", tmp_path)

    named = set(re.findall(r"http://[^/\s]+(/[a-z/]+)", result.output))
    with opened(tmp_path) as house:
        doors = doors_of(create_app(house.desk, house.settings))
    assert {"/activate", "/imports", "/cycles"} <= named
    assert named <= set(doors)


def test_the_first_officer_comes_in_with_the_printed_code_only(run: Run, tmp_path: Path):
    result = run("init", *OFFICER, "--data", tmp_path)
    code = re.search(r"\b\w{4}-\w{4}-\w{4}\b", result.output)[0]
    assert "/activate" in result.output

    with opened(tmp_path) as house:
        secrets = NewSecrets("kopi pahit di teras", "kopi pahit di teras")
        now = datetime.now(UTC)
        entered = partial(sign_in, house.desk, nip="198609262015051001", now=now)
        with pytest.raises(InvalidForm):
            entered(password="admin", door=door())
        use_code(
            house.desk, nip="198609262015051001", code=code, secrets=secrets, door=door(), now=now
        )
        assert entered(password=secrets.password, door=door()) is Stage.FULL


def test_a_second_word_on_a_duty_can_come_from_the_command_line(run: Run, tmp_path: Path):
    run("init", *OFFICER, "--data", tmp_path)
    with opened(tmp_path) as house:
        (agency_id,) = house.agencies()
        now = datetime.now(UTC)
        more = Organisation(employees=(EmployeeRow("second", "199002022015022001", "Dua", "pns"),))
        import_people(house.desk, founder(agency_id), people=more, now=now)
        with house.desk.store.reading(agency_id) as tx:
            officer = people.employee_by_nip(tx, "198609262015051001")
            today = agency_day(tx, now)
            actor = staffing.actor(tx, officer.id, today)
        proposal = propose_duty(
            house.desk, actor, employee_id="second", function=UnitFunction.HR, unit_id=None,
            starts=today, now=now,
        )  # fmt: skip

    listed = run("accounts", "duties", "--data", tmp_path)
    done = run("accounts", "confirm", proposal, "--data", tmp_path)
    code = run("accounts", "code", "199002022015022001", "--data", tmp_path)

    assert proposal in listed.output
    assert (done.exit_code, code.exit_code) == (0, 0), done.output
    assert run("accounts", "code", "1", "--data", tmp_path).exit_code == 1


def test_init_refuses_a_number_that_cannot_be_and_then_makes_nothing(run: Run, tmp_path: Path):
    wrong = (*OFFICER[:-1], "19869926 201505 1 001")

    first = run("init", *wrong, "--data", tmp_path)
    second = run("init", *OFFICER, "--data", tmp_path)
    third = run("init", *OFFICER, "--data", tmp_path)

    assert [first.exit_code, second.exit_code, third.exit_code] == [1, 0, 1]
    assert "birth date" in first.output
    assert "already" in third.output


def test_deploy_checks_and_plays_a_system_and_changes_nothing_the_second_time(
    run: Run, tmp_path: Path
):
    run("init", *OFFICER, "--data", tmp_path)

    results = [run("deploy", "national", "--data", tmp_path) for _ in range(2)]
    unknown = run("deploy", "atlantis", "--data", tmp_path)

    assert [result.exit_code for result in results] == [0, 0], results[0].output
    assert unknown.exit_code == 1
    store = Store(f"sqlite:///{tmp_path / 'alur.db'}")
    with store.reading(ANY_AGENCY) as tx:
        (agency_id,) = agencies.every_id(tx)
    with store.reading(agency_id) as tx:
        assert [row.number for row in definitions.versions(tx, "national")] == [1]
    store.close()


def test_a_demonstration_needs_an_empty_database(run: Run, demonstration: Path):
    result = run("demo", "--data", demonstration)

    assert result.exit_code == 1
    assert "empty" in result.output


def test_serving_without_an_agency_says_what_to_do(run: Run, tmp_path: Path):
    result = run("serve", "--data", tmp_path)

    assert result.exit_code == 1
    assert "alur init" in result.output


def test_timers_run_once_by_hand(run: Run, demonstration: Path):
    result = run("timers", "run", "--data", demonstration)

    assert result.exit_code == 0, result.output
    assert "done" in result.output


def test_the_version_is_that_of_the_package(run: Run):
    assert run("--version").output.strip() == version("alur-kinerja")
