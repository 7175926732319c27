"""Drafts are kept by revision, sealed, for their own work only, and are no part of the case."""

import pytest

from engine.commands.drafts import save_draft
from engine.commands.work_forms import open_form
from engine.errors import Forbidden, StaleVersion, WorkItemClosed
from engine.store import drafts
from tests.cases import NOW, SECRET, Case, refusals
from tests.commands.test_complete import GOOD
from tests.ready import Offices

HALF = {"text": f"{SECRET}: setengah"}


@pytest.fixture
def case(offices: Offices) -> Case:
    """A case that waits for one answer of the analyst."""
    return Case.start(offices.open("window"))


def save(case: Case, values: dict[str, object], revision: int, person: str = "analyst") -> int:
    office = case.office
    return save_draft(
        office.desk, office.actor(person, NOW), item_id=case.open["answer"].id,
        values=values, revision=revision, now=NOW,
    )  # fmt: skip


def test_a_draft_may_be_incomplete_and_comes_back_with_its_revision(case: Case):
    revision = save(case, HALF, 0)

    form = open_form(
        case.office.desk, case.office.actor("analyst", NOW),
        item_id=case.open["answer"].id, language="id", now=NOW,
    )  # fmt: skip
    assert (revision, form.revision, form.saved_at) == (1, 1, NOW)
    assert form.values == HALF


def test_every_save_counts_one_revision_on(case: Case):
    revisions = [save(case, HALF, 0), save(case, HALF, 1), save(case, HALF, 2)]

    assert revisions == [1, 2, 3]


@pytest.mark.parametrize("revision", [0, 1, 5])
def test_a_tab_that_was_overtaken_is_told_and_overwrites_nothing(case: Case, revision: int):
    save(case, HALF, 0)
    save(case, GOOD, 1)

    with pytest.raises(StaleVersion) as stale:
        save(case, HALF, revision)

    assert stale.value.actual == 2
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        kept = drafts.find(tx, case.open["answer"].id)
    assert kept is not None
    assert kept.revision == 2


def test_only_who_does_the_work_drafts_it(case: Case):
    with pytest.raises(Forbidden):
        save(case, HALF, 0, person="division_head")

    assert refusals(case.office, "analyst") == []


def test_a_draft_of_finished_work_is_refused(case: Case):
    item, actor = case.open["answer"], case.office.actor("analyst", NOW)
    case.complete("analyst", "answer", GOOD)

    with pytest.raises(WorkItemClosed):
        save_draft(case.office.desk, actor, item_id=item.id, values=HALF, revision=0, now=NOW)


def test_a_draft_is_no_fact_of_the_case(case: Case):
    before = case.events

    save(case, HALF, 0)

    assert case.events == before
