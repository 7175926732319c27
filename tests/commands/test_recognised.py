"""Ideas that everybody of the agency sees: endorsed, with consent, as long as it holds."""

import pytest

from engine.commands.recognised import Recognised, end_showing, recognised
from engine.domain.transfers import TransferKind
from engine.errors import Forbidden, NotFound
from engine.store import sealing
from tests.cases import NOW, SECRET, Case, problems
from tests.commands.ideas import IDEA, answered_idea, submitted_idea
from tests.commands.moves import leaving, transfer
from tests.office import Office, found_office
from tests.ready import Offices, store_system

SHOWN = ("title", "problem", "idea", "effect")


@pytest.fixture
def office(offices: Offices) -> Office:
    """An agency that works by Salatiga's system, with one appraisal running."""
    office = offices.open("salatiga")
    Case.start(office)
    return office


def seen_by(office: Office, person: str = "clerk") -> tuple[Recognised, ...]:
    return recognised(office.desk, office.actor(person, NOW), now=NOW).rows


def ended(office: Office, case: Case, person: str = "analyst") -> None:
    end_showing(office.desk, office.actor(person, NOW), instance_id=case.id, now=NOW)


def test_whoever_has_nothing_to_do_with_it_sees_the_named_answers_and_no_other(
    office: Office,
) -> None:
    answered_idea(office)

    (idea,) = seen_by(office)

    ((_, values),) = idea.answers
    assert idea.person.id == "analyst"
    assert values == {name: IDEA[name] for name in SHOWN}


def test_what_is_not_endorsed_not_consented_to_or_not_finished_is_seen_by_nobody(
    office: Office,
) -> None:
    answered_idea(office, endorsed=False)
    answered_idea(office, publish_consent=False)
    answered_idea(office, publish_consent=None)
    submitted_idea(office)

    assert seen_by(office) == seen_by(office, "analyst") == ()


def test_the_person_takes_the_consent_back_for_good_and_the_trail_says_so_once(
    office: Office,
) -> None:
    case = answered_idea(office)

    ended(office, case)
    ended(office, case)

    assert seen_by(office) == seen_by(office, "analyst") == ()
    assert case.actions.count("showing.ended") == 1
    assert problems(office) == []


def test_consent_that_is_taken_back_before_the_answer_holds_after_it(office: Office) -> None:
    case = submitted_idea(office)
    ended(office, case)

    case.complete("division_head", "endorse_idea", {"endorsed": True})

    assert seen_by(office) == ()


@pytest.mark.parametrize("person", ["division_head", "hr_officer", "clerk"])
def test_nobody_else_takes_it_back(office: Office, person: str) -> None:
    case = answered_idea(office)

    with pytest.raises(Forbidden):
        ended(office, case, person)

    assert len(seen_by(office)) == 1


def test_an_appraisal_is_shown_to_nobody_so_there_is_no_consent_to_take_back(
    offices: Offices,
) -> None:
    case = Case.start(offices.open("salatiga"))

    with pytest.raises(NotFound):
        ended(case.office, case)


def test_of_who_left_the_service_nothing_is_seen(office: Office) -> None:
    answered_idea(office)

    transfer(office, leaving("analyst", TransferKind.RETIREMENT))

    assert seen_by(office) == ()


def test_what_was_erased_is_gone_here_too(office: Office) -> None:
    case = answered_idea(office)

    with office.desk.store.transaction(office.agency_id) as tx:
        sealing.destroy_key(tx, case.row.sealing_key_id, now=NOW)

    assert seen_by(office) == ()


def test_the_newest_stands_first_and_pages_follow_each_other_without_gap(office: Office) -> None:
    titles = [f"Ide nomor {number} di loket" for number in range(3)]
    for title in titles:
        answered_idea(office, title=title)
        answered_idea(office, title=SECRET + " tetap", publish_consent=False)
    found, before = [], ""

    for _ in range(3):
        page = recognised(office.desk, office.actor("clerk", NOW), before=before, size=2, now=NOW)
        found += [values["title"] for row in page.rows for _, values in row.answers]
        before = page.after

    assert found == titles[::-1]
    assert before == ""


def test_another_agency_sees_nothing_of_it(office: Office) -> None:
    answered_idea(office)

    there = found_office(office.desk, system="salatiga", deploy=store_system)

    assert len(seen_by(office)) == 1
    assert seen_by(there) == ()
