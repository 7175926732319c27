"""Two periods of the daily log side by side, and one that is closed."""

import re
from datetime import UTC, datetime

from engine.commands.closing import close_cycle
from engine.commands.log_notes import write_log_note
from engine.domain.daily_log import NoteKind
from engine.store.closings import Handling
from tests.faults.test_lost_definition import deploy, lose_files_of_cycle
from tests.logs import NOW, entered, with_year
from tests.web.conftest import seated
from tests.web.test_daily_log import (
    TYPED,
    address,
    office,
    offices,
    seat,
    session_folder,
)

__all__ = ["office", "offices", "seat", "session_folder"]


def test_in_january_the_last_days_of_the_old_year_are_still_entered(seat, office):
    seat.clock.now = january = datetime(2027, 1, 4, 2, tzinfo=UTC)
    with_year(office, 2027, january)
    newest = seat.take("analyst").client.get("/daily-log").text

    old = re.search(r'href="(/daily-log[^"]+)">Tahun 2026</a>', newest)[1]
    page = seat.client.get(old).text
    day = {"day": "2026-12-31", "late_reason": "Libur tahun baru"}
    hidden = dict(re.findall(r'name="(cycle|key|week)" value="([^"]+)"', page))
    done = seat.post("/daily-log", more={**TYPED, **hidden, **day})

    listed = seat.take("division_head").client.get("/daily-log/staff").text
    assert [listed.count(f"{period} · Analis") for period in ("Tahun 2026", "Tahun 2027")] == [1, 1]
    assert 'class="over">Tahun 2027' in newest
    assert 'class="over">Tahun 2026' in page
    assert hidden["week"] == "2026-12-28"
    assert "Memeriksa &lt;b&gt;berkas&lt;/b&gt; izin" in done.text
    assert 'class="over">Tahun 2026' in done.text


def test_an_old_year_whose_files_are_lost_does_not_stop_the_log_of_today(office, offices):
    january = datetime(2027, 1, 4, 2, tzinfo=UTC)
    deploy(office, "Tahun kedua", "walesi")
    with_year(office, 2027, january)
    left = lose_files_of_cycle(offices, office.cycle_id)

    with seated(left.desk, january) as today:
        page = today.take("analyst").client.get("/daily-log").text

    assert 'class="over">Tahun 2027' in page
    assert ">Tahun 2026</a>" in page


def test_what_is_said_of_the_old_year_leads_to_its_log(seat, office):
    made, january = entered(office), datetime(2027, 1, 4, 2, tzinfo=UTC)
    with_year(office, 2027, january)
    head = office.actor("division_head", january)
    write_log_note(
        office.desk, head, entry_id=made, kind=NoteKind.DIRECTION, text="Utamakan", now=january
    )
    seat.clock.now = january

    bell = seat.take("analyst").client.get("/notices").text
    leads = re.search(r'href="(/notices/[^"]+)"[^>]*>Pejabat Penilai Kinerja menulis', bell)[1]

    assert 'class="over">Tahun 2026' in seat.client.get(leads).text


def test_a_closed_period_is_read_and_offers_nothing_that_would_be_refused(seat, office):
    made = entered(office)
    close_cycle(
        office.desk, office.actor("hr_officer", NOW), cycle_id=office.cycle_id,
        handling=Handling.GO_ON, reason="Selesai", now=NOW,
    )  # fmt: skip

    own = seat.take("analyst").client.get("/daily-log").text
    listed = seat.take("division_head").client.get("/daily-log/staff").text
    staff = seat.client.get(address(office)).text

    for page in (own, staff):
        assert "Memeriksa berkas izin usaha" in page
        assert f"/entries/{made}" not in page
        assert "Periode sudah ditutup" in page
    assert 'name="activity"' not in own
    assert "/verification" not in staff
    assert "Nama analyst" not in listed
