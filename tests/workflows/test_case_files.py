"""What the file of an appraisal shows of its way, its answers and its sheet, on both databases."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest

from api.deps import House
from api.i18n import load_words
from api.pdf import edition
from api.settings import Settings
from api.web.phrasing import Phrasing
from api.web.sheet_pages import new_sheet, pdf_of
from engine.commands.case_answers import case_answers
from engine.commands.result_sheets import (
    Claim,
    NewSheet,
    is_genuine,
    kept_sheet,
    record_sheet,
)
from engine.domain.standing import Standing
from engine.errors import Conflict, Erased, Forbidden, NotFound, TooManyAttempts
from engine.queries.case_diagram import case_diagram
from engine.queries.diagram_views import CaseDiagram
from engine.queries.result_facts import SheetFacts, sheet_facts, yearly_results
from engine.store import instances, sealing
from tests.cases import trail
from tests.workflows.scenario import Scenario

Begun = Callable[[str], Scenario]
ADDRESS = "203.0.113.0"


def house(scenario: Scenario) -> House:
    return House(scenario.office.desk, Settings(), load_words(), lambda: scenario.now)


def diagram(scenario: Scenario, person: str = "hr_officer", process: str = "") -> CaseDiagram:
    office = scenario.office
    with office.desk.store.reading(office.agency_id) as tx:
        actor = office.actor(person, scenario.now)
        charts_of = house(scenario).charts_of
        return case_diagram(
            tx, actor, scenario.instance_id, process, charts_of=charts_of, now=scenario.now
        )


def facts_of(scenario: Scenario, person: str = "hr_officer") -> SheetFacts:
    office = scenario.office
    with office.desk.store.reading(office.agency_id) as tx:
        actor = office.actor(person, scenario.now)
        settings_of = house(scenario).settings_of
        return sheet_facts(
            tx, actor, scenario.instance_id, settings_of=settings_of, now=scenario.now
        )


def made(scenario: Scenario, person: str = "hr_officer") -> tuple[str, NewSheet]:
    office, now = scenario.office, scenario.now
    say = Phrasing(load_words()["id"], "Asia/Jayapura", now)
    sheet = new_sheet(say, facts_of(scenario, person), "https://kinerja.test")
    actor, case = office.actor(person, now), scenario.instance_id
    return record_sheet(office.desk, actor, instance_id=case, sheet=sheet, now=now), sheet


def genuine(scenario: Scenario, claim: Claim) -> bool:
    return is_genuine(scenario.office.desk, claim, address=ADDRESS, now=scenario.now)


def stranger_to(scenario: Scenario) -> str:
    return "clerk" if scenario.subject != "clerk" else "analyst"


def answered(scenario: Scenario, person: str) -> list[str]:
    office, now = scenario.office, scenario.now
    steps = case_answers(
        office.desk, office.actor(person, now), instance_id=scenario.instance_id,
        language="id", now=now,
    )  # fmt: skip
    return [step.element_id for step in steps]


def up_to(scenario: Scenario, element: str) -> Scenario:
    """The path until the first step that completes `element`, this one left out."""
    steps = scenario.path["steps"]
    place = next(n for n, step in enumerate(steps) if element in json.dumps(step))
    scenario.path = {**scenario.path, "steps": steps[:place]}
    scenario.run()
    return scenario


def test_a_finished_case_shows_its_whole_way_and_what_it_did_not_take(begun: Begun) -> None:
    scenario = begun("appeal_changed")
    scenario.run()

    main, closing = diagram(scenario), diagram(scenario, process="sp_close")
    talk, window = diagram(scenario, process="sp_predicate"), diagram(scenario, process="sp_window")

    assert main.standings["end"] is Standing.DONE
    assert main.standings["self_assessment_lapsed"] is Standing.PASSED
    assert closing.standings["sp_correction"] is Standing.DONE
    assert talk.standings["sp_explanation"] is Standing.PASSED
    assert window.standings["sp_delivery"] is Standing.PASSED
    assert [link.id for link in window.path] == [
        "annual_evaluation", "sp_rate_and_close", "sp_close", "sp_appeal",
    ]  # fmt: skip
    assert main.current == ()


def test_a_running_case_leads_to_the_process_where_it_waits(begun: Begun) -> None:
    scenario = up_to(begun("plain"), "supervisor_review")

    main, review = diagram(scenario), diagram(scenario, process="sp_review")

    step = next(step for step in review.steps if step.element_id == "supervisor_review")
    assert main.standings["sp_review"] is Standing.CURRENT
    assert main.standings["sp_rate_and_close"] is Standing.NEXT
    assert main.standings["end"] is Standing.AHEAD
    assert "sp_review" in {link.id for link in main.current}
    assert step.standing is Standing.CURRENT
    assert step.due_at is not None


def test_the_employee_is_not_told_by_the_picture_which_way_his_result_takes(begun: Begun) -> None:
    scenario = up_to(begun("plain"), "sign_result")

    own = diagram(scenario, scenario.subject, "sp_predicate")
    others = diagram(scenario, "hr_officer", "sp_predicate")

    assert own.standings["sp_discussion"] is others.standings["sp_discussion"] is Standing.DONE
    assert set(own.flows) <= set(others.flows)


def test_a_process_of_another_system_and_a_strangers_case_are_not_there(begun: Begun) -> None:
    scenario = begun("plain")

    for person, process in (
        ("hr_officer", "relay"), ("hr_officer", "<x>"), (stranger_to(scenario), ""),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            diagram(scenario, person, process)


def test_the_employee_reads_the_rating_from_its_delivery_on(begun: Begun) -> None:
    before = up_to(begun("plain"), "deliver_result")

    assert "supervisor_review" in answered(before, "division_head")
    assert "supervisor_review" not in answered(before, before.subject)
    assert "self_assessment" in answered(before, before.subject)


def test_what_both_sides_say_in_a_hearing_stays_with_who_decides(begun: Begun) -> None:
    scenario = up_to(begun("appeal_changed"), "appeal_decision")

    rater, subject = answered(scenario, "division_head"), answered(scenario, scenario.subject)

    assert "employee_statement" not in rater
    assert "rater_statement" not in subject
    assert {"employee_statement", "rater_statement"} <= set(answered(scenario, "department_head"))
    assert "employee_statement" not in answered(scenario, "hr_officer")


def test_a_sheet_says_the_result_that_holds_and_what_came_before(begun: Begun) -> None:
    scenario = begun("appeal_changed")
    scenario.run()

    sheet_id, sheet = made(scenario)
    again, _ = made(scenario, scenario.subject)
    actor = scenario.office.actor(scenario.subject, scenario.now)
    kept = kept_sheet(scenario.office.desk, actor, sheet_id=sheet_id)

    versions = facts_of(scenario).versions
    assert again == sheet_id
    assert kept.facts == sheet.facts
    assert [row[0] for row in sheet.facts["versions"]] == ["1", "2"]
    assert sheet.facts["predicate_code"] == versions[-1].predicate
    assert "PermenPANRB 6/2022" in sheet.facts["basis"]
    assert sha256(pdf_of(kept.facts)).hexdigest() == kept.row.pdf_sha256
    assert [e["action"] for e in trail(scenario.office, scenario.instance_id)].count(
        "sheet.made"
    ) == 1


def test_a_code_answers_only_whether_the_sheet_says_so(begun: Begun) -> None:
    scenario = begun("plain")
    scenario.run()
    _, sheet = made(scenario)
    nip, predicate = str(sheet.facts["nip"]), str(sheet.facts["predicate_code"])
    other = "poor" if predicate != "poor" else "good"

    assert genuine(scenario, Claim(sheet.code, nip, predicate))
    assert genuine(scenario, Claim(sheet.code.lower().replace("-", " "), nip, predicate))
    assert genuine(scenario, Claim(sheet.code, pdf_sha256=sheet.pdf_sha256))
    for wrong in (
        Claim(sheet.code, nip, other), Claim(sheet.code, nip[:-1], predicate),
        Claim("0" * 16, nip, predicate), Claim("", "", ""), Claim(sheet.code),
        Claim(sheet.code, pdf_sha256="0" * 64), Claim(sheet.code, pdf_sha256="é"),
    ):  # fmt: skip
        assert not genuine(scenario, wrong)


def test_guessing_at_a_sheet_is_slowed_down(begun: Begun) -> None:
    scenario = begun("plain")

    guess = Claim("0" * 16, "1", "good")

    with pytest.raises(TooManyAttempts):
        assert not [genuine(scenario, guess) for _ in range(20)]


def test_a_sheet_of_a_result_that_was_replaced_matches_no_longer(begun: Begun) -> None:
    scenario = begun("appeal_changed")
    whole = scenario.path["steps"]
    up_to(scenario, "rater_statement")
    _, first = made(scenario)
    claim = Claim(first.code, str(first.facts["nip"]), str(first.facts["predicate_code"]))
    assert genuine(scenario, claim)

    done = len(scenario.path["steps"])
    scenario.path = {**scenario.path, "steps": whole[done:]}
    scenario.run()

    assert not genuine(scenario, claim)


def test_before_its_delivery_a_result_has_no_sheet(begun: Begun) -> None:
    scenario = up_to(begun("plain"), "deliver_result")

    with pytest.raises(NotFound):
        facts_of(scenario)


def test_nobody_keeps_a_sheet_of_a_version_that_was_not_delivered_or_is_not_his(
    begun: Begun,
) -> None:
    scenario = begun("plain")
    scenario.run()
    _, sheet = made(scenario)
    office, case = scenario.office, scenario.instance_id
    forged = replace(sheet, version=7, edition="other")

    hr = office.actor("hr_officer", scenario.now)
    stranger = office.actor(stranger_to(scenario), scenario.now)

    for actor, kept, error in ((hr, forged, Conflict), (stranger, sheet, Forbidden)):
        with pytest.raises(error):
            record_sheet(office.desk, actor, instance_id=case, sheet=kept, now=scenario.now)


def test_an_erased_file_has_no_sheet_left_to_read_or_to_match(begun: Begun) -> None:
    scenario = begun("plain")
    scenario.run()
    sheet_id, sheet = made(scenario)
    office = scenario.office
    with office.desk.store.transaction(office.agency_id) as tx:
        key_id = instances.get(tx, scenario.instance_id).sealing_key_id
        sealing.destroy_key(tx, key_id, now=scenario.now)

    actor = office.actor("hr_officer", scenario.now)

    with pytest.raises(Erased):
        kept_sheet(office.desk, actor, sheet_id=sheet_id)
    claim = Claim(sheet.code, str(sheet.facts["nip"]), str(sheet.facts["predicate_code"]))
    assert not genuine(scenario, claim)


def test_own_results_are_listed_with_the_one_that_holds(begun: Begun) -> None:
    scenario = begun("appeal_changed")
    scenario.run()
    office = scenario.office

    with office.desk.store.reading(office.agency_id) as tx:
        own = yearly_results(tx, office.actor(scenario.subject, scenario.now))
        none = yearly_results(tx, office.actor("hr_officer", scenario.now))

    assert [result.predicate for result in own] == [facts_of(scenario).present.predicate]
    assert none == ()
    assert len(edition()) == 16
