"""A real agency goes from an empty folder to running appraisals with sheets and six commands."""

from pathlib import Path

import pytest

from engine.store import agencies, people
from engine.store import tables as t
from engine.store.database import ANY_AGENCY, Store
from tests.cli.conftest import Run

OFFICER = ("--name", "Kabupaten Uji", "--person", "Contoh Satu", "--nip", "19860926 201505 1 001")
PEOPLE = """\
NIP;Nama;Jenis;Unit;Unit Induk;Jabatan;NIP Atasan;Pimpinan Unit;Jenjang;Kode Jabatan;TMT
19700101 199501 1 001;Contoh Kepala;PNS;Dinas Uji;;Kepala Dinas;;ya;;sekretaris_daerah;2024-01-02
199002022015022001;Staf;PNS;Bidang Uji;Dinas Uji;Analis;197001011995011001;;Ahli Muda;;31/01/2025
199102022023212001;Contoh Kontrak;PPPK;Bidang Uji;Dinas Uji;Pengelola;198609262015051001;tidak;;;
"""
PLANS = """\
NIP;RHK;Jenis;Indikator;Target;Satuan;Arah
199002022015022001;Layanan selesai;utama;Izin selesai;1.200;izin;
199002022015022001;Layanan selesai;utama;Lama layanan;2,5;hari;turun
199102022023212001;Arsip tertata;utama;Berkas ditata;300;berkas;naik
"""


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    """An agency with its first officer."""
    data = tmp_path / "var"
    assert run("init", *OFFICER, "--data", data).exit_code == 0
    return data


def written(folder: Path, name: str, text: str) -> Path:
    sheet = folder.parent / name
    sheet.write_text(text, encoding="utf-8")
    return sheet


def test_an_agency_starts_its_first_cycle_from_two_sheets(run: Run, folder: Path):
    opening = ("--name", "Tahun 2025", "--starts", "2025-01-01", "--ends", "2025-12-31")

    results = [
        run("deploy", "national", "--data", folder),
        run("people", "import", written(folder, "people.csv", PEOPLE), "--data", folder),
        run("cycles", "open", *opening, "--data", folder),
        run("plans", "import", written(folder, "plans.csv", PLANS), "--data", folder),
        run("cycles", "start", "--data", folder),
        run("cycles", "start", "--data", folder),
        run("audit", "verify", "--data", folder),
    ]

    assert [result.exit_code for result in results] == [0] * 7, [r.output for r in results]
    assert "2 started" in results[4].output
    assert "2 run already" in results[5].output


def test_people_of_a_sheet_have_units_superiors_and_levels(run: Run, folder: Path):
    run("people", "import", written(folder, "people.csv", PEOPLE), "--data", folder)

    store = Store(f"sqlite:///{folder / 'alur.db'}")
    with store.reading(ANY_AGENCY) as tx:
        (agency_id,) = agencies.every_id(tx)
    with store.reading(agency_id) as tx:
        units = {unit.name: unit for unit in people.units(tx)}
        rows = tx.connection.execute(t.position.select()).all()
        starts = {row.starts.isoformat() for row in tx.connection.execute(t.assignment.select())}
    store.close()
    posts = {row.title: row for row in rows}
    assert units["Bidang Uji"].parent_id == units["Dinas Uji"].id
    assert posts["Analis"].superior_position_id == posts["Kepala Dinas"].id
    assert posts["Pengelola"].superior_position_id == posts["Pengelola Kinerja"].id
    assert posts["Analis"].functional_level == "ahli_muda"
    assert (posts["Kepala Dinas"].heads_unit, posts["Kepala Dinas"].office_code) == (
        True,
        "sekretaris_daerah",
    )
    assert {"2024-01-02", "2025-01-31"} <= starts


def test_every_wrong_cell_of_a_sheet_of_people_is_named_and_nothing_is_stored(
    run: Run, folder: Path
):
    wrong = PEOPLE.replace("Staf;PNS", ";Honorer").replace("31/01/2025", "kemarin")
    wrong = wrong.replace("198609262015051001;tidak", "190000000000000000;mungkin")

    refused = run("people", "import", written(folder, "people.csv", wrong), "--data", folder)
    again = run("people", "import", written(folder, "good.csv", PEOPLE), "--data", folder)

    assert refused.exit_code == 1
    for place in ("3:Nama", "3:Jenis", "3:TMT", "4:NIP Atasan", "4:Pimpinan Unit"):
        assert place in refused.output
    assert again.exit_code == 0


def test_a_wrong_number_is_named_at_its_row_of_the_sheet(run: Run, folder: Path):
    wrong = PEOPLE.replace("199102022023212001", "199102302023212001")

    refused = run("people", "import", written(folder, "people.csv", wrong), "--data", folder)

    assert refused.exit_code == 1
    assert "4:NIP" in refused.output
    assert "no real birth date" in refused.output


def test_steps_out_of_order_say_what_is_missing(run: Run, folder: Path, tmp_path: Path):
    sheet = written(folder, "plans.csv", PLANS)

    no_cycle = run("plans", "import", sheet, "--data", folder)
    no_agency = run("plans", "import", sheet, "--data", tmp_path / "empty")
    backwards = run(
        "cycles", "open", "--name", "x", "--starts", "2026-02-01", "--ends", "2026-01-01",
        "--data", folder,
    )  # fmt: skip

    assert (no_cycle.exit_code, "cycles open" in no_cycle.output) == (1, True)
    assert (no_agency.exit_code, "alur init" in no_agency.output) == (1, True)
    assert backwards.exit_code == 2
