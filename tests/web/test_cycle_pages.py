"""HR runs a period from its pages: what was typed stays, what is refused says where and why."""

import csv
import io
import json
import re
from hashlib import sha256

import pytest
from sqlalchemy import select

from engine.commands.exports import chosen_columns
from engine.commands.extensions import request_extension
from engine.domain.people import EmployeeId, PositionId, UnitId
from engine.jobs.extending import extend_deadlines
from engine.queries.extensions import Scope
from engine.store import audit, cycles, people, tables
from engine.store.people import PositionRow, UnitRow
from tests.web.conftest import STARTED, Seat, Town

WORDS = "Alasan yang panjang dan tidak boleh hilang"
UNITS = 300


def page(town: Town, place: str = "") -> str:
    return f"/cycles/{town.office.cycle_id}{place}"


def nip_of(town: Town, desk, person: str) -> str:
    with desk.store.reading(town.office.agency_id) as tx:
        return people.employee(tx, EmployeeId(person)).nip


@pytest.mark.parametrize(
    ("place", "fields", "kept", "sentence"),
    [
        ("/population", {"op": "exclude", "nip": "123", "reason": WORDS}, WORDS, "NIP ini"),
        ("/population", {"op": "exclude", "nip": "{clerk}", "reason": WORDS}, WORDS, "sudah mem"),
        ("/population", {"op": "exclude", "nip": "{auditor}", "reason": ""}, "{auditor}", "Isi b"),
        (
            "/population",
            {"op": "rater", "nip": "{auditor}", "rater_nip": "{auditor}", "starts": "2026-01-01"},
            "{auditor}",
            "bagi dirinya sendiri",
        ),
        (
            "/population",
            {"op": "rater", "nip": "{auditor}", "rater_nip": "{sekda}", "starts": "x"},
            "{sekda}",
            "Isi tanggal",
        ),
        (
            "/population",
            {"op": "conflict", "nip": "{clerk}", "other_nip": "{clerk}", "relation": "family"},
            "{clerk}",
            "yang berbeda",
        ),
        ("/closing", {"op": "close", "handling": "cancel", "reason": ""}, "checked", "Isi bagian"),
        (
            "/extensions",
            {"step": "self_assessment", "until": "2025-01-01", "reason": WORDS},
            WORDS,
            "sudah lewat",
        ),
        (
            "/extensions",
            {"step": "self_assessment", "until": "2206-01-01", "reason": WORDS},
            "2206-01-01",
            "lima tahun",
        ),
    ],
)
def test_a_refused_form_comes_back_filled_with_the_sentence_at_its_field(
    seat: Seat, town: Town, desk, place: str, fields: dict[str, str], kept: str, sentence: str
) -> None:
    nips = {who: nip_of(town, desk, who) for who in ("clerk", "auditor", "sekda")}
    seat.take("hr_officer")

    answer = seat.post(
        page(town, place), more={name: text.format(**nips) for name, text in fields.items()}
    )

    assert answer.status_code == 422
    assert sentence in re.search(r'class="err" id="[^"]+">([^<]+)', answer.text)[1]
    assert kept.format(**nips) in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_a_period_that_ends_before_it_starts_is_told_at_the_field(seat: Seat) -> None:
    seat.take("hr_officer")
    fields = {"name": "Tahun 2031", "starts": "2031-12-31", "ends": "2031-01-01"}

    answer = seat.post("/cycles", system="national", more=fields)

    assert answer.status_code == 422
    assert "mendahului tanggal mulai" in answer.text
    assert 'value="Tahun 2031"' in answer.text


def test_a_reason_stays_when_somebody_else_closed_the_period_first(
    seat: Seat, town: Town, desk
) -> None:
    seat.take("hr_officer")
    closing = {"op": "close", "handling": "go_on", "reason": "Selesai"}
    seat.post(page(town, "/closing"), more=closing)

    answer = seat.post(page(town, "/closing"), more=closing | {"reason": WORDS})

    assert answer.status_code == 422
    assert "berubah sejak halaman ini dibuka" in answer.text


def test_what_came_of_an_extension_is_listed_by_file(seat: Seat, town: Town, desk) -> None:
    seat.take("hr_officer")
    fields = {"step": "self_assessment", "until": "2026-03-31", "reason": WORDS}
    sent = seat.post(page(town, "/extensions"), more=fields)
    while extend_deadlines(desk, town.office.agency_id, now=seat.clock.now):
        pass

    html = seat.client.get(sent.url.path).text
    only = seat.client.get(f"{sent.url.path}?outcome=held").text

    assert sent.url.path.startswith(page(town, "/extensions/"))
    assert {"Nama analyst", "Nama clerk", "Nama division_head"} <= set(
        re.findall(r"Nama \w+", html)
    )
    assert "31 Mar" in html
    assert "Nama clerk" not in only


def test_an_extension_is_found_under_its_own_period_only(seat: Seat, town: Town, desk) -> None:
    hr = town.office.actor
    extension_id = request_extension(
        desk, hr("hr_officer", STARTED), scope=Scope(town.office.cycle_id, "self_assessment"),
        due_on=STARTED.date().replace(month=3), reason="x", now=STARTED,
    )  # fmt: skip
    seat.take("hr_officer")
    other = seat.post(
        "/cycles", system="national",
        more={"name": "Lain", "starts": "2027-01-01", "ends": "2027-12-31"},
    )  # fmt: skip

    assert seat.client.get(page(town, f"/extensions/{extension_id}")).status_code == 200
    assert seat.client.get(f"{other.url.path}/extensions/{extension_id}").status_code == 404


