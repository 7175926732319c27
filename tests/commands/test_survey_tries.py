"""How often an address may try, and that nobody learns from it who answered."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from engine.commands.citizen_surveys import set_counter
from engine.commands.survey_answers import answer_survey, take_link
from engine.domain.attempts import ADDRESS, POSTER
from engine.errors import InvalidForm, NotFound, TooManyAttempts
from engine.jobs.forgetting import forget_expired
from engine.store import citizen_surveys, tables
from engine.store.sealing import get_key, keyed_hash
from tests.cases import NOW
from tests.office import Office
from tests.ready import Offices
from tests.surveys import SATISFIED, links, opened

HERE = "192.0.2.7"


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("window")


def give(office: Office, link: str, *, now=NOW, **other: object) -> None:
    answer_survey(office.desk, link, answer=replace(SATISFIED, **other), address=HERE, now=now)


def stored(office: Office) -> list[tuple]:
    with office.desk.store.reading(office.agency_id) as tx:
        return [tuple(row) for row in tx.connection.execute(select(tables.sign_in_attempt))]


def test_an_address_that_takes_link_after_link_must_wait(office: Office):
    survey, hr = opened(office), office.actor("hr_officer", NOW)
    code = set_counter(office.desk, hr, survey_id=survey, now=NOW)
    for _ in range(POSTER.free):
        take_link(office.desk, code, address=HERE, now=NOW)

    with pytest.raises(TooManyAttempts):
        take_link(office.desk, code, address=HERE, now=NOW)

    assert take_link(office.desk, code, address=HERE, now=NOW + timedelta(hours=1))
    assert take_link(office.desk, code, address="198.51.100.1", now=NOW)


def test_an_address_that_answers_time_after_time_must_wait(office: Office):
    (link,) = links(office, opened(office))
    for _ in range(ADDRESS.free):
        with pytest.raises(InvalidForm):
            give(office, link, service=None)

    with pytest.raises(TooManyAttempts):
        give(office, link)

    give(office, link, now=NOW + timedelta(hours=1))


def test_a_guessed_link_leaves_nothing_of_who_guessed(office: Office):
    before = stored(office)

    with pytest.raises(NotFound):
        give(office, "geraten")

    assert stored(office) == before


def test_nobody_finds_the_address_of_an_answer_by_trying_all_of_them(office: Office):
    first, second = links(office, opened(office), count=2)
    give(office, first)
    give(office, second, now=NOW + timedelta(hours=1))

    keys = [row[1] for row in stored(office)]
    guesses = {
        sha256(f"{door}\0{more}{HERE}".encode()).hexdigest()
        for door in ("survey", "tries:60", first)
        for more in ("", f"{NOW:%Y-%m-%d %H}\0")
    }
    with office.desk.store.reading(office.agency_id) as tx:
        (survey,) = citizen_surveys.of_cycle(tx, office.cycle_id)
        key = get_key(tx, survey.comment_key)

    assert len(set(keys)) == 2
    assert not guesses & set(keys)
    tried = f"tries:{ADDRESS.free}\0{NOW:%Y-%m-%d %H}\0{HERE}".encode()
    assert keyed_hash(key, tried) in keys


def test_what_is_counted_of_an_address_is_forgotten_after_a_day(office: Office):
    (link,) = links(office, opened(office))
    give(office, link)

    forget_expired(office.desk, office.agency_id, now=NOW + timedelta(days=1))

    assert stored(office) == []
