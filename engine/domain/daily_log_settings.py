"""Reads `[daily_log]` of a system: whether its people keep a log of their days, and its limits."""

from collections.abc import Mapping

from engine.domain.daily_log import LogRules

# The least and the most that each limit may be.
RANGES: Mapping[str, tuple[int, int]] = {
    "late_after_days": (0, 60),
    "least_minutes": (1, 1_440),
    "most_minutes": (1, 1_440),
    "most_minutes_a_day": (1, 1_440),
    "most_evidence": (0, 20),
    "lock_day": (1, 28),
    "answer_days": (1, 30),
}


def log_rules_of(document: Mapping[str, object]) -> LogRules | None:
    """The limits of the log; None for a system that asks for none.

    Raises ValueError, KeyError or TypeError that names what is wrong: a key that is not known or
    missing, a number outside its range, or limits that no entry could keep.
    """
    entry = document.get("daily_log")
    if entry is None:
        return None
    if not isinstance(entry, Mapping) or entry.keys() - RANGES.keys():
        raise TypeError(f"daily_log must be a table of {', '.join(RANGES)}")
    rules = LogRules(**{key: _number(key, entry[key]) for key in RANGES})
    if not rules.least_minutes <= rules.most_minutes <= rules.most_minutes_a_day:
        raise ValueError("daily_log: least_minutes, most_minutes, most_minutes_a_day must grow")
    return rules


def _number(key: str, value: object) -> int:
    least, most = RANGES[key]
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"daily_log.{key} must be a whole number from {least} to {most}")
    return value
