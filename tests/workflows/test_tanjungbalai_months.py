"""What Tanjungbalai's source says of monthly reports and who reads them, tried (TBL-07, TBL-08)."""

import json
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from engine.commands.permissions import case_access
from engine.domain.access import Verb, can
from engine.domain.notices import NoticeKind
from engine.domain.people import EmployeeId, UnitId
from engine.jobs.outbox import ByTopic, deliver_outbox
from engine.jobs.telling import NOTIFY, NotifyCourier
from engine.store import instances, tables
from engine.store.people import DutyRow
from tests.office import DIVISION, SECRETARIAT
from tests.ready import Offices
from tests.workflows.promises import change_people
from tests.workflows.regions import PAPER, opened, refused, settled
from tests.workflows.scenario import Scenario, read_path
from tests.workflows.test_tanjungbalai_support import (
    FOLDER,
    SYSTEM,
    enter,
    kept_months,
    may_see,
    read_by,
)

ACTIVITY = {
    "programme": "Pelayanan surat",
    "activity": "Melayani surat keterangan",
    "target": Decimal(50),
    "realisation": Decimal(53),
    "unit": "surat",
}
MONTH: Mapping[str, object] = {
    "activities": [ACTIVITY],
    "narrative": "Layanan berjalan setiap hari kerja tanpa antrean.",
    "upload": PAPER,
}
DECEMBER = {"period": "2025-12", "period_ends": "2025-12-31"}
IN_TIME = {"due_on": "2026-01-20"}

Begun = Callable[[str], Scenario]


@pytest.fixture
def begun(offices: Offices) -> Begun:
    """Begins a named path of Tanjungbalai."""
    office = offices.open(SYSTEM)
    return lambda name: Scenario(office, read_path(FOLDER / f"paths/{name}.json"))


def told(scenario: Scenario) -> list[str]:
    """The roles that the case in hand has asked to tell, in their order."""
    box = tables.outbox.c
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        rows = tx.connection.execute(
            select(box.payload).where(box.topic == "notify").order_by(box.id)
        ).scalars()
        parcels = [json.loads(row) for row in rows]
    return [p["role"] for p in parcels if p["instance"] == scenario.instance_id]


def planner(person: str, unit: UnitId | None) -> DutyRow:
    """The duty that makes somebody reader of a unit's reports, or of all."""
    return DutyRow("d-planner", EmployeeId(person), "planning", unit, date(2025, 1, 1))


def news_of(scenario: Scenario, person: str) -> list[str | None]:
    """The cases of which a person was told that there is news."""
    notice = tables.notice.c
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        wanted = (notice.kind == NoticeKind.CASE_NEWS, notice.recipient_id == person)
        return list(tx.connection.execute(select(notice.instance_id).where(*wanted)).scalars())


def may_comment(scenario: Scenario, person: str) -> bool:
    """Whether a person may write beside the case."""
    desk, actor = scenario.office.desk, scenario._actor(person)
    with desk.store.reading(actor.agency_id) as tx:
        access = case_access(tx, instances.get(tx, scenario.instance_id))
    return bool(can(actor, Verb.WRITE_COMMENT, access))


def test_the_report_of_a_month_opens_on_the_first_and_is_due_on_the_fifth(begun: Begun) -> None:
    scenario = begun("month_accepted")

    enter(scenario, steps=3)
    (item,) = scenario._open()

    assert item.element_id == "monthly_report"
    assert item.due_at is not None
    assert item.due_at.isoformat() == "2025-04-05T17:00:00+00:00"


@pytest.mark.parametrize("missing", ["activities", "narrative", "upload"])
def test_a_monthly_report_holds_activities_words_and_a_file(missing: str) -> None:
    empty = {**MONTH, missing: None if missing == "narrative" else []}

    assert not refused(SYSTEM, "monthly_report", MONTH, "subject", case=DECEMBER, work=IN_TIME)
    assert missing in {
        path.split(".")[0]
        for path in refused(SYSTEM, "monthly_report", empty, "subject", case=DECEMBER, work=IN_TIME)
    }


