"""Pages that the demonstration of a few people never shows: logs, who spoke, what is recognised."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser

from api.app import create_app
from api.settings import Settings
from engine.domain.people import UnitFunction
from tests.browser.test_pages import faults, sit
from tests.cases import NOW as HEARD
from tests.commands.ideas import recognised_idea
from tests.commands.test_unmasking import INSPECTORATE, TEAM, ask, decide, duty, told
from tests.listening import listening
from tests.logs import NOW, entered, office_with_logs
from tests.office import Office
from tests.ready import Offices, offices, session_folder

__all__ = ["offices", "session_folder"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.parametrize("offices", ["sqlite"], indirect=True),
]
WIDTHS = (1280, 390)


@contextmanager
def served(office: Office, now: object) -> Iterator[str]:
    """Where the office answers at that hour."""
    app = create_app(office.desk, Settings(demo=True), clock=lambda: now)
    with listening(lambda _: app) as address:
        yield address


def wrong_on(browser: Browser, address: str, pages: dict[str, tuple[str, ...]]) -> list[object]:
    """What breaks a rule on the pages of each person, wide and narrow."""
    wrong: list[object] = []
    for width in WIDTHS:
        for person, paths in pages.items():
            context = browser.new_context(
                viewport={"width": width, "height": 800}, base_url=address
            )
            page = context.new_page()
            sit(page, person)
            for path in paths:
                answer = page.goto(path)
                if answer is None or answer.status != 200:
                    wrong.append((person, path, answer and answer.status))
                wrong += faults(page, width)
            context.close()
    return wrong


def test_the_pages_of_a_daily_log_keep_every_rule_and_fit(browser: Browser, offices: Offices):
    office = office_with_logs(offices, "analyst", "clerk")
    entered(office)
    office.start("analyst", NOW)
    pages = {
        "analyst": ("/daily-log",),
        "division_head": ("/daily-log/staff", f"/daily-log/staff/{office.cycle_id}/analyst"),
    }

    with served(office, NOW) as address:
        assert wrong_on(browser, address, pages) == []


def test_the_pages_of_who_spoke_keep_every_rule_and_fit(browser: Browser, offices: Offices):
    made = offices.open("chorus")
    duty(made, TEAM, UnitFunction.TEAM)
    duty(made, INSPECTORATE, UnitFunction.INSPECTORATE)
    case = told(made)
    asked = {TEAM: (f"/cases/{case.id}/identity",)}

    with served(made, HEARD) as address:
        before = wrong_on(browser, address, asked)
        decide(case, ask(case))
        pages = {TEAM: ("/identities",), INSPECTORATE: ("/identities",)}
        assert before + wrong_on(browser, address, pages) == []


def test_the_page_of_what_was_recognised_keeps_every_rule_and_fits(
    browser: Browser, offices: Offices
):
    made = offices.open("salatiga")
    recognised_idea(made)
    pages = {"analyst": ("/my-appraisals", "/recognised"), "auditor": ("/recognised?ended=1",)}

    with served(made, HEARD) as address:
        assert wrong_on(browser, address, pages) == []
