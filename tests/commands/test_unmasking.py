"""Who said something in confidence is learned by two people with a reason each, or by nobody."""

import pytest

from engine.commands.unmasking import (
    ask_identity,
    decide_identity,
    known_unmaskings,
    may_ask_identity,
    read_identity,
    remark_code,
)
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import EmployeeId, UnitFunction
from engine.errors import Conflict, Forbidden, InvalidForm, NotFound
from engine.store import audit, instances, people, results
from engine.store.people import DutyRow
from engine.store.results import ResultRow
from tests.cases import NOW, SECRET, Case, problems
from tests.commands import test_confidence
from tests.commands.test_confidence import PEERS, spoken
from tests.office import SINCE, Office
from tests.ready import Offices

TEAM, INSPECTORATE = "sekda", "hr_officer"
WHY = "Tulisan ini berisi ancaman kepada pegawai."
SAME = dict.fromkeys(("helps", "listens", "shares"), "4")
OF_RESULT = ("version", "result_rating", "behaviour_rating", "predicate", "decided_by")
TEXT = remark_code(f"{SECRET} auditor tabah")


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office whose cases ask colleagues in confidence, with a team and an inspectorate."""
    made = offices.open("chorus")
    duty(made, TEAM, UnitFunction.TEAM)
    duty(made, INSPECTORATE, UnitFunction.INSPECTORATE)
    return made


def duty(office: Office, person: str, function: UnitFunction) -> None:
    with office.desk.store.transaction(office.agency_id) as tx:
        row = DutyRow(f"u-{person}-{function}", EmployeeId(person), function.value, None, SINCE)
        people.add(tx, [row])


def told(office: Office, peers: tuple[str, ...] = PEERS) -> Case:
    """A case in which these peers spoke and whose result was delivered."""
    case = spoken(office, peers)
    with office.desk.store.transaction(office.agency_id) as tx:
        row, result = instances.load(tx, case.id).row, delivered(case)
        results.add(tx, result)
        values = {name: getattr(result, name) for name in OF_RESULT}
        event = AuditEvent(
            Action.RESULT_VERSIONED, NOW, result.decided_by, instance=case.id, values=values
        )
        instances.save_head(tx, row.chain, audit.append(tx, row.chain, [event]))
    return case


def delivered(case: Case) -> ResultRow:
    """A result that the employee has."""
    return ResultRow(
        case.id, 1, "rater", "above", "above", "very_good", EmployeeId("division_head"), NOW,
        delivered_at=NOW, delivery_kind="opened",
    )  # fmt: skip


def ask(case: Case, person: str = TEAM, *, remark: str = TEXT, reason: str = WHY) -> str:
    office = case.office
    return ask_identity(
        office.desk, office.actor(person, NOW), instance_id=case.id, remark=remark, reason=reason,
        now=NOW,
    )  # fmt: skip


def decide(case: Case, request: str, person: str = INSPECTORATE, *, granted: bool = True) -> None:
    office = case.office
    decide_identity(
        office.desk, office.actor(person, NOW), unmasking_id=request, granted=granted, reason=WHY,
        now=NOW,
    )  # fmt: skip


def read(case: Case, request: str, person: str) -> EmployeeId:
    office = case.office
    return read_identity(office.desk, office.actor(person, NOW), unmasking_id=request, now=NOW)


def test_two_people_with_a_reason_each_learn_who_it_was(office: Office) -> None:
    case = told(office)
    before = problems(office)
    request = ask(case)
    decide(case, request)

    assert {read(case, request, person) for person in (TEAM, INSPECTORATE)} == {"auditor"}
    assert case.actions[-4:] == [
        "identity.asked", "identity.unmasked", "identity.read", "identity.read",
    ]  # fmt: skip
    assert problems(office) == before


def test_events_and_rows_name_nobody_who_spoke_and_no_reason(office: Office) -> None:
    case = told(office)
    decide(case, ask(case))

    text = repr([event for event in case.events if event["action"].startswith("identity.")])

    assert "auditor" not in text
    assert "ancaman" not in text
    assert SECRET not in text


def test_one_alone_learns_nothing(office: Office) -> None:
    case = told(office)
    duty(office, TEAM, UnitFunction.INSPECTORATE)
    request = ask(case)

    with pytest.raises(NotFound):
        read(case, request, TEAM)
    with pytest.raises(Forbidden, match="two_people"):
        decide(case, request, TEAM)


def test_what_was_refused_stays_under_the_seal(office: Office) -> None:
    case = told(office)
    request = ask(case)
    decide(case, request, granted=False)

    with pytest.raises(NotFound):
        read(case, request, TEAM)
    with pytest.raises(Conflict):
        decide(case, request)


@pytest.mark.parametrize("person", ["analyst", "division_head", "department_head"])
def test_the_rater_and_those_of_the_case_never_learn_it_even_with_the_duties(
    office: Office, person: str
) -> None:
    case = told(office)
    duty(office, person, UnitFunction.TEAM)
    duty(office, person, UnitFunction.INSPECTORATE)
    request = ask(case)

    with pytest.raises(Forbidden, match="not_yours"):
        ask(case, person)
    with pytest.raises(Forbidden, match="not_yours"):
        decide(case, request, person)
    decide(case, request)
    with pytest.raises(NotFound):
        read(case, request, person)
    actor = office.actor(person, NOW)
    assert not may_ask_identity(office.desk, actor, instance_id=case.id)
    assert known_unmaskings(office.desk, actor, now=NOW) == ()


def test_who_was_asked_himself_has_no_part_in_it(office: Office) -> None:
    case = told(office)
    duty(office, "assistant", UnitFunction.TEAM)

    with pytest.raises(Forbidden, match="took_part"):
        ask(case, "assistant")


@pytest.mark.parametrize("person", ["hr_colleague", "clerk", INSPECTORATE])
def test_only_the_team_asks(office: Office, person: str) -> None:
    case = told(office)

    with pytest.raises(Forbidden):
        ask(case, person)


def test_a_reason_is_a_sentence(office: Office) -> None:
    case = told(office)

    with pytest.raises(InvalidForm, match=r"identity\.reason"):
        ask(case, reason="Penting.")


def test_what_no_reader_is_told_is_not_asked_about(office: Office) -> None:
    few, unknown = told(office, PEERS[1:3]), remark_code("Bukan tulisan siapa pun.")

    with pytest.raises(NotFound):
        ask(few)
    with pytest.raises(NotFound):
        ask(few, remark=unknown)


def test_words_that_several_wrote_name_nobody(office: Office, monkeypatch) -> None:
    monkeypatch.setattr(test_confidence, "words", lambda _peer: {**SAME, "strength": SECRET})
    case = told(office)

    with pytest.raises(InvalidForm, match=r"identity\.same_text"):
        ask(case, remark=remark_code(SECRET))


def test_before_the_delivery_nothing_is_asked_about(office: Office) -> None:
    case = spoken(office)

    with pytest.raises(NotFound):
        ask(case)
