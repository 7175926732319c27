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
MAX_STATES: Final = 200_000
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
    samples = [_samples(table, place) for place in range(len(table.inputs))]
    if not all(samples):
        return (*findings, _on_table("dmn.no_possible_value", table))
    findings.extend(_overlaps(table, samples))
    if table.hit_policy.single:
        findings.extend(_gaps(table, samples))
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


def _overlaps(table: DecisionTable, samples: Sequence[Sequence[Literal]]) -> Iterator[Finding]:
    if table.hit_policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return
    reached = [
        [_bits(cell.matches(sample) for sample in column)
         for cell, column in zip(rule.cells, samples, strict=True)]
        for rule in table.rules
    ]  # fmt: skip
    found = 0
    for later, rule in enumerate(table.rules):
        for earlier in range(later):
            other = table.rules[earlier]
            if table.hit_policy is HitPolicy.ANY and other.outputs == rule.outputs:
                continue
            common = [a & b for a, b in zip(reached[earlier], reached[later], strict=True)]
            if all(common):
                case = [column[_lowest(bits)] for column, bits in zip(samples, common, strict=True)]
                yield _on_rule(
                    "dmn.overlap", table, rule,
                    row=str(later + 1), other=str(earlier + 1), case=_case(table, case),
                )  # fmt: skip
                found += 1
            if found == MAX_OVERLAPS:
                return


def _gaps(table: DecisionTable, samples: Sequence[Sequence[Literal]]) -> Iterator[Finding]:
    search = _GapSearch(table.rules, samples)
    for case in search.gaps:
        yield _on_table("dmn.gap", table, case=_case(table, case))
    if search.given_up:
        yield _on_table("dmn.too_complex", table)


@dataclass
class _GapSearch:
    """Looks column by column for a case that no row takes.

    Which rows are still possible decides everything that follows, so that each set of rows is
    followed once a column; a table that needs more than 200,000 such sets is given up.
    """

    rules: Sequence[Rule]
    samples: Sequence[Sequence[Literal]]
    gaps: list[list[Literal]] = field(default_factory=list)
    given_up: bool = False

    def __post_init__(self) -> None:
        self.matching = [
            [_bits(rule.cells[place].matches(sample) for rule in self.rules) for sample in column]
            for place, column in enumerate(self.samples)
        ]
        self.covered: set[tuple[int, int]] = set()
        self._follow((1 << len(self.rules)) - 1, [])

    def _follow(self, possible: int, case: list[Literal]) -> None:
        place = len(case)
        if len(self.gaps) >= MAX_GAPS or (place, possible) in self.covered:
            return
        if not possible:
            rest = [column[0] for column in self.samples[place:]]
            self.gaps.append([*case, *rest])
            return
        self.given_up = self.given_up or len(self.covered) >= MAX_STATES
        if place == len(self.samples) or self.given_up:
            return
        self.covered.add((place, possible))
        for sample, matching in zip(self.samples[place], self.matching[place], strict=True):
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
        if low == low.quantize(_HUNDREDTH):
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
