"""Who works on paper is keyed in by the operator of his unit, with the scan as proof."""

from dataclasses import replace
from datetime import date

import pytest

from engine.commands.complete import key_in
from engine.commands.duties import end_duty
from engine.commands.facts import participants
from engine.commands.keying_in import attach_scan, open_paper, save_paper
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.commands.recall import may_recall, recall
from engine.commands.work_forms import open_form
from engine.domain.access import Verb
from engine.domain.people import AgencyId, EmployeeId, UnitFunction
from engine.errors import (
    Forbidden,
    InvalidFile,
    InvalidForm,
    NotFound,
    StaleVersion,
    WorkItemClosed,
)
from engine.jobs.telling import tell_outcomes
from engine.queries.case_heads import case_head
from engine.queries.result_facts import sheet_facts
from engine.store import papers, submissions, tables
from engine.store.drafts import Edition
from engine.store.people import DutyRow
from tests.cases import SECRET, Case, personal_text, problems, refusals
from tests.commands.papers import (
    DATED,
    NOW,
    NUMBER,
    PDF,
    PERSON,
    filled,
    item,
    keyed_in,
    on_paper,
    proof,
    scanned,
)
from tests.commands.test_evidence import DOCX
from tests.office import DIVISION, SINCE
from tests.ready import Offices
from tests.teams import OPERATOR, STRANGER, describe
from tests.workflows.promises import path_of, run_until
from tests.workflows.scenario import Scenario


@pytest.fixture
def case(offices: Offices) -> Case:
    """A file that waits for the self-assessment of somebody who works on paper."""
    return on_paper(offices.open())


def completed(case: Case) -> dict:
    return next(event for event in case.events if event["action"] == "work.completed")


def test_the_operator_acts_and_the_employee_is_named(case: Case):
    told = proof(case)

    keyed_in(case, {**filled(case), **told})

    event = completed(case)
    assert (event["actor"], event["on_behalf_of"], event["role"]) == (OPERATOR, PERSON, "operator")
    assert event["values"]["signature_kind"] == "wet_signature_scanned"
    assert event["values"]["paper_dated"] == DATED
    assert event["values"]["scans"] == [told["paper_scan"][0]["file_id"]]
    assert set(case.open) == {"supervisor_review"}
    assert problems(case.office) == []


def test_the_kind_of_signature_stands_with_the_answers(case: Case):
    done = keyed_in(case, {**filled(case), **proof(case)})

    with case.office.desk.store.reading(case.office.agency_id) as tx:
        sent = submissions.of_item(tx, done.item_id)
        (paper,) = papers.of_instance(tx, case.id)
    assert sent is not None
    assert (sent.signature_kind, sent.actor_id) == ("wet_signature_scanned", OPERATOR)
    assert sent.on_behalf_of == PERSON
    assert paper.dated == date.fromisoformat(DATED)


def test_where_the_paper_is_kept_stands_nowhere_in_clear(case: Case):
    keyed_in(case, {**filled(case), **proof(case, paper_number=f"{SECRET} {NUMBER}")})

    assert personal_text(case.office, SECRET) == []


def test_the_employee_counts_as_the_one_who_did_it(case: Case):
    done = keyed_in(case, {**filled(case), **proof(case)})

    assert case.item(done.item_id).closed_by == PERSON


def test_the_employee_is_told_once_and_not_only_as_long_as_the_work_is_open(case: Case):
    keyed_in(case, {**filled(case), **proof(case)})

    for _ in range(2):
        tell_outcomes(case.office.desk, case.office.agency_id, now=NOW)

    with case.office.desk.store.reading(case.office.agency_id) as tx:
        found = tx.connection.execute(tables.notice.select()).all()
    assert [(row.kind, row.recipient_id, row.read_at) for row in found] == [
        ("keyed_in", PERSON, None)
    ]


def test_keying_in_opens_no_file_to_the_operator(case: Case):
    keyed_in(case, {**filled(case), **proof(case)})

    actor = case.office.actor(OPERATOR, NOW)
    with case.office.desk.store.reading(case.office.agency_id) as tx, pytest.raises(NotFound):
        case_head(tx, actor, case.id, verb=Verb.READ_CASE, now=NOW)


def test_who_keyed_in_took_part_and_decides_no_appeal(case: Case):
    keyed_in(case, {**filled(case), **proof(case)})

    with case.office.desk.store.reading(case.office.agency_id) as tx:
        assert OPERATOR in participants(tx, case.id)


