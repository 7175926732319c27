"""Sheets come in by steps: nothing is stored before somebody has seen what every row would do."""

from dataclasses import replace
from datetime import date

import pytest

from engine.commands.checked_sheets import RowState, SheetKind
from engine.commands.imports import (
    KEPT,
    ReadSheet,
    choose_columns,
    discard_sheet,
    pending_sheets,
    read_sheet,
    receive_sheet,
)
from engine.commands.sheet_confirmation import Confirmed, confirm_sheet
from engine.commands.sheets import Matching
from engine.domain.people import EmployeeId
from engine.errors import Conflict, Forbidden, InvalidForm, InvalidImport, NotFound
from engine.jobs.transfers import forget_unconfirmed
from engine.store import audit, people, plans, staffing
from tests.cases import NOW, SECRET, personal_text, trail
from tests.office import Office
from tests.ready import Offices
from tests.snapshots import changed, snapshot

HEADER = "NIP;Nama;Jenis;Golongan;Unit;Jabatan;NIP Atasan;TMT;Status Jabatan;Sampai"
NEW = "199002022015022001;Siti Contoh;PNS;III/a;Bidang Perizinan;Analis;;2020-01-01;;"
BELOW = "199102022023212001;Budi;PPPK;;Bidang Perizinan;Staf;199002022015022001;2024-01-01;;"
RENAMED = "198001012010011002;Nama baru;PNS;;Sekretariat Daerah;Asisten;;;;"
SAME = "198001012010012003;Nama department_head;PNS;;Dinas Pelayanan;Kepala Dinas;;;;"
MOVED = "198001012010011004;Nama division_head;PNS;;Dinas Pelayanan;Kepala Bidang;;;;"
WRONG = "199002302015022001;Salah;PNS;;Bidang Perizinan;Analis;;;;"
ACTING = (
    "198001012010012005;Nama analyst;PNS;;Bidang Perizinan;Kepala Bidang;;2026-01-06;Plt;2026-03-31"
)
PLAN = "NIP;RHK;Jenis;Indikator;Target;Satuan"
PLANNED = "198001012010012005;Layanan;utama;Izin;100;izin"


def send(office: Office, *rows: str, kind: SheetKind = SheetKind.PEOPLE, by: str = "hr_officer",
         header: str = HEADER) -> str:  # fmt: skip
    content = "\n".join((header, *rows)).encode()
    cycle = office.cycle_id if kind is SheetKind.PLANS else None
    return receive_sheet(
        office.desk, office.actor(by, NOW), kind=kind, content=content, name=f"{SECRET}.csv",
        cycle_id=cycle, now=NOW,
    )  # fmt: skip


def look(office: Office, sheet_id: str, by: str = "hr_officer") -> ReadSheet:
    return read_sheet(office.desk, office.actor(by, NOW), upload_id=sheet_id, now=NOW)


def confirm(office: Office, sheet_id: str, by: str = "hr_officer") -> Confirmed:
    checked = look(office, sheet_id, by).checked
    assert checked is not None
    actor = office.actor(by, NOW)
    return confirm_sheet(office.desk, actor, upload_id=sheet_id, seal=checked.seal, now=NOW)


def states(found: ReadSheet) -> list[RowState]:
    assert found.checked is not None
    return [state for _, state in sorted(found.checked.states.items())]


def findings(found: ReadSheet) -> list[tuple[str | None, str]]:
    assert found.checked is not None
    return [(finding.element_id, finding.rule) for finding in found.checked.findings]


def test_every_row_says_what_it_would_do_before_anything_is_stored(offices: Offices):
    office = offices.open("relay")
    before = snapshot(office)

    found = look(office, send(office, NEW, BELOW, RENAMED, SAME, MOVED, WRONG))

    assert states(found) == [
        RowState.NEW, RowState.NEW, RowState.CHANGED, RowState.UNCHANGED, RowState.BAD,
        RowState.BAD,
    ]  # fmt: skip
    assert findings(found) == [("6:Unit", "people.moved"), ("7:NIP", "nip.birth")]
    kinds = {table for table, _ in changed(before, snapshot(office))}
    assert kinds == {"sheet_upload", "sealing_key"}
    assert personal_text(office, "Siti Contoh", SECRET) == []


def test_only_good_rows_are_stored_and_one_event_says_how_many(offices: Offices):
    office = offices.open("relay")

    done = confirm(office, send(office, NEW, BELOW, RENAMED, WRONG))

    assert (done.stored, done.skipped) == (3, 1)
    with office.desk.store.reading(office.agency_id) as tx:
        known = people.by_nips(tx, ["199002022015022001", "199002302015022001"])
        assert people.employee(tx, EmployeeId("assistant")).name == "Nama baru"
        post = staffing.assignment_on(tx, known["199002022015022001"].id, date(2026, 1, 5))
    assert list(known) == ["199002022015022001"]
    assert post is not None
    *_, event = trail(office, "people/agency")
    assert event["values"]["employees"] == 2
    assert event["values"]["changed"] == 1
    assert event["values"]["skipped"] == 1
    assert "Siti" not in str(event)


