"""What checking a sheet found: which rows are new, changed, unchanged or bad, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from engine.commands.sheets import SheetLine
from engine.errors import Finding


class SheetKind(StrEnum):
    """What a sheet holds."""

    PEOPLE = "people"
    PLANS = "plans"
    TRANSFERS = "transfers"
    COMPLAINTS = "complaints"
    ATTENDANCE = "attendance"
    TRAINING = "training"


class RowState(StrEnum):
    """What a row of a sheet would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BAD = "bad"


@dataclass(frozen=True)
class Checked:
    """Rows by their number in the sheet; `seal` changes whenever what they would do changes.

    A sheet that is stored `whole` is not stored at all while one of its rows is bad. `replaced`
    counts what is known and would hold no longer.
    """

    states: Mapping[int, RowState]
    findings: tuple[Finding, ...]
    seal: str
    whole: bool = False
    replaced: int = 0

    @property
    def counts(self) -> Mapping[RowState, int]:
        """How many rows there are of each state."""
        counted = Counter(self.states.values())
        return {state: counted[state] for state in RowState}

    @property
    def good(self) -> int:
        """How many rows would be stored or are stored already."""
        bad = self.counts[RowState.BAD]
        return 0 if self.whole and bad else len(self.states) - bad


def checked(
    lines: Sequence[SheetLine],
    states: Mapping[int, RowState],
    effect: object,
    *,
    whole: bool = False,
) -> Checked:
    """The result of a check; `effect` says what would be stored, the same for the same data."""
    every = {
        line.number: RowState.BAD if line.findings else states.get(line.number, RowState.NEW)
        for line in lines
    }
    findings = tuple(finding for line in lines for finding in line.findings)
    seal = sha256(repr((sorted(every.items()), findings, effect)).encode()).hexdigest()
    return Checked(every, findings, seal, whole)
