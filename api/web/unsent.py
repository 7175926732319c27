"""Typed answers that could not be stored: shown again in the form, or to be copied."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from api.i18n import N_, Words
from api.problems import Problem, problem_of
from engine.errors import Conflict, InvalidFile, InvalidForm

SHOWN = N_("What you typed stands below. It is not stored yet.")
REPLACES = N_("Check it, then save or send again. It takes the place of what was stored before.")
TO_COPY = N_("What you typed stands below so that you can copy it. It was not stored.")
COPY = N_("Copy what you still need. The appraisal file says how it goes on.")
NOTHING_TYPED = (None, "", False)


@dataclass(frozen=True)
class Refused:
    """What was typed, with the file that came with it, and why it was not stored so."""

    values: Mapping[str, object]
    key: str
    error: InvalidForm | InvalidFile | Conflict


def notice_in_form(refused: Refused | None, words: Words) -> Problem | None:
    """What stands above the form that comes back; errors of its fields speak for themselves."""
    if refused is None or isinstance(refused.error, InvalidForm):
        return None
    told = problem_of(refused.error, words)
    advice = told.advice if isinstance(refused.error, InvalidFile) else words(REPLACES)
    return replace(told, safe=words(SHOWN), advice=advice)


def notice_to_copy(error: Conflict, words: Words) -> Problem:
    """What stands above answers that no form takes any more."""
    return replace(problem_of(error, words), safe=words(TO_COPY), advice=words(COPY))


def adds_to(stored: object, typed: object) -> bool:
    """Does `typed` say anything that is not in `stored`? An empty answer says nothing."""
    if isinstance(typed, Mapping):
        known = stored if isinstance(stored, Mapping) else {}
        return any(adds_to(known.get(name), value) for name, value in typed.items())
    if isinstance(typed, list):
        rows = stored if isinstance(stored, list) else []
        beside = [*rows, *[None] * (len(typed) - len(rows))]
        return any(adds_to(row, value) for row, value in zip(beside, typed, strict=False))
    return typed not in NOTHING_TYPED and typed != stored