def test_who_stands_below_a_bad_row_is_skipped_with_it(offices: Offices):
    office = offices.open("relay")
    bad = NEW.replace("Siti Contoh", "")

    found = look(office, send(office, bad, BELOW))

    assert states(found) == [RowState.BAD, RowState.BAD]
    assert findings(found)[-1] == ("3:NIP Atasan", "people.superior_unknown")
    with pytest.raises(InvalidImport):
        confirm(office, send(office, bad, BELOW))


def test_what_was_stored_is_recognised_the_next_time(offices: Offices):
    office = offices.open("relay")
    confirm(office, send(office, NEW, ACTING))

    found = look(office, send(office, NEW, ACTING))

    assert states(found) == [RowState.UNCHANGED, RowState.UNCHANGED]


def test_a_second_post_as_acting_official_comes_with_the_sheet(offices: Offices):
    office = offices.open("relay")

    done = confirm(office, send(office, ACTING))

    with office.desk.store.reading(office.agency_id) as tx:
        acting = staffing.head_of_unit(tx, "bidang", date(2026, 2, 1))
    assert (done.stored, acting) == (1, "analyst")


def test_a_confirmation_is_refused_when_the_data_changed_meanwhile(offices: Offices):
    office = offices.open("relay")
    sheet_id = send(office, NEW, RENAMED)
    seen = look(office, sheet_id).checked
    confirm(office, send(office, RENAMED, by="hr_colleague"), by="hr_colleague")

    assert seen is not None
    with pytest.raises(Conflict):
        confirm_sheet(
            office.desk, office.actor("hr_officer", NOW), upload_id=sheet_id, seal=seen.seal,
            now=NOW,
        )  # fmt: skip
    assert states(look(office, sheet_id)) == [RowState.NEW, RowState.UNCHANGED]


def test_other_headings_are_matched_once_and_recognised_the_next_time(offices: Offices):
    office = offices.open("relay")
    header = "No Induk;Siapa;Status;Unit;Jabatan"
    row = "199002022015022001;Siti;PNS;Bidang Perizinan;Analis"
    first = send(office, row, header=header)
    assert look(office, first).checked is None
    columns = {"nip": 0, "name": 1, "kind": 2, "unit": 3, "post": 4}
    actor = office.actor("hr_officer", NOW)

    choose_columns(
        office.desk, actor, upload_id=first, matching=Matching(0, columns), name=" e-Kinerja ",
        now=NOW,
    )  # fmt: skip
    again = look(office, send(office, row, header="Rekap\n" + header))

    assert states(look(office, first)) == [RowState.NEW]
    assert (again.chosen, again.matching.header, states(again)) == ("e-Kinerja", 1, [RowState.NEW])
    for wrong in ({"nip": 0, "name": 0}, {"nip": 99}):
        with pytest.raises(InvalidForm):
            choose_columns(
                office.desk, actor, upload_id=first, matching=Matching(0, wrong), now=NOW
            )


def test_findings_can_be_told_by_the_headings_of_the_sheet(offices: Offices):
    office = offices.open("relay")
    header = HEADER.replace("NIP;Nama;", "NIP Baru;Siapa;")
    actor, sheet_id = office.actor("hr_officer", NOW), send(office, WRONG, header=header)
    matched = look(office, sheet_id).matching
    places = {**matched.places, "name": 1}
    choose_columns(office.desk, actor, upload_id=sheet_id, matching=Matching(0, places), now=NOW)

    found = look(office, sheet_id)

    assert found.own_headings == {"NIP": "NIP Baru", "Nama": "Siapa"}
    assert [finding.params["column"] for finding in found.checked.findings] == ["NIP"]


def test_a_plan_is_stored_whole_and_the_own_one_by_somebody_else(offices: Offices):
    office = offices.open("relay")
    own = PLANNED.replace("198001012010012005", "198001012010012007")
    half = PLANNED.replace("198001012010012005", "198001012010011006")
    sheet_id = send(office, PLANNED, own, half, half.replace(";100;", ";-1;"),
                    kind=SheetKind.PLANS, header=PLAN)  # fmt: skip

    found = look(office, sheet_id)
    done = confirm(office, sheet_id)

    assert findings(found) == [
        ("3:NIP", "plan.own"), ("4:NIP", "plan.skipped"), ("5:Target", "plan.target_negative"),
    ]  # fmt: skip
    assert (done.stored, done.skipped) == (1, 3)
    with office.desk.store.reading(office.agency_id) as tx:
        assert [row.employee_id for row in plans.of_cycle(tx, office.cycle_id)] == ["analyst"]


