"""Compares the predicates of another system's recap with ours, person by person.

Every civil servant is recorded in the national application as well; where the two differ,
somebody must know before either list is used.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.domain.appraisal import Predicate

# The words of PermenPANRB 6/2022, and those that recaps in use write for the same predicate.
WORDS: Mapping[str, Predicate] = {
    "sangat baik": Predicate.VERY_GOOD,
    "baik": Predicate.GOOD,
    "butuh perbaikan": Predicate.NEEDS_IMPROVEMENT,
    "cukup": Predicate.NEEDS_IMPROVEMENT,
    "kurang": Predicate.POOR,
    "misconduct": Predicate.POOR,
    "kurang misconduct": Predicate.POOR,
    "sangat kurang": Predicate.VERY_POOR,
}
_SIGNS = str.maketrans(dict.fromkeys("/()_-", " "))


class Difference(StrEnum):
    """What is wrong with one line; the gravest first."""

    PREDICATE = "predicate"
    UNREADABLE = "unreadable"
    TWICE = "twice"
    UNKNOWN_PERSON = "unknown_person"
    ONLY_THERE = "only_there"
    NOT_FINAL = "not_final"
    ONLY_HERE = "only_here"


@dataclass(frozen=True)
class RecapLine:
    """One line of the other recap; `number` is its row in the sheet."""

    number: int
    nip: str
    word: str


@dataclass(frozen=True)
class OwnResult:
    """What we hold of one person in the period; `has_case` is False for who has no appraisal."""

    nip: str
    name: str
    unit: str
    has_case: bool
    predicate: Predicate | None = None
    final: bool = False
    under_appeal: bool = False


@dataclass(frozen=True)
class Differing:
    """One difference: the line there, if any, and what is held here, if anything."""

    kind: Difference
    line: RecapLine | None
    own: OwnResult | None


def predicate_of(word: str) -> Predicate | None:
    """The predicate that a recap's word stands for, in any spelling of the signs."""
    return WORDS.get(" ".join(word.lower().translate(_SIGNS).split()))


def compare(
    lines: Iterable[RecapLine], own: Mapping[str, OwnResult]
) -> tuple[int, tuple[Differing, ...]]:
    """How many agree, and every difference by kind; `own` is by NIP."""
    there = list(lines)
    found = [*_of_lines(there, own), *_missing_there(there, own)]
    order = {kind: place for place, kind in enumerate(Difference)}
    differing = sorted(found, key=lambda one: order[one.kind])
    return len(there) - sum(one.line is not None for one in differing), tuple(differing)


def _of_lines(lines: list[RecapLine], own: Mapping[str, OwnResult]) -> Iterator[Differing]:
    met: set[str] = set()
    for line in lines:
        held = own.get(line.nip)
        kind = Difference.TWICE if line.nip in met else _difference(line, held)
        met.add(line.nip)
        if kind:
            yield Differing(kind, line, held)


def _difference(line: RecapLine, held: OwnResult | None) -> Difference | None:
    if held is None:
        return Difference.UNKNOWN_PERSON
    if predicate_of(line.word) is None:
        return Difference.UNREADABLE
    if not held.has_case:
        return Difference.ONLY_THERE
    if not held.final:
        return Difference.NOT_FINAL
    return None if predicate_of(line.word) is held.predicate else Difference.PREDICATE


def _missing_there(lines: list[RecapLine], own: Mapping[str, OwnResult]) -> Iterator[Differing]:
    there = {line.nip for line in lines}
    for nip, held in own.items():
        if held.final and nip not in there:
            yield Differing(Difference.ONLY_HERE, None, held)
