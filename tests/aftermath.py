"""A result of the small system "aftermath" with what follows it, for tests."""

from collections.abc import Mapping
from datetime import datetime

from engine.commands.follow_ups import Proof, complete_follow_up, note_follow_up
from engine.store import follow_ups
from engine.store.follow_ups import FollowUpRow
from tests.cases import NOW, Case
from tests.office import Office

BELOW = {"result_rating": "below", "behaviour_rating": "as_expected"}
ABOVE = {"result_rating": "above", "behaviour_rating": "as_expected"}
GOALS = {"goals": [{"goal": "Semua izin selesai tepat waktu"}]}
PROOF = Proof(number="800/12/2026")


def rated(office: Office, person: str = "analyst", *, rating: Mapping[str, str] = BELOW) -> Case:
    """A case whose result was delivered and can still be changed by the hearing."""
    case = Case.start(office, person)
    case.complete("division_head", "rate", rating)
    return case


def changed(case: Case, rating: Mapping[str, str] = ABOVE) -> None:
    """The hearing changes the result."""
    case.complete("department_head", "hear", {"changed": True})
    case.complete("division_head", "rate", rating)


def settled(case: Case) -> None:
    """The hearing leaves the result as it is, and the case ends."""
    case.complete("department_head", "hear", {"changed": False})


def following(case: Case) -> dict[str, FollowUpRow]:
    """What follows the result, by kind; the newest of each."""
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        return {row.kind: row for row in follow_ups.of_instance(tx, case.id)}


def noted(case: Case, answers: Mapping[str, object], *, now: datetime = NOW) -> None:
    """The rater writes down a step of the improvement plan."""
    actor = case.office.actor("division_head", now)
    which = following(case)["improvement_plan"].id
    note_follow_up(case.office.desk, actor, follow_up_id=which, answers=answers, now=now)


def completed(
    case: Case,
    kind: str,
    answers: Mapping[str, object],
    *,
    person: str = "hr_officer",
    now: datetime = NOW,
) -> None:
    """Somebody ends a follow-up with a proof."""
    actor, which = case.office.actor(person, now), following(case)[kind].id
    complete_follow_up(
        case.office.desk, actor, follow_up_id=which, answers=answers, proof=PROOF, now=now
    )
