"""People are told of work and results after the step, once, and no longer than it matters."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from engine.commands.beside import open_beside
from engine.commands.notices import NewNotice, read_all_notices, read_notice, tell
from engine.domain.notices import NoticeKind
from engine.domain.people import EmployeeId
from engine.errors import NotFound
from engine.jobs.outbox import ByTopic, deliver_outbox
from engine.jobs.telling import NOTIFY, NotifyCourier, tell_new_work, tell_outcomes
from engine.store import outbox, tables
from engine.store.ids import new_id
from engine.store.outbox import OutboxRow
from tests.aftermath import ABOVE, rated
from tests.cases import NOW, RELAY, REPORT, Case
from tests.commands.test_incidents import stumble
from tests.jobs.test_notices import told
from tests.office import Office
from tests.ready import Offices
from tests.workflows.promises import path_of, run_as, run_until, versions_of
from tests.workflows.scenario import Scenario

ANALYST = EmployeeId("analyst")


def unread(office: Office) -> list[tuple[str, str]]:
    """Who has not read what, in no order."""
    rows = tables.notice
    with office.desk.store.reading(office.agency_id) as tx:
        found = tx.connection.execute(rows.select().where(rows.c.read_at.is_(None))).all()
    return sorted((row.kind, row.recipient_id) for row in found)


def about_nobody(office: Office) -> list[tuple[str, str]]:
    """Of which step that nobody may do who was told."""
    notice, item = tables.notice.c, tables.work_item.c
    found = (
        select(item.element_id, notice.recipient_id)
        .join(tables.notice, (notice.agency_id == item.agency_id) & (notice.item_id == item.id))
        .where(notice.kind == NoticeKind.NOBODY_MAY.value)
    )
    with office.desk.store.reading(office.agency_id) as tx:
        return sorted(map(tuple, tx.connection.execute(found)))


def without_duty(office: Office, person: str) -> None:
    """Somebody serves no function any more."""
    with office.desk.store.transaction(office.agency_id) as tx:
        tx.connection.execute(delete(tables.duty).where(tables.duty.c.employee_id == person))


def beside(office: Office, person: str, subject: str, process: str) -> None:
    """Somebody opens a process beside an appraisal."""
    open_beside(
        office.desk, office.actor(person, NOW), cycle_id=office.cycle_id,
        subject_id=EmployeeId(subject), process_id=process, now=NOW,
    )  # fmt: skip


def new_work(office: Office, *, limit: int = 500) -> int:
    return tell_new_work(office.desk, office.agency_id, now=NOW, limit=limit)


def test_everybody_hears_of_his_new_work_once(offices: Offices):
    office = offices.open("relay")
    case = Case.start(office)

    counts = [new_work(office), new_work(office)]
    case.complete("analyst", "draft", REPORT)
    counts += [new_work(office), new_work(office)]

    assert counts == [1, 0, 2, 0]
    assert told(office)[0][1] == "analyst"
    assert sorted(who for _, who in told(office)[1:]) == ["department_head", "division_head"]


def test_more_work_than_fits_a_page_is_told_in_one_round(offices: Offices):
    office = offices.open("window")
    for person in ("analyst", "clerk", "division_head", "department_head", "assistant"):
        Case.start(office, person)

    assert new_work(office, limit=2) == 5
    assert new_work(office, limit=2) == 0


def test_work_that_is_done_by_now_is_told_to_nobody(offices: Offices):
    office = offices.open("relay")
    Case.start(office).complete("analyst", "draft", REPORT)

    new_work(office)

    assert ("new_work", "analyst") not in told(office)


def test_notices_of_work_are_read_when_the_work_is_done(offices: Offices):
    office = offices.open("relay")
    case = Case.start(office)
    new_work(office)
    assert unread(office) == [("new_work", "analyst")]

    case.complete("analyst", "draft", REPORT)
    tell_outcomes(office.desk, office.agency_id, now=NOW)

    assert unread(office) == []


def test_the_appraised_person_hears_once_that_the_result_is_final(offices: Offices):
    office = offices.open("relay")
    case = Case.start(office)
    for element, person, answers in RELAY:
        case.complete(person, element, answers)

    for minutes in (0, 5, 10):
        tell_outcomes(office.desk, office.agency_id, now=NOW + timedelta(minutes=minutes))

    assert told(office) == [("result_final", "analyst")]


@pytest.mark.parametrize(
    ("path", "last", "heard"),
    [
        ("appeal_changed", "acknowledge_final", ["appeal_decided"]),
        ("explanation_revised_inside_window", None, []),
    ],
)
def test_a_result_that_an_appeal_changed_is_told_as_the_decision_on_it(
    offices: Offices, path: str, last: str | None, heard: list[str]
):
    scenario = Scenario(offices.open("national"), path_of(path))
    run_until(scenario, last) if last else scenario.run()

    tell_outcomes(scenario.office.desk, scenario.office.agency_id, now=scenario.now)

    versions = [row.version for row in versions_of(scenario)]
    found = told(scenario.office)
    assert versions == [1, 2]
    assert [kind for kind, who in found if kind == "appeal_decided" and who == "clerk"] == heard


def test_what_an_appeal_changes_is_told_whatever_the_system_calls_its_source(offices: Offices):
    office = offices.open("aftermath")
    case, later = rated(office), NOW + timedelta(hours=1)
    case.complete("department_head", "hear", {"changed": True}, now=later)
    case.complete("division_head", "rate", ABOVE, now=later)

    tell_outcomes(office.desk, office.agency_id, now=later)

    assert ("appeal_decided", "analyst") in told(office)


def test_hr_hears_of_held_files_once_a_day(offices: Offices):
    office = offices.open("stumble")
    stumble(office, "authority")

    tell_outcomes(office.desk, office.agency_id, now=NOW)
    tell_outcomes(office.desk, office.agency_id, now=NOW + timedelta(minutes=5))

    assert sorted(told(office)) == [("incident", "hr_colleague"), ("incident", "hr_officer")]


def test_hr_hears_once_of_work_that_all_who_serve_are_kept_away_from(offices: Offices):
    scenario = Scenario(offices.open("national"), path_of("no_authority"))
    run_until(scenario, "confirm_authority")
    without_duty(scenario.office, "hr_colleague")

    for _ in range(2):
        new_work(scenario.office)

    assert about_nobody(scenario.office) == [("confirm_authority", "hr_officer")]


def test_hr_hears_that_of_two_officers_one_named_the_other_and_nobody_confirms(offices: Offices):
    scenario = Scenario(offices.open("national"), path_of("no_authority"))
    run_until(scenario, "name_authority")
    run_as(scenario, "name_authority", "hr_officer", {"nip": "$nip.hr_colleague"})

    new_work(scenario.office)

    told_of = [("confirm_authority", "hr_colleague"), ("confirm_authority", "hr_officer")]
    assert about_nobody(scenario.office) == told_of


def test_hr_hears_nothing_while_somebody_may_do_the_work(offices: Offices):
    scenario = Scenario(offices.open("national"), path_of("no_authority"))
    run_until(scenario, "confirm_authority")

    new_work(scenario.office)

    assert about_nobody(scenario.office) == []


def test_hr_hears_of_work_whose_function_nobody_serves(offices: Offices):
    office = offices.open("national")
    head = Scenario(office, {**path_of("organisation_advised"), "duties": {}}).subject
    beside(office, "hr_officer", head, "nat_organisation")

    new_work(office)

    assert about_nobody(office) == [
        ("propose_achievement", "hr_colleague"), ("propose_achievement", "hr_officer"),
    ]  # fmt: skip


def test_of_what_is_confidential_nobody_hears_that_it_waits_for_nobody(offices: Offices):
    office = offices.open("aside")
    Case.start(office)
    beside(office, "analyst", "analyst", "support")

    new_work(office)

    assert about_nobody(office) == []


def test_what_a_diagram_asks_to_be_told_reaches_the_role_that_it_names(offices: Offices):
    office = offices.open("national")
    case = Case.start(office)
    values = f'{{"instance": "{case.id}", "topic": "advice", "role": "rater"}}'
    with office.desk.store.transaction(office.agency_id) as tx:
        outbox.put(tx, [OutboxRow(new_id(), NOTIFY, values, "key", NOW)])
    courier = ByTopic({NOTIFY: NotifyCourier(office.desk, lambda: NOW)})

    deliver_outbox(office.desk, office.agency_id, courier, now=NOW)

    assert told(office) == [("case_news", "division_head")]


def test_who_was_told_is_not_told_again(offices: Offices):
    office = offices.open("window")
    new = NewNotice(ANALYST, NoticeKind.EXPORT_READY, "export:1")

    with office.desk.store.transaction(office.agency_id) as tx:
        counts = [tell(tx, [new], now=NOW), tell(tx, [new], now=NOW), tell(tx, [], now=NOW)]

    assert counts == [1, 0, 0]


def test_nobody_reads_the_notices_of_others(offices: Offices):
    office = offices.open("window")
    with office.desk.store.transaction(office.agency_id) as tx:
        tell(tx, [NewNotice(ANALYST, NoticeKind.EXPORT_READY, "export:1")], now=NOW)
        (notice,) = tx.connection.execute(tables.notice.select()).all()
    clerk, analyst = office.actor("clerk", NOW), office.actor("analyst", NOW)

    with pytest.raises(NotFound):
        read_notice(office.desk, clerk, notice_id=notice.id, now=NOW)
    read_all_notices(office.desk, clerk, now=NOW)
    assert unread(office) == [("export_ready", "analyst")]

    read_notice(office.desk, analyst, notice_id=notice.id, now=NOW)
    assert unread(office) == []
