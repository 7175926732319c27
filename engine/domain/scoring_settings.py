"""Reads `[[indicators]]` and `[scales]` of a system and holds them against the law."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from engine.domain.local_score import Axis, Indicator, Scales, Scoring, Topic
from engine.domain.scoring import CEILING, HUNDRED

Table = Mapping[str, object]
FEWEST, MOST = 3, 10
LEAST_WEIGHT = Decimal(5)
RATINGS = range(1, 6)
# The share of results where colleagues are not asked and where they are: PP 30/2019 art. 41(2)-(4).
ENVELOPE = {False: Decimal(70), True: Decimal(60)}


def scoring_of(document: Mapping[str, object]) -> Scoring | None:
    """The scoring of a system; None when it has no indicators.

    Raises ValueError, KeyError or TypeError that names what is wrong: from 3 to 10 indicators of
    at least 5 percent, 100 together, results 70 percent of them or 60 where `[score] peers` says
    that colleagues are asked; another share needs `[score] envelope_reason`.
    """
    entries = document.get("indicators")
    if not entries:
        return None
    if not isinstance(entries, list):
        raise TypeError("indicators must be tables")
    indicators = tuple(_indicator(entry) for entry in entries)
    _check_weights(indicators)
    _check_envelope(indicators, _table(document.get("score", {})))
    return Scoring(indicators, _scales(_table(document["scales"])))


def _indicator(entry: object) -> Indicator:
    table = _table(entry)
    title = str(table["title"])
    return Indicator(
        str(table["id"]),
        Axis(str(table["axis"])),
        _number(table["weight"]),
        {"id": title, "en": str(table.get("title_en", title))},
        Topic(str(table["topic"])) if "topic" in table else None,
    )


def _check_weights(indicators: Sequence[Indicator]) -> None:
    weights = [indicator.weight for indicator in indicators]
    if len({indicator.key for indicator in indicators}) != len(weights):
        raise ValueError("indicators: two have the same id")
    if not FEWEST <= len(weights) <= MOST:
        raise ValueError(f"indicators: from {FEWEST} to {MOST}, found {len(weights)}")
    if min(weights) < LEAST_WEIGHT or sum(weights) != HUNDRED:
        raise ValueError(f"indicators: weights of at least {LEAST_WEIGHT}, together {HUNDRED}")


def _check_envelope(indicators: Sequence[Indicator], score: Table) -> None:
    share = sum((i.weight for i in indicators if i.axis is Axis.RESULTS), Decimal(0))
    wanted = ENVELOPE[score.get("peers") is True]
    if share != wanted and not score.get("envelope_reason"):
        raise ValueError(f"indicators: results weigh {share}, not {wanted} (PP 30/2019 art. 41)")


def _scales(table: Table) -> Scales:
    anchors = {int(rating): _number(score) for rating, score in _table(table["anchors"]).items()}
    if sorted(anchors) != list(RATINGS):
        raise ValueError("scales.anchors: a score for each rating from 1 to 5")
    given = table["index"]
    if not isinstance(given, list) or len(given) < 2:
        raise ValueError("scales.index: at least two corners")
    corners = tuple((_number(index), _number(score)) for index, score in given)
    if any(low >= high for (low, _), (high, _) in pairwise(corners)):
        raise ValueError("scales.index: each corner beyond the one before")
    if not all(0 <= score <= CEILING for score in (*anchors.values(), *(s for _, s in corners))):
        raise ValueError(f"scales: scores from 0 to {CEILING}")
    return Scales(anchors, corners)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"expected a whole number or a decimal as text, found {value!r}")
    return Decimal(value)


def _table(value: object) -> Table:
    if not isinstance(value, Mapping):
        raise TypeError(f"expected a table, found {value!r}")
    return value
