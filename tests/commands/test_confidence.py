"""Answers in confidence: nobody but the author himself can find out who said what."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.bpmn import state
from engine.commands.assignment import delegate
from engine.commands.case_answers import case_answers
from engine.commands.complete import complete_work_item
from engine.commands.desk import Desk
from engine.commands.recall import may_recall
from engine.commands.steps import open_step
from engine.commands.trail import CODE, Scribe
from engine.commands.work_forms import any_form
from engine.domain.confidence import CONFIDENCE, UNNAMED
from engine.domain.people import EmployeeId
from engine.errors import Forbidden, NotFound
from engine.jobs.timers import fire_due_timers
from engine.queries.cases import case_view
from engine.queries.trail import trail
from engine.queries.work import work_view
from engine.store import instances, submissions, work_items
from engine.store.sealing import open_sealed
from engine.store.work_items import WorkItemRow
from tests.cases import NOW, SECRET, Case, problems
from tests.commands.test_substitutes import let_substitute
from tests.office import Office
from tests.ready import Offices

PEERS = ("clerk", "hr_colleague", "auditor", "assistant")
CODES = ("1", "3", "4", "5")
# Whoever may look into the case, and somebody who may not.
READERS = ("analyst", "division_head", "department_head", "hr_officer", "hr_colleague", "auditor")
LATER = datetime(2026, 1, 8, 6, 42, 17, tzinfo=UTC)


def words(peer: str) -> dict[str, object]:
    """What a peer says; his words are a secret of his own."""
    code = CODES[PEERS.index(peer)]
    return {"helps": code, "listens": code, "shares": code, "strength": f"{SECRET} {peer} tabah"}


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office whose cases ask colleagues in confidence."""
    return offices.open("chorus")


def asked(office: Office, peers: Sequence[str] = PEERS) -> Case:
    """A case whose peers were named."""
    case = Case.start(office)
    named = [{"employee_id": peer} for peer in peers]
    case.complete("division_head", "name_peers", {"rows": named})
    return case


def items(case: Case) -> dict[str | None, WorkItemRow]:
    """The work of the peers by their ids."""
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        every = work_items.of_instance(tx, case.id)
    return {item.assignee_id: item for item in every if item.element_id == "voice"}


def speak(case: Case, peer: str, *, now: datetime = LATER) -> None:
    office = case.office
    complete_work_item(
        office.desk, office.actor(peer, now),
        item_id=items(case)[peer].id, answers=words(peer), now=now,
    )  # fmt: skip


def spoken(office: Office, peers: Sequence[str] = PEERS) -> Case:
    """A case in which all of these peers, and no others, have answered."""
    case = asked(office)
    for minutes, peer in enumerate(peers):
        speak(case, peer, now=LATER + timedelta(minutes=minutes))
    return case


def data_of(case: Case) -> dict[str, object]:
    """The state of the case as it is stored, opened."""
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        loaded = instances.read_with_item(tx, next(iter(case.open.values())).id).instance
    return json.loads(state.unpacked(open_sealed(loaded.key, loaded.blob)))


def test_each_peer_gets_the_one_work_item_that_names_him(office: Office):
    case = asked(office)

    found = items(case)

    assert set(found) == set(PEERS)
    assert {item.participation for item in found.values()} == {CONFIDENCE}


def test_the_state_holds_nothing_that_a_peer_said_but_the_sum(office: Office):
    text = json.dumps(data_of(spoken(office)))

    assert SECRET not in text
    assert "cannot_judge" not in text
    assert "helps" not in text


def test_before_the_last_peer_the_state_holds_no_number_either(office: Office):
    text = json.dumps(data_of(spoken(office, PEERS[:3])))

    assert '"ratings"' not in text
    assert "helps" not in text


def test_the_sum_is_the_same_whoever_spoke_first(office: Office):
    for peers in (PEERS, PEERS[::-1]):
        case = Case(office, office.start("analyst" if peers == PEERS else "department_head", NOW))
        rater = case.open["name_peers"].assignee_id or ""
        others = [peer for peer in peers if peer != rater][:3]
        named = {"rows": [{"employee_id": peer} for peer in others]}
        case.complete(rater, "name_peers", named)
        for peer in others:
            speak(case, peer)
        with office.desk.store.reading(office.agency_id) as tx:
            found = submissions.of_instance(tx, case.id, in_confidence=True)
        assert [row.actor_id for row in found] == [UNNAMED] * 3
        numbers = sorted(Decimal(CODES[PEERS.index(peer)]) for peer in others)
        assert peers_of(case) == [str(number) for number in numbers]


def peers_of(case: Case) -> list[str]:
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        item = case.open["note"]
        loaded = instances.read_with_item(tx, item.id)
    with case.office.desk.store.transaction(case.office.agency_id) as tx:
        row = loaded.instance.row
        scribe = Scribe(row.id, row.definition_id, LATER, EmployeeId("division_head"))
        step = open_step(case.office.desk, tx, loaded.instance, scribe)
        return [str(rating) for rating in step.execution.data(item.task_id)["peers"]["ratings"]]


def test_below_the_floor_nothing_shows_when_the_time_is_over(office: Office):
    case = spoken(office, PEERS[:2])

    fire_due_timers(office.desk, office.agency_id, now=LATER + timedelta(days=12))

    assert list(case.open) == ["note"]
    assert peers_of(case) == []
    done = [event for event in case.events if event["action"] == "operation.done"][-1]
    assert done["values"]["values"] == {"count": None, "is_told": False}


