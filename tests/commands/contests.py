"""Steps of the small system "contest": a rating that may be late, an appeal to be withdrawn."""

from datetime import datetime

from engine.commands.achievements import set_organisation_achievement
from engine.domain.appraisal import OrganisationAchievement
from engine.domain.people import UnitId
from tests.cases import NOW, SECRET, Case
from tests.office import DIVISION, Office

WORDS = {"text": SECRET}
RATED = {"result_rating": "above", "behaviour_rating": "above"}
LATE = datetime.fromisoformat("2026-01-19T17:00:00+00:00")


def set_achievement(
    office: Office,
    person: str = "hr_officer",
    *,
    level: OrganisationAchievement = OrganisationAchievement.GOOD,
    unit: UnitId = DIVISION,
    now: datetime = NOW,
) -> int:
    """Set what the division achieved."""
    return set_organisation_achievement(
        office.desk, office.actor(person, now), cycle_id=office.cycle_id, unit_id=unit,
        level=level, reason=SECRET, now=now,
    )  # fmt: skip


def to_be_rated(office: Office, person: str = "analyst") -> Case:
    """A case that waits for the rater."""
    case = Case.start(office, person)
    case.complete(person, "report", WORDS)
    set_achievement(office)
    return case


def to_be_heard(office: Office) -> Case:
    """A case whose appeal waits for the rater's superior."""
    case = to_be_rated(office)
    case.complete("division_head", "rate", RATED)
    return case
