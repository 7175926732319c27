"""Deploy checks of decision tables: overlaps and gaps, proved over every case a table can meet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from itertools import zip_longest
from typing import Final

from engine.errors import Finding, Severity
from engine.rules.dmn.cells import Kind, Literal
from engine.rules.dmn.table import Aggregation, DecisionTable, HitPolicy, Rule
from engine.rules.numbers import format_number

MAX_OVERLAPS: Final = 20
MAX_GAPS: Final = 3
MAX_STEPS: Final = 1_000_000
# A text that no cell can hold, since S-FEEL strings end at a quotation mark.
OTHER_TEXT: Final = '"'
_HUNDREDTH: Final = Decimal("0.01")
_DAY: Final = timedelta(days=1)


def check_table(table: DecisionTable) -> tuple[Finding, ...]:
    """What would make `table` fail or decide by accident; empty when nothing does.

    Numbers are taken in steps of 0.01, since values are rounded to two places before they are
    compared: `<= 89.99` and `>= 90` leave no gap.
    """
    findings = [
        *_aggregation(table),
        *_priorities(table),
        *_empty_rows(table),
        *_empty_outputs(table),
    ]
    cases = _Cases(table)
    if not all(cases.samples):
        return (*findings, _on_table("dmn.no_possible_value", table))
    findings.extend(_overlaps(table, cases))
    if table.hit_policy.single:
        findings.extend(_gaps(table, cases))
    return tuple(findings)


def _aggregation(table: DecisionTable) -> Iterator[Finding]:
    if table.aggregation is None:
        return
    counted = table.aggregation is Aggregation.COUNT
    numbers = all(output.kind is Kind.NUMBER for output in table.outputs)
    if table.hit_policy is not HitPolicy.COLLECT:
        yield _on_table("dmn.aggregation_without_collect", table)
    elif len(table.outputs) > 1 or not (counted or numbers):
        yield _on_table("dmn.aggregation_outputs", table)


def _priorities(table: DecisionTable) -> Iterator[Finding]:
    if table.hit_policy.ranked and not all(output.allowed for output in table.outputs):
        yield _on_table("dmn.priority_without_values", table)


def _empty_rows(table: DecisionTable) -> Iterator[Finding]:
    """An all-empty row is an "else": only the last row of a FIRST table may be one."""
    for place, rule in enumerate(table.rules, start=1):
        last = place == len(table.rules)
        if rule.matches_everything and not (table.hit_policy is HitPolicy.FIRST and last):
            yield _on_rule("dmn.empty_row", table, rule, row=str(place))


def _empty_outputs(table: DecisionTable) -> Iterator[Finding]:
    for place, rule in enumerate(table.rules, start=1):
        if None in rule.outputs:
            finding = _on_rule("dmn.output_empty", table, rule, row=str(place))
            yield replace(finding, severity=Severity.WARNING)


def _overlaps(table: DecisionTable, cases: "_Cases") -> Iterator[Finding]:
    if table.hit_policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return
    agreeing = table.hit_policy is HitPolicy.ANY
    found = 0
    for later, rule in enumerate(table.rules):
        for earlier, other in enumerate(table.rules[:later]):
            if agreeing and other.outputs == rule.outputs:
                continue
            case = cases.common(earlier, later)
            if case is not None:
                places = {"row": str(later + 1), "other": str(earlier + 1)}
                yield _on_rule("dmn.overlap", table, rule, case=_case(table, case), **places)
                found += 1
            if found == MAX_OVERLAPS:
                return


def _gaps(table: DecisionTable, cases: "_Cases") -> Iterator[Finding]:
    search = _GapSearch(cases)
    for case in search.gaps:
        yield _on_table("dmn.gap", table, case=_case(table, case))
    if search.given_up:
        yield _on_table("dmn.too_complex", table)


class _Cases:
    """Which rows take which values: sets of rows and of values as bits of whole numbers."""

    def __init__(self, table: DecisionTable) -> None:
        self.samples = [_samples(table, place) for place in range(len(table.inputs))]
        self.taken = [
            [_bits(cell.matches(sample) for sample in column)
             for cell, column in zip(rule.cells, self.samples, strict=True)]
            for rule in table.rules
        ]  # fmt: skip

    def common(self, one: int, other: int) -> list[Literal] | None:
        """A case that both rows take; None when there is none."""
        pairs = list(zip(self.taken[one], self.taken[other], strict=True))
        if not all(left & right for left, right in pairs):
            return None
        return [
            column[_lowest(left & right)]
            for column, (left, right) in zip(self.samples, pairs, strict=True)
        ]

    def rows_by_sample(self, place: int) -> list[int]:
        """For each value of a column the rows that take it."""
        rows = [0] * len(self.samples[place])
        for number, taken in enumerate(self.taken):
            left = taken[place]
            while left:
                rows[_lowest(left)] |= 1 << number
                left &= left - 1
        return rows


@dataclass
class _GapSearch:
    """Looks column by column for a case that no row takes.

    Which rows are still possible decides everything that follows, so that each set of rows is
    followed once a column; a table that needs more than a million steps is given up.
    """

    cases: _Cases
    gaps: list[list[Literal]] = field(default_factory=list)
    steps: int = 0

    @property
    def given_up(self) -> bool:
        """Was the search ended before every case was looked at?"""
        return self.steps > MAX_STEPS

    def __post_init__(self) -> None:
        self.samples = self.cases.samples
        self.matching = [self.cases.rows_by_sample(place) for place in range(len(self.samples))]
        self.covered: set[tuple[int, int]] = set()
        self._follow((1 << len(self.cases.taken)) - 1, [])

    def _follow(self, possible: int, case: list[Literal]) -> None:
        place = len(case)
        if len(self.gaps) >= MAX_GAPS or (place, possible) in self.covered:
            return
        if not possible:
            rest = [column[0] for column in self.samples[place:]]
            self.gaps.append([*case, *rest])
            return
        if place == len(self.samples):
            return
        self.covered.add((place, possible))
        for sample, matching in zip(self.samples[place], self.matching[place], strict=True):
            self.steps += 1
            if self.given_up:
                return
            self._follow(possible & matching, [*case, sample])


def _samples(table: DecisionTable, place: int) -> list[Literal]:
    """One value for each region of a column within which no cell tells values apart."""
    column = table.inputs[place]
    cells = [rule.cells[place] for rule in table.rules]
    written = {literal for cell in cells for literal in cell.literals}
    written |= set(column.allowed.literals) if column.allowed else set()
    candidates = _regions(column.kind, written)
    allowed = column.allowed
    return [value for value in candidates if allowed is None or allowed.matches(value)]


def _regions(kind: Kind, written: set[Literal]) -> list[Literal]:
    if kind is Kind.BOOLEAN:
        return [False, True]
    if kind is Kind.STRING:
        return [*sorted(text for text in written if isinstance(text, str)), OTHER_TEXT]
    if kind is Kind.NUMBER:
        return list(_numbers(sorted(bound for bound in written if isinstance(bound, Decimal))))
    return list(_dates(sorted(bound for bound in written if isinstance(bound, date))))


def _numbers(bounds: Sequence[Decimal]) -> Iterator[Decimal]:
    if not bounds:
        yield Decimal(0)
        return
    yield _above(bounds[0]) - 2 * _HUNDREDTH
    for low, high in zip_longest(bounds, bounds[1:]):
        if low == low.quantize(_HUNDREDTH, rounding=ROUND_FLOOR):
            yield low
        if high is None or _above(low) < high:
            yield _above(low)


def _above(bound: Decimal) -> Decimal:
    """The smallest multiple of 0.01 above `bound`."""
    return bound.quantize(_HUNDREDTH, rounding=ROUND_FLOOR) + _HUNDREDTH


def _dates(bounds: Sequence[date]) -> Iterator[date]:
    if not bounds:
        yield date(2000, 1, 1)
        return
    yield bounds[0] - _DAY
    for low, high in zip_longest(bounds, bounds[1:]):
        yield low
        if high is None or low + _DAY < high:
            yield low + _DAY


def _bits(matches: Iterator[bool]) -> int:
    return sum(1 << place for place, match in enumerate(matches) if match)


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _case(table: DecisionTable, case: Sequence[Literal]) -> str:
    return "; ".join(
        f"{column.label} = {_shown(value)}"
        for column, value in zip(table.inputs, case, strict=True)
    )


def _shown(value: Literal) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format_number(value)
    if isinstance(value, date):
        return value.isoformat()
    return "…" if value == OTHER_TEXT else f'"{value}"'


def _on_table(code: str, table: DecisionTable, **params: str) -> Finding:
    return Finding(code, file=table.file, element_id=table.id, line=table.line, params=params)


def _on_rule(code: str, table: DecisionTable, rule: Rule, **params: str) -> Finding:
    return Finding(code, file=table.file, element_id=rule.id, line=rule.line, params=params)
