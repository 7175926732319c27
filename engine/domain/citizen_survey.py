"""The citizen survey (SKM): nine elements, their index from 25 to 100, its grade, its sample.

Source: PermenPANRB 14/2017 on the survey of public satisfaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from engine.domain.scoring import rounded

LOWEST, HIGHEST = 1, 4
# An index of fewer people would tell what one of them said.
FLOOR = 5
# What a perception from 1 to 4 is multiplied with to reach 100.
SCALE = Decimal(25)
HUNDREDTHS = Decimal("0.11")
VISIT_DAYS = 90
LONGEST_COMMENT = 1000
# Krejcie and Morgan (1970): chi-square of one degree at 95 %, a half, an error of 5 %.
CHI_SQUARE, HALF, ERROR = Decimal("3.841"), Decimal("0.5"), Decimal("0.05")


class Element(StrEnum):
    """The nine elements in the order of the regulation."""

    REQUIREMENTS = "requirements"
    PROCEDURE = "procedure"
    TIME = "time"
    COST = "cost"
    PRODUCT = "product"
    COMPETENCE = "competence"
    BEHAVIOUR = "behaviour"
    COMPLAINTS = "complaints"
    FACILITIES = "facilities"


class Grade(StrEnum):
    """The quality of a service; A is very good, D is not good."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Channel(StrEnum):
    """How an answer came in."""

    ONLINE = "online"
    PAPER = "paper"


ELEMENTS = tuple(Element)
# What says something about the person who serves, rather than about rules and rooms.
OF_PERSON = (Element.COMPETENCE, Element.BEHAVIOUR)
BORDERS = (
    (Decimal("88.31"), Grade.A),
    (Decimal("76.61"), Grade.B),
    (Decimal(65), Grade.C),
)


@dataclass(frozen=True)
class Tally:
    """How many people answered, and the sum of their answers to each element."""

    responses: int
    sums: Mapping[Element, int]

    @property
    def is_told(self) -> bool:
        """Whether enough people answered for anything to be told."""
        return self.responses >= FLOOR

    def mean(self, element: Element) -> Decimal:
        """The mean answer to an element, from 1 to 4, at two places; for people to read."""
        return rounded(Decimal(self.sums[element]) / self.responses)

    def weakest(self) -> tuple[Element, ...]:
        """The elements with the lowest mean; none where all have the same."""
        lowest = min(self.sums[element] for element in ELEMENTS)
        found = tuple(element for element in ELEMENTS if self.sums[element] == lowest)
        return found if len(found) < len(ELEMENTS) else ()


NOBODY = Tally(0, dict.fromkeys(ELEMENTS, 0))


def tally_of(answers: Sequence[Mapping[Element, int]]) -> Tally:
    """The tally of single answers."""
    return Tally(len(answers), {e: sum(answer[e] for answer in answers) for e in ELEMENTS})


def satisfaction_index(tally: Tally, elements: Sequence[Element] = ELEMENTS) -> Decimal:
    """Index of some elements with equal weights that sum to exactly one, at two places half-up.

    From 25 to 100; of at least one person. Rounded before it is graded, as it is published.
    """
    total = sum(tally.sums[element] for element in elements)
    return rounded(SCALE * total / (tally.responses * len(elements)))


def index_with_hundredths(tally: Tally) -> Decimal:
    """The index with the weight 0.11 that the annex prints: 99.00 at most.

    Only shown beside the exact one, to units that published theirs so.
    """
    total = sum(tally.sums[element] for element in ELEMENTS)
    return rounded(SCALE * HUNDREDTHS * total / tally.responses)


def grade_of(index: Decimal) -> Grade:
    """The grade of an index that is rounded to two places."""
    return next((grade for border, grade in BORDERS if index >= border), Grade.D)


def sample_size(population: int) -> int:
    """How many of so many users a year should answer: 169 of 300, 322 of 2,000.

    Source: the table of PermenPANRB 14/2017, which is the formula of Krejcie and Morgan,
    "Determining Sample Size for Research Activities", 1970.
    """
    spread = CHI_SQUARE * HALF * (1 - HALF)
    size = spread * population / (ERROR**2 * (population - 1) + spread)
    return int(size.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def is_visit_in_time(visited_on: date, today: date) -> bool:
    """Whether somebody who was there on a day may still answer, and was there already."""
    return today - timedelta(days=VISIT_DAYS) <= visited_on <= today
