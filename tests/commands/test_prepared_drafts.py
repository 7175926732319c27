"""An operator prepares facts for a rater: named, dated, never the rating or the rater's draft."""

from datetime import date, timedelta

import pytest

from engine.commands.complete import complete_work_item
from engine.commands.drafts import save_draft
from engine.commands.prepared_drafts import (
    hand_over_facts,
    open_facts,
    prepared_facts,
    save_facts,
    take_facts,
)
from engine.commands.preparers import allow_preparer, end_preparer
from engine.commands.work_forms import open_form
from engine.domain.people import EmployeeId
from engine.errors import Forbidden, InvalidForm, NotFound, StaleVersion, WorkItemClosed
from engine.store.drafts import Edition
from tests.cases import SECRET, Case, refusals
from tests.office import Office
from tests.ready import Offices
from tests.teams import OPERATOR, STARTED, STRANGER, describe, open_item, team

RATER, NOW = "division_head", STARTED
STRENGTHS = f"{SECRET}: pelayanan izin rapi dan tepat waktu."
RATINGS = (
    {"result_rating_decided": "above"},
    {"behaviour_rating_decided": "below"},
    {"override_reason": "Alasan yang hanya dapat diberikan oleh pejabat penilai sendiri."},
    {"behaviours": [{"rating": "above"}]},
)


@pytest.fixture
def case(offices: Offices) -> Case:
    """A person's file that waits for the rating, in an office with two operators."""
    office = offices.open()
    return Case(office, team(office, 1)["staff01"])


def allow(case: Case, operator: str = OPERATOR, days: int = 30, rater: str = RATER) -> str:
    today = date(2026, 1, 5)
    return allow_preparer(
        case.office.desk, case.office.actor(rater, NOW), operator_id=EmployeeId(operator),
        starts=today, ends=today + timedelta(days=days), now=NOW,
    )  # fmt: skip


def item(case: Case) -> str:
    return open_item(case.office, case.id, "supervisor_review").id


def prepare(case: Case, values, revision: int = 0, who: str = OPERATOR, now=NOW) -> int:
    return save_facts(
        case.office.desk, case.office.actor(who, now), item_id=item(case), values=values,
        edition=Edition(revision), now=now,
    )  # fmt: skip


def hand_over(case: Case) -> None:
    actor = case.office.actor(OPERATOR, NOW)
    hand_over_facts(case.office.desk, actor, item_id=item(case), now=NOW)


def form_of(office: Office, item_id: str):
    return open_form(office.desk, office.actor(RATER, NOW), item_id=item_id, language="id", now=NOW)


def test_what_an_operator_prepared_is_the_raters_only_once_he_takes_it(case: Case):
    allow(case)

    prepare(case, {"strengths": STRENGTHS})
    hand_over(case)
    before = form_of(case.office, item(case))
    take_facts(case.office.desk, case.office.actor(RATER, NOW), item_id=item(case), now=NOW)

    after = form_of(case.office, item(case))
    assert before.values.get("strengths") is None
    assert after.values["strengths"] == STRENGTHS
    assert after.values.get("result_rating_decided") is None


def test_the_trail_says_who_prepared_and_who_took_it(case: Case):
    allow(case)
    prepare(case, {"strengths": STRENGTHS})
    hand_over(case)

    take_facts(case.office.desk, case.office.actor(RATER, NOW), item_id=item(case), now=NOW)

    told = [(e["action"], e["actor"]) for e in case.events if e["action"].startswith("draft.")]
    assert told == [("draft.prepared", OPERATOR), ("draft.taken", RATER)]


def test_what_the_rater_typed_himself_stays(case: Case):
    allow(case)
    own = "Kata-kata pejabat penilai sendiri."
    save_draft(
        case.office.desk, case.office.actor(RATER, NOW), item_id=item(case),
        values={**form_of(case.office, item(case)).values, "strengths": own}, revision=0, now=NOW,
    )  # fmt: skip
    prepare(case, {"strengths": STRENGTHS, "weaknesses": STRENGTHS})
    hand_over(case)

    take_facts(case.office.desk, case.office.actor(RATER, NOW), item_id=item(case), now=NOW)

    values = form_of(case.office, item(case)).values
    assert (values["strengths"], values["weaknesses"]) == (own, STRENGTHS)


