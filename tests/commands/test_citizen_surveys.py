"""A unit asks citizens: who may, who answers how often, and what is known of it afterwards."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine.commands.citizen_surveys import (
    close_survey,
    key_in_paper,
    make_links,
    open_survey,
    set_counter,
)
from engine.commands.survey_answers import (
    answer_survey,
    link_hash,
    survey_of_link,
    take_link,
)
from engine.domain.citizen_survey import Channel, Element
from engine.domain.people import UnitFunction
from engine.errors import Conflict, Forbidden, InvalidFile, InvalidForm, NotFound
from engine.store import audit, citizen_surveys, people, tables
from engine.store.people import DutyRow
from engine.store.sealing import get_key, open_sealed
from tests.cases import NOW, SECRET, trail
from tests.office import DIVISION, SECRETARIAT, SINCE, Office
from tests.ready import Offices
from tests.surveys import SATISFIED, TODAY, answered, closed, links, new_survey, opened

HERE = "192.0.2.7"
SCAN = ("kuesioner.pdf", b"%PDF-1.7 kertas")


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("window")


def give(office: Office, link: str, *, now=NOW, **other: object) -> None:
    answer_survey(office.desk, link, answer=replace(SATISFIED, **other), address=HERE, now=now)


def responses(office: Office, survey_id: str):
    with office.desk.store.reading(office.agency_id) as tx:
        return citizen_surveys.responses(tx, survey_id)


def stored(office: Office, table) -> list[tuple]:
    with office.desk.store.reading(office.agency_id) as tx:
        return [tuple(row) for row in tx.connection.execute(select(table))]


def operator_of(office: Office, unit: str | None):
    with office.desk.store.transaction(office.agency_id) as tx:
        duty = DutyRow(f"operator-{unit}", "clerk", UnitFunction.OPERATOR.value, unit, SINCE)
        people.add(tx, [duty])
    return office.actor("clerk", NOW)


def refused(error: pytest.ExceptionInfo[InvalidForm]) -> set[str | None]:
    return {finding.element_id for finding in error.value.findings}


def test_an_answer_is_kept_by_day_only_and_under_an_id_that_is_no_clock(office: Office):
    survey = opened(office)
    (link,) = links(office, survey)

    give(office, link, comment=SECRET)

    (row,) = responses(office, survey)
    assert (row.channel, row.answered_on, row.requirements) == (Channel.ONLINE, TODAY, 3)
    assert (row.keyed_by, row.scan_sha256) == (None, None)
    assert NOW.isoformat() not in repr(stored(office, tables.survey_response))
    assert {type(value).__name__ for value in vars(row).values()} == {
        "str", "int", "date", "bytes", "NoneType"
    }  # fmt: skip


def test_a_comment_is_sealed(office: Office):
    survey = opened(office)
    (link,) = links(office, survey)
    give(office, link, comment=SECRET)

    (row,) = responses(office, survey)

    with office.desk.store.reading(office.agency_id) as tx:
        key = get_key(tx, citizen_surveys.get(tx, survey).comment_key)
    assert SECRET.encode() not in row.comment_sealed
    assert open_sealed(key, row.comment_sealed).decode() == SECRET


def test_a_link_is_gone_with_its_use_so_nothing_joins_it_with_the_answer(office: Office):
    survey = opened(office)
    used, left = links(office, survey, 2)

    give(office, used)

    hashes = [row[1] for row in stored(office, tables.survey_token)]
    everything = [stored(office, table) for table in tables.metadata.sorted_tables]
    assert hashes == [link_hash(left)]
    assert link_hash(used) not in repr(everything)
    assert used not in repr(everything)


def test_a_link_is_good_once(office: Office):
    survey = opened(office)
    (link,) = links(office, survey)
    give(office, link)

    with pytest.raises(NotFound):
        give(office, link)

    assert len(responses(office, survey)) == 1


def test_of_many_who_send_the_same_link_at_once_one_is_heard(office: Office):
    survey = opened(office)
    (link,) = links(office, survey)

    def send(person: int) -> bool:
        try:
            answer_survey(office.desk, link, answer=SATISFIED, address=f"192.0.2.{person}", now=NOW)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(4) as crowd:
        heard = list(crowd.map(send, range(8)))

    assert sum(heard) == len(responses(office, survey)) == 1


def test_an_answer_that_is_refused_leaves_its_link_good(office: Office):
    survey = opened(office)
    (link,) = links(office, survey)

    with pytest.raises(InvalidForm):
        give(office, link, service=9)
    give(office, link)

    assert len(responses(office, survey)) == 1


def test_every_wrong_place_is_named_at_once(office: Office):
    (link,) = links(office, opened(office))
    given = {Element.TIME: 5, Element.COST: None}

    with pytest.raises(InvalidForm) as error:
        give(
            office, link, perceptions=SATISFIED.perceptions | given, service=3,
            visited_on=TODAY - timedelta(days=91), comment="a" * 1001,
        )  # fmt: skip

    assert refused(error) == {"time", "cost", "service", "visited_on", "comment"}


@pytest.mark.parametrize("days", [-1, 27])
def test_before_the_first_and_after_the_last_day_nothing_is_taken(office: Office, days: int):
    survey = opened(office, starts=TODAY if days < 0 else date(2026, 1, 1))
    (link,) = links(office, survey)
    then = NOW + timedelta(days=days)

    with pytest.raises(NotFound):
        give(office, link, visited_on=TODAY - timedelta(days=9), now=then)

    assert survey_of_link(office.desk, link, now=then).is_open is False


def test_a_closed_survey_takes_nothing_more_and_its_links_say_so(office: Office):
    survey = opened(office)
    (link,) = links(office, survey)
    closed(office, survey)

    with pytest.raises(NotFound):
        give(office, link)

    assert survey_of_link(office.desk, link, now=NOW).survey.closed_at == NOW


def test_who_stands_at_the_counter_gets_a_link_of_his_own(office: Office):
    survey = opened(office)
    hr = office.actor("hr_officer", NOW)
    code = set_counter(office.desk, hr, survey_id=survey, now=NOW)

    first, second = (take_link(office.desk, code, address=HERE, now=NOW) for _ in range(2))
    give(office, first)
    give(office, second)

    assert first != second
    assert len(responses(office, survey)) == 2


def test_a_new_poster_ends_the_one_before(office: Office):
    survey, hr = opened(office), office.actor("hr_officer", NOW)
    old = set_counter(office.desk, hr, survey_id=survey, now=NOW)
    new = set_counter(office.desk, hr, survey_id=survey, now=NOW)

    with pytest.raises(NotFound):
        take_link(office.desk, old, address=HERE, now=NOW)

    assert take_link(office.desk, new, address=HERE, now=NOW)


def test_paper_is_keyed_in_with_its_scan_and_marked_as_paper(office: Office):
    survey, clerk = opened(office, ends=TODAY), operator_of(office, DIVISION)
    later = NOW + timedelta(days=3)

    key_in_paper(
        office.desk, clerk, survey_id=survey, answer=SATISFIED, scan=SCAN, now=later
    )  # fmt: skip

    (row,) = responses(office, survey)
    assert (row.channel, row.keyed_by) == (Channel.PAPER, "clerk")
    assert office.desk.files.get(row.scan_sha256 or "") == SCAN[1]


def test_paper_without_a_scan_or_from_another_time_is_refused(office: Office):
    survey, clerk = opened(office), operator_of(office, DIVISION)
    late = replace(SATISFIED, visited_on=TODAY + timedelta(days=1))

    with pytest.raises(InvalidForm) as error:
        key_in_paper(
            office.desk, clerk, survey_id=survey, answer=late, scan=("", b""), now=NOW
        )  # fmt: skip

    assert refused(error) == {"visited_on", "scan"}


def test_a_scan_that_is_no_picture_and_no_document_is_refused(office: Office):
    survey, clerk = opened(office), operator_of(office, DIVISION)

    with pytest.raises(InvalidFile):
        key_in_paper(
            office.desk, clerk, survey_id=survey, answer=SATISFIED,
            scan=("kuesioner.pdf", b"<script>"), now=NOW,
        )  # fmt: skip


def test_the_trail_says_when_a_survey_was_opened_and_closed_with_which_index(office: Office):
    survey = opened(office)
    answered(office, survey, 5, time=1)

    closed(office, survey)

    events = trail(office, audit.object_chain("survey", survey))
    assert [event["action"] for event in events] == [
        "survey.opened", "survey.links_made", "survey.closed"
    ]  # fmt: skip
    told = events[-1]["values"]
    assert {key: told[key] for key in ("n", "index", "grade")} == {
        "n": 5, "index": "69.44", "grade": "C"
    }  # fmt: skip


def test_of_four_people_not_even_the_trail_tells_an_index(office: Office):
    survey = opened(office)
    answered(office, survey, 4)

    closed(office, survey)

    told = trail(office, audit.object_chain("survey", survey))[-1]["values"]
    assert (told["n"], told["index"], told["grade"]) == (4, None, None)


def test_a_unit_is_asked_about_once_in_a_cycle(office: Office):
    survey = opened(office)

    with pytest.raises(Conflict):
        opened(office)
    answered(office, survey, 5)
    closed(office, survey)

    with pytest.raises(Conflict):
        opened(office)


def test_a_survey_that_too_few_answered_goes_on(office: Office):
    survey = opened(office)
    answered(office, survey, 2)
    closed(office, survey)

    again = opened(office, ends=date(2026, 2, 28))
    answered(office, again, 3)

    assert again == survey
    assert len(responses(office, survey)) == 5


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"ends": date(2025, 12, 31), "starts": date(2025, 12, 1)}, "ends"),
        ({"starts": date(2026, 2, 1)}, "ends"),
        ({"population": 0}, "population"),
        ({"services": ()}, "services"),
        ({"services": ("Izin", "izin")}, "services"),
        ({"services": ("i" * 81,)}, "services"),
    ],
)
def test_a_survey_that_cannot_be_is_refused(office: Office, wrong: dict, place: str):
    with pytest.raises(InvalidForm) as error:
        opened(office, **wrong)

    assert refused(error) == {place}


@pytest.mark.parametrize("count", [0, 201])
def test_links_are_made_by_the_sheet(office: Office, count: int):
    with pytest.raises(InvalidForm):
        links(office, opened(office), count)


def test_an_operator_serves_the_surveys_of_the_own_unit_only(office: Office):
    clerk = operator_of(office, DIVISION)
    own = open_survey(office.desk, clerk, new=new_survey(office), now=NOW)
    other = new_survey(office, unit_id=SECRETARIAT)

    with pytest.raises(Forbidden):
        open_survey(office.desk, clerk, new=other, now=NOW)

    assert len(make_links(office.desk, clerk, survey_id=own, count=3, now=NOW)) == 3


def test_others_cannot_open_print_close_or_key_in(office: Office):
    survey, analyst = opened(office), office.actor("analyst", NOW)
    attempts = (
        lambda: open_survey(office.desk, analyst, new=new_survey(office), now=NOW),
        lambda: make_links(office.desk, analyst, survey_id=survey, count=1, now=NOW),
        lambda: set_counter(office.desk, analyst, survey_id=survey, now=NOW),
        lambda: close_survey(office.desk, analyst, survey_id=survey, now=NOW),
        lambda: key_in_paper(
            office.desk, analyst, survey_id=survey, answer=SATISFIED, scan=SCAN, now=NOW
        ),
    )

    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()
