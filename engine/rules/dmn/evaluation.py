"""The evaluation of a decision table: strict hit policies, and a trace of what decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.errors import DecisionFailed
from engine.rules.dmn.cells import Kind, Literal, kind_of
from engine.rules.dmn.table import Aggregation, DecisionTable, HitPolicy, Input, Output, Rule
from engine.rules.numbers import ARITHMETIC, round_half_up


@dataclass(frozen=True)
class Evaluation:
    """One decision as it was made: which file, which values, which rows, which result.

    `inputs` maps column labels to the values compared (numbers rounded, dates as ISO text);
    `outputs` maps output names to one value under U, A, F, P and with an aggregation, else to the
    list of values in row order.
    """

    table_id: str
    table_sha256: str
    inputs: Mapping[str, object]
    rule_ids: tuple[str, ...]
    outputs: Mapping[str, object]
    annotations: tuple[str, ...]


def evaluate(table: DecisionTable, values: Mapping[str, object]) -> Evaluation:
    """The decision of `table` under the process data `values`; parses nothing.

    Numbers are rounded half-up to two places before any comparison. COLLECT and the order policies
    give empty lists when no row matches (sum and count: 0). Raises DecisionFailed with no_rule,
    several_rules, outputs_differ, input_wrong_type or input_not_allowed, and ExpressionFailed for
    an input that is missing.
    """
    given = [_value(table, column, values) for column in table.inputs]
    hits = [rule for rule in table.rules if _hit(rule, given)]
    chosen = _chosen(table, hits)
    return Evaluation(
        table_id=table.id,
        table_sha256=table.sha256,
        inputs={
            column.label: _plain(value) for column, value in zip(table.inputs, given, strict=True)
        },
        rule_ids=tuple(rule.id for rule in chosen),
        outputs=_outputs(table, chosen),
        annotations=tuple(rule.annotation for rule in chosen if rule.annotation),
    )


def _value(table: DecisionTable, column: Input, values: Mapping[str, object]) -> Literal | None:
    found = column.expression.evaluate(values)
    if found is None:
        return None
    value = _typed(found, column.kind)
    if value is None:
        raise DecisionFailed(
            "input_wrong_type", table=table.id, column=column.label, type=type(found).__name__
        )
    if column.allowed and not column.allowed.matches(value):
        raise DecisionFailed(
            "input_not_allowed", table=table.id, column=column.label, value=str(value)[:80]
        )
    return value


def _typed(value: object, kind: Kind) -> Literal | None:
    """`value` as a column of `kind` compares it; None when it is of another type."""
    if kind is Kind.NUMBER and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return round_half_up(value)
    if kind is Kind.DATE and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, str | bool | date) and type(value) in (str, bool, date):
        return value if kind_of(value) is kind else None
    return None


def _hit(rule: Rule, given: Sequence[Literal | None]) -> bool:
    return all(cell.matches(value) for cell, value in zip(rule.cells, given, strict=True))


def _chosen(table: DecisionTable, hits: Sequence[Rule]) -> Sequence[Rule]:
    """The rows that count under the hit policy, in the order in which they count."""
    policy = table.hit_policy
    smallest_or_largest = table.aggregation in (Aggregation.MIN, Aggregation.MAX)
    if not hits and (policy.single or smallest_or_largest):
        raise DecisionFailed("no_rule", table=table.id)
    if policy is HitPolicy.UNIQUE and len(hits) > 1:
        raise DecisionFailed("several_rules", table=table.id, rules=_names(hits))
    if policy is HitPolicy.ANY and any(rule.outputs != hits[0].outputs for rule in hits):
        raise DecisionFailed("outputs_differ", table=table.id, rules=_names(hits))
    if policy.ranked:
        hits = sorted(hits, key=lambda rule: _rank(rule, table.outputs))
    if policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
        return hits[:1]
    return hits


def _rank(rule: Rule, outputs: Sequence[Output]) -> tuple[int, ...]:
    return tuple(
        column.allowed.index(value) if value in column.allowed else len(column.allowed)
        for column, value in zip(outputs, rule.outputs, strict=True)
    )


def _outputs(table: DecisionTable, chosen: Sequence[Rule]) -> dict[str, object]:
    if table.hit_policy.single:
        return {
            column.name: _plain(value)
            for column, value in zip(table.outputs, chosen[0].outputs, strict=True)
        }
    lists = {
        column.name: [_plain(rule.outputs[place]) for rule in chosen]
        for place, column in enumerate(table.outputs)
    }
    if table.aggregation is None:
        return dict(lists)
    return {name: _aggregated(table.aggregation, found) for name, found in lists.items()}


def _aggregated(aggregation: Aggregation, found: Sequence[object]) -> object:
    if aggregation is Aggregation.COUNT:
        return len(found)
    numbers = [value for value in found if isinstance(value, Decimal)]
    if aggregation is Aggregation.SUM:
        total = Decimal(0)
        for number in numbers:
            total = ARITHMETIC.add(total, number)
        return total
    return min(numbers) if aggregation is Aggregation.MIN else max(numbers)


def _plain(value: Literal | None) -> object:
    """A value as process data hold it: dates are ISO text there."""
    return value.isoformat() if isinstance(value, date) else value


def _names(rules: Sequence[Rule]) -> str:
    return ", ".join(rule.id for rule in rules[:5])