def test_the_operator_sees_neither_ratings_nor_the_raters_draft(case: Case):
    allow(case)
    values = {**form_of(case.office, item(case)).values, "strengths": STRENGTHS}
    actor = case.office.actor(RATER, NOW)
    save_draft(case.office.desk, actor, item_id=item(case), values=values, revision=0, now=NOW)

    shown = open_facts(
        case.office.desk, case.office.actor(OPERATOR, NOW), item_id=item(case),
        language="id", now=NOW,
    )  # fmt: skip

    names = {found.path for found in shown.form.all_fields()}
    assert "behaviours.rating" not in names
    assert not any("decided" in name or "suggested" in name for name in names)
    assert "behaviours.feedback" in names
    assert shown.steps == {}
    assert shown.values.get("strengths") is None
    assert "as_expected" not in repr(shown.values)


@pytest.mark.parametrize("values", RATINGS, ids=lambda values: next(iter(values)))
def test_a_rating_from_an_operator_is_refused_and_noted(case: Case, values):
    allow(case)

    with pytest.raises(Forbidden):
        prepare(case, values)

    assert refusals(case.office, OPERATOR) == ["rating"]


def test_who_was_not_named_prepares_nothing(case: Case):
    allow(case)

    for person in (STRANGER, "clerk", "staff01", "hr_officer"):
        with pytest.raises(Forbidden):
            prepare(case, {"strengths": STRENGTHS}, who=person)


def test_a_permission_ends_when_it_is_taken_back_or_over(case: Case):
    preparer = allow(case, days=1)
    with pytest.raises(Forbidden):
        prepare(case, {"strengths": STRENGTHS}, now=NOW + timedelta(days=3))

    end_preparer(case.office.desk, case.office.actor(RATER, NOW), preparer_id=preparer, now=NOW)

    with pytest.raises(Forbidden):
        prepare(case, {"strengths": STRENGTHS})


def test_only_an_operator_of_the_own_unit_can_be_named(case: Case):
    for person in (STRANGER, "clerk", RATER, "nobody"):
        with pytest.raises(InvalidForm):
            allow(case, operator=person)


def test_nobody_ends_the_permission_of_another_rater(case: Case):
    preparer = allow(case)

    with pytest.raises(NotFound):
        end_preparer(
            case.office.desk, case.office.actor("department_head", NOW),
            preparer_id=preparer, now=NOW,
        )  # fmt: skip


def test_a_page_that_was_overtaken_overwrites_nothing(case: Case):
    allow(case)
    prepare(case, {"strengths": STRENGTHS})

    with pytest.raises(StaleVersion):
        prepare(case, {"strengths": "Lain."}, revision=0)


def test_the_rater_sees_nothing_before_it_is_handed_over(case: Case):
    allow(case)
    prepare(case, {"strengths": STRENGTHS})
    rater = case.office.actor(RATER, NOW)

    before = prepared_facts(case.office.desk, rater, item_id=item(case), now=NOW)
    hand_over(case)
    after = prepared_facts(case.office.desk, rater, item_id=item(case), now=NOW)

    assert before is None
    assert after is not None
    assert (after.operator_id, after.values["strengths"]) == (OPERATOR, STRENGTHS)


def test_an_operator_neither_sends_nor_takes_nor_opens_the_raters_form(case: Case):
    allow(case)
    prepare(case, {"strengths": STRENGTHS})
    hand_over(case)
    operator, desk = case.office.actor(OPERATOR, NOW), case.office.desk

    with pytest.raises(Forbidden):
        take_facts(desk, operator, item_id=item(case), now=NOW)
    with pytest.raises(Forbidden):
        open_form(desk, operator, item_id=item(case), language="id", now=NOW)
    with pytest.raises(Forbidden):
        complete_work_item(desk, operator, item_id=item(case), answers={}, now=NOW)


def test_nothing_is_prepared_for_a_rating_that_was_sent(case: Case):
    allow(case)
    prepare(case, {"strengths": STRENGTHS})
    sent = item(case)
    values = {
        **form_of(case.office, sent).values,
        "result_rating_decided": "as_expected",
        "behaviour_rating_decided": "as_expected",
    }
    case.complete(RATER, "supervisor_review", values)

    with pytest.raises(WorkItemClosed):
        hand_over_facts(case.office.desk, case.office.actor(OPERATOR, NOW), item_id=sent, now=NOW)


def test_who_is_rated_never_prepares_the_own_rating(offices: Offices):
    office = offices.open()
    team(office, 1)
    own = Case(office, office.start(OPERATOR, NOW))
    describe(office, OPERATOR, own.id)
    allow(own)

    with pytest.raises(Forbidden):
        prepare(own, {"strengths": STRENGTHS})

    assert refusals(office, OPERATOR) == ["own_case"]
