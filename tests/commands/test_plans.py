"""Plans come from a sheet; one bad cell stores nothing and every bad cell is named."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import orjson
import pytest

from engine.commands.desk import Desk
from engine.commands.people import found_agency, founder, import_people
from engine.commands.plan_sheet import PlanLine, read_plan_sheet
from engine.commands.plans import import_plan, import_plan_sheet
from engine.domain.bundle import Bundle
from engine.domain.people import SYSTEM, Actor, AgencyId
from engine.errors import Forbidden, InvalidFile, InvalidImport, NotFound
from engine.rules.numbers import from_jsonable
from engine.store import audit, cycles, definitions, plans
from engine.store.cycles import CycleRow
from tests.commands.organisations import HEAD, STAFF, office
from tests.commands.sheets import xlsx

NOW = datetime(2026, 1, 5, 2, tzinfo=UTC)
HEADER = ["NIP", "RHK", "Jenis", "Indikator", "Target", "Satuan", "Arah"]
GOOD = ["199002022015022001", "Arsip tertata", "utama", "Berkas ditata", "1.250", "berkas", ""]
CSV = "\n".join(";".join(row) for row in (HEADER, GOOD)).encode()


def csv(*rows: list[str], header: list[str] = HEADER) -> bytes:
    return "\n".join(";".join(row) for row in (header, *rows)).encode()


def places(content: bytes, name: str = "plan.csv") -> list[tuple[str | None, str]]:
    with pytest.raises(InvalidImport) as caught:
        read_plan_sheet(content, name)
    return [(found.element_id, found.rule) for found in caught.value.findings]


@pytest.fixture
def agency_id(desk: Desk) -> AgencyId:
    made = found_agency(desk, name="Kabupaten Contoh", zone="Asia/Jakarta", now=NOW)
    import_people(desk, founder(made), people=office(), now=NOW)
    return made


@pytest.fixture
def cycle_id(desk: Desk, agency_id: AgencyId) -> str:
    bundle = Bundle("national", {"workflows/national/system.toml": b""})
    with desk.store.transaction(agency_id) as tx:
        deployed = definitions.deploy(tx, bundle, deployed_by=SYSTEM, now=NOW)
        year = (date(2026, 1, 1), date(2026, 12, 31))
        cycles.add(tx, CycleRow("c", "national", "2026", *year, "open", deployed.id, NOW))
    return "c"


def test_a_sheet_is_read_in_indonesian_numbers_whatever_the_order_of_columns():
    header = ["Target", "nip", "Rencana Hasil Kerja", "IKI", "jenis", "Satuan", "Arah"]
    row = ["2,5", "19900202 201502 2 001", "Arsip", "Lama proses", "Tambahan", "hari", "Turun"]

    (found,) = read_plan_sheet(csv(row, header=header), "plan.csv")

    expected = PlanLine("Arsip", "additional", "Lama proses", Decimal("2.5"), "2,5", "hari", True)
    assert (found.number, found.nip, found.line) == (2, "199002022015022001", expected)


def test_a_result_may_name_the_one_of_the_superior_that_it_serves():
    header = [*HEADER, "RHK yang Diintervensi"]

    (found,) = read_plan_sheet(csv([*GOOD, "Layanan pasti"], header=header), "plan.csv")

    assert found.line.superior_result == "Layanan pasti"


def test_a_target_in_words_is_kept_and_not_measured():
    row = [*GOOD[:4], "Tepat waktu", "", ""]

    (found,) = read_plan_sheet(csv(row), "plan.csv")

    assert (found.line.target, found.line.target_text) == (None, "Tepat waktu")


def test_a_workbook_gives_the_same_rows_as_a_text_file():
    book = xlsx([["Rencana kinerja 2026"], HEADER, GOOD, [*GOOD[:4], 12.5, "jam", "turun"]])

    rows = read_plan_sheet(book, "plan.xlsx")

    assert [row.number for row in rows] == [3, 4]
    assert rows[0].line == read_plan_sheet(CSV, "plan.csv")[0].line
    assert (rows[1].line.target, rows[1].line.inverse) == (Decimal("12.5"), True)


def test_every_bad_cell_is_named_by_row_and_column():
    bad = ["", "", "pokok", "x" * 501, "-3", "", "miring"]

    assert places(csv(GOOD, [""] * 7, bad)) == [
        ("4:NIP", "sheet.empty"),
        ("4:Target", "plan.target_negative"),
        ("4:RHK", "sheet.empty"),
        ("4:Jenis", "sheet.not_one_of"),
        ("4:Indikator", "sheet.too_long"),
        ("4:Satuan", "sheet.empty"),
        ("4:Arah", "sheet.not_one_of"),
    ]


def test_a_number_kept_as_a_number_is_refused_because_its_end_is_lost():
    book = xlsx([HEADER, [199002022015022001, *GOOD[1:]]])

    assert places(book, "plan.xlsx") == [("2:NIP", "sheet.nip_is_number")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "sheet.no_header"),
        (b"a;b\n1;2", "sheet.no_header"),
        (b"NIP;RHK\n1;2", "sheet.column_missing"),
        (csv(), "sheet.no_rows"),
    ],
)
def test_a_sheet_without_headings_or_lines_says_what_is_missing(content: bytes, expected: str):
    assert {rule for _, rule in places(content)} == {expected}


def test_files_that_are_no_sheets_are_refused_before_they_are_read():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 100_000_001)

    for content, name, reason in (
        (b"not a zip", "plan.xlsx", "file.unreadable"),
        (bomb.getvalue(), "plan.xlsx", "file.too_large"),
        (b"x" * 5_000_001, "plan.csv", "file.too_large"),
        ("NIP;Ké".encode("latin-1"), "plan.csv", "file.not_utf8"),
        (csv(*[GOOD] * 20_001), "plan.csv", "file.too_many_rows"),
    ):
        with pytest.raises(InvalidFile, match=reason):
            read_plan_sheet(content, name)


def test_a_sheet_becomes_the_plan_of_the_case(desk: Desk, agency_id: AgencyId, cycle_id: str):
    second = [*GOOD[:3], "Berkas hilang", "2", "berkas", "turun"]
    sheet = csv(GOOD, second, [*GOOD[:1], "Lainnya", "tambahan", "Rapi", "Rapi", "", ""])

    count = import_plan_sheet(
        desk, founder(agency_id), cycle_id=cycle_id, content=sheet, name="plan.csv", now=NOW
    )

    with desk.store.reading(agency_id) as tx:
        stored = plans.find(tx, cycle_id, STAFF)
        *_, event = audit.events_of(tx, audit.object_chain("cycle", cycle_id))
    lines = from_jsonable(orjson.loads(stored.content)) if stored else []
    assert count == 1
    assert [line["indicator_id"] for line in lines] == ["indicator_1", "indicator_2", "indicator_3"]
    assert [line["result_id"] for line in lines] == ["result_1", "result_1", "result_2"]
    assert [line["target"] for line in lines] == [Decimal(1250), Decimal(2), None]
    assert [line["kind"] for line in lines] == ["main", "main", "additional"]
    assert event.action == "plan.imported"
    assert "Arsip" not in event.body


def test_a_number_of_nobody_refuses_the_whole_sheet(desk: Desk, agency_id: AgencyId, cycle_id: str):
    stranger = ["199001012015021001", *GOOD[1:]]

    with pytest.raises(InvalidImport) as caught:
        import_plan_sheet(
            desk,
            founder(agency_id),
            cycle_id=cycle_id,
            content=csv(GOOD, stranger),
            name="plan.csv",
            now=NOW,
        )

    assert [found.element_id for found in caught.value.findings] == ["3:NIP"]
    with desk.store.reading(agency_id) as tx:
        assert plans.of_cycle(tx, cycle_id) == ()


def test_a_plan_needs_a_main_result_a_cycle_and_somebody_who_may(
    desk: Desk, agency_id: AgencyId, cycle_id: str
):
    extra = PlanLine("Lainnya", "additional", "Rapi", None, "Rapi", "")
    plan = {"employee_id": STAFF, "now": NOW}

    with pytest.raises(InvalidImport, match=r"plan\.no_main_result"):
        import_plan(desk, founder(agency_id), cycle_id=cycle_id, lines=[extra], **plan)
    with pytest.raises(NotFound):
        import_plan(desk, founder(agency_id), cycle_id="none", lines=[extra], **plan)
    with pytest.raises(Forbidden):
        import_plan(desk, Actor(agency_id, HEAD), cycle_id=cycle_id, lines=[extra], **plan)
