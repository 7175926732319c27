"""Words survive the end of a sign-in, another seat, a reassignment, and a lost answer."""

from datetime import timedelta

import pytest

from engine.commands.desk import Desk
from engine.domain.people import EmployeeId
from engine.store import drafts
from tests.web.conftest import Seat, Town
from tests.web.test_work_pages import filled, send, without_tokens

TYPED = "Jaringan putus tiga hari."
OTHER = "Versi dari jendela lain."
WORDS = {"rows.0.obstacle": TYPED}
NIGHT = timedelta(hours=13)


@pytest.fixture
def item(seat: Seat) -> str:
    return seat.take("analyst").item()


def autosave(seat: Seat, item: str, fields: dict[str, str], **changes: str):
    return seat.client.post(f"{item}/draft", data={**fields, **changes})


@pytest.mark.parametrize("button", ["send", "save", "go:case", "add:rows"])
def test_words_sent_after_the_sign_in_ended_stand_in_the_form_after_the_next_one(
    seat: Seat, item: str, button: str
):
    fields = filled(seat, item, button, **WORDS)
    seat.clock.now += NIGHT

    door = seat.client.post(item, data=fields)
    form = seat.post("/sign-in", employee_id="analyst", token=seat.token("/sign-in"))

    assert door.url.path == "/sign-in"
    assert "Isian Anda disimpan" in door.text
    assert form.url.path == item
    assert "Ini isian Anda sebelum Anda keluar" in form.text
    assert TYPED in form.text
    assert 'name="rows.0.obstacle"' in form.text


def test_words_kept_for_one_person_are_nobody_elses(seat: Seat, item: str):
    fields = filled(seat, item, "save", **WORDS)
    seat.clock.now += NIGHT
    seat.client.post(item, data=fields)

    other = seat.post("/sign-in", employee_id="clerk", token=seat.token("/sign-in"))

    assert other.url.path == "/inbox"
    assert TYPED not in other.text
    assert seat.client.get(item).status_code == 404


def test_words_of_a_sign_in_that_nobody_knows_come_back_to_be_copied(seat: Seat, item: str):
    fields = filled(seat, item, "save", **WORDS)
    seat.post("/sign-out")

    answer = seat.client.post(item, data=fields)
    nothing = seat.client.post(item, data={"_op": "save"})

    assert answer.status_code == 401
    assert TYPED in answer.text
    assert nothing.url.path == "/sign-in"


def test_kept_words_and_a_newer_draft_are_shown_beside_each_other(seat: Seat, item: str):
    fields = filled(seat, item, "save", **WORDS)
    send(seat, item, "save", **{"rows.0.obstacle": OTHER})
    seat.clock.now += NIGHT
    seat.client.post(item, data=fields)

    form = seat.post("/sign-in", employee_id="analyst", token=seat.token("/sign-in"))
    stored = seat.post(f"{item}/stored-draft")

    assert "Dua versi jawaban Anda" in form.text
    assert TYPED in form.text
    assert OTHER in form.text
    assert OTHER in stored.text
    assert TYPED not in stored.text


def test_an_overtaken_draft_is_shown_beside_the_stored_one(seat: Seat, item: str):
    older = filled(seat, item, "save", **WORDS)
    send(seat, item, "save", **{"rows.0.obstacle": OTHER})

    refused = seat.client.post(item, data=older)

    assert refused.status_code == 409
    assert "Dua versi jawaban Anda" in refused.text
    assert f'<td data-l="Diketik di sini">{TYPED}</td>' in refused.text
    assert f'<td data-l="Tersimpan sebelumnya">{OTHER}</td>' in refused.text


def test_a_form_of_an_older_sign_in_comes_back_filled_in(seat: Seat, item: str):
    fields = filled(seat, item, "send", **WORDS)
    seat.take("analyst")

    refused = seat.client.post(item, data=fields)

    assert refused.status_code == 403
    assert "Formulir ini" in refused.text
    assert TYPED in refused.text
    assert 'name="rows.0.obstacle"' in refused.text


def test_words_for_a_task_that_went_to_somebody_else_come_back_and_say_nothing_of_it(
    seat: Seat, item: str, desk: Desk, town: Town
):
    fields = filled(seat, item, "send", **WORDS)
    with desk.store.transaction(town.office.agency_id) as tx:
        tx.connection.exec_driver_sql(
            "UPDATE work_item SET assignee_id = 'clerk' WHERE id = ?",
            (item.removeprefix("/work-items/"),),
        )

    refused = seat.client.post(item, data=fields)
    missing = seat.client.post("/work-items/unknown", data=fields)
    saved = autosave(seat, item, fields)

    assert refused.status_code == missing.status_code == saved.status_code == 404
    assert TYPED in refused.text
    assert without_tokens(refused.text) == without_tokens(missing.text)


def test_a_save_while_typing_answers_with_figures_only(seat: Seat, item: str):
    fields = filled(seat, item, "", **WORDS)

    answer = autosave(seat, item, fields, _edits="1").json()

    assert (answer["revision"], answer["status"]) == (1, "Tersimpan 09.00")
    assert answer["outputs"]["f-rows-0-attainment"].startswith("98,5")
    assert TYPED not in str(answer)
    assert TYPED in seat.client.get(item).text


def test_a_window_whose_answer_was_lost_goes_on_saving(seat: Seat, item: str):
    fields = filled(seat, item, "")

    first = autosave(seat, item, fields, _edits="1")
    second = autosave(seat, item, {**fields, **WORDS}, _edits="2")
    late = autosave(seat, item, fields, _edits="1")

    assert (first.status_code, second.status_code, late.status_code) == (200, 200, 409)
    assert TYPED in seat.client.get(item).text


def test_another_window_is_told_while_typing_that_it_was_overtaken(seat: Seat, item: str):
    mine, other = filled(seat, item, ""), filled(seat, item, "")
    autosave(seat, item, mine, _edits="1")

    told = autosave(seat, item, other, _edits="9")

    assert told.status_code == 409
    assert "Jendela lain" in told.json()["status"]


def test_a_save_after_the_sign_in_ended_keeps_the_words(seat: Seat, item: str):
    fields = filled(seat, item, "", **WORDS)
    seat.clock.now += NIGHT

    told = autosave(seat, item, fields)
    form = seat.post("/sign-in", employee_id="analyst", token=seat.token("/sign-in"))

    assert told.status_code == 401
    assert "masuk lagi" in told.json()["status"]
    assert TYPED in form.text


def test_tabs_save_what_was_typed_before_they_lead_away(
    seat: Seat, item: str, desk: Desk, town: Town
):
    answer = send(seat, item, "go:history", **WORDS)

    assert answer.url.path == f"{item}/history"
    with desk.store.reading(town.office.agency_id) as tx:
        kept = drafts.find(tx, item.rsplit("/", maxsplit=1)[-1])
    assert kept is not None
    assert kept.actor_id == EmployeeId("analyst")
