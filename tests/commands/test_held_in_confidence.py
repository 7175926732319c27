"""HR learns that something confidential is stuck, and never whose it is or what it is about."""

import pytest
from sqlalchemy import delete

from engine.commands.incidents import report_unreadable, retry_in_confidence
from engine.domain.transfers import Moved, MoveReason, TransferKind
from engine.errors import Forbidden
from engine.queries import overviews
from engine.queries.transfers import batch_page, is_confidential_work_orphaned, orphans
from engine.store import incidents, tables
from tests.cases import NOW, Case, problems
from tests.commands.moves import leaving, plan
from tests.commands.test_beside import WORDS, by_counsellor, opened
from tests.office import Office
from tests.ready import Offices


@pytest.fixture
def office(offices: Offices) -> Office:
    """An agency whose system has a confidential process, with one appraisal running."""
    office = offices.open("aside")
    Case.start(office)
    by_counsellor(office)
    return office


def asked(office: Office) -> Case:
    """Somebody has asked the counsellor for support."""
    support = opened(office, "analyst", "support")
    support.complete("analyst", "ask", WORDS)
    return support


def held(office: Office) -> Case:
    """The same, held by an incident."""
    support = asked(office)
    report_unreadable(office.desk, office.agency_id, support.id, now=NOW)
    return support


def known(office: Office, person: str) -> tuple[str, ...]:
    with office.desk.store.reading(office.agency_id) as tx:
        return overviews.held_in_confidence(tx, office.actor(person, NOW))


def test_hr_learns_that_something_is_held_but_not_whose(office: Office) -> None:
    before = known(office, "hr_officer")
    support = held(office)

    with office.desk.store.reading(office.agency_id) as tx:
        listed = overviews.incidents(tx, office.actor("hr_officer", NOW), lambda *_: None)

    assert before == ()
    assert known(office, "hr_officer") == (support.id,)
    assert listed == ()


def test_it_is_tried_again_without_looking_into_it(office: Office) -> None:
    support = held(office)

    retry_in_confidence(office.desk, office.actor("hr_officer", NOW), now=NOW)

    assert known(office, "hr_officer") == ()
    with office.desk.store.reading(office.agency_id) as tx:
        assert incidents.open_of_instance(tx, support.id) == ()
    assert support.actions[-1] == "incident.resolved"
    assert problems(office) == []


def test_others_neither_learn_of_it_nor_try_it_again(office: Office) -> None:
    held(office)

    with pytest.raises(Forbidden):
        known(office, "division_head")
    with pytest.raises(Forbidden):
        retry_in_confidence(office.desk, office.actor("division_head", NOW), now=NOW)


def test_a_transfer_names_nobody_of_what_is_confidential(office: Office) -> None:
    support = asked(office)
    item = support.open["answer"].id
    batch = plan(office, leaving("clerk", TransferKind.RETIREMENT))
    moved = [Moved(MoveReason.TO_FUNCTION, support.id, item, "Jawab permintaan")]

    with office.desk.store.reading(office.agency_id) as tx:
        page = batch_page(tx, office.actor("hr_officer", NOW), batch, moved, NOW)

    assert page.subjects == {}
    assert page.confidential == {support.id}


def test_confidential_work_without_a_holder_is_told_and_not_listed(office: Office) -> None:
    asked(office)
    hr = office.actor("hr_officer", NOW)
    with office.desk.store.transaction(office.agency_id) as tx:
        before = is_confidential_work_orphaned(tx, hr, NOW)
        duty = tables.duty
        tx.connection.execute(delete(duty).where(duty.c.employee_id == "clerk"))

        assert not before
        assert is_confidential_work_orphaned(tx, hr, NOW)
        assert orphans(tx, hr, NOW) == ()
