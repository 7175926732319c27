"""The pages of follow-ups and of the monthly recap, small and wide, with what is wrong marked."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from engine.store import follow_ups
from engine.store.follow_ups import FollowUpRow
from tests.browser.conftest import STARTED, Site
from tests.browser.test_pages import faults, sit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
KINDS = ("improvement_plan_6m", "training_mandatory", "discipline_review")


def planned(site: Site) -> tuple[str, ...]:
    """What is to be done after the result of somebody, once for all tests."""
    office, case = site.office, next(iter(site.cases.values()))
    with office.desk.store.transaction(office.agency_id) as tx:
        known = follow_ups.of_instance(tx, case)
        due = STARTED.date() + timedelta(days=30)
        rows = [FollowUpRow(f"browser-{kind}", case, kind, STARTED, due_on=due, function="hr")
                for kind in KINDS]  # fmt: skip
        if not known:
            follow_ups.add_many(tx, rows)
    return tuple(f"/follow-ups/{row.id}" for row in rows)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_of_follow_ups_and_of_the_recap_keep_every_rule_and_fit(
    browser: Browser, site: Site, width: int
):
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=site.address)
    page, wrong = context.new_page(), []
    places = planned(site)
    sit(page, "hr_officer")

    for place in (*places, "/follow-ups", "/recap", "/recap/corrections"):
        page.goto(place)
        wrong += faults(page, width)
    for place in places:
        page.goto(place)
        for summary in page.locator("details summary").all():
            summary.click()
        page.get_by_role("button", name="Batalkan tindak lanjut").click()
        wrong += faults(page, width)
        page.goto(place)
        page.locator('button[value="send"]').click()
        wrong += faults(page, width)

    assert wrong == []
    context.close()
