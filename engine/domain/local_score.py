"""The local score: weighted indicators of two axes, 0 to 120; it only suggests ratings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from engine.domain.scoring import CEILING, HUNDRED, PLACES, rounded


class Axis(StrEnum):
    """The two axes of the official matrix, which the indicators are laid on."""

    RESULTS = "results"
    BEHAVIOUR = "behaviour"


class Topic(StrEnum):
    """What an indicator is about, where training can help."""

    COMMUNICATION = "communication"
    TIME = "time"
    SERVICE = "service"
    QUALITY = "quality"
    DISCIPLINE = "discipline"
    TEAM = "team"
    ADAPTABILITY = "adaptability"


@dataclass(frozen=True)
class Indicator:
    """One weighted indicator of a system; `weight` in percent of the whole."""

    key: str
    axis: Axis
    weight: Decimal
    title: Mapping[str, str]
    topic: Topic | None = None


@dataclass(frozen=True)
class Scales:
    """How ratings and indices become scores.

    `anchors` give the score of a human rating 1 to 5; `index` are corners (index, score) of a
    piecewise linear curve, ascending, for a satisfaction index 25 to 100.
    """

    anchors: Mapping[int, Decimal]
    index: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True)
class Scoring:
    """The indicators of a system with the scales that measure them."""

    indicators: tuple[Indicator, ...]
    scales: Scales


@dataclass(frozen=True)
class LocalScore:
    """Both axes and their sum at two places, None where nothing of an axis was measured.

    `missing` are the indicators whose weight went to the others of their axis.
    """

    results: Decimal | None
    behaviour: Decimal | None
    local: Decimal | None
    missing: tuple[str, ...]


def by_topic(
    indicators: Sequence[Indicator], scores: Mapping[str, Decimal | None]
) -> Mapping[Topic, Decimal | None]:
    """The lowest score of each topic at two places; None where nothing of it was measured."""
    found: dict[Topic, Decimal | None] = dict.fromkeys(Topic)
    for one in indicators:
        score, known = scores[one.key], found.get(one.topic) if one.topic else None
        if one.topic and score is not None and (known is None or score < known):
            found[one.topic] = rounded(score)
    return found


def anchored(rating: Decimal, scales: Scales) -> Decimal:
    """The score of a human rating 1 to 5, between two anchors on the line. KeyError for another."""
    below = scales.anchors[int(rating)]
    part = rating % 1
    return below + (scales.anchors[int(rating) + 1] - below) * part if part else below


def index_score(index: Decimal, scales: Scales) -> Decimal:
    """The score of a satisfaction index between the corners of the curve, exact.

    Source: PermenPANRB 14/2017 for the borders of the grades; the scores at them are ours.
    """
    corners = scales.index
    if index <= corners[0][0]:
        return corners[0][1]
    for (low, below), (high, above) in pairwise(corners):
        if index <= high:
            return below + (above - below) * (index - low) / (high - low)
    return corners[-1][1]


def attendance(duty: Decimal, leave: Decimal, present: Decimal) -> Decimal | None:
    """100 x days present / days of duty without authorised leave, at most 100.

    None when leave covers the whole period: who was never due cannot have been absent.
    """
    due = duty - leave
    return None if due <= 0 else min(HUNDRED * present / due, HUNDRED)


def reweighted(
    indicators: Sequence[Indicator], weights: Mapping[str, Decimal]
) -> tuple[Indicator, ...]:
    """The indicators with weights agreed for one person; one that they do not name keeps its own.

    Each axis keeps its share of the whole, which the law sets: the agreed weights only divide it.
    """
    agreed = [replace(i, weight=weights.get(i.key, i.weight)) for i in indicators]
    shares = {axis: (_weight(axis, indicators), _weight(axis, agreed)) for axis in Axis}
    return tuple(
        replace(own, weight=new.weight * share / total) if total else own
        for own, new in zip(indicators, agreed, strict=True)
        for share, total in [shares[own.axis]]
    )


def local_score(
    indicators: Sequence[Indicator],
    scores: Mapping[str, Decimal | None],
    *,
    bonus: Decimal = Decimal(0),
    border: Decimal = Decimal(90),
) -> LocalScore:
    """The score of both axes and of the whole.

    The weight of an indicator without a score goes to the others of its axis, in proportion.
    Scores stay exact inside the sums; each axis and the whole are rounded half-up once. A bonus
    never lifts a whole from below `border` to it: it would hide weak work.
    """
    results, behaviour = (_axis(axis, indicators, scores) for axis in Axis)
    missing = tuple(i.key for i in indicators if scores.get(i.key) is None)
    local = None
    if results is not None and behaviour is not None:
        share = _weight(Axis.RESULTS, indicators)
        whole = (share * results + (HUNDRED - share) * behaviour) / HUNDRED
        local = _with_bonus(rounded(min(whole, CEILING)), bonus, border)
    return LocalScore(_rounded(results), _rounded(behaviour), local, missing)


def _axis(
    axis: Axis, indicators: Sequence[Indicator], scores: Mapping[str, Decimal | None]
) -> Decimal | None:
    measured = [
        (indicator.weight, score)
        for indicator in indicators
        if indicator.axis is axis and (score := scores.get(indicator.key)) is not None
    ]
    weights = sum((weight for weight, _ in measured), Decimal(0))
    if not weights:
        return None
    return sum((weight * score for weight, score in measured), Decimal(0)) / weights


def _weight(axis: Axis, indicators: Sequence[Indicator]) -> Decimal:
    return sum((i.weight for i in indicators if i.axis is axis), Decimal(0))


def _with_bonus(local: Decimal, bonus: Decimal, border: Decimal) -> Decimal:
    lifted = min(local + bonus, CEILING)
    return border - PLACES if local < border <= lifted else lifted


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else rounded(value)
