"""Every page of the product, as everybody who may open it meets it, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser

from api.app import create_app
from api.demo.demonstration import make_demonstration
from api.settings import Settings
from engine.domain.people import UnitFunction
from engine.store import staffing
from tests.browser.sweeping import Sweep, doors_of
from tests.evidence import Evidence
from tests.listening import listening
from tests.office import open_desk
from tests.postgres import TestDatabase
from tests.session import count, is_full

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("every page")]

PEOPLE = 40
# The rules of accessibility are tried with scripts: without them their checker cannot run.
WINDOWS = ((1280, True, "id"), (390, False, "en"), (390, True, "id"), (1280, True, "en"))
# Answers for machines, files, and what a link of a letter or a picture leads to.
NO_PAGES = frozenset(
    {
        "/healthz", "/readyz", "/metrics", "/openapi.json", "/cases/{instance_id}/diagram.json",
        "/evidence/{attachment_id}", "/sheets/{sheet_id}", "/imports/template", "/notices/stop",
        "/surveys/{survey_id}/scans/{digest}", "/team/matrix/file",
        "/follow-ups/{follow_up_id}/proof", "/daily-log/entries/{entry_id}/evidence/{place}",
    }
)  # fmt: skip
# Pages behind a form, a provider or a page of their own tests.
BEHIND_A_FORM = frozenset(
    {
        "/account/app", "/activate", "/imports/{upload_sheet_id}", "/people/transfers/{batch_id}",
        "/cycles/{cycle_id}/extensions/{extension_id}", "/preparing/{item_id}",
        "/sign-in", "/sign-in/code", "/sign-in/with/{provider_key}",
        "/sign-in/with/{provider_key}/return", "/verify/{code}",
        "/work-items/{item_id}/uploads/{upload_id}",
        "/survey", "/survey/thanks", "/survey/counter/{code}", "/survey/{link}",
        "/daily-log", "/daily-log/staff", "/daily-log/staff/{cycle_id}/{employee_id}",
        "/identities", "/cases/{instance_id}/identity",
        "/surveys/{survey_id}", "/surveys/{survey_id}/report", "/surveys/{survey_id}/paper",
        "/recap/corrections", "/recognised",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Town:
    """The demonstration as a server shows it, with those who walk through it."""

    address: str
    doors: tuple[str, ...]
    people: tuple[str, ...]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A small regency with cases at every stage, on a free port of this machine."""
    folder, now = tmp_path_factory.mktemp("town"), datetime.now(UTC)
    url = f"sqlite:///{folder / 'town.sqlite'}"
    desk = open_desk(TestDatabase(url=url, migration_url=url), folder)
    made = make_demonstration(desk, employees=PEOPLE, seed=1, now=now, progress=lambda *_: None)
    with desk.store.reading(made.agency_id) as tx:
        functions = (UnitFunction.OPERATOR, UnitFunction.ADMINISTRATOR)
        extra = [staffing.duty_holders(tx, duty, now.date())[-1:] for duty in functions]
    people = [persona.employee_id for persona in made.personas]
    people += [one for found in extra for one in found]
    app = create_app(desk, Settings(demo=True))
    with listening(lambda _: app) as address:
        yield Town(address, doors_of(app), tuple(people))
    desk.store.close()


def test_every_page_is_whole_in_either_language_and_at_either_width(
    town: Town, browser: Browser, evidence: Evidence
) -> None:
    sweep = Sweep(town.doors, browser, town.address)

    for width, scripts, language in WINDOWS[: count(2, 4)]:
        for person in town.people:
            sweep.person(person, width=width, scripts=scripts, language=language)
            if is_full():
                sweep.kinds.clear()

    unseen = set(town.doors) - sweep.walked - NO_PAGES - BEHIND_A_FORM
    assert not sweep.wrong, "\n".join(sweep.wrong)
    assert unseen == set()
    evidence.record("pages_looked_at", sweep.looked)
