"""Figures from other books: bad rows are named, no half is ever stored, corrections replace."""

from datetime import date

import pytest
from sqlalchemy import ColumnElement, select, update

from engine.commands.checked_sheets import RowState, SheetKind
from engine.commands.imports import ReadSheet
from engine.commands.measured_figures import Recorded, record_figures
from engine.domain.measured import FigureKind
from engine.errors import Forbidden, InvalidImport
from engine.store import measured_facts, tables
from engine.store.measured_facts import MeasuredRow
from tests.cases import NOW, personal_text, problems, refusals, trail
from tests.commands.test_imports import confirm, findings, look, send, states
from tests.office import DIVISION, Office
from tests.ready import Offices
from tests.snapshots import changed, snapshot

CLERK, ANALYST = "198001012010011006", "198001012010012005"
COMPLAINTS = "Tanggal Diterima;Unit;Kategori;Tanggal Selesai;Selesai Sekali Tangani;NIP"
SLOW = f"2025-12-01;Bidang Perizinan;Lambat;2025-12-03;ya;{CLERK}"
OPEN = "2025-12-05;bidang  perizinan;LAMBAT;;;"
ATTENDANCE = "NIP;Bulan;Hari Wajib Kerja;Hari Hadir;Hari Siaga;Cuti Sakit"
TRAINING = "NIP;Pelatihan;Penyelenggara;JP;Tanggal Selesai;Nomor Sertifikat"
COURSE = f"{CLERK};Komunikasi;BKPSDM;20;2025-06-30;S-1"


def complaints(office: Office, *rows: str) -> ReadSheet:
    return look(office, send(office, *rows, kind=SheetKind.COMPLAINTS, header=COMPLAINTS))


def store(office: Office, *rows: str, kind=SheetKind.COMPLAINTS, header: str = COMPLAINTS) -> None:
    confirm(office, send(office, *rows, kind=kind, header=header))


def held(office: Office, kind: FigureKind = FigureKind.COMPLAINTS) -> tuple[MeasuredRow, ...]:
    days = {"since": date(2020, 1, 1), "until": date(2026, 12, 31)}
    with office.desk.store.reading(office.agency_id) as tx:
        if kind is FigureKind.COMPLAINTS:
            return measured_facts.of_units(tx, kind.value, [DIVISION], **days)
        persons = [row.id for row in tx.connection.execute(select(tables.employee.c.id))]
        return measured_facts.of_employees(tx, kind.value, persons, **days)


def imports(office: Office) -> list[dict[str, object]]:
    return [event["values"] for event in trail(office, "figures/complaints")]


def test_complaints_of_a_unit_are_kept_with_person_category_and_days(offices: Offices):
    office = offices.open("relay")

    store(office, SLOW, OPEN)

    first, second = held(office)
    assert (first.employee_id, first.on_day) == ("clerk", date(2025, 12, 1))
    assert first.figures == {"category": "lambat", "closed": "2025-12-03", "right_first": True}
    assert (second.employee_id, second.figures["closed"]) == (None, None)
    assert second.figures["category"] == "lambat"


def test_one_bad_row_holds_back_the_whole_sheet_and_says_where_it_is(offices: Offices):
    office = offices.open("relay")
    before = snapshot(office)

    found = complaints(
        office,
        SLOW,
        "2026-12-01;Bidang Perizinan;Lambat;;;",
        "2025-12-03;Dinas Lain;Lambat;2025-12-01;mungkin;1234",
        "2025-12-03;Bidang Perizinan;;;ya;",
    )

    assert findings(found) == [
        ("3:Tanggal Diterima", "measured.day_outside"),
        ("4:Selesai Sekali Tangani", "sheet.not_one_of"),
        ("4:Unit", "transfer.unit_unknown"),
        ("4:NIP", "plan.unknown_nip"),
        ("4:Tanggal Selesai", "measured.closed_before"),
        ("5:Kategori", "sheet.empty"),
        ("5:Selesai Sekali Tangani", "measured.right_while_open"),
    ]
    assert found.checked is not None
    assert (found.checked.good, states(found)[0]) == (0, RowState.NEW)
    with pytest.raises(InvalidImport):
        confirm(office, found.upload.id)
    assert {table for table, _ in changed(before, snapshot(office))} == {
        "sheet_upload", "sealing_key",
    }  # fmt: skip


def test_the_same_sheet_twice_does_nothing_twice(offices: Offices):
    office = offices.open("relay")
    store(office, SLOW, OPEN)
    known = imports(office)

    again = complaints(office, OPEN, SLOW)
    confirm(office, again.upload.id)

    assert states(again) == [RowState.UNCHANGED, RowState.UNCHANGED]
    assert len(held(office)) == 2
    assert imports(office) == known


def test_a_correction_replaces_the_month_of_the_unit_and_what_it_replaced_is_kept(offices: Offices):
    office = offices.open("relay")
    store(office, SLOW, OPEN, "2025-11-30;Bidang Perizinan;Biaya;;;")
    closed = OPEN.replace(";;;", ";2025-12-06;tidak;")

    corrected = complaints(office, SLOW, closed)
    confirm(office, corrected.upload.id)

    assert states(corrected) == [RowState.CHANGED, RowState.CHANGED]
    assert [row.figures["closed"] for row in held(office)] == [None, "2025-12-03", "2025-12-06"]
    with office.desk.store.reading(office.agency_id) as tx:
        every = tx.connection.execute(select(tables.measured_fact)).all()
    first, second = imports(office)
    assert [row.replaced_by for row in every].count(second["import"]) == 2
    assert len(every) == 5
    assert (first["facts"], second["facts"], second["replaced"]) == (3, 2, 2)


