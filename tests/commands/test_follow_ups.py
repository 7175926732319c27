"""What follows a result: who sees to it, what he notes, and what a corrected result changes."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from engine.commands.case_data import beginnings
from engine.commands.cycles import open_cycle
from engine.commands.follow_up_work import read_follow_up
from engine.commands.follow_ups import (
    Proof,
    assign_follow_up,
    cancel_follow_up,
    complete_follow_up,
    note_follow_up,
)
from engine.domain.follow_ups import FollowUpStep
from engine.domain.people import EmployeeId
from engine.errors import Conflict, Forbidden, InvalidFile, InvalidForm, NotFound
from engine.store import cycles
from tests.aftermath import (
    ABOVE,
    BELOW,
    GOALS,
    PROOF,
    changed,
    completed,
    following,
    noted,
    rated,
    settled,
)
from tests.cases import NOW, SECRET, Case, personal_text, problems, refusals
from tests.office import Office
from tests.ready import Offices

COURSE = {"course": "Pelayanan publik", "hours": 12}
MONTH = timedelta(days=31)
FILE = ("sertifikat.pdf", b"%PDF-1.7 sertifikat")


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("aftermath")


@pytest.fixture
def case(office: Office) -> Case:
    return rated(office)


def states(case: Case) -> dict[str, str]:
    return {kind: row.state for kind, row in following(case).items()}


def refused(error: pytest.ExceptionInfo[InvalidForm]) -> set[str]:
    return {finding.rule for finding in error.value.findings}


def told(case: Case, kind: str) -> list[Mapping[str, object]]:
    office = case.office
    with office.desk.store.reading(office.agency_id) as tx:
        hr = office.actor("hr_officer", NOW)
        found = read_follow_up(office.desk, tx, hr, following(case)[kind].id, now=NOW)
        return [found.said(entry) for entry in found.entries]


def test_a_result_is_followed_by_what_its_settings_say_with_owner_and_day(case: Case):
    found = following(case)

    training, plan = found["training"], found["improvement_plan"]
    assert (training.owner_id, training.function, training.due_on) == (
        None, "hr", date(2026, 2, 4),
    )  # fmt: skip
    assert (plan.owner_id, plan.function, plan.due_on) == (
        "division_head", None, date(2026, 4, 5),
    )  # fmt: skip
    assert case.actions.count("follow_up.created") == 2


def test_a_result_corrected_after_an_appeal_cancels_what_no_longer_follows(case: Case):
    changed(case)

    assert states(case) == {
        "improvement_plan": "cancelled", "training": "open", "recognition": "open",
    }  # fmt: skip
    assert following(case)["improvement_plan"].closed_by == "system"
    assert case.actions.count("follow_up.cancelled") == 1
    assert case.actions.count("follow_up.created") == 3
    assert problems(case.office) == []


def test_what_was_done_before_the_correction_stays_done(office: Office):
    case = rated(office, rating=ABOVE)
    completed(case, "recognition", {})

    changed(case, BELOW)

    assert states(case)["recognition"] == "completed"


def test_a_result_that_stands_changes_nothing_of_what_follows(case: Case):
    before = following(case)

    settled(case)

    assert following(case) == before


def test_what_follows_again_after_two_corrections_is_asked_for_anew(case: Case):
    changed(case)
    changed(case, BELOW)

    assert states(case) == {
        "improvement_plan": "open", "training": "open", "recognition": "cancelled",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("person", "knows"),
    [
        ("analyst", True), ("division_head", True), ("hr_officer", True), ("hr_colleague", True),
        ("department_head", False), ("clerk", False), ("auditor", False), ("sekda", False),
    ],
)  # fmt: skip
def test_the_person_his_rater_and_hr_see_a_follow_up_and_nobody_else(
    case: Case, person: str, knows: bool
):
    office, which = case.office, following(case)["training"].id
    with office.desk.store.reading(office.agency_id) as tx:
        actor = office.actor(person, NOW)
        if knows:
            assert read_follow_up(office.desk, tx, actor, which, now=NOW).row.id == which
        else:
            with pytest.raises(NotFound):
                read_follow_up(office.desk, tx, actor, which, now=NOW)


def test_who_was_given_it_sees_it_and_ends_it(case: Case):
    office, which = case.office, following(case)["training"].id
    hr, clerk = office.actor("hr_officer", NOW), office.actor("clerk", NOW)

    assign_follow_up(office.desk, hr, follow_up_id=which, to=EmployeeId("clerk"), now=NOW)
    complete_follow_up(office.desk, clerk, follow_up_id=which, answers=COURSE, proof=PROOF, now=NOW)

    row = following(case)["training"]
    assert (row.state, row.owner_id, row.closed_by) == ("completed", "clerk", "clerk")


def test_only_hr_says_who_sees_to_it_and_only_of_those_in_service(case: Case):
    office, which = case.office, following(case)["training"].id

    for person in ("analyst", "division_head", "clerk"):
        with pytest.raises(Forbidden):
            assign_follow_up(
                office.desk, office.actor(person, NOW), follow_up_id=which,
                to=EmployeeId(person), now=NOW,
            )  # fmt: skip
    with pytest.raises(InvalidForm) as error:
        assign_follow_up(
            office.desk, office.actor("hr_officer", NOW), follow_up_id=which,
            to=EmployeeId("nobody"), now=NOW,
        )  # fmt: skip

    assert refused(error) == {"follow_up.owner"}
    assert refusals(office, "clerk") == ["not_yours"]


def test_nobody_in_hr_ends_or_cancels_what_follows_his_own_result(office: Office):
    case = Case.start(office, "hr_officer")
    case.complete("sekda", "rate", ABOVE)
    own, which = office.actor("hr_officer", NOW), following(case)["recognition"].id

    with pytest.raises(Forbidden):
        complete_follow_up(office.desk, own, follow_up_id=which, answers={}, proof=PROOF, now=NOW)
    with pytest.raises(Forbidden):
        cancel_follow_up(office.desk, own, follow_up_id=which, reason=SECRET * 3, now=NOW)

    assert states(case)["recognition"] == "open"


def test_nothing_is_done_without_a_proof_and_whole_answers(case: Case):
    office, hr = case.office, case.office.actor("hr_officer", NOW)
    which = following(case)["training"].id

    with pytest.raises(InvalidForm) as error:
        complete_follow_up(
            office.desk, hr, follow_up_id=which, answers={"course": "Etika", "hours": 0},
            proof=Proof(), now=NOW,
        )  # fmt: skip

    assert "follow_up.proof" in refused(error)
    assert {finding.element_id for finding in error.value.findings} == {"hours", "proof_number"}
    assert states(case)["training"] == "open"


def test_a_file_proves_it_when_it_is_what_it_says(case: Case):
    office, hr = case.office, case.office.actor("hr_officer", NOW)
    which = following(case)["training"].id

    with pytest.raises(InvalidFile):
        complete_follow_up(
            office.desk, hr, follow_up_id=which, answers=COURSE,
            proof=Proof(file=("sertifikat.pdf", b"MZ")), now=NOW,
        )  # fmt: skip
    complete_follow_up(
        office.desk, hr, follow_up_id=which, answers=COURSE, proof=Proof(file=FILE), now=NOW
    )

    with office.desk.store.reading(office.agency_id) as tx:
        found = read_follow_up(office.desk, tx, hr, which, now=NOW)
    assert office.desk.files.get(str(found.entries[0].file_sha256)) == FILE[1]


def test_a_plan_has_goals_then_a_note_each_month_and_then_a_verdict(case: Case):
    with pytest.raises(InvalidForm):
        completed(case, "improvement_plan", {"verdict": "met"}, person="division_head")
    with pytest.raises(InvalidForm):
        noted(case, {"goals": []})

    noted(case, GOALS)
    noted(case, {"progress": "Separuh selesai"})
    with pytest.raises(InvalidForm) as error:
        noted(case, {"progress": "Dua kali sebulan"})
    noted(case, {"progress": "Hampir selesai"}, now=NOW + MONTH)
    completed(
        case, "improvement_plan", {"verdict": "met"}, person="division_head", now=NOW + 2 * MONTH
    )

    assert refused(error) == {"follow_up.month"}
    row = following(case)["improvement_plan"]
    assert (row.state, row.failed) == ("completed", False)
    assert [list(entry) for entry in told(case, "improvement_plan")] == [
        ["goals"], ["progress"], ["progress"], ["answers", "note", "number"],
    ]  # fmt: skip


def test_after_the_last_note_only_the_end_is_written_down(case: Case):
    noted(case, GOALS)
    noted(case, {"progress": "Separuh selesai"})
    noted(case, {"progress": "Hampir selesai"}, now=NOW + MONTH)

    with pytest.raises(Conflict):
        noted(case, {"progress": "Masih ada"}, now=NOW + 2 * MONTH)


@pytest.mark.parametrize(("verdict", "failed"), [("not_met", True), ("met", False)])
def test_a_plan_that_was_not_met_is_known_to_the_next_years_appraisal(
    case: Case, verdict: str, failed: bool
):
    noted(case, GOALS)
    noted(case, {"progress": "Separuh selesai"})
    noted(case, {"progress": "Hampir selesai"}, now=NOW + MONTH)
    end = {"verdict": verdict}
    completed(case, "improvement_plan", end, person="division_head", now=NOW + 2 * MONTH)

    assert _start_of_next_year(case.office)["failed_improvement_plan"] is failed


def _start_of_next_year(office: Office) -> Mapping[str, object]:
    """What the appraisal of the year after begins with."""
    hr, who = office.actor("hr_officer", NOW), EmployeeId("analyst")
    starts, ends = date(2026, 1, 1), date(2026, 12, 31)
    cycle_id = open_cycle(
        office.desk, hr, system="aftermath", name="Tahun 2026", starts=starts, ends=ends, now=NOW
    )
    with office.desk.store.reading(office.agency_id) as tx:
        cycle = cycles.get(tx, cycle_id)
        definition = office.desk.definitions.get(tx, cycle.definition_id)
        found = beginnings(tx, definition, cycle=cycle, employee_ids=[who], on=ends)
        return found.outline(who)


def test_a_cancelled_follow_up_has_a_reason_and_is_open_no_more(case: Case):
    office, hr = case.office, case.office.actor("hr_officer", NOW)
    which = following(case)["training"].id

    with pytest.raises(InvalidForm):
        cancel_follow_up(office.desk, hr, follow_up_id=which, reason="pindah", now=NOW)
    cancel_follow_up(office.desk, hr, follow_up_id=which, reason=f"{SECRET} pindah", now=NOW)

    assert told(case, "training") == [{"reason": f"{SECRET} pindah"}]
    with pytest.raises(Conflict):
        complete_follow_up(
            office.desk, hr, follow_up_id=which, answers=COURSE, proof=PROOF, now=NOW
        )


def test_what_is_written_down_stands_nowhere_in_clear(case: Case):
    noted(case, {"goals": [{"goal": f"Memperbaiki {SECRET} segera"}]})

    assert personal_text(case.office, SECRET) == []
    assert FollowUpStep.PLAN in {event["values"].get("step") for event in case.events}


def test_noting_progress_is_for_who_sees_to_it_and_hr(case: Case):
    office, which = case.office, following(case)["improvement_plan"].id

    with pytest.raises(Forbidden):
        note_follow_up(
            office.desk, office.actor("analyst", NOW), follow_up_id=which, answers=GOALS, now=NOW
        )
    note_follow_up(
        office.desk, office.actor("hr_officer", NOW), follow_up_id=which, answers=GOALS, now=NOW
    )

    assert len(told(case, "improvement_plan")) == 1
