"""Ratings, predicates and results of an appraisal."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from engine.domain.people import EmployeeId


class Rating(StrEnum):
    """Human rating of one axis (PermenPANRB 6/2022)."""

    BELOW = "below"
    AS_EXPECTED = "as_expected"
    ABOVE = "above"


class Predicate(StrEnum):
    """Official predicate of the 3x3 matrix (PermenPANRB 6/2022)."""

    VERY_GOOD = "very_good"
    GOOD = "good"
    NEEDS_IMPROVEMENT = "needs_improvement"
    POOR = "poor"
    VERY_POOR = "very_poor"


class OrganisationAchievement(StrEnum):
    """Achievement of an organisation (SE MenPANRB 3/2023)."""

    EXCEPTIONAL = "exceptional"
    GOOD = "good"
    NEEDS_IMPROVEMENT = "needs_improvement"
    POOR = "poor"
    VERY_POOR = "very_poor"


class SignatureKind(StrEnum):
    """How a step or a result was signed; the kind is printed with the signature."""

    CLICK = "click"
    PIN = "pin"
    TOTP = "totp"
    WET_SCANNED = "wet_signature_scanned"


@dataclass(frozen=True)
class Signature:
    """Who signed a result version, when and how."""

    employee_id: EmployeeId
    signed_at: datetime
    kind: SignatureKind


@dataclass(frozen=True)
class ResultVersion:
    """One version of an appraisal's result; version 2 and later follow an explanation or appeal."""

    version: int
    source: str
    result_rating: Rating
    behaviour_rating: Rating
    predicate: Predicate
    local_score: Decimal | None = None
