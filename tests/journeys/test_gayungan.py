"""A year in Gayungan: colleagues answer in confidence, and the rater drafts before he sees it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from engine.store import people
from tests.journeys.region import (
    ACCEPTED,
    RATER,
    SUBJECT,
    Region,
    region_of,
    to_the_delivery,
    window,
)
from tests.journeys.test_jambi import PAPERS
from tests.journeys.test_whole_appraisal import REALISED
from tests.journeys.walker import Answers, Walker

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey of gayungan")]

COLLEAGUES = ("clerk", "hr_colleague", "auditor", "hr_officer")
ASKED = COLLEAGUES[:3]
SECRET = "Menjaga loket tetap tenang saat antrean panjang."
QUESTIONS = (
    "collaboration", "communication", "reliability", "respect", "initiative", "service",
)  # fmt: skip
FIGURES: Answers = {
    "handles_complaints": "true",
    "handled": "50",
    "right_first": "47",
    "median_days": "2,5",
    "target_days": "3",
}
SAID: Answers = {
    "relation": "same_team",
    "conflict": "false",
    **dict.fromkeys(QUESTIONS, "4"),
    "strength": SECRET,
    "suggestion": "Sesekali bergantian mengisi laporan mingguan.",
}
DRAFT: Answers = {
    "target_attainment": "100",
    "result_rating": "as_expected",
    "behaviour_rating": "3",
}
RATED: Answers = {
    "result_rating_decided": "as_expected",
    "behaviour_rating_decided": "as_expected",
}


def proposal(region: Region) -> Answers:
    """Four colleagues by their numbers."""
    office = region.office
    with office.desk.store.reading(office.agency_id) as tx:
        nips = [people.employee(tx, person).nip for person in COLLEAGUES]
    rows = {f"rows.{place}.nip": nip for place, nip in enumerate(nips)}
    kinds = {f"rows.{place}.relation": "cross_unit" for place in range(len(nips))}
    kinds["rows.0.relation"] = "same_team"
    return {**rows, **kinds, "few_reason": "Unit kecil; rekan lain adalah atasan."}


def name_colleagues(region: Region, wide: Walker, employee: Walker) -> None:
    """HR proposes, the employee refuses one, the rater approves."""
    wide.done("hr_officer", "Usulkan rekan sejawat", proposal(region))
    refusing: Answers = {"rows.3.objected": True, "reason": "Pernah bersengketa tentang piket."}
    employee.done(SUBJECT, "Tinjau usulan rekan", refusing)
    wide.done(RATER, "Setujui rekan sejawat", {})


def draft_unseeing(wide: Walker, region: Region) -> None:
    """The rater drafts while what colleagues said is still under the seal."""
    wide.done(RATER, "Nyatakan benturan kepentingan", {"has_conflict": "false"})
    wide.go(f"/cases/{region.case}")
    expect(wide.page.locator("main")).not_to_contain_text(SECRET)
    wide.go("/inbox")
    wide.open("Tulis konsep penilaian")
    expect(wide.page.locator("main")).not_to_contain_text("Kerja sama menurut rekan")
    wide.answer(DRAFT)
    wide.send()


def expect_confidence(region: Region, walker: Walker, person: str) -> None:
    """What three said is told without who said it; the trail knows no words, and who was asked."""
    walker.sit(person)
    walker.go(f"/cases/{region.case}")
    said = walker.page.get_by_role("region", name="Disampaikan secara tertutup")
    expect(said.get_by_text(SECRET)).to_have_count(len(ASKED))
    expect(said).not_to_contain_text("Nama ")
    walker.go(f"/cases/{region.case}/trail")
    trail = walker.page.locator("ol.trail")
    sent = trail.locator("> li").filter(has_text="mengirim “Beri penilaian sejawat”")
    expect(sent).to_have_text([re.compile("Rekan sejawat mengirim")] * len(ASKED))
    expect(trail).not_to_contain_text(SECRET)


def test_colleagues_answer_in_confidence_and_the_draft_comes_first(
    browser: Browser, tmp_path: Path
) -> None:
    with region_of("gayungan", tmp_path) as region:
        region.start()
        wide, phone = window(browser, region), window(browser, region, phone=True)
        phone.done(SUBJECT, "Isi penilaian diri", {**REALISED, **PAPERS})
        wide.done("hr_officer", "Isi data pengaduan", FIGURES)
        name_colleagues(region, wide, phone)
        for person in ASKED:
            phone.done(person, "Beri penilaian sejawat", SAID)
        # What follows the last answer opens at midnight, so that its hour tells nothing.
        region.advance(timedelta(days=1))
        draft_unseeing(wide, region)
        index: Answers = {"has_index": "true", "index": "79", "responses": "120"}
        wide.done("hr_officer", "Isi indeks kepuasan", index)
        wide.sit(RATER)
        wide.open("Nilai hasil kerja dan perilaku")
        expect(wide.page.locator("main")).to_contain_text("Kerja sama menurut rekan sejawat")
        wide.answer(RATED)
        wide.send()
        to_the_delivery(region, wide, phone)
        phone.done(SUBJECT, "Baca dan tanggapi hasil", ACCEPTED)

        for walker, person in ((wide, RATER), (phone, SUBJECT)):
            expect_confidence(region, walker, person)
        assert wide.seen + phone.seen == []
