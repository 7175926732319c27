"""Who may claim, prepare, hand on, move, remind of and recall work; nobody in the own case."""

from dataclasses import replace

import pytest

from engine.domain.access import CaseAccess, Reason, Verb, WorkAccess, can, may_be_given
from engine.domain.people import Actor, AgencyId, Duty, EmployeeId, UnitFunction, UnitId

AGENCY, UNIT, ELSEWHERE = AgencyId("agency"), UnitId("unit"), UnitId("elsewhere")
SUBJECT, RATER, DELEGATE, OFFICER, STRANGER = map(
    EmployeeId, ("subject", "rater", "delegate", "officer", "stranger")
)
CASE = CaseAccess(AGENCY, SUBJECT, unit_id=UNIT, rater_id=RATER)
HOLDING = (
    Verb.COMPLETE_WORK, Verb.READ_WORK, Verb.PREPARE_WORK, Verb.CLAIM_WORK, Verb.RELEASE_WORK,
    Verb.DELEGATE_WORK, Verb.RETURN_WORK, Verb.RECALL_WORK,
)  # fmt: skip
OVERSEEING = {
    Verb.REASSIGN_WORK: {UnitFunction.HR},
    Verb.REMIND_WORK: {UnitFunction.HR, UnitFunction.OPERATOR},
    Verb.EXTEND_DEADLINE: {UnitFunction.HR},
}


def person(
    who: EmployeeId,
    *functions: UnitFunction,
    unit: UnitId | None = None,
    stands_in_for: EmployeeId | None = None,
) -> Actor:
    duties = frozenset(Duty(function, unit) for function in functions)
    absent = frozenset({stands_in_for} if stands_in_for else ())
    return Actor(AGENCY, who, duties, substitutes_for=absent)


def of_person(assignee: EmployeeId = RATER, **more: object) -> WorkAccess:
    return WorkAccess(CASE, assignee, None, **more)  # type: ignore[arg-type]


def of_duty(**more: object) -> WorkAccess:
    return WorkAccess(CASE, None, UnitFunction.HR, **more)  # type: ignore[arg-type]


def reason(actor: Actor, verb: Verb, work: WorkAccess) -> Reason:
    return can(actor, verb, work).reason


@pytest.mark.parametrize("verb", HOLDING)
@pytest.mark.parametrize("work", [of_person(), of_duty()])
def test_every_duty_elsewhere_gives_nothing_here(verb: Verb, work: WorkAccess) -> None:
    assert reason(person(STRANGER, *UnitFunction, unit=ELSEWHERE), verb, work) is Reason.NOT_YOURS


def test_work_of_a_duty_is_claimed_by_who_holds_it_for_the_unit() -> None:
    for unit in (UNIT, None):
        assert can(person(OFFICER, UnitFunction.HR, unit=unit), Verb.CLAIM_WORK, of_duty())
    assert not can(person(OFFICER, UnitFunction.TEAM), Verb.CLAIM_WORK, of_duty())


def test_work_that_has_a_name_on_it_is_not_claimed() -> None:
    holder = person(RATER, UnitFunction.HR)

    assert reason(holder, Verb.CLAIM_WORK, of_person()) is Reason.NOT_YOURS


def test_nobody_claims_a_separated_step_of_the_own_case() -> None:
    own = person(SUBJECT, UnitFunction.HR)
    barred = person(RATER, UnitFunction.HR)
    work = of_duty(apart_from_subject=True, barred=frozenset({RATER}))

    assert reason(own, Verb.CLAIM_WORK, work) is Reason.OWN_CASE
    assert reason(barred, Verb.CLAIM_WORK, work) is Reason.TOOK_PART


@pytest.mark.parametrize("verb", [Verb.COMPLETE_WORK, Verb.PREPARE_WORK, Verb.DELEGATE_WORK])
def test_what_one_has_claimed_the_others_leave_alone(verb: Verb) -> None:
    claimed = of_duty(claimed_by=OFFICER)

    assert can(person(OFFICER, UnitFunction.HR), verb, claimed)
    assert reason(person(STRANGER, UnitFunction.HR), verb, claimed) is Reason.CLAIMED


def test_only_who_claimed_releases() -> None:
    claimed = of_duty(claimed_by=OFFICER)

    assert can(person(OFFICER), Verb.RELEASE_WORK, claimed)
    assert not can(person(STRANGER, *UnitFunction), Verb.RELEASE_WORK, claimed)
    assert not can(person(STRANGER, *UnitFunction), Verb.RELEASE_WORK, of_duty())


@pytest.mark.parametrize("verb", [Verb.PREPARE_WORK, Verb.READ_WORK])
def test_the_delegate_prepares_and_does_not_hand_in(verb: Verb) -> None:
    handed = of_person(delegated_to=DELEGATE)

    assert can(person(DELEGATE), verb, handed)
    assert can(person(RATER), verb, handed)
    assert not can(person(DELEGATE), Verb.COMPLETE_WORK, handed)
    assert not can(person(DELEGATE), Verb.DELEGATE_WORK, handed)


def test_a_delegate_who_took_part_prepares_nothing() -> None:
    work = of_person(delegated_to=DELEGATE, barred=frozenset({DELEGATE}))

    assert reason(person(DELEGATE), Verb.PREPARE_WORK, work) is Reason.TOOK_PART