@pytest.mark.parametrize("missing", ["paper_scan", "paper_dated", "paper_number"])
def test_nothing_is_sent_without_the_whole_proof(case: Case, missing: str):
    told = proof(case)
    del told[missing]

    with pytest.raises(InvalidForm) as refused:
        keyed_in(case, {**filled(case), **told})

    assert missing in [found.element_id for found in refused.value.findings]
    assert set(case.open) == {"self_assessment"}


def test_errors_of_the_form_and_of_the_proof_come_at_once(case: Case):
    with pytest.raises(InvalidForm) as refused:
        keyed_in(case, {**filled(case), "confirmed": False})

    places = {found.element_id for found in refused.value.findings}
    assert places >= {"confirmed", "paper_scan", "paper_dated", "paper_number"}


def test_a_date_to_come_is_refused(case: Case):
    with pytest.raises(InvalidForm) as refused:
        keyed_in(case, {**filled(case), **proof(case, paper_dated="2026-01-06")})

    assert [found.element_id for found in refused.value.findings] == ["paper_dated"]


@pytest.mark.parametrize(
    "scan", [[{"kind": "link", "link": "https://contoh.go.id/kertas"}],
             [{"kind": "paper", "number": "45"}], [{"kind": "file", "file_id": "unknown"}]],
)  # fmt: skip
def test_only_a_file_of_this_very_step_is_a_scan(case: Case, scan: list[object]):
    with pytest.raises(InvalidForm):
        keyed_in(case, {**filled(case), **proof(case, paper_scan=scan)})


def test_what_is_no_picture_of_paper_is_no_scan(case: Case):
    scan = scanned(case, content=DOCX)

    with pytest.raises(InvalidForm) as refused:
        keyed_in(case, {**filled(case), **proof(case, paper_scan=scan)})

    assert [found.rule for found in refused.value.findings] == ["paper.no_scan"]


def test_a_scan_is_checked_by_its_content(case: Case):
    with pytest.raises(InvalidFile):
        scanned(case, content=b"MZ not a scan")


@pytest.mark.parametrize("person", [STRANGER, "clerk", "hr_officer", "auditor", "division_head"])
def test_nobody_but_an_operator_of_the_unit_keys_in(case: Case, person: str):
    answers = {**filled(case), **proof(case)}

    with pytest.raises(Forbidden):
        keyed_in(case, answers, who=person)

    assert refusals(case.office, person) == ["missing_duty"]


@pytest.mark.parametrize("person", [STRANGER, "hr_officer"])
def test_nobody_else_opens_saves_or_attaches(case: Case, person: str):
    desk, actor = case.office.desk, case.office.actor(person, NOW)

    with pytest.raises(Forbidden):
        open_paper(desk, actor, item_id=item(case), language="id", now=NOW)
    with pytest.raises(Forbidden):
        save_paper(desk, actor, item_id=item(case), values={}, edition=Edition(0), now=NOW)
    with pytest.raises(Forbidden):
        attach_scan(desk, actor, item_id=item(case), name="a.pdf", content=PDF, now=NOW)


def test_a_duty_that_has_ended_keys_in_nothing(case: Case):
    answers, desk = {**filled(case), **proof(case)}, case.office.desk
    end_duty(desk, case.office.actor("hr_officer", NOW), duty_id=f"d-{OPERATOR}", now=NOW)

    with pytest.raises(Forbidden):
        keyed_in(case, answers)

    assert refusals(case.office, OPERATOR) == ["missing_duty"]


def test_nobody_keys_in_his_own_step(case: Case):
    own = Case(case.office, case.office.start(OPERATOR, NOW))

    with pytest.raises(Forbidden):
        keyed_in(own, {})

    assert refusals(case.office, OPERATOR) == ["own_case"]


def operator_too(case: Case, person: str) -> None:
    duty = DutyRow("d-more", EmployeeId(person), UnitFunction.OPERATOR.value, DIVISION, SINCE)
    people = Organisation(duties=(duty,))
    import_people(case.office.desk, founder(case.office.agency_id), people=people, now=NOW)


@pytest.mark.parametrize("person", ["division_head", "department_head"])
def test_who_rates_keys_in_nothing_for_those_he_rates(case: Case, person: str):
    answers = {**filled(case), **proof(case)}
    operator_too(case, person)

    with pytest.raises(Forbidden):
        keyed_in(case, answers, who=person)

    assert refusals(case.office, person) == ["took_part"]


def test_a_rating_is_never_keyed_in(case: Case):
    describe(case.office, PERSON, case.id)

    with pytest.raises(Forbidden):
        keyed_in(case, {}, element="supervisor_review")

    assert refusals(case.office, OPERATOR) == ["not_yours"]


