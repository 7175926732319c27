"""Every command that changes something, ready to be carried out, for tests that go through all."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from itertools import count

from engine.commands import incidents as held
from engine.commands.appeals import take_over, withdraw_appeal
from engine.commands.complete import complete_work_item
from engine.commands.cycles import open_cycle, start_appraisal
from engine.commands.drafts import save_draft
from engine.commands.evidence import store_evidence
from engine.commands.incidents import retry_in_confidence, retry_incident
from engine.commands.plans import import_plan
from engine.commands.views import record_view
from engine.domain.people import EmployeeId
from engine.jobs.timers import LEASE, fire_due_timers
from tests.cases import NOW, RELAY, SECRET, Case
from tests.commands import (
    account_deeds,
    cycle_deeds,
    desk_deeds,
    follow_up_deeds,
    holding_deeds,
    identity_deeds,
    log_deeds,
    organisation_deeds,
    people_deeds,
    survey_deeds,
)
from tests.commands.contests import LATE, RATED, set_achievement, to_be_heard, to_be_rated
from tests.commands.test_beside import opened
from tests.commands.test_complete import GOOD
from tests.commands.test_incidents import appoint_regent, stumble
from tests.office import PLAN, Office
from tests.ready import Offices

Deed = tuple[Office, Callable[[], object]]


def complete(case: Case, person: str, element: str, answers: Mapping[str, object]) -> Deed:
    """Complete the open work of an element."""
    office = case.office
    return office, partial(
        complete_work_item, office.desk, office.actor(person, NOW),
        item_id=case.open[element].id, answers=answers, now=NOW, key="click",
    )  # fmt: skip


def _first_step(offices: Offices) -> Deed:
    return complete(Case.start(offices.open("relay")), *_told(0))


def _last_step(offices: Offices) -> Deed:
    case = Case.start(offices.open("relay"))
    for element, person, answers in RELAY[:-1]:
        case.complete(person, element, answers)
    return complete(case, *_told(-1))


def _deciding_step(offices: Offices) -> Deed:
    return complete(to_be_rated(offices.open("contest")), "division_head", "rate", RATED)


def _told(place: int) -> tuple[str, str, Mapping[str, object]]:
    element, person, answers = RELAY[place]
    return person, element, answers


def _failing_step(offices: Offices) -> Deed:
    case = Case.start(offices.open("stumble"))
    return complete(case, "analyst", "claim", {"way": "lookup", "word": SECRET})


def _timers(offices: Offices) -> Deed:
    office = to_be_rated(offices.open("contest")).office
    # Who comes again comes after the lease of the one who crashed.
    moments = (LATE + 2 * LEASE * n for n in count())
    return office, lambda: fire_due_timers(office.desk, office.agency_id, now=next(moments))


def _achievement(offices: Offices) -> Deed:
    case = Case.start(offices.open("contest"))
    case.complete("analyst", "report", {"text": SECRET})
    return case.office, partial(set_achievement, case.office)


def _take_over(offices: Offices) -> Deed:
    case = to_be_rated(offices.open("contest"))
    office = case.office
    fire_due_timers(office.desk, office.agency_id, now=LATE)
    return office, partial(
        take_over, office.desk, office.actor("department_head", LATE),
        item_id=case.open["rate"].id, reason=SECRET, now=LATE,
    )  # fmt: skip


def _withdraw(offices: Offices) -> Deed:
    case = to_be_heard(offices.open("contest"))
    desk, actor = case.office.desk, case.office.actor("analyst", NOW)
    return case.office, partial(withdraw_appeal, desk, actor, instance_id=case.id, now=NOW)


def _retry(offices: Offices) -> Deed:
    office = offices.open("stumble")
    case = stumble(office, "authority")
    appoint_regent(office)
    hr = office.actor("hr_officer", NOW)
    return office, partial(retry_incident, office.desk, hr, instance_id=case.id, now=NOW)


def _retry_in_confidence(offices: Offices) -> Deed:
    office = offices.open("aside")
    Case.start(office)
    support = opened(office, "analyst", "support")
    held.report_unreadable(office.desk, office.agency_id, support.id, now=NOW)
    hr = office.actor("hr_officer", NOW)
    return office, partial(retry_in_confidence, office.desk, hr, now=NOW)


def _draft(offices: Offices) -> Deed:
    case = Case.start(offices.open("window"))
    actor, item = case.office.actor("analyst", NOW), case.open["answer"].id
    return case.office, partial(
        save_draft, case.office.desk, actor, item_id=item, values=GOOD, revision=0, now=NOW
    )


def _evidence(offices: Offices) -> Deed:
    case = Case.start(offices.open("window"))
    actor, item = case.office.actor("analyst", NOW), case.open["answer"].id
    return case.office, partial(
        store_evidence, case.office.desk, actor,
        item_id=item, name=f"{SECRET}.pdf", content=b"%PDF-1.7", now=NOW,
    )  # fmt: skip


def _view(offices: Offices) -> Deed:
    case = Case.start(offices.open("window"))
    actor = case.office.actor("auditor", NOW)
    return case.office, partial(record_view, case.office.desk, actor, instance_id=case.id, now=NOW)


def _plan(offices: Offices) -> Deed:
    office = offices.open("window")
    return office, partial(
        import_plan, office.desk, office.actor("hr_officer", NOW), cycle_id=office.cycle_id,
        employee_id=EmployeeId("clerk"), lines=PLAN, now=NOW,
    )  # fmt: skip


def _start(offices: Offices) -> Deed:
    office, plan = _plan(offices)
    plan()
    return office, partial(
        start_appraisal, office.desk, office.actor("hr_officer", NOW), cycle_id=office.cycle_id,
        employee_id=EmployeeId("clerk"), now=NOW,
    )  # fmt: skip


def _cycle(offices: Offices) -> Deed:
    office = offices.open("window")
    return office, partial(
        open_cycle, office.desk, office.actor("hr_officer", NOW), system="window",
        name="Tahun 2026", starts=date(2026, 1, 1), ends=date(2026, 12, 31), now=NOW,
    )  # fmt: skip


# Those in one transaction; the others go from case to case, each case in its own.
WHOLE = {
    "complete the first step": _first_step,
    "complete a deciding step": _deciding_step,
    "complete the last step": _last_step,
    "complete a failing step": _failing_step,
    "take over": _take_over,
    **holding_deeds.WHOLE,
    "withdraw an appeal": _withdraw,
    "retry": _retry,
    "retry in confidence": _retry_in_confidence,
    **identity_deeds.WHOLE,
    "save a draft": _draft,
    "store evidence": _evidence,
    "look into a case": _view,
    "import a plan": _plan,
    "start an appraisal": _start,
    "open a cycle": _cycle,
    **account_deeds.WHOLE,
    **organisation_deeds.WHOLE,
    **cycle_deeds.WHOLE,
    **desk_deeds.WHOLE,
    **people_deeds.WHOLE,
    **survey_deeds.WHOLE,
    **log_deeds.WHOLE,
    **follow_up_deeds.WHOLE,
}
STEPWISE = {
    "fire timers": _timers,
    "set the achievement": _achievement,
    **cycle_deeds.STEPWISE,
    **desk_deeds.STEPWISE,
}
EVERY = WHOLE | STEPWISE | account_deeds.GUARDED | people_deeds.GUARDED
# What these change is no fact, or nothing but the trail: without events nothing would be missed.
NO_ROWS = {
    "save a draft", "look into a case", "read evidence of a log", "look into a log", "remind",
    "remind many", "make a key", *identity_deeds.NO_ROWS, *cycle_deeds.NO_ROWS, *desk_deeds.NO_ROWS,
    *people_deeds.NO_ROWS,
}  # fmt: skip