@pytest.mark.parametrize("work", [of_person(SUBJECT), of_person(RATER, signs=True)])
def test_what_is_personal_is_not_handed_on(work: WorkAccess) -> None:
    holder = person(work.assignee_id or RATER)

    assert can(holder, Verb.COMPLETE_WORK, work)
    assert reason(holder, Verb.DELEGATE_WORK, work) is Reason.PERSONAL


def test_what_was_told_in_confidence_is_not_handed_on() -> None:
    case = replace(CASE, confidential=True, functions=frozenset({UnitFunction.COUNSELLOR}))
    work = WorkAccess(case, None, UnitFunction.COUNSELLOR)
    counsellor = person(OFFICER, UnitFunction.COUNSELLOR)

    assert can(counsellor, Verb.COMPLETE_WORK, work)
    assert reason(counsellor, Verb.DELEGATE_WORK, work) is Reason.PERSONAL


def test_a_substitute_hands_on_and_a_stranger_does_not() -> None:
    assert can(person(STRANGER, stands_in_for=RATER), Verb.DELEGATE_WORK, of_person())
    assert not can(person(STRANGER), Verb.DELEGATE_WORK, of_person())


def test_the_delegate_gives_back_and_the_holder_takes_back() -> None:
    handed = of_person(delegated_to=DELEGATE)

    assert can(person(DELEGATE), Verb.RETURN_WORK, handed)
    assert can(person(RATER), Verb.RETURN_WORK, handed)
    assert not can(person(OFFICER, *UnitFunction), Verb.RETURN_WORK, handed)
    assert not can(person(RATER), Verb.RETURN_WORK, of_person())


def test_only_who_handed_in_recalls() -> None:
    done = of_person(closed_by=RATER)

    assert can(person(RATER), Verb.RECALL_WORK, done)
    assert not can(person(STRANGER, *UnitFunction, stands_in_for=RATER), Verb.RECALL_WORK, done)
    assert not can(person(RATER), Verb.RECALL_WORK, of_person())


def test_who_could_no_longer_do_the_work_does_not_recall_it() -> None:
    checked = of_duty(closed_by=OFFICER, claimed_by=OFFICER)
    stood_in = of_person(closed_by=OFFICER)

    assert can(person(OFFICER, UnitFunction.HR), Verb.RECALL_WORK, checked)
    assert can(person(OFFICER, stands_in_for=RATER), Verb.RECALL_WORK, stood_in)
    for actor in (person(OFFICER), person(OFFICER, UnitFunction.HR, unit=ELSEWHERE)):
        assert not can(actor, Verb.RECALL_WORK, checked)
        assert not can(actor, Verb.RECALL_WORK, stood_in)


@pytest.mark.parametrize("verb", OVERSEEING)
@pytest.mark.parametrize("function", list(UnitFunction))
def test_work_is_overseen_by_its_duties_and_in_their_units(
    verb: Verb, function: UnitFunction
) -> None:
    right = function in OVERSEEING[verb]

    for unit in (UNIT, None):
        assert bool(can(person(OFFICER, function, unit=unit), verb, of_person())) == right
    elsewhere = person(OFFICER, function, unit=ELSEWHERE)
    assert reason(elsewhere, verb, of_person()) is Reason.MISSING_DUTY


@pytest.mark.parametrize("verb", OVERSEEING)
def test_nobody_oversees_the_own_case(verb: Verb) -> None:
    own = person(SUBJECT, *UnitFunction)

    assert reason(own, verb, of_person()) is Reason.OWN_CASE


def test_what_is_the_appraised_persons_own_is_not_moved() -> None:
    hr = person(OFFICER, UnitFunction.HR)

    assert reason(hr, Verb.REASSIGN_WORK, of_person(SUBJECT)) is Reason.PERSONAL


def test_nobody_gives_more_time_to_himself_or_to_whom_he_stands_in_for() -> None:
    for late in (
        person(RATER, UnitFunction.HR),
        person(OFFICER, UnitFunction.HR, stands_in_for=RATER),
        person(OFFICER, UnitFunction.HR, stands_in_for=SUBJECT),
    ):
        assert reason(late, Verb.EXTEND_DEADLINE, of_person()) is Reason.OWN_CASE


@pytest.mark.parametrize("way", ["claimed_by", "delegated_to"])
def test_nobody_gives_more_time_to_what_he_claimed_or_prepares(way: str) -> None:
    officer = person(OFFICER, UnitFunction.HR)

    assert reason(officer, Verb.EXTEND_DEADLINE, of_duty(**{way: OFFICER})) is Reason.OWN_CASE
    assert can(officer, Verb.EXTEND_DEADLINE, of_duty(**{way: STRANGER}))


def test_work_is_given_to_nobody_who_decides_about_himself_or_took_part() -> None:
    work = of_person(barred=frozenset({OFFICER}))
    named = of_person(named=OFFICER)

    assert may_be_given(named, OFFICER).reason is Reason.NAMED
    assert may_be_given(work, SUBJECT).reason is Reason.OWN_CASE
    assert may_be_given(work, OFFICER).reason is Reason.TOOK_PART
    assert may_be_given(work, STRANGER)