@pytest.mark.parametrize(
    ("due_on", "late"), [("2026-01-20", 0), ("2026-01-21", 0), ("2026-01-19", 1), (None, None)]
)
def test_days_late_are_counted_from_the_day_on_which_the_report_was_due(
    due_on: str | None, late: int | None
) -> None:
    sent = settled(
        SYSTEM, "monthly_report", MONTH, "subject", case=DECEMBER, work={"due_on": due_on}
    )

    assert sent["late_days"] == late
    assert sent["is_late"] == (None if late is None else late > 0)


def test_a_narrative_is_thirty_letters_or_more() -> None:
    short, enough = ({**MONTH, "narrative": "x" * letters} for letters in (29, 30))

    assert refused(
        SYSTEM, "monthly_report", short, "subject", case=DECEMBER, work=IN_TIME
    ).keys() == {"narrative"}
    assert not refused(SYSTEM, "monthly_report", enough, "subject", case=DECEMBER, work=IN_TIME)


def test_a_returned_report_says_what_to_mend_and_comes_back_with_what_it_held(
    begun: Begun,
) -> None:
    scenario = begun("month_accepted")
    rest = enter(scenario, steps=6)

    shown = opened(scenario, "monthly_report", "clerk")
    for step in rest:
        scenario._do(step)

    assert refused(SYSTEM, "review_month", {"state": "returned"}).keys() == {"comment"}
    assert shown["return_comment"] == "Lampirkan rekap layanan per minggu."
    assert shown["activities"][0]["programme"] == "Pelayanan surat keterangan"
    assert kept_months(scenario) == [("2025-03", "accepted", Decimal(0))]


def test_a_month_that_nobody_examines_is_accepted_and_hr_is_told(begun: Begun) -> None:
    scenario = begun("month_lapsed")

    enter(scenario)

    assert kept_months(scenario) == [("2025-03", "lapsed", Decimal(3))]
    assert told(scenario) == ["hr", "rater_superior", "report_reader"]


def test_the_readers_of_the_unit_are_told_of_an_accepted_month(begun: Begun) -> None:
    scenario = begun("month_accepted")
    settings = tomllib.loads((FOLDER / "system.toml").read_text())

    enter(scenario)

    assert told(scenario) == ["rater_superior", "report_reader"]
    assert settings["roles"]["report_reader"]["function"] == "planning"


@pytest.mark.parametrize(
    ("person", "unit", "reads"),
    [("assistant", DIVISION, True), ("sekda", SECRETARIAT, False), ("analyst", None, False)],
)
def test_the_planner_of_the_unit_opens_an_accepted_report_and_nobody_unnamed_does(
    begun: Begun, person: str, unit: UnitId | None, *, reads: bool
) -> None:
    scenario = begun("month_accepted")
    if unit is not None:
        change_people(scenario, duties=(planner(person, unit),))
    rest = enter(scenario, steps=6)
    before = may_see(scenario, person)

    for step in rest:
        scenario._do(step)

    assert not before
    assert may_see(scenario, person) == reads
    if reads:
        assert read_by(scenario, person) == {"monthly_report", "review_month"}
        assert not may_comment(scenario, person)


def test_the_planner_is_told_of_each_accepted_report_with_the_way_to_it(begun: Begun) -> None:
    scenario = begun("month_accepted")
    change_people(scenario, duties=(planner("assistant", None),))

    enter(scenario)
    courier = ByTopic({NOTIFY: NotifyCourier(scenario.office.desk, lambda: scenario.now)})
    deliver_outbox(scenario.office.desk, scenario.office.agency_id, courier, now=scenario.now)

    assert news_of(scenario, "assistant") == [scenario.instance_id]


def test_the_planner_of_the_unit_opens_nothing_else_of_the_year(begun: Begun) -> None:
    scenario = begun("plain")
    change_people(scenario, duties=(planner("assistant", None),))

    scenario.run()

    assert not may_see(scenario, "assistant")


def test_the_months_stand_before_both_sides_when_the_year_is_judged(begun: Begun) -> None:
    scenario = begun("month_lapsed")
    main = scenario.instance_id
    enter(scenario)
    scenario.instance_id = main

    scenario._do({"advance": "P300D"})
    rows = opened(scenario, "self_evaluation", "clerk")["months"]

    assert rows == [{"period": "2025-03", "state": "lapsed", "late_days": Decimal(3)}]