def test_another_agency_knows_nothing_of_the_step(case: Case):
    foreign = replace(case.office.actor(OPERATOR, NOW), agency_id=AgencyId("other"))

    with pytest.raises(NotFound):
        key_in(case.office.desk, foreign, item_id=item(case), answers={}, now=NOW)


def test_what_was_typed_stays_and_leaves_the_employees_draft_alone(case: Case):
    desk, actor = case.office.desk, case.office.actor(OPERATOR, NOW)
    values = {**filled(case), "paper_number": NUMBER}

    save_paper(desk, actor, item_id=item(case), values=values, edition=Edition(0), now=NOW)

    shown = open_paper(desk, actor, item_id=item(case), language="id", now=NOW)
    employee = case.office.actor(PERSON, NOW)
    own = open_form(desk, employee, item_id=item(case), language="id", now=NOW)
    assert shown.values["paper_number"] == NUMBER
    assert (own.revision, own.values.get("confirmed")) == (0, False)
    with pytest.raises(StaleVersion):
        save_paper(desk, actor, item_id=item(case), values={}, edition=Edition(0), now=NOW)


def test_sending_twice_says_the_same_and_later_ones_come_too_late(case: Case):
    answers = {**filled(case), **proof(case)}

    first = keyed_in(case, answers, key="k")
    second = keyed_in(case, answers, item_id=first.item_id, key="k")

    assert second == first
    with pytest.raises(WorkItemClosed):
        keyed_in(case, answers, item_id=first.item_id)


def test_the_employee_objects_by_taking_it_back_while_nobody_has_gone_on(case: Case):
    done = keyed_in(case, {**filled(case), **proof(case)})
    desk, employee = case.office.desk, case.office.actor(PERSON, NOW)

    with desk.store.reading(case.office.agency_id) as tx:
        offered = [may_recall(desk, tx, case.office.actor(who, NOW), done.item_id, now=NOW)
                   for who in (PERSON, OPERATOR)]  # fmt: skip
    again = recall(desk, employee, item_id=done.item_id, now=NOW)

    own = open_form(desk, employee, item_id=again, language="id", now=NOW)
    assert offered == [True, False]
    assert own.values["confirmed"] is True
    assert problems(case.office) == []


def test_the_operator_takes_nothing_back(case: Case):
    done = keyed_in(case, {**filled(case), **proof(case)})

    with pytest.raises(Forbidden):
        recall(
            case.office.desk, case.office.actor(OPERATOR, NOW), item_id=done.item_id, now=NOW
        )  # fmt: skip


def settings_of(case: Case):
    return lambda tx, definition: case.office.desk.definitions.get(tx, definition).settings


def test_a_receipt_on_paper_begins_the_window_on_its_day(offices: Offices):
    scenario = Scenario(offices.open(), path_of("plain"))
    run_until(scenario, "deliver_result")
    case = Case(scenario.office, scenario.instance_id)
    operator_too(case, "auditor")
    now, today = scenario.now, scenario.now.date().isoformat()
    desk, actor = case.office.desk, case.office.actor("auditor", now)
    found = attach_scan(
        desk, actor, item_id=item(case, "deliver_result"), name="tanda.pdf", content=PDF, now=now
    )  # fmt: skip
    told = {
        "manner": "handed_over", "handed_over_on": today, "receipt_number": "12/2026",
        "paper_scan": [{"kind": "file", "file_id": found}], "paper_dated": today,
        "paper_number": NUMBER,
    }  # fmt: skip

    keyed_in(case, told, who="auditor", now=now, element="deliver_result")

    delivered = next(e for e in case.events if e["action"] == "result.delivered")
    assert delivered["values"]["kind"] == "handed_over"
    assert "notify_ack" in case.open
    with desk.store.reading(case.office.agency_id) as tx:
        subject = case.office.actor(scenario.subject, now)
        sheet = sheet_facts(tx, subject, case.id, settings_of=settings_of(case), now=now)
    assert [(step.name["en"], step.signature_kind) for step in sheet.keyed_in] == [
        ("Open or hand over the result", "wet_signature_scanned")
    ]


def test_a_refusal_before_a_witness_is_not_keyed_in(offices: Offices):
    scenario = Scenario(offices.open(), path_of("plain"))
    run_until(scenario, "deliver_result")
    case = Case(scenario.office, scenario.instance_id)
    operator_too(case, "auditor")
    today = scenario.now.date().isoformat()
    told = {"manner": "refused_before_witness", "handed_over_on": today, "receipt_number": "1"}

    with pytest.raises(InvalidForm) as refused:
        keyed_in(case, told, who="auditor", now=scenario.now, element="deliver_result")

    assert "manner" in [found.element_id for found in refused.value.findings]
