"""An office that appraises by the system of one region, under a clock that the test moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from api.app import create_app
from api.settings import Settings
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.commands.systems import deploy_system
from engine.domain.people import EmployeeId, UnitFunction
from engine.jobs.registry import JOBS
from engine.store.people import DutyRow
from tests.cases import NOW
from tests.journeys.site import Prepared, Site
from tests.journeys.test_whole_appraisal import set_achievement
from tests.journeys.walker import Answers, Walker
from tests.listening import listening
from tests.office import SINCE, Office, found_office, open_desk
from tests.postgres import TestDatabase

SUBJECT, RATER = "analyst", "division_head"
ACCEPTED: Answers = {"result_read": True, "decision": "accept"}


@dataclass
class Region:
    """The office, where it is served, the time there, and the appraisal of the analyst."""

    office: Office
    site: Site
    now: datetime
    case: str = ""

    def start(self) -> None:
        """Start the appraisal of the walk."""
        self.case = self.office.start(SUBJECT, self.now)
        self.site.prepared.cases[SUBJECT] = self.case

    def advance(self, by: timedelta) -> None:
        """Time passes, and what is due by then happens."""
        self.now += by
        for job in JOBS:
            job.function(self.office.desk, self.office.agency_id, now=self.now)

    def give(self, person: str, duty: UnitFunction) -> None:
        """Give a duty for the whole agency to somebody."""
        row = DutyRow(f"d-{person}-{duty}", EmployeeId(person), duty.value, None, SINCE)
        import_people(
            self.office.desk, founder(self.office.agency_id),
            people=Organisation(duties=(row,)), now=self.now,
        )  # fmt: skip


@contextmanager
def region_of(system: str, folder: Path, *, now: datetime = NOW) -> Iterator[Region]:
    """A server in a thread of this process over an office of its own."""
    url = f"sqlite:///{folder / 'region.sqlite'}"
    desk = open_desk(TestDatabase(url=url, migration_url=url), folder)
    office = found_office(
        desk, system=system, now=now - timedelta(days=1), deploy=partial(deploy_system, plays=0)
    )
    region = Region(office, Site("", Prepared(folder, {}, {})), now)

    def served(address: str) -> FastAPI:
        settings = Settings(demo=True, public_address=address)
        return create_app(desk, settings, clock=lambda: region.now)

    with listening(served) as address:
        region.site = Site(address, region.site.prepared)
        yield region
    desk.store.close()


def blank(browser: Browser, region: Region, *, phone: bool = False) -> Page:
    """A window with nothing in it: wide with scripts, or a phone without."""
    context = browser.new_context(
        viewport={"width": 390 if phone else 1280, "height": 800},
        java_script_enabled=not phone,
        base_url=region.site.address,
    )
    return context.new_page()


def window(browser: Browser, region: Region, *, phone: bool = False) -> Walker:
    """Somebody at such a window."""
    return Walker(blank(browser, region, phone=phone), region.site, scripts=not phone)


def discussed(region: Region) -> Answers:
    """What the rater writes down of the talk about the result."""
    return {
        "held_on": region.now.date().isoformat(),
        "mode": "in_person",
        "topics": ("results", "development"),
        "agreements.0.text": "Mengikuti pelatihan layanan daring.",
        "agreements.0.owner": "employee",
        "agreements.0.due_on": (region.now + timedelta(days=60)).date().isoformat(),
    }


def to_the_delivery(region: Region, wide: Walker, employee: Walker) -> None:
    """From the ratings to the result in the employee's hand."""
    wide.sit("hr_officer")
    set_achievement(wide, "Bidang Perizinan")
    talk_and_deliver(region, wide, employee)


def talk_and_deliver(region: Region, wide: Walker, employee: Walker) -> None:
    """The talk, the signature and the delivery."""
    agreed: Answers = {"took_place": "true", "wants_explanation": "false"}
    wide.done(RATER, "Catat dialog hasil penilaian", discussed(region))
    employee.done(SUBJECT, "Konfirmasi catatan dialog", agreed)
    wide.done(RATER, "Tetapkan hasil", {"confirmed": True})
    employee.done(SUBJECT, "Buka atau serahkan hasil", {"opened": True})
