"""A citizen answers the survey on a phone, without scripts, and the unit's pages around it."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.commands.citizen_surveys import NewSurvey, close_survey, make_links, open_survey
from engine.commands.citizen_surveys import set_counter as hang_poster
from engine.commands.survey_answers import Answer, answer_survey
from engine.domain.citizen_survey import ELEMENTS, FLOOR
from engine.store import citizen_surveys
from tests.browser.conftest import STARTED, Site
from tests.browser.test_pages import faults, sit
from tests.office import DEPARTMENT, DIVISION

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
LIGHT = 25_000


def survey_of(site: Site, unit: str) -> str:
    """The survey of a unit, opened by the first test that needs it."""
    office, hr = site.office, site.office.actor("hr_officer", STARTED)
    with office.desk.store.reading(office.agency_id) as tx:
        known = citizen_surveys.of_unit(tx, office.cycle_id, unit)
    if known:
        return known.id
    new = NewSurvey(office.cycle_id, unit, STARTED.date(), date(2026, 3, 31), ("Izin usaha",), 300)
    return open_survey(office.desk, hr, new=new, now=STARTED)


def told(site: Site) -> str:
    """A survey that was closed with enough answers."""
    office, hr = site.office, site.office.actor("hr_officer", STARTED)
    survey = survey_of(site, DEPARTMENT)
    with office.desk.store.reading(office.agency_id) as tx:
        if citizen_surveys.get(tx, survey).closed_at:
            return survey
    said = Answer(dict.fromkeys(ELEMENTS, 3), 1, STARTED.date(), "Antrean terlalu panjang.")
    for link in make_links(office.desk, hr, survey_id=survey, count=FLOOR, now=STARTED):
        answer_survey(office.desk, link, answer=said, address="192.0.2.1", now=STARTED)
    close_survey(office.desk, hr, survey_id=survey, now=STARTED)
    return survey


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    """A small window of a browser that runs no scripts."""
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, base_url=site.address, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def poster(site: Site) -> str:
    """Where the QR code at the counter of the division leads."""
    office, hr = site.office, site.office.actor("hr_officer", STARTED)
    survey = survey_of(site, DIVISION)
    code = hang_poster(office.desk, hr, survey_id=survey, now=STARTED)
    return f"/survey/counter/{code}"


def test_a_citizen_at_the_counter_answers_on_a_phone_without_scripts(phone: Page, site: Site):
    phone.goto(poster(site))
    phone.get_by_role("button", name="Mulai").click()
    form = phone.url
    phone.get_by_label("Layanan apa yang Anda terima?").select_option("Izin usaha")
    phone.get_by_label("Kapan Anda datang?").fill(STARTED.date().isoformat())
    for question in phone.get_by_role("group").all()[:-1]:
        question.get_by_role("radio").nth(2).check()
    phone.get_by_label("Saran, bila ada").fill("Petugas ramah.")
    phone.get_by_role("button", name="Kirim jawaban saya").click()

    expect(phone.locator(".errsum")).to_contain_text("Pilihan Anda masih ada")
    expect(phone.get_by_label("Saran, bila ada")).to_have_value("Petugas ramah.")
    phone.get_by_label("Baik", exact=True).check()
    phone.get_by_role("button", name="Kirim jawaban saya").click()
    expect(phone.locator("h1")).to_have_text("Terima kasih")

    phone.goto(form)
    expect(phone.locator("h1")).to_have_text("Tautan ini sudah dipakai atau tidak dikenal")
    assert phone.context.cookies() == []


def test_the_form_of_a_citizen_is_light_on_the_line(phone: Page, site: Site):
    sizes: list[int] = []
    phone.on("requestfinished", lambda sent: sizes.append(sent.sizes()["responseBodySize"]))
    phone.goto(poster(site))

    phone.get_by_role("button", name="Mulai").click()
    phone.wait_for_load_state("networkidle")

    assert 2_000 < sum(sizes) < LIGHT


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_of_a_survey_keep_every_rule_and_fit(browser: Browser, site: Site, width: int):
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=site.address)
    page, wrong = context.new_page(), []
    running, ended = survey_of(site, DIVISION), told(site)

    page.goto(poster(site))
    wrong += faults(page, width)
    page.get_by_role("button", name="Mulai").click()
    wrong += faults(page, width)
    page.get_by_role("button", name="Kirim jawaban saya").click()
    wrong += faults(page, width)
    for place in ("/survey", "/survey/thanks", "/survey/nowhere"):
        page.goto(place)
        wrong += faults(page, width)
    sit(page, "hr_officer")
    for place in ("/surveys", f"/surveys/{running}", f"/surveys/{ended}",
                  f"/surveys/{running}/paper"):  # fmt: skip
        page.goto(place)
        wrong += faults(page, width)

    assert wrong == []
    context.close()