def test_held_files_are_named_before_a_period_is_closed(seat: Seat, town: Town, desk) -> None:
    run = tables.instance
    with desk.store.transaction(town.office.agency_id) as tx:
        tx.connection.execute(run.update().where(run.c.subject_id == "clerk").values(status="held"))
    seat.take("hr_officer")

    html = seat.client.get(page(town)).text

    assert "1 tertahan karena langkah otomatis gagal" in html
    assert f'href="/cases/{seat.cases["clerk"]}"' in html
    assert 'href="/incidents"' in html


def test_an_export_keeps_its_columns_and_its_hash_is_that_of_the_bytes(
    seat: Seat, town: Town, desk
) -> None:
    seat.take("hr_officer")

    answer = seat.post(page(town, "/export"), form="csv", more={"column": ["nip", "predicate"]})

    with desk.store.reading(town.office.agency_id) as tx:
        event = audit.events_of(tx, audit.object_chain("cycle", town.office.cycle_id))[-1]
        columns = chosen_columns(tx)
    values = json.loads(event.body)["values"]
    assert event.action == "export.created"
    assert values["sha256"] == sha256(answer.content).hexdigest()
    assert values["rows"] == len(town.cases)
    assert values["columns"] == list(columns) == ["nip", "predicate", "result_state"]


def test_a_name_that_looks_like_a_formula_stays_text(seat: Seat, town: Town, desk) -> None:
    who = tables.employee
    with desk.store.transaction(town.office.agency_id) as tx:
        tx.connection.execute(
            who.update().where(who.c.id == "clerk").values(name='=HYPERLINK("http://x")')
        )
    seat.take("hr_officer")

    answer = seat.post(page(town, "/export"), form="csv", more={"column": ["name"]})

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    names = {cell for row in rows for cell in row}
    assert """'=HYPERLINK("http://x")""" in names
    assert not any(name.startswith("=") for name in names)


def add_units(town: Town, desk) -> list[str]:
    """Units with one case each, made like an existing one."""
    keys = [f"u{number:03}" for number in range(UNITS)]
    made = {
        "employee": ("clerk", ("id", "nip")),
        "instance": (town.cases["clerk"], ("id", "subject_id", "unit_id")),
        "appraisal": (town.cases["clerk"], ("instance_id", "employee_id", "unit_id")),
    }
    with desk.store.transaction(town.office.agency_id) as tx:
        people.add(tx, [UnitRow(UnitId(key), None, f"Dinas {key}", "unit") for key in keys])
        head = [PositionRow(PositionId(key), UnitId(key), "Kepala", None) for key in keys]
        people.add(tx, head)
        for name, (like, fields) in made.items():
            table = tables.metadata.tables[name]
            row = tx.connection.execute(select(table).where(table.c[fields[0]] == like)).one()
            copies = [{**row._mapping, **dict.fromkeys(fields, key)} for key in keys]
            tx.connection.execute(table.insert(), copies)
    return keys


def level_of(town: Town, desk, unit: str) -> str | None:
    with desk.store.reading(town.office.agency_id) as tx:
        found = cycles.achievement(tx, town.office.cycle_id, UnitId(unit))
    return found.level if found else None


def test_three_hundred_units_are_set_at_once(seat: Seat, town: Town, desk) -> None:
    keys = add_units(town, desk)
    seat.take("hr_officer")
    fields = {f"level.{key}": "good" for key in keys} | {f"seen.{key}": ".0" for key in keys}

    answer = seat.post("/achievements", reason="LKjIP", more=fields)

    assert f"Tersimpan: {UNITS} unit." in answer.text
    assert {level_of(town, desk, key) for key in keys} == {"good"}


def test_looking_for_a_unit_stores_what_was_changed_first(seat: Seat, town: Town, desk) -> None:
    add_units(town, desk)
    seat.take("hr_officer")
    fields = {"level.u007": "poor", "seen.u007": ".0", "level.u008": "", "q": "u12"}

    answer = seat.post("/achievements", reason="LKjIP", more=fields)

    assert level_of(town, desk, "u007") == "poor"
    assert answer.text.count('name="seen.') == 10
    assert "Dinas u123" in answer.text


def test_without_a_change_no_reason_is_asked(seat: Seat, town: Town, desk) -> None:
    seat.take("hr_officer")

    assert seat.post("/achievements", more={"level.bidang": "", "seen.bidang": ".0"}).is_success


def test_without_a_reason_every_choice_stays_on_the_page(seat: Seat, town: Town, desk) -> None:
    seat.take("hr_officer")

    answer = seat.post("/achievements", reason=" ", more={"level.bidang": "poor", "q": "tidak ada"})

    assert answer.status_code == 422
    assert '<option value="poor" selected>' in answer.text
    assert level_of(town, desk, "bidang") is None


def test_what_a_colleague_has_set_meanwhile_is_not_set_back(seat: Seat, town: Town, desk) -> None:
    keys = add_units(town, desk)[:2]
    opened = {f"seen.{key}": ".0" for key in keys} | {f"level.{key}": "" for key in keys}
    seat.take("hr_colleague")
    seat.post("/achievements", reason="Rapat", more=opened | {"level.u000": "good"})
    seat.take("hr_officer")

    untouched = seat.post("/achievements", reason="x", more=opened | {"level.u001": "good"})
    against = seat.post("/achievements", reason="x", more=opened | {"level.u000": "poor"})

    assert untouched.is_success
    assert against.status_code == 422
    assert "sudah diubah orang lain" in against.text
    assert (level_of(town, desk, "u000"), level_of(town, desk, "u001")) == ("good", "good")
