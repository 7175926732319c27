"""Reads `[fairness]` of a system: from where on a pattern is one, and where its figures lie."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from engine.domain.appraisal import Predicate
from engine.domain.fairness import Gap, Limits

Table = Mapping[str, object]
NUMBERS = ("deviation", "spread", "halo", "share", "gap", "ratio")


@dataclass(frozen=True)
class Side:
    """Where a view lies; `is_rated` when these are ratings from 1 to 5 and not scores yet."""

    path: str
    is_rated: bool = False


@dataclass(frozen=True)
class Fairness:
    """What a system says of patterns.

    Paths point into the process data at the time of a result: `ratings` to what the rater gave,
    each to one rating or to a column of them; `gaps` by view to the rater's side and the other;
    `reciprocal` to whether two colleagues rate each other very high. `by_unit` are the indicators
    whose scores are compared by unit, by id. `flags` is the table whose
    outputs are codes of flags, `words` says them by language.
    """

    limits: Limits = field(default_factory=Limits)
    ratings: tuple[str, ...] = ()
    gaps: Mapping[Gap, tuple[Side, Side]] = field(default_factory=dict)
    reciprocal: str = ""
    by_unit: tuple[str, ...] = ()
    flags: str = ""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def fairness_of(document: Mapping[str, object]) -> Fairness:
    """The settings of a system.

    Raises ValueError, KeyError or TypeError that names what is wrong; a floor may be higher than
    usual, never lower.
    """
    given = _table(document.get("fairness", {}))
    words = {code: _titles(_table(entry)) for code, entry in _table(given.get("words", {})).items()}
    return Fairness(
        limits=_limits(given),
        ratings=_paths(given.get("ratings", [])),
        gaps={Gap(view): _sides(_table(g)) for view, g in _table(given.get("gaps", {})).items()},
        reciprocal=str(given.get("reciprocal", "")),
        by_unit=_indicators(given, document),
        flags=str(given.get("flags", "")),
        words=words,
    )


def _limits(given: Table) -> Limits:
    usual = Limits()
    numbers = {name: Decimal(str(given.get(name, getattr(usual, name)))) for name in NUMBERS}
    favourable = _paths(given.get("favourable", sorted(usual.favourable)))
    return Limits(
        floor=_at_least(usual.floor, "floor", given),
        group_floor=_at_least(usual.group_floor, "group_floor", given),
        recent_days=_at_least(1, "recent_days", {"recent_days": usual.recent_days, **given}),
        fewest_dates=_at_least(1, "fewest_dates", {"fewest_dates": usual.fewest_dates, **given}),
        favourable=frozenset(map(Predicate, favourable)),
        **numbers,
    )


def _indicators(given: Table, document: Mapping[str, object]) -> tuple[str, ...]:
    entries = document.get("indicators", [])
    known = {entry["id"] for entry in entries} if isinstance(entries, list) else set()
    found = _paths(given.get("by_unit", []))
    if unknown := sorted(set(found) - known):
        raise ValueError(f"fairness.by_unit: no indicator {unknown[0]!r}")
    return found


def _at_least(fewest: int, name: str, given: Table) -> int:
    value = given.get(name, fewest)
    if not isinstance(value, int) or value < fewest:
        raise ValueError(f"fairness.{name} must be a whole number of at least {fewest}")
    return value


def _sides(given: Table) -> tuple[Side, Side]:
    rated = _paths(given.get("rated", []))
    return (
        Side(str(given["rater"]), "rater" in rated),
        Side(str(given["other"]), "other" in rated),
    )


def _paths(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise TypeError(f"expected a list of texts, found {value!r}")
    return tuple(value)


def _titles(entry: Table) -> Mapping[str, str]:
    title = str(entry["title"])
    return {"id": title, "en": str(entry.get("title_en", title))}


def _table(value: object) -> Table:
    if not isinstance(value, Mapping):
        raise TypeError(f"expected a table, found {value!r}")
    return value
