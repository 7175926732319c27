"""What payroll is told of a month: by whose figures, once frozen, and what an appeal corrects."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, select, update

from engine.commands.checked_sheets import Checked
from engine.commands.measured_check import MeasuredSheet
from engine.commands.measured_figures import store_figures
from engine.commands.measured_sheet import Fact
from engine.commands.monthly_recap import corrections, freeze_month, recap_page, whole_month
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent, ProblemKind
from engine.domain.measured import FigureKind
from engine.domain.monthly_recap import Month, RecapLine
from engine.domain.people import SYSTEM, EmployeeId
from engine.errors import Conflict, Forbidden, InvalidForm, TrailBroken
from engine.store import (
    appraisals,
    audit,
    case_records,
    instances,
    tables,
)
from engine.store.case_records import CaseRecord
from tests.aftermath import ABOVE, BELOW, changed, rated, settled
from tests.cases import NOW, Case, problems, trail
from tests.office import Office
from tests.ready import Offices

JANUARY, FEBRUARY = Month.of("2026-01"), Month.of("2026-02")
IN_FEBRUARY, IN_MARCH = NOW + timedelta(days=31), NOW + timedelta(days=60)


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("aftermath")


def told(office: Office, month: Month = JANUARY, *, now=IN_FEBRUARY) -> dict[str, RecapLine]:
    with office.desk.store.reading(office.agency_id) as tx:
        hr = office.actor("hr_officer", now)
        page = whole_month(office.desk, tx, hr, month, now=now)
        return {person.id: line for person, line in page.rows}


def frozen(office: Office, month: Month = JANUARY) -> str:
    hr = office.actor("hr_officer", IN_FEBRUARY)
    return freeze_month(office.desk, hr, month=month, now=IN_FEBRUARY)


def corrected(office: Office, month: Month = JANUARY) -> dict[str, tuple[object, object]]:
    with office.desk.store.reading(office.agency_id) as tx:
        hr = office.actor("hr_officer", IN_MARCH)
        found = corrections(office.desk, tx, hr, month, now=IN_MARCH)
    return {
        one.person.id: tuple(line and line.outcome["percent"] for line in (one.told, one.today))
        for one in found
    }


def keep(case: Case, period: str, late_days: int) -> None:
    """A monthly report as its process keeps it."""
    body = f'{{"late_days":{{"$decimal":"{late_days}"}}}}'
    chain = case.row.chain
    row = CaseRecord(
        f"r-{period}-{late_days}", case.id, case.row.cycle_id, case.row.subject_id,
        "monthly_report", period, body, NOW,
    )  # fmt: skip
    with case.office.desk.store.transaction(case.office.agency_id) as tx:
        case_records.add_many(tx, [row])
        kept = AuditEvent(
            Action.RECORD_KEPT, NOW, SYSTEM, instance=case.id,
            values={"record": row.id, "record_sha256": row.sha256},
        )  # fmt: skip
        instances.save_head(tx, chain, audit.append(tx, chain, [kept]))


def attend(office: Office, duty: int, present: int, *, leave: int = 0) -> None:
    """The book of attendance says so of January."""
    days = {"duty": Decimal(duty), "present": Decimal(present), "leave_annual": Decimal(leave)}
    fact = Fact(None, EmployeeId("analyst"), date(2026, 1, 1), days)
    sheet = MeasuredSheet(Checked({}, (), ""), FigureKind.ATTENDANCE, (fact,), ())
    hr = office.actor("hr_officer", NOW)
    with office.desk.store.transaction(office.agency_id) as tx:
        store_figures(office.desk, tx, hr, sheet, now=NOW)


def test_without_a_result_nothing_is_taken_away(office: Office):
    Case.start(office)

    line = told(office)["analyst"]

    assert (line.predicate, line.outcome, line.recorded) == ("none", {"percent": "100"}, ())


def test_the_table_sums_predicate_late_reports_and_attendance(office: Office):
    case = rated(office)
    keep(case, "2026-01", 3)
    keep(case, "2026-01", 0)
    keep(case, "2025-12", 9)
    attend(office, duty=22, present=18, leave=2)

    line = told(office)["analyst"]

    assert (line.predicate, line.cycle_id, line.version) == ("poor", office.cycle_id, 1)
    assert line.figures == {"late_reports": "1", "attendance": "90"}
    assert line.recorded == ("late_reports", "attendance")
    assert line.outcome == {"percent": "70"}


@pytest.mark.parametrize(("present", "percent"), [(18, "100"), (17, "95")])
def test_authorised_leave_is_no_absence(office: Office, present: int, percent: str):
    rated(office, rating=ABOVE)
    attend(office, duty=22, present=present, leave=2)

    assert told(office)["analyst"].outcome == {"percent": percent}


def test_a_result_counts_from_the_month_in_which_it_was_received(office: Office):
    rated(office)

    assert told(office, Month.of("2025-12"), now=NOW) == {}
    assert told(office, JANUARY)["analyst"].predicate == "poor"
    assert told(office, FEBRUARY, now=IN_MARCH)["analyst"].predicate == "poor"


def test_an_open_appeal_is_marked(office: Office):
    case = rated(office)
    with office.desk.store.transaction(office.agency_id) as tx:
        row = appraisals.get(tx, case.id)
        appraisals.save(tx, row.__class__(**{**vars(row), "appeal_open": True}))

    assert told(office)["analyst"].under_appeal


def test_what_was_frozen_stays_and_an_appeal_is_listed_as_a_correction(office: Office):
    case = rated(office)
    rated(office, "clerk", rating=ABOVE)
    frozen(office)

    changed(case)

    assert told(office)["analyst"].outcome == {"percent": "75"}
    assert corrected(office) == {"analyst": ("75", "100")}
    assert told(office, FEBRUARY, now=IN_MARCH)["analyst"].outcome == {"percent": "100"}


def test_a_result_that_stands_corrects_nothing(office: Office):
    case = rated(office)
    frozen(office)

    settled(case)

    assert corrected(office) == {}


def test_a_frozen_month_is_told_without_asking_for_what_is_known_today(office: Office):
    rated(office)
    hr, asked = office.actor("hr_officer", IN_FEBRUARY), []
    frozen(office)

    with office.desk.store.reading(office.agency_id) as tx:
        event.listen(tx.connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        page = whole_month(office.desk, tx, hr, JANUARY, now=IN_FEBRUARY)

    assert [line.outcome for _, line in page.rows] == [{"percent": "75"}]
    assert not [sql for sql in asked if "FROM result_version" in sql or "FROM case_record" in sql]


def test_a_month_is_frozen_once_and_only_when_it_is_over(office: Office):
    rated(office, rating=BELOW)
    hr = office.actor("hr_officer", NOW)

    with pytest.raises(InvalidForm):
        freeze_month(office.desk, hr, month=JANUARY, now=NOW)
    seal = frozen(office)
    with pytest.raises(Conflict):
        frozen(office)

    (event,) = trail(office, audit.object_chain("recap", "2026-01"))
    assert event["action"] == "recap.frozen"
    assert event["values"] == {"month": "2026-01", "people": 1, "sha256": seal}
    assert problems(office) == []


@pytest.mark.parametrize("person", ["analyst", "division_head", "auditor", "clerk"])
def test_only_hr_of_the_agency_sees_the_recap(office: Office, person: str):
    rated(office)
    actor = office.actor(person, IN_FEBRUARY)

    with office.desk.store.reading(office.agency_id) as tx, pytest.raises(Forbidden):
        recap_page(office.desk, tx, actor, JANUARY, now=IN_FEBRUARY)
    with office.desk.store.reading(office.agency_id) as tx, pytest.raises(Forbidden):
        corrections(office.desk, tx, actor, JANUARY, now=IN_FEBRUARY)
    with pytest.raises(Forbidden):
        freeze_month(office.desk, actor, month=JANUARY, now=IN_FEBRUARY)


def test_a_line_that_was_changed_afterwards_is_noticed(office: Office):
    rated(office)
    frozen(office)
    line = tables.recap_line

    def rewritten(body: str) -> str:
        with office.desk.store.transaction(office.agency_id) as tx:
            before = tx.connection.execute(select(line.c.body)).scalar_one()
            tx.connection.execute(update(line).values(body=body))
        return str(before)

    true = rewritten('{"outcome":{"percent":"120"}}')
    with pytest.raises(TrailBroken):
        told(office)
    found = {problem.kind for problem in problems(office)}
    rewritten(true)

    assert found == {ProblemKind.RECAP}
    assert told(office)["analyst"].outcome == {"percent": "75"}


def test_a_later_page_of_a_frozen_month_reads_the_lines_of_its_own_people(office: Office):
    rated(office)
    rated(office, "clerk")
    frozen(office)
    line, hr = tables.recap_line, office.actor("hr_officer", IN_FEBRUARY)

    def page(after: tuple[str, str] | None) -> set[str]:
        with office.desk.store.reading(office.agency_id) as tx:
            found = recap_page(
                office.desk, tx, hr, JANUARY, now=IN_FEBRUARY, name="analyst", after=after
            )
        return {person.id for person, _ in found.rows}

    def rewritten(body: str) -> str:
        own = line.c.employee_id == "clerk"
        with office.desk.store.transaction(office.agency_id) as tx:
            before = tx.connection.execute(select(line.c.body).where(own)).scalar_one()
            tx.connection.execute(update(line).where(own).values(body=body))
        return str(before)

    whole, true = page(None), rewritten("no line at all")
    later = page(("", ""))
    with pytest.raises(TrailBroken):
        page(None)
    rewritten(true)

    assert whole == later == {"analyst"}


def test_the_figures_of_a_line_are_exact(office: Office):
    rated(office)
    attend(office, duty=21, present=20)

    assert Decimal(told(office)["analyst"].figures["attendance"]) == Decimal("95.24")


def test_a_half_of_the_last_place_is_rounded_up(office: Office):
    rated(office)
    attend(office, duty=160, present=153)

    assert told(office)["analyst"].figures["attendance"] == "95.63"


def test_who_was_told_to_payroll_stays_in_the_frozen_month_when_his_case_is_cancelled(
    office: Office,
):
    case = rated(office)
    frozen(office)
    before = told(office)

    with office.desk.store.transaction(office.agency_id) as tx:
        own = tables.instance.c.id == case.id
        tx.connection.execute(update(tables.instance).where(own).values(status="cancelled"))

    assert told(office) == before
    assert corrected(office) == {"analyst": ("75", None)}
