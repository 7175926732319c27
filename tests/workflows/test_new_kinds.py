"""A system names a follow-up and a source of results of its own, in files of HR alone."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from engine.bpmn.lint.bundle import read_checked
from engine.library import read_bundle, read_settings
from tests.aftermath import rated
from tests.cases import NOW
from tests.office import Office, found_office, open_desk
from tests.postgres import TestDatabase
from tests.ready import SYSTEMS, store_system
from tests.web.conftest import Clock, Seat
from tests.workflows.copying import Copy

KEY = "aftermath"
VISIT = """
[follow_ups.study_visit]
title = "Kunjungan belajar"
title_en = "Study visit"
owner = "hr"
days = 60
"""
PANEL = """
[codes.sources]
panel = { title = "penilaian oleh panel", title_en = "evaluation by a panel" }
"""


@pytest.fixture
def made(tmp_path: Path) -> Copy:
    """A copy whose results come from a panel and lead to a visit."""
    library = tmp_path / "library"
    shutil.copytree(SYSTEMS, library)
    made = Copy(library, KEY)
    settings = (made.workflows / "system.toml").read_text().partition("[codes.sources]")[0]
    (made.workflows / "system.toml").write_text(settings + VISIT)
    made.reword(
        f"{KEY}.bpmn",
        **{
            "['improvement_plan', 'training']": "['study_visit']",
            "value=\"'review'\"": "value=\"'panel'\"",
        },
    )
    return made


@pytest.fixture
def office(made: Copy, database: TestDatabase, tmp_path: Path) -> Iterator[Office]:
    """An office with the copy, on each database."""
    with (made.workflows / "system.toml").open("a") as settings:
        settings.write(PANEL)
    desk = open_desk(database, tmp_path, library=made.library)
    yield found_office(desk, system=KEY, deploy=store_system)
    desk.store.close()


def test_a_source_without_words_is_refused(made: Copy) -> None:
    bundle = read_bundle(made.library, KEY)

    found = read_checked(bundle, read_settings(bundle), {}).findings

    without = [one.params["code"] for one in found if one.rule == "system.code_without_words"]
    assert without == ["panel"]


def test_pages_say_the_kind_and_the_source_in_the_words_of_the_system(office: Office) -> None:
    case, clock = rated(office), Clock(NOW)

    with TestClient(create_app(office.desk, Settings(demo=True), clock=clock)) as client:
        seat = Seat(client, {}, clock).take("division_head")
        follow_ups = seat.client.get("/follow-ups").text
        result = seat.client.get(f"/cases/{case.id}").text
        trail = seat.take("hr_officer").client.get(f"/cases/{case.id}/trail").text

    assert '<option value="study_visit">Kunjungan belajar</option>' in follow_ups
    assert "penilaian oleh panel" in result
    assert "penilaian oleh panel" in trail
    assert "Kunjungan belajar" in trail