def test_the_plan_of_a_running_case_is_not_replaced(offices: Offices):
    office = offices.open("relay")
    office.start("analyst", NOW)

    found = look(office, send(office, PLANNED, kind=SheetKind.PLANS, header=PLAN))

    assert findings(found) == [("2:NIP", "plan.case_runs")]


def test_a_sheet_of_transfers_becomes_a_plan_that_still_has_to_be_confirmed(offices: Offices):
    office = offices.open("relay")
    header = "NIP;Jenis;TMT;Unit Baru;Jabatan Baru"
    rows = ["198001012010012005;mutasi;2026-01-05;Dinas Pelayanan;Analis",
            "198001012010011006;pensiun;2026-01-05;;", "198001012010012007;pensiun;2026-01-05;;",
            "198001012010012003;mutasi;kemarin;Dinas Lain;"]  # fmt: skip
    sheet_id = send(office, *rows, kind=SheetKind.TRANSFERS, header=header)

    found = look(office, sheet_id)
    done = confirm(office, sheet_id)

    assert [rule for _, rule in findings(found)] == [
        "transfer.own_row", "people.day", "sheet.empty",
    ]  # fmt: skip
    assert (done.stored, done.skipped, done.batch_id is not None) == (2, 2, True)


def test_a_sheet_belongs_to_who_sent_it_and_is_forgotten_after_a_day(offices: Offices):
    office = offices.open("relay")
    sheet_id, other = send(office, NEW), send(office, NEW)
    discard_sheet(office.desk, office.actor("hr_officer", NOW), upload_id=other, now=NOW)

    with pytest.raises(NotFound):
        look(office, other)
    with pytest.raises(NotFound):
        look(office, sheet_id, by="hr_colleague")
    with pytest.raises(Forbidden):
        send(office, NEW, by="auditor")
    assert forget_unconfirmed(office.desk, office.agency_id, now=NOW + KEPT) == 1
    with pytest.raises(NotFound):
        look(office, sheet_id)


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        (SheetKind.PEOPLE, "import_people"),
        (SheetKind.PLANS, "import_plan"),
        (SheetKind.COMPLAINTS, "import_figures"),
    ],
)
def test_a_refused_confirmation_is_noted_as_what_its_kind_of_sheet_needs(
    offices: Offices, kind: SheetKind, refused: str
):
    office = offices.open("relay")
    sheet_id = send(office, NEW, kind=kind)
    former = replace(office.actor("hr_officer", NOW), duties=frozenset())

    with pytest.raises(Forbidden):
        confirm_sheet(office.desk, former, upload_id=sheet_id, seal="", now=NOW)

    *_, event = trail(office, audit.actor_day(EmployeeId("hr_officer"), date(2026, 1, 5)))
    noted = {"verb": refused, "target": sheet_id, "reason": "missing_duty"}
    assert (event["action"], event["values"]) == ("access.refused", noted)


def test_what_waits_is_listed_with_who_sent_it_until_it_is_stored(offices: Offices):
    office = offices.open("relay")
    sheet_id = send(office, NEW, BELOW)
    send(office, PLANNED, kind=SheetKind.PLANS, header=PLAN, by="hr_colleague")

    def waiting(by: str) -> list[tuple[str, int | None, str, bool]]:
        found = pending_sheets(office.desk, office.actor(by, NOW), now=NOW)
        return sorted(
            (one.row.kind, one.row.row_count, one.sender.id, one.is_own)
            for one in found
            if one.sender
        )

    assert waiting("hr_officer") == [
        ("people", 2, "hr_officer", True), ("plans", 1, "hr_colleague", False),
    ]  # fmt: skip
    assert waiting("clerk") == []
    confirm(office, sheet_id)
    assert waiting("hr_colleague") == [("plans", 1, "hr_colleague", True)]


def test_nobody_fills_the_store_with_sheets(offices: Offices):
    office = offices.open("relay")

    sent = [send(office, NEW) for _ in range(7)]

    kept = []
    for sheet_id in sent:
        try:
            kept.append(look(office, sheet_id))
        except NotFound:
            continue
    assert len(kept) == 5


def test_the_own_row_of_who_imports_is_left_to_a_colleague(offices: Offices):
    office = offices.open("relay")
    own = "198001012010012007;Nama lain;PNS;IV/e;Sekretariat Daerah;Pengelola Kinerja;;;;"

    assert findings(look(office, send(office, own))) == [("2:NIP", "people.own_row")]
    assert states(look(office, send(office, own, by="hr_colleague"), "hr_colleague")) == [
        RowState.CHANGED
    ]


def test_an_event_speaks_of_the_file_by_its_fingerprint_only(offices: Offices):
    office = offices.open("relay")
    confirm(office, send(office, NEW))

    with office.desk.store.reading(office.agency_id) as tx:
        *_, event = audit.events_of(tx, "people/agency")

    assert '"sha256"' in event.body
    assert SECRET not in event.body
