"""Access is denied by default, and nobody decides about himself, also not as a substitute."""

import pytest

from engine.domain.access import (
    AGENCY_WIDE,
    DUTIES,
    AgencyAccess,
    CaseAccess,
    PersonAccess,
    Reason,
    UnitAccess,
    Verb,
    WorkAccess,
    can,
    units_open_to,
)
from engine.domain.people import Actor, AgencyId, Duty, EmployeeId, UnitFunction, UnitId

AGENCY, OTHER = AgencyId("agency"), AgencyId("other")
SUBJECT, RATER, SUPERIOR = EmployeeId("subject"), EmployeeId("rater"), EmployeeId("superior")
STRANGER = EmployeeId("stranger")
UNIT = UnitId("unit")
CASE = CaseAccess(
    AGENCY,
    SUBJECT,
    unit_id=UNIT,
    rater_id=RATER,
    rater_superior_id=SUPERIOR,
)
BARRED = frozenset({RATER})


def person(
    employee_id: EmployeeId,
    *functions: UnitFunction,
    unit: UnitId | None = None,
    agency: AgencyId = AGENCY,
    stands_in_for: frozenset[EmployeeId] = frozenset(),
) -> Actor:
    duties = frozenset(Duty(function, unit) for function in functions)
    return Actor(agency, employee_id, duties, substitutes_for=stands_in_for)


