"""What people fear of forms: losing what they typed, sending twice, coming too late."""

import pytest
from playwright.sync_api import expect

from tests.journeys.walker import PDF, Walker

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys of forms")]

TASK = "Isi penilaian diri"
UNKNOWN = "01a20138-ad2a-7072-967c-69721c3088d9"


def test_a_refused_form_keeps_every_word_and_file(walker: Walker) -> None:
    page = walker.page
    walker.sit("analyst")
    walker.open(TASK)
    walker.answer(
        {
            "rows.0.realisation": "sembilan puluh",
            "rows.1.realisation": "1.234,5",
            "rows.1.obstacle": "Jaringan putus, lalu <b>pulih</b>.",
        }
    )
    page.locator("#f-rows-0-evidence-file").set_input_files(PDF)

    walker.press("Kirim")

    expect(page.locator(".errsum h2")).to_contain_text("isian yang perlu diperbaiki")
    expect(page.locator('[name="rows.0.realisation"]')).to_have_value("sembilan puluh")
    expect(page.locator('[name="rows.1.realisation"]')).to_have_value("1.234,5")
    expect(page.locator('[name="rows.1.obstacle"]')).to_have_value(
        "Jaringan putus, lalu <b>pulih</b>."
    )
    expect(page.locator(".files")).to_contain_text("laporan izin.pdf")
    assert walker.seen == []


def test_a_draft_is_found_again_after_leaving_the_seat(walker: Walker) -> None:
    walker.sit("analyst")
    walker.open(TASK)
    walker.answer({"rows.0.realisation": "87,5", "rows.2.realisation_text": "Hampir selesai."})
    walker.press("Simpan draf")

    walker.sit("division_head")
    walker.sit("analyst")
    expect(walker.page.get_by_role("row").filter(has_text=TASK)).to_contain_text("draf")
    walker.open(TASK)

    expect(walker.page.locator('[name="rows.0.realisation"]')).to_have_value("87,5")
    expect(walker.page.locator('[name="rows.2.realisation_text"]')).to_have_value("Hampir selesai.")
    assert walker.seen == []


def test_going_back_after_sending_shows_the_receipt(walker: Walker) -> None:
    fill_self_assessment(walker)
    sent = walker.send()

    walker.page.go_back()
    walker.look()

    receipt = walker.page.locator(".note.ok .strong")
    expect(receipt).to_contain_text("Sudah terkirim")
    expect(receipt).to_contain_text(sent)
    assert walker.seen == []


def test_sending_from_a_second_window_shows_the_first_receipt(walker: Walker) -> None:
    fill_self_assessment(walker)
    second = walker.page.context.new_page()
    second.goto(f"/work-items/{walker.site.prepared.tasks['analyst']}")
    sent = walker.send()

    second.get_by_role("button", name="Kirim", exact=True).click()

    expect(second.locator(".note.ok .strong")).to_contain_text("Sudah terkirim")
    expect(second.locator(".note.ok .strong")).to_contain_text(sent)
    assert walker.seen == []


def fill_self_assessment(walker: Walker) -> None:
    """A self-assessment ready to be sent, with a paper document for every result."""
    walker.sit("analyst")
    walker.open(TASK)
    walker.answer(
        {
            "rows.0.realisation": "98,5",
            "rows.1.realisation": "2,5",
            "rows.2.realisation_text": "Laporan panitia selesai.",
            "confirmed": True,
        }
    )
    for place in range(3):
        walker.unfold(f"rows.{place}.evidence.number")
        walker.answer({f"rows.{place}.evidence.number": f"800/{place}/2026"})


def test_the_task_of_another_looks_like_one_that_is_not(walker: Walker) -> None:
    shown = walker.page.locator("main")
    walker.sit("hr_colleague")

    walker.go(f"/work-items/{walker.site.prepared.tasks['analyst']}")
    of_another = shown.inner_text()
    walker.go(f"/work-items/{UNKNOWN}")

    assert shown.inner_text() == of_another
    expect(walker.page.locator("h1")).to_have_text("Halaman ini tidak ada")
    assert walker.seen == []


def test_a_step_whose_last_day_is_over_says_so_and_what_comes_next(walker: Walker) -> None:
    page = walker.page
    walker.sit("clerk")

    walker.go(f"/work-items/{walker.site.prepared.tasks['clerk']}")
    if page.get_by_role("button", name="Kirim", exact=True).count():
        walker.press("Kirim")

    expect(page.locator("h1")).to_have_text("Waktu untuk langkah ini sudah habis")
    expect(page.locator("main")).to_contain_text("Yang dapat Anda lakukan")
    assert walker.seen == []


def test_english_is_english_from_the_inbox_to_the_file(walker: Walker) -> None:
    page = walker.page
    walker.sit("analyst")

    walker.follow(page.get_by_role("button", name="English"))
    walker.follow(page.get_by_role("link", name="Fill in the self-assessment", exact=True))
    walker.press("Send")
    walker.follow(page.get_by_role("link", name="Appraisal file of Nama analyst"))

    expect(page.locator("dl.where")).to_contain_text("Fill in the self-assessment")
    assert walker.seen == []
