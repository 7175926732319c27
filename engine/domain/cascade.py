"""Cascading: which result of the leader each result of the staff serves, and what nobody carries.

Source: PermenPANRB 6/2022, matrix of roles and results.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.domain.people import EmployeeId

Line = Mapping[str, object]


@dataclass(frozen=True)
class Carried:
    """One result of the leader with the results that serve it, by person."""

    result: str
    by: Mapping[EmployeeId, tuple[str, ...]]

    @property
    def is_gap(self) -> bool:
        """Whether nobody of the staff carries it."""
        return not any(self.by.values())


@dataclass(frozen=True)
class RolesMatrix:
    """The results of a leader in the order of his plan; `apart` serves none of them, by person.

    `without_plan` are those of the staff who have none.
    """

    rows: tuple[Carried, ...]
    apart: Mapping[EmployeeId, tuple[str, ...]]
    without_plan: tuple[EmployeeId, ...]


def roles_matrix(leader: Sequence[Line], staff: Mapping[EmployeeId, Sequence[Line]]) -> RolesMatrix:
    """Lay the plans of the staff over the leader's; words count, not case, spaces or full stops."""
    results = {_key(result): result for result in results_in(leader)}
    serving = {person: _served(lines) for person, lines in staff.items()}
    rows = tuple(
        Carried(result, {person: tuple(own.get(key, ())) for person, own in serving.items()})
        for key, result in results.items()
    )
    apart = {
        person: tuple(
            result for key, found in own.items() if key not in results for result in found
        )
        for person, own in serving.items()
    }
    return RolesMatrix(rows, apart, tuple(person for person, lines in staff.items() if not lines))


def results_in(lines: Iterable[Line]) -> tuple[str, ...]:
    """The results of a plan, each once, in its order."""
    return tuple(dict.fromkeys(str(line["result_plan"]) for line in lines))


def _served(lines: Sequence[Line]) -> dict[str, dict[str, None]]:
    """The results of a plan by the superior's result that they serve."""
    found: dict[str, dict[str, None]] = {}
    for line in lines:
        served = _key(str(line.get("superior_result") or ""))
        found.setdefault(served, {})[str(line["result_plan"])] = None
    return found


def _key(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(". ")