def test_the_trail_names_neither_people_nor_what_they_were_complained_of(offices: Offices):
    office = offices.open("relay")

    store(office, SLOW)

    (event,) = imports(office)
    assert "lambat" not in str(event).lower()
    assert not personal_text(office)


def test_attendance_counts_shifts_and_leaves_authorised_leave_aside(offices: Offices):
    office = offices.open("relay")
    wrong = look(
        office,
        send(
            office,
            f"{CLERK};2025-03;21;20;0;3",
            f"{CLERK};03/2025;21;10;0;30",
            f"{ANALYST};2025-13;21,5;32;;",
            kind=SheetKind.ATTENDANCE,
            header=ATTENDANCE,
        ),
    )

    store(
        office, f"{CLERK};2025-03;21;16;2;3", f"{ANALYST};04/2025;20;20;;",
        kind=SheetKind.ATTENDANCE, header=ATTENDANCE,
    )  # fmt: skip

    assert findings(wrong) == [
        ("2:Hari Hadir", "measured.too_present"),
        ("3:Hari Wajib Kerja", "measured.too_much_leave"),
        ("4:Bulan", "people.day"),
        ("4:Hari Wajib Kerja", "measured.number"),
        ("4:Hari Hadir", "measured.number"),
    ]
    clerk, analyst = held(office, FigureKind.ATTENDANCE)
    assert (clerk.on_day, clerk.figures["on_call"], clerk.figures["leave_sick"]) == (
        date(2025, 3, 1), 2, 3,
    )  # fmt: skip
    assert (analyst.employee_id, analyst.figures["leave_sick"]) == ("analyst", 0)


def test_a_certificate_is_known_by_its_number_and_others_stay(offices: Offices):
    office = offices.open("relay")
    kind = {"kind": SheetKind.TRAINING, "header": TRAINING}
    store(office, COURSE, f"{CLERK};Waktu;BKPSDM;8;2025-06-30;S-2", **kind)

    twice = look(office, send(office, COURSE, COURSE, **kind))
    store(office, COURSE.replace(";20;", ";12,5;"), **kind)

    assert findings(twice) == [("3:Nomor Sertifikat", "measured.twice")]
    hours = {row.figures["certificate"]: str(row.figures["hours"])
             for row in held(office, FigureKind.TRAINING)}  # fmt: skip
    assert hours == {"S-1": "12.50", "S-2": "8"}


def rest(office: Office, *rows: dict[str, object], by: str = "hr_officer") -> Recorded:
    actor = office.actor(by, NOW)
    return record_figures(office.desk, actor, kind=FigureKind.COMPLAINTS, rows=rows, now=NOW)


ROW = {
    "received": "2025-12-01", "unit": "Bidang Perizinan", "category": "Lambat",
    "closed": "2025-12-03", "right_first": "ya", "nip": CLERK,
}  # fmt: skip


def test_another_system_brings_rows_by_the_same_rules(offices: Offices):
    office = offices.open("relay")
    before = snapshot(office)

    with pytest.raises(InvalidImport) as refused:
        rest(office, ROW, ROW | {"received": "besok"})
    nothing = set(changed(before, snapshot(office)))
    first, again = rest(office, ROW), rest(office, ROW)

    assert [f.element_id for f in refused.value.findings] == ["2:Tanggal Diterima"]
    assert not nothing
    assert (first, again) == (Recorded(1, 0, 0), Recorded(0, 0, 0))
    assert held(office)[0].figures["category"] == "lambat"


@pytest.mark.parametrize("person", ["clerk", "division_head", "auditor"])
def test_only_performance_officers_bring_figures_in(offices: Offices, person: str):
    office = offices.open("relay")

    with pytest.raises(Forbidden):
        rest(office, ROW, by=person)

    assert refusals(office, person)
    assert not held(office)


def test_the_trail_vouches_for_every_import_also_after_corrections(offices: Offices):
    office = offices.open("relay")
    fact = tables.measured_fact
    kind = {"kind": SheetKind.TRAINING, "header": TRAINING}
    store(office, COURSE, f"{CLERK};Waktu;BKPSDM;8;2025-06-30;S-2", **kind)
    store(office, COURSE.replace(";20;", ";12,5;"), **kind)
    store(office, SLOW, OPEN)
    old = fact.c.replaced_by.is_not(None)

    def rewritten(which: ColumnElement[bool], by: str | None) -> tuple[str, str]:
        with office.desk.store.transaction(office.agency_id) as tx:
            (row,) = tx.connection.execute(select(fact.c.id, fact.c.replaced_by).where(which))
            tx.connection.execute(update(fact).where(which).values(replaced_by=by))
            return row.id, row.replaced_by

    untouched = problems(office)
    which, by = rewritten(old, None)
    found = [(problem.chain_id, problem.n) for problem in problems(office)]
    rewritten(fact.c.id == which, by)

    assert untouched == []
    assert found == [("figures/training", 2)]
