"""Small processes beside an appraisal: who opens them, how often, who sees them, what stays."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import select

from engine.commands.assignment import reassign
from engine.commands.beside import open_beside, openable
from engine.commands.case_answers import case_answers
from engine.commands.comments import write_comment
from engine.commands.duties import decide_duty, propose_duty
from engine.commands.views import record_view
from engine.domain.access import Verb
from engine.domain.beside import Beside
from engine.domain.comments import Audience
from engine.domain.people import EmployeeId, UnitFunction
from engine.domain.process import DefinitionId
from engine.domain.settings import SystemSettings
from engine.domain.transfers import TransferKind
from engine.errors import Conflict, Forbidden, NotFound
from engine.jobs.monthly import open_months
from engine.queries.beside import ran_beside
from engine.queries.case_heads import case_head
from engine.queries.case_list import own_cases, rated_cases, search_cases
from engine.queries.cases import case_view
from engine.queries.cycle_views import cycle_head
from engine.queries.exports import ExportColumn, results
from engine.queries.holdups import by_unit
from engine.queries.inbox import inbox
from engine.queries.inbox_asked import Asked, Tab
from engine.queries.overviews import cycles
from engine.queries.progress import overview
from engine.queries.recap import own_results
from engine.queries.unfinished import Unfinished, count_unfinished, unfinished
from engine.queries.work import work_view
from engine.store import news, tables
from engine.store.database import Transaction
from tests.cases import NOW, SECRET, Case, personal_text, problems, refusals
from tests.commands.moves import leaving, transfer
from tests.office import Office
from tests.ready import Offices

SUBJECT = EmployeeId("analyst")
WORDS = {"text": SECRET}
IN_MARCH, IN_APRIL = (datetime(2025, month, 1, 2, tzinfo=UTC) for month in (3, 4))
NOTE = {"text": SECRET, "score": 4, "topic": "service"}


@pytest.fixture
def office(offices: Offices) -> Office:
    """An agency whose system has processes beside the appraisal, with one appraisal running."""
    office = offices.open("aside")
    Case.start(office)
    return office


def opened(office: Office, person: str, process: str, *, now=NOW, **more: str) -> Case:
    instance_id = open_beside(
        office.desk, office.actor(person, now), cycle_id=office.cycle_id, subject_id=SUBJECT,
        process_id=process, now=now, **more,
    )  # fmt: skip
    return Case(office, instance_id)


def by_counsellor(office: Office) -> None:
    """The clerk becomes counsellor, which two people decide."""
    proposal = propose_duty(
        office.desk, office.actor("hr_officer", NOW), employee_id=EmployeeId("clerk"),
        function=UnitFunction.COUNSELLOR, unit_id=None, starts=NOW.date(), now=NOW,
    )  # fmt: skip
    decide_duty(
        office.desk,
        office.actor("hr_colleague", NOW),
        proposal_id=proposal,
        confirmed=True,
        now=NOW,
    )


def settings_of(office: Office, tx: Transaction, key: DefinitionId) -> SystemSettings:
    return office.desk.definitions.get(tx, key).settings


def reads(office: Office, person: str, case: Case) -> bool:
    with office.desk.store.reading(office.agency_id) as tx:
        try:
            case_view(
                tx, office.actor(person, NOW), case.id, now=NOW,
                settings_of=partial(settings_of, office),
            )  # fmt: skip
        except NotFound:
            return False
        return True


def kept(office: Office) -> list[tuple[str, str, str]]:
    record = tables.case_record.c
    with office.desk.store.reading(office.agency_id) as tx:
        found = tx.connection.execute(select(record.kind, record.period, record.body))
        return [tuple(row) for row in found]


def test_who_holds_a_role_of_the_process_opens_it(office: Office) -> None:
    note = opened(office, "division_head", "note")

    assert (note.row.process_id, note.row.subject_id) == ("note", SUBJECT)
    assert note.open["observe"].assignee_id == "division_head"
    assert note.actions[0] == "instance.started"
    assert problems(office) == []


@pytest.mark.parametrize(
    ("person", "process"),
    [
        ("analyst", "note"),
        ("department_head", "note"),
        ("hr_officer", "note"),
        ("division_head", "support"),
        ("clerk", "support"),
        ("division_head", "monthly"),
    ],
)
def test_nobody_else_opens_it_and_the_refusal_is_noted(
    office: Office, person: str, process: str
) -> None:
    with pytest.raises(Forbidden):
        opened(office, person, process)

    assert refusals(office, person) == ["not_yours"]


def test_what_the_system_does_not_name_is_not_there(office: Office) -> None:
    with pytest.raises(NotFound):
        opened(office, "division_head", "aside")


def test_there_may_be_many_notes_but_a_click_sent_twice_makes_one(office: Office) -> None:
    first, again = (opened(office, "division_head", "note", key="click") for _ in range(2))
    other = opened(office, "division_head", "note", key="another")

    assert first.id == again.id != other.id


def test_what_may_be_there_once_is_opened_once_and_then_offered_no_more(office: Office) -> None:
    offered = [beside.process_id for beside in offers(office, "analyst")]
    first, again = (opened(office, "analyst", "support", key=key) for key in ("one", "another"))

    assert (offered, offers(office, "analyst")) == (["support"], ())
    assert first.id == again.id


def offers(office: Office, person: str) -> tuple[Beside, ...]:
    with office.desk.store.reading(office.agency_id) as tx:
        return openable(office.desk, tx, office.actor(person, NOW), main_of(office), now=NOW)


def test_nothing_opens_beside_an_appraisal_that_has_ended(office: Office) -> None:
    main = Case(office, main_of(office))
    main.complete("analyst", "report", WORDS)
    main.complete("division_head", "rate", WORDS)

    with pytest.raises(Conflict):
        opened(office, "division_head", "note")


def main_of(office: Office) -> str:
    run = tables.instance.c
    with office.desk.store.reading(office.agency_id) as tx:
        statement = select(run.id).where(tables.IS_MAIN)
        return tx.connection.execute(statement).scalar_one()


def test_its_end_is_no_result_and_leaves_figures_without_words(office: Office) -> None:
    note = opened(office, "division_head", "note")
    note.complete("division_head", "observe", NOTE)
    note.complete("analyst", "reply", WORDS)

    assert note.row.status == "completed"
    assert "result.finalised" not in note.actions
    assert kept(office) == [("note", "2026-01", '{"score":{"$decimal":"4"},"topic":"service"}')]
    assert note.events[note.actions.index("record.kept")]["values"]["figures"]["topic"] == "service"
    assert personal_text(office, SECRET) == []
    assert problems(office) == []


def test_the_appraisal_reads_what_was_kept_and_nothing_said_in_confidence(office: Office) -> None:
    by_counsellor(office)
    for score in (4, 2):
        note = opened(office, "division_head", "note")
        note.complete("division_head", "observe", NOTE | {"score": score})
        note.complete("analyst", "reply", WORDS)
    support = opened(office, "analyst", "support")
    support.complete("analyst", "ask", WORDS)
    support.complete("clerk", "answer", WORDS)

    main = Case(office, main_of(office))
    main.complete("analyst", "report", WORDS)

    collected = [event for event in main.events if event["action"] == "operation.done"]
    assert [event["values"]["values"]["count"] for event in collected] == ["2"]
    assert len(kept(office)) == 3


def test_what_is_confidential_is_read_by_its_subject_and_its_lanes_only(office: Office) -> None:
    by_counsellor(office)
    support, note = opened(office, "analyst", "support"), opened(office, "division_head", "note")
    support.complete("analyst", "ask", WORDS)
    everybody = [
        "analyst", "clerk", "division_head", "department_head", "hr_officer", "auditor", "sekda",
    ]  # fmt: skip

    assert [who for who in everybody if reads(office, who, support)] == ["analyst", "clerk"]
    assert [who for who in everybody if reads(office, who, note)] == [
        "analyst", "division_head", "department_head", "hr_officer", "auditor",
    ]  # fmt: skip


def test_the_trail_of_what_is_confidential_holds_no_figures(office: Office) -> None:
    by_counsellor(office)
    support = opened(office, "analyst", "support")
    support.complete("analyst", "ask", WORDS)
    support.complete("clerk", "answer", WORDS)

    event = support.events[support.actions.index("record.kept")]

    assert event["values"]["figures"] is None
    assert problems(office) == []


def test_each_month_is_opened_once_for_everybody_whose_appraisal_runs(offices: Offices) -> None:
    office = offices.open("aside")
    for person in ("analyst", "clerk"):
        office.start(person, IN_MARCH)

    first = open_months(office.desk, office.agency_id, now=IN_MARCH)
    again = open_months(office.desk, office.agency_id, now=IN_MARCH)
    later = open_months(office.desk, office.agency_id, now=IN_APRIL)

    assert (first, again, later) == (2, 0, 2)
    assert problems(office) == []


def test_a_month_outside_the_period_is_not_opened(office: Office) -> None:
    assert open_months(office.desk, office.agency_id, now=NOW) == 0


def test_lists_counts_and_exports_know_the_appraisal_only(office: Office) -> None:
    by_counsellor(office)
    opened(office, "division_head", "note")
    opened(office, "analyst", "support").complete("analyst", "ask", WORDS)
    hr = office.actor("hr_officer", NOW)

    with office.desk.store.reading(office.agency_id) as tx:
        assert len(own_cases(tx, office.actor("analyst", NOW))) == 1
        assert len(rated_cases(tx, office.actor("division_head", NOW))) == 1
        assert len(search_cases(tx, hr).rows) == 1
        assert len(list(results(tx, office.cycle_id, (ExportColumn.NIP,)))) == 1
        assert [row.cases for row in cycles(tx, hr, NOW)] == [1]
        counted = overview(tx, hr, NOW, "Asia/Jakarta", settings_of=partial(settings_of, office))
        assert counted.files == 1
        assert cycle_head(tx, office.cycle_id).cases == 1
        assert unfinished(tx, office.cycle_id) == Unfinished(1, 0, 0)
        assert count_unfinished(tx, office.cycle_id) == 1
        assert sum(row.open for row in by_unit(tx, office.cycle_id, NOW)) == 1
        assert sum(row.has_case for row in own_results(tx, office.cycle_id).values()) == 1


def test_nobody_oversees_what_is_confidential(office: Office) -> None:
    by_counsellor(office)
    support = opened(office, "analyst", "support")
    support.complete("analyst", "ask", WORDS)
    item = support.open["answer"].id

    def sees(person: str, tab: Tab) -> bool:
        with office.desk.store.reading(office.agency_id) as tx:
            found = inbox(tx, office.actor(person, NOW), Asked(tab=tab), NOW).rows
            return item in {row.item_id for row in found}

    assert sees("clerk", Tab.ROLES)
    assert sees("analyst", Tab.WAITING)
    assert not sees("division_head", Tab.WAITING)
    assert not sees("hr_officer", Tab.ALL)
    with pytest.raises(Forbidden):
        reassign(
            office.desk, office.actor("hr_officer", NOW), item_id=item,
            to=EmployeeId("hr_colleague"), reason="Cepat.", now=NOW,
        )  # fmt: skip


def test_the_page_of_the_appraisal_lists_what_the_reader_may_read_of_it(office: Office) -> None:
    note, support = opened(office, "division_head", "note"), opened(office, "analyst", "support")

    def listed(person: str) -> list[str]:
        with office.desk.store.reading(office.agency_id) as tx:
            found = ran_beside(
                tx, office.actor(person, NOW), main_of(office), now=NOW,
                settings_of=lambda tx, key: office.desk.definitions.get(tx, key).settings,
            )  # fmt: skip
            return [row.instance_id for row in found]

    assert listed("analyst") == [support.id, note.id]
    assert listed("division_head") == listed("hr_officer") == [note.id]


def looks(office: Office, person: str, case: Case, item: str) -> Iterator[Callable[[], object]]:
    """Every way to look into a case, or to take part in it, that a page offers."""
    desk, actor = office.desk, office.actor(person, NOW)

    def settings_of(tx: Transaction, key: DefinitionId) -> SystemSettings:
        return desk.definitions.get(tx, key).settings

    def reading(query: Callable[..., object], *arguments: object, **more: object) -> object:
        with desk.store.reading(office.agency_id) as tx:
            return query(tx, actor, *arguments, now=NOW, **more)

    yield partial(record_view, desk, actor, instance_id=case.id, now=NOW)
    yield partial(case_answers, desk, actor, instance_id=case.id, language="id", now=NOW)
    yield partial(
        write_comment, desk, actor, instance_id=case.id, text="x", audience=Audience.EVERYBODY,
        now=NOW,
    )  # fmt: skip
    yield partial(reading, case_view, case.id, settings_of=settings_of)
    yield partial(reading, case_head, case.id, verb=Verb.READ_TRAIL)
    yield partial(reading, work_view, item, settings_of=settings_of)


@pytest.mark.parametrize("ended", [False, True])
@pytest.mark.parametrize(
    "person", ["division_head", "department_head", "hr_officer", "auditor", "sekda", "assistant"]
)
def test_no_way_leads_others_into_what_is_confidential(
    office: Office, person: str, *, ended: bool
) -> None:
    by_counsellor(office)
    support = opened(office, "analyst", "support")
    support.complete("analyst", "ask", WORDS)
    item = support.open["answer"].id
    if ended:
        support.complete("clerk", "answer", WORDS)

    for look in looks(office, person, support, item):
        with pytest.raises((NotFound, Forbidden)):
            look()


def test_nobody_is_told_of_what_is_confidential(office: Office) -> None:
    note, support = opened(office, "division_head", "note"), opened(office, "analyst", "support")

    with office.desk.store.reading(office.agency_id) as tx:
        told = news.events_between(tx, NOW, NOW, ("instance.started",))

    assert note.id in {event.chain_id for event in told}
    assert support.id not in {event.chain_id for event in told}


def test_who_rates_after_a_transfer_has_what_runs_beside_it_too(office: Office) -> None:
    note = opened(office, "division_head", "note")

    transfer(office, leaving("division_head", TransferKind.RETIREMENT))

    assert note.open["observe"].assignee_id == "department_head"
    assert problems(office) == []
