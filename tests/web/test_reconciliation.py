"""HR compares the recap of another application with a period; nothing of it is kept."""

from io import BytesIO

from python_calamine import CalamineWorkbook

from engine.domain.actions import Action
from engine.store import audit
from tests.web.conftest import Seat, Town

RECAP = "NIP;Nama;Predikat\n{nip};Siapa;Baik\n000000000000000000;Lain;Baik\n"


def page(town: Town) -> str:
    return f"/cycles/{town.office.cycle_id}/reconciliation"


def brought(seat: Seat, town: Town, content: str, **fields: str):
    return seat.post(page(town), files={"recap": ("rekap.csv", content.encode())}, **fields)


def nip_of(town: Town, person: str, desk) -> str:
    with desk.store.reading(town.office.agency_id) as tx:
        return tx.connection.exec_driver_sql(
            f"SELECT nip FROM employee WHERE id = '{person}'"
        ).scalar_one()


def test_what_differs_is_listed_by_kind(seat: Seat, town: Town, desk) -> None:
    seat.take("hr_officer")

    html = brought(seat, town, RECAP.format(nip=nip_of(town, "analyst", desk))).text

    assert "Belum final di sini" in html
    assert "NIP tidak dikenal di sini" in html
    assert "Nama analyst" in html


def test_the_whole_list_can_be_had_as_a_sheet(seat: Seat, town: Town, desk) -> None:
    seat.take("hr_officer")
    recap = RECAP.format(nip=nip_of(town, "analyst", desk)).replace("Baik", "=1+1", 1)

    answer = brought(seat, town, recap, **{"as": "xlsx"})

    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "Perbedaan"
    assert [row[5] for row in rows[1:]] == ["=1+1", "Baik"]


def test_the_comparison_leaves_counts_and_a_hash_in_the_trail(seat: Seat, town: Town, desk) -> None:
    seat.take("hr_officer")
    brought(seat, town, RECAP.format(nip=nip_of(town, "analyst", desk)))

    chain = audit.object_chain("cycle", town.office.cycle_id)
    with desk.store.reading(town.office.agency_id) as tx:
        event = audit.events_of(tx, chain)[-1]

    assert event.action == Action.RECAP_COMPARED
    assert '"lines":2' in event.body
    assert "Siapa" not in event.body


def test_a_sheet_without_the_columns_is_told_on_the_page(seat: Seat, town: Town) -> None:
    seat.take("hr_officer")

    answer = brought(seat, town, "A;B\n1;2\n")

    assert answer.status_code == 422
    assert "NIP" in answer.text
    assert 'role="alert"' in answer.text


def test_an_employee_finds_no_such_page(seat: Seat, town: Town) -> None:
    seat.take("analyst")

    assert seat.client.get(page(town)).status_code in {403, 404}