def work(assignee: EmployeeId | None, **changes: object) -> WorkAccess:
    return WorkAccess(CASE, assignee, None, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize(
    "thing", [CASE, work(STRANGER), AgencyAccess(AGENCY), UnitAccess(AGENCY, UNIT, RATER)]
)
def test_a_stranger_without_duties_may_do_nothing(verb: Verb, thing: CaseAccess) -> None:
    nobody = person(EmployeeId("nobody"))

    assert not can(nobody, verb, thing)


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize(
    "thing", [CASE, work(SUBJECT), AgencyAccess(AGENCY), UnitAccess(AGENCY, UNIT, SUBJECT)]
)
def test_another_agency_gets_nothing_even_with_every_duty(verb: Verb, thing: CaseAccess) -> None:
    foreigner = person(SUBJECT, *UnitFunction, agency=OTHER)

    assert can(foreigner, verb, thing).reason is Reason.OTHER_AGENCY


def test_the_assignee_completes_his_work() -> None:
    assert can(person(RATER), Verb.COMPLETE_WORK, work(RATER))


def test_a_substitute_completes_for_the_absent_person() -> None:
    substitute = person(STRANGER, stands_in_for=frozenset({RATER}))

    assert can(substitute, Verb.COMPLETE_WORK, work(RATER))


def test_a_substitute_cannot_decide_about_himself() -> None:
    substitute = person(SUBJECT, stands_in_for=frozenset({SUPERIOR}))
    decision = work(SUPERIOR, apart_from_subject=True, barred=BARRED)

    assert can(substitute, Verb.COMPLETE_WORK, decision).reason is Reason.OWN_CASE


def test_who_stands_in_for_a_participant_cannot_decide_the_appeal() -> None:
    substitute = person(STRANGER, stands_in_for=frozenset({RATER}))
    decision = work(RATER, apart_from_subject=True, barred=BARRED)

    assert can(substitute, Verb.COMPLETE_WORK, decision).reason is Reason.TOOK_PART


def test_who_took_part_cannot_decide_the_appeal() -> None:
    decision = work(RATER, apart_from_subject=True, barred=BARRED)

    assert can(person(RATER), Verb.COMPLETE_WORK, decision).reason is Reason.TOOK_PART


def test_a_unit_function_reaches_only_its_unit() -> None:
    item = WorkAccess(CASE, None, UnitFunction.OPERATOR)

    assert can(person(STRANGER, UnitFunction.OPERATOR, unit=UNIT), Verb.COMPLETE_WORK, item)
    elsewhere = person(STRANGER, UnitFunction.OPERATOR, unit=UnitId("elsewhere"))
    assert can(elsewhere, Verb.COMPLETE_WORK, item).reason is Reason.NOT_YOURS


def test_hr_cannot_do_a_separated_step_of_its_own_case() -> None:
    item = WorkAccess(CASE, None, UnitFunction.HR, apart_from_subject=True, barred=BARRED)

    assert can(person(SUBJECT, UnitFunction.HR), Verb.COMPLETE_WORK, item).reason is Reason.OWN_CASE


def test_only_the_one_to_whom_it_was_offered_takes_over() -> None:
    late = work(RATER, offered_to=SUPERIOR, apart_from_subject=True)

    assert can(person(SUPERIOR), Verb.TAKE_OVER_WORK, late)
    assert can(person(RATER), Verb.TAKE_OVER_WORK, late).reason is Reason.NOT_OFFERED


def test_who_does_not_know_the_case_does_not_learn_that_its_work_is_late() -> None:
    late = work(RATER, offered_to=SUPERIOR, apart_from_subject=True)

    assert can(person(STRANGER), Verb.TAKE_OVER_WORK, late).reason is Reason.NOT_YOURS


@pytest.mark.parametrize("reader", [SUBJECT, RATER, SUPERIOR])
def test_the_people_of_a_case_read_it_and_its_trail(reader: EmployeeId) -> None:
    assert can(person(reader), Verb.READ_CASE, CASE)
    assert can(person(reader), Verb.READ_TRAIL, CASE)


def test_only_the_subject_withdraws_his_appeal() -> None:
    assert can(person(SUBJECT), Verb.WITHDRAW_APPEAL, CASE)
    assert not can(person(RATER, *UnitFunction), Verb.WITHDRAW_APPEAL, CASE)


def test_hr_cannot_retry_an_incident_of_its_own_case() -> None:
    own = person(SUBJECT, UnitFunction.HR)

    assert can(own, Verb.RETRY_INCIDENT, CASE).reason is Reason.OWN_CASE
    assert can(person(STRANGER, UnitFunction.HR), Verb.RETRY_INCIDENT, CASE)


def test_the_organisation_is_changed_by_duties_for_the_whole_agency_only() -> None:
    agency = AgencyAccess(AGENCY)

    assert can(person(STRANGER, UnitFunction.HR), Verb.MANAGE_ORGANISATION, agency)
    for function in (UnitFunction.HR, UnitFunction.ADMINISTRATOR, UnitFunction.OPERATOR):
        held = person(STRANGER, function, unit=UNIT)
        assert can(held, Verb.MANAGE_ORGANISATION, agency).reason is Reason.MISSING_DUTY


def test_an_operator_reads_the_own_units_and_hr_all_of_them() -> None:
    operator, hr = (
        person(STRANGER, UnitFunction.OPERATOR, unit=UNIT),
        person(RATER, UnitFunction.HR),
    )

    assert units_open_to(operator, Verb.READ_ORGANISATION) == {UNIT}
    assert units_open_to(hr, Verb.READ_ORGANISATION) is None
    assert units_open_to(person(STRANGER), Verb.READ_ORGANISATION) == frozenset()


ELSEWHERE = UnitId("elsewhere")
OF_AGENCY = {
    Verb.MANAGE_ORGANISATION: {UnitFunction.HR, UnitFunction.ADMINISTRATOR},
    Verb.TRANSFER_PEOPLE: {UnitFunction.HR},
    Verb.LAUNCH_CYCLE: {UnitFunction.HR},
    Verb.CLOSE_CYCLE: {UnitFunction.HR},
    Verb.EXPORT_RESULTS: {UnitFunction.HR, UnitFunction.AUDITOR},
    Verb.READ_OVERVIEW: {UnitFunction.HR, UnitFunction.TEAM, UnitFunction.AUDITOR},
    Verb.READ_FAIRNESS: {UnitFunction.HR, UnitFunction.TEAM, UnitFunction.AUDITOR},
    Verb.READ_DELIVERIES: {UnitFunction.ADMINISTRATOR},
}


@pytest.mark.parametrize("verb", OF_AGENCY)
@pytest.mark.parametrize("function", list(UnitFunction))
def test_each_matter_of_the_agency_is_open_to_its_duties_alone(
    verb: Verb, function: UnitFunction
) -> None:
    verdict = can(person(STRANGER, function), verb, AgencyAccess(AGENCY))

    assert bool(verdict) == (function in OF_AGENCY[verb])
    assert verdict or verdict.reason is Reason.MISSING_DUTY


@pytest.mark.parametrize("verb", OF_AGENCY)
def test_a_duty_for_one_unit_does_not_reach_what_spans_the_agency(verb: Verb) -> None:
    of_unit = person(STRANGER, *UnitFunction, unit=UNIT)

    verdict = can(of_unit, verb, AgencyAccess(AGENCY))

    assert bool(verdict) == (verb not in AGENCY_WIDE)


SPANNING = (
    Verb.OPEN_CYCLE, Verb.START_APPRAISAL, Verb.EXTEND_DEADLINE, Verb.SET_ACHIEVEMENT,
    Verb.IMPORT_PEOPLE, Verb.IMPORT_PLAN, Verb.IMPORT_FIGURES, Verb.TRANSFER_PEOPLE,
    Verb.GRANT_DUTY,
    Verb.DEPLOY_SYSTEM, Verb.RETRY_INCIDENT, Verb.READ_DELIVERIES,
)  # fmt: skip


@pytest.mark.parametrize("verb", SPANNING)
def test_who_has_duties_in_one_unit_moves_nobody_of_another(verb: Verb) -> None:
    of_unit, of_all = (person(STRANGER, *UnitFunction, unit=unit) for unit in (UNIT, None))

    assert can(of_unit, verb, AgencyAccess(AGENCY)).reason is Reason.MISSING_DUTY
    assert can(of_all, verb, AgencyAccess(AGENCY))


def test_every_verb_of_a_duty_names_who_holds_it() -> None:
    assert {verb for verb, functions in DUTIES.items() if not functions} == set()
    assert set(DUTIES) >= AGENCY_WIDE


def test_an_overview_of_one_unit_stays_in_it() -> None:
    of_unit, of_all = (person(STRANGER, UnitFunction.TEAM, unit=unit) for unit in (UNIT, None))

    assert units_open_to(of_unit, Verb.READ_OVERVIEW) == {UNIT}
    assert units_open_to(of_all, Verb.READ_OVERVIEW) is None


def test_hr_settles_the_matters_of_a_launch_for_others_and_never_for_itself() -> None:
    hr, of_unit = person(RATER, UnitFunction.HR), person(RATER, UnitFunction.HR, unit=UNIT)
    other, own = PersonAccess(AGENCY, SUBJECT, UNIT), PersonAccess(AGENCY, RATER, UNIT)

    assert can(hr, Verb.LAUNCH_CYCLE, other)
    assert can(hr, Verb.LAUNCH_CYCLE, own).reason is Reason.OWN_CASE
    assert can(of_unit, Verb.LAUNCH_CYCLE, other).reason is Reason.MISSING_DUTY


@pytest.mark.parametrize("writer", [SUBJECT, RATER, SUPERIOR])
def test_the_people_of_a_case_write_notes_on_it(writer: EmployeeId) -> None:
    assert can(person(writer), Verb.WRITE_COMMENT, CASE)


@pytest.mark.parametrize("function", list(UnitFunction))
def test_of_the_others_only_those_who_take_part_write_notes(function: UnitFunction) -> None:
    takes_part = function in {UnitFunction.HR, UnitFunction.TEAM}
    here, elsewhere = (person(STRANGER, function, unit=unit) for unit in (UNIT, ELSEWHERE))

    assert bool(can(here, Verb.WRITE_COMMENT, CASE)) == takes_part
    assert can(elsewhere, Verb.WRITE_COMMENT, CASE).reason is Reason.NOT_YOURS


def test_who_stands_in_for_the_appraised_person_writes_no_note() -> None:
    substitute = person(STRANGER, stands_in_for=frozenset({SUBJECT}))

    assert not can(substitute, Verb.WRITE_COMMENT, CASE)


def test_who_heads_a_unit_reads_its_survey_and_does_not_keep_it() -> None:
    unit, deputy = UnitAccess(AGENCY, UNIT, RATER), frozenset({RATER})

    assert can(person(RATER), Verb.READ_SURVEY, unit)
    assert can(person(STRANGER, stands_in_for=deputy), Verb.READ_SURVEY, unit)
    assert not can(person(RATER), Verb.MANAGE_SURVEY, unit)


def test_the_survey_of_a_unit_is_kept_by_its_operator_and_looked_at_by_the_inspectorate() -> None:
    own, other = UnitAccess(AGENCY, UNIT), UnitAccess(AGENCY, UnitId("elsewhere"))
    operator = person(STRANGER, UnitFunction.OPERATOR, unit=UNIT)
    auditor = person(STRANGER, UnitFunction.AUDITOR)

    assert [bool(can(operator, Verb.MANAGE_SURVEY, unit)) for unit in (own, other)] == [True, False]
    assert can(auditor, Verb.READ_SURVEY, other)
    assert not can(auditor, Verb.MANAGE_SURVEY, other)
    assert not can(operator, Verb.GRANT_DUTY, own)
