"""What was said in confidence on every page, and in answers to programs: words without names."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.office import ROOT, found_office, open_desk
from tests.postgres import TestDatabase
from tests.ready import store_system
from tests.web.conftest import Clock, Seat
from tests.workflows.promises import run_until
from tests.workflows.scenario import Scenario, read_path

WORDS = ("Menjaga loket tetap tenang", "Sesekali bergantian mengisi")
READERS = ("clerk", "division_head", "department_head", "hr_officer", "auditor")


@pytest.fixture
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Seat, Scenario]]:
    """An appraisal of Gayungan behind the application, up to its draft unless a test says more."""
    url = f"sqlite:///{tmp_path / 'gayungan.sqlite'}"
    desk = open_desk(TestDatabase(url=url, migration_url=url), tmp_path)
    office = found_office(desk, system="gayungan", deploy=store_system)
    scenario = Scenario(office, read_path(ROOT / "workflows/gayungan/paths/plain.json"))
    run_until(scenario, getattr(request, "param", "declare_conflict"))
    clock = Clock(scenario.now + timedelta(minutes=5))
    with TestClient(create_app(desk, Settings(demo=True), clock=clock)) as client:
        yield Seat(client, {"clerk": scenario.instance_id}, clock), scenario
    desk.store.close()


def text(seat: Seat, path: str) -> str:
    """The page or answer; empty where there is none for him."""
    answer = seat.client.get(path)
    return answer.text if answer.status_code == 200 else ""


def pages(seat: Seat, scenario: Scenario) -> dict[str, str]:
    """What this reader gets of the case, where he gets anything."""
    case = scenario.instance_id
    seen = {}
    found = [f"/cases/{case}", f"/cases/{case}/trail", f"/cases/{case}/diagram", "/inbox?tab=done"]
    found += [f"/api/v1/cases/{case}{part}" for part in ("", "/answers", "/trail", "/diagram")]
    linked = set(
        re.findall(r'href="(/work-items/[^"?#]+)', "".join(text(seat, path) for path in found))
    )
    for path in [*found, *sorted(linked)]:
        seen[path] = text(seat, path)
    return seen


def test_before_the_delivery_nobody_reads_a_word_of_a_colleague(
    asked: tuple[Seat, Scenario],
) -> None:
    seat, scenario = asked

    for reader in READERS:
        seat.take(reader)
        told = pages(seat, scenario)
        assert told[f"/cases/{scenario.instance_id}"], reader
        assert [path for path, page in told.items() if any(w in page for w in WORDS)] == [], reader


def test_after_the_delivery_the_words_stand_on_the_case_without_anybody_beside_them(
    asked: tuple[Seat, Scenario],
) -> None:
    seat, scenario = asked
    steps = scenario.path["steps"]
    elements = [step.get("complete") for step in steps]
    for step in steps[elements.index("declare_conflict") :]:
        scenario._do(step)
    seat.clock.now = scenario.now

    for reader in READERS:
        seat.take(reader)
        told = pages(seat, scenario)
        shown = [path for path, page in told.items() if any(w in page for w in WORDS)]
        assert set(shown) <= {f"/cases/{scenario.instance_id}"}, reader
    seat.take("clerk")
    page = text(seat, f"/cases/{scenario.instance_id}")
    part = page[page.index('id="remarks"') :].partition("</section>")[0]
    assert part.count(WORDS[0]) == 3
    assert "Nama " not in part


def test_a_colleague_finds_his_done_work_and_nothing_of_the_case(
    asked: tuple[Seat, Scenario],
) -> None:
    seat, scenario = asked

    seat.take("analyst")

    done = text(seat, "/inbox?tab=done")
    assert "Beri penilaian sejawat" in done
    assert "/receipt?again=1" in done
    assert f"/cases/{scenario.instance_id}" not in done
    assert seat.client.get(f"/cases/{scenario.instance_id}").status_code == 404


@pytest.mark.parametrize("asked", ["peer_rating"], indirect=True)
def test_who_is_asked_sees_neither_how_many_others_wait_nor_a_way_to_hand_it_on(
    asked: tuple[Seat, Scenario],
) -> None:
    seat, scenario = asked
    seat.take("analyst")
    item = next(item.id for item in scenario._open() if item.assignee_id == "analyst")

    page = text(seat, f"/work-items/{item}")

    assert page.count("Giliran") == 1
    assert "/hand-on" not in page


@pytest.mark.parametrize("asked", ["peer_rating"], indirect=True)
def test_others_see_that_colleagues_are_asked_and_not_whom_it_waits_for(
    asked: tuple[Seat, Scenario],
) -> None:
    seat, scenario = asked
    seat.take("division_head")

    page = text(seat, f"/cases/{scenario.instance_id}").partition('id="answers"')[0]

    assert page.count("Beri penilaian sejawat") == 1
    assert "Nama analyst" not in page