def test_an_event_names_the_week_and_nobody(office: Office):
    case = spoken(office)

    events = [
        e for e in case.events if e.get("element") == "voice" and e["action"] == "work.completed"
    ]

    assert {event["actor"] for event in events} == {UNNAMED}
    assert {event["at"] for event in events} == {"2026-01-05T01:00:00.000000+00:00"}
    assert all("submission" not in event["values"] for event in events)
    assert all(CODE.fullmatch(str(event["values"]["commitment"])) for event in events)


def test_rows_outside_the_seal_name_the_week_and_nobody(office: Office):
    case = spoken(office)

    with office.desk.store.reading(office.agency_id) as tx:
        rows = submissions.of_instance(tx, case.id, in_confidence=True)
    found = items(case).values()

    assert {row.actor_id for row in rows} == {item.closed_by for item in found} == {UNNAMED}
    assert {row.at for row in rows} == {item.closed_at for item in found} == {NOW}
    assert not any(SECRET.encode() in row.payload for row in rows)


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_of_the_case_finds_who_said_what(office: Office, reader: str):
    case = spoken(office)
    desk, actor = office.desk, office.actor(reader, LATER)

    others = [item for item in items(case).values() if item.assignee_id != reader]
    seen = [everything(desk, case, actor), *(of_item(desk, actor, item) for item in others)]

    text = repr(seen)
    assert SECRET not in text
    assert "tabah" not in text


def everything(desk: Desk, case: Case, actor) -> list[object]:
    """What the pages of a case read, where the actor may."""
    found: list[object] = []
    settings_of = desk_settings(desk)
    with desk.store.reading(actor.agency_id) as tx:
        for read in (
            lambda: case_view(tx, actor, case.id, settings_of=settings_of, now=LATER),
            lambda: trail(
                tx,
                actor,
                case.id,
                settings_of=settings_of,
                drawing_of=desk_drawing(desk),
                now=LATER,
            ),
        ):
            try:
                found.append(read())
            except NotFound:
                found.append(None)
    try:
        answered = case_answers(desk, actor, instance_id=case.id, language="id", now=LATER)
    except NotFound:
        return found
    assert all(step.element_id != "voice" for step in answered)
    return [*found, answered]


def of_item(desk: Desk, actor, item: WorkItemRow) -> list[object]:
    """What the pages of another's work item read."""
    found: list[object] = []
    with desk.store.reading(actor.agency_id) as tx:
        try:
            view = work_view(tx, actor, item.id, settings_of=desk_settings(desk), now=LATER)
        except NotFound:
            view = None
    assert view is None or view.receipt is None
    with pytest.raises(Forbidden):
        any_form(desk, actor, item_id=item.id)
    return [*found, view]


def desk_settings(desk: Desk):
    return lambda tx, key: desk.definitions.get(tx, key).settings


def desk_drawing(desk: Desk):
    return lambda tx, key: desk.definitions.get(tx, key).drawing


def test_a_peer_reads_his_own_words_and_receipt_and_nothing_of_the_case(office: Office):
    case = spoken(office)
    actor, own = office.actor("clerk", LATER), items(case)["clerk"]

    assert any_form(office.desk, actor, item_id=own.id).sent == words("clerk")
    with office.desk.store.reading(office.agency_id) as tx:
        view = work_view(tx, actor, own.id, settings_of=desk_settings(office.desk), now=LATER)
        with pytest.raises(NotFound):
            case_view(tx, actor, case.id, settings_of=desk_settings(office.desk), now=LATER)
        assert not may_recall(office.desk, tx, actor, own.id, now=LATER)
    assert view.receipt is not None
    assert not view.reads_case


def test_nobody_answers_or_prepares_in_the_name_of_a_peer(office: Office):
    case = asked(office)
    let_substitute(office, "hr_officer", absent="clerk")
    item = items(case)["clerk"]

    with pytest.raises(Forbidden):
        complete_work_item(
            office.desk, office.actor("hr_officer", NOW),
            item_id=item.id, answers=words("clerk"), now=NOW,
        )  # fmt: skip
    with pytest.raises(Forbidden):
        delegate(
            office.desk, office.actor("clerk", NOW),
            item_id=item.id, to=EmployeeId("hr_officer"), reason="x", now=NOW,
        )  # fmt: skip


def test_nobody_speaks_for_a_peer_who_has_left(office: Office):
    case = asked(office, ["clerk", "nobody_of_this_name", "auditor"])
    item = items(case)[None]

    with pytest.raises(Forbidden):
        complete_work_item(
            office.desk, office.actor("hr_officer", NOW),
            item_id=item.id, answers=words("clerk"), now=NOW,
        )  # fmt: skip


def test_every_confidential_answer_is_vouched_for_by_its_event(office: Office):
    case = spoken(office)

    with office.desk.store.reading(office.agency_id) as tx:
        rows = submissions.of_instance(tx, case.id, in_confidence=True)

    sealed = [e["values"]["commitment"] for e in case.events if e["action"] == "work.completed"]
    assert problems(office) == []
    assert {row.commitment for row in rows} <= set(sealed)


def test_the_day_on_which_a_sealed_step_ends_is_no_earlier_than_its_beginning(office: Office):
    case = asked(office)
    speak(case, "clerk", now=NOW + timedelta(days=1))

    item = items(case)["clerk"]

    assert item.closed_at is not None
    assert item.closed_at >= item.opened_at
    assert item.closed_at.date() == date(2026, 1, 5)
