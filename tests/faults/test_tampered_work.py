"""Whoever changes rows of people and work behind the product's back is named by the trail."""

from datetime import date

import pytest

from engine.commands.appeals import take_over
from engine.commands.extensions import carry_out_extension, request_extension
from engine.commands.log_notes import write_log_note
from engine.commands.population import name_rater
from engine.domain.citizen_survey import FLOOR
from engine.domain.daily_log import NoteKind
from engine.domain.people import EmployeeId
from engine.domain.transfers import TransferKind
from engine.jobs.timers import fire_due_timers
from engine.queries.extensions import Scope
from tests.cases import NOW, SECRET, Case, problems
from tests.commands.contests import LATE, RATED, to_be_rated
from tests.commands.holding import act, give_to
from tests.commands.moves import leaving, transfer
from tests.logs import NOW as LOG_NOW
from tests.logs import entered, office_with_logs
from tests.office import Office
from tests.ready import Offices
from tests.store.test_verification import tamper
from tests.surveys import answered, closed, opened

TODAY, LATER = date(2026, 1, 5), date(2026, 2, 2)


def kinds(office: Office) -> set[str]:
    return {found.kind.value for found in problems(office)}


def name(office: Office, rater: str, starts: date, ends: date | None = None) -> None:
    name_rater(
        office.desk, office.actor("hr_officer", NOW), employee_id=EmployeeId("analyst"),
        rater_id=EmployeeId(rater), dates=(starts, ends), now=NOW,
    )  # fmt: skip


def extend(office: Office, case: Case) -> None:
    extension = request_extension(
        office.desk, office.actor("hr_officer", NOW), scope=Scope(office.cycle_id, "rate"),
        due_on=LATER, reason=SECRET, now=NOW,
    )  # fmt: skip
    while carry_out_extension(office.desk, office.agency_id, extension, now=NOW, limit=10):
        pass


def worked(offices: Offices) -> Office:
    """An office that asked citizens, named raters, gave more time and work to others."""
    office = offices.open("contest")
    survey = opened(office)
    answered(office, survey, FLOOR)
    closed(office, survey)
    name(office, "department_head", TODAY)
    name(office, "assistant", LATER)
    case = to_be_rated(office)
    extend(office, case)
    give_to(case, "hr_officer", case.open["rate"].id, "division_head")
    case.complete("division_head", "rate", RATED)
    act(
        case,
        "division_head",
        "recall",
        next(
            e["item"]
            for e in case.events
            if e["action"] == "work.completed" and e["element"] == "rate"
        ),
    )
    return office


OF_NAMED = "agency_id, employee_id, rater_id, starts, ends, named_by, named_at"
NAMED = "rater_appointment WHERE ends IS NULL"
RATE = "WHERE element_id = 'rate'"
TAMPERINGS = {
    "a due date moved": (f"UPDATE work_item SET due_at = opened_at {RATE}", "due_date"),
    "work in other hands": (f"UPDATE work_item SET assignee_id = 'clerk' {RATE}", "holder"),
    "work open to a function": (f"UPDATE work_item SET function = 'operator' {RATE}", "holder"),
    "another rater": ("UPDATE appraisal SET rater_id = 'clerk'", "raters"),
    "another superior": ("UPDATE appraisal SET rater_superior_id = NULL", "raters"),
    "a subject said to have left": ("UPDATE appraisal SET subject_left = TRUE", "subject_left"),
    "an appointment of another": ("UPDATE rater_appointment SET rater_id = 'clerk'", "appointment"),
    "an appointment without end": ("UPDATE rater_appointment SET ends = NULL", "appointment"),
    "an appointment forgotten": ("DELETE FROM rater_appointment", "appointment"),
    "an appointment slipped in": (
        f"INSERT INTO rater_appointment (id, {OF_NAMED}) SELECT 'f', {OF_NAMED} FROM {NAMED}",
        "appointment",
    ),
    "an extension to another day": ("UPDATE extension SET due_at = requested_at", "extension"),
    "an extension of another": ("UPDATE extension SET requested_by = 'clerk'", "extension"),
    "an answer of a citizen changed": ("UPDATE survey_response SET time = 4", "survey"),
    "an answer of a citizen lost": (
        "DELETE FROM survey_response WHERE id = (SELECT min(id) FROM survey_response)",
        "survey",
    ),
    "another outcome": ("UPDATE extension_result SET outcome = 'closed'", "extended"),
    "another day before": ("UPDATE extension_result SET old_due = new_due", "extended"),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_a_tampering_with_people_or_work_is_named(offices: Offices, tampering: str):
    statement, kind = TAMPERINGS[tampering]
    office = worked(offices)
    assert problems(office) == []

    tamper(offices.opened[-1][1], statement)

    assert kind in kinds(office)


def test_who_rates_after_a_handover_or_a_takeover_is_vouched_for(offices: Offices):
    office = offices.open("contest")
    late, _ = to_be_rated(office), to_be_rated(office, "clerk")
    fire_due_timers(office.desk, office.agency_id, now=LATE)
    head = office.actor("department_head", LATE)
    take_over(office.desk, head, item_id=late.open["rate"].id, reason=SECRET, now=LATE)
    for person in ("clerk", "department_head"):
        transfer(office, leaving(person, TransferKind.RETIREMENT, LATE.date()), now=LATE)
    assert problems(office) == []

    tamper(
        offices.opened[-1][1],
        "UPDATE appraisal SET rater_id = 'auditor', subject_left = FALSE",
    )

    assert kinds(office) >= {"raters", "subject_left"}


LOG_TAMPERINGS = {
    "minutes added": ("UPDATE log_entry SET minutes = 700", "log_entry"),
    "a day moved": ("UPDATE log_entry SET day = '2026-03-03'", "log_entry"),
    "verified by nobody": ("UPDATE log_entry SET state = 'verified'", "log_entry"),
    "a planned activity said to be extra": ("UPDATE log_entry SET planned = FALSE", "log_entry"),
    "other words": ("UPDATE log_entry SET commitment = 'x'", "log_entry"),
    "an entry in the log of another": ("UPDATE log_entry SET employee_id = 'clerk'", "log"),
    "a direction lost": ("DELETE FROM log_note", "log_note"),
    "a direction said to be a comment": ("UPDATE log_note SET kind = 'comment'", "log_note"),
}


@pytest.mark.parametrize("tampering", LOG_TAMPERINGS)
def test_a_tampering_with_a_daily_log_is_named(offices: Offices, tampering: str):
    statement, kind = LOG_TAMPERINGS[tampering]
    office = office_with_logs(offices)
    made, head = entered(office), office.actor("division_head", LOG_NOW)
    write_log_note(
        office.desk, head, entry_id=made, kind=NoteKind.DIRECTION, text=SECRET, now=LOG_NOW
    )
    assert problems(office) == []

    tamper(offices.opened[-1][1], statement)

    assert kind in kinds(office)
