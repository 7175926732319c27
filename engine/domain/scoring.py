"""Measures that only suggest ratings; all figures are Decimal and rounded half-up once."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)
CEILING = Decimal(120)
PLACES = Decimal("0.01")


def rounded(value: Decimal) -> Decimal:
    """`value` at two places, half-up."""
    return value.quantize(PLACES, rounding=ROUND_HALF_UP)


def attainment(realisation: Decimal, target: Decimal, *, inverse: bool = False) -> Decimal | None:
    """100 x realisation / target, the other way round for inverse indicators, from 0 to 120.

    Nothing of what should be little is the best there is. None when the divisor is zero otherwise:
    such a line measures nothing. Source: PP 30/2019 art. 41, achievement counts up to 120.
    """
    if inverse and realisation == 0 and target > 0:
        return CEILING
    dividend, divisor = (target, realisation) if inverse else (realisation, target)
    if divisor == 0:
        return None
    return min(max(HUNDRED * dividend / divisor, Decimal(0)), CEILING)


def plain_mean(values: Sequence[Decimal]) -> Decimal | None:
    """Mean of the values at two places; None when there are none."""
    if not values:
        return None
    return rounded(sum(values, Decimal(0)) / len(values))


def measured_mean(
    plan: Iterable[Mapping[str, object]], rows: Iterable[Mapping[str, object]]
) -> Decimal | None:
    """Plain mean of the attainment of all measurable main results.

    `plan` and `rows` join by `indicator_id`; a line without target or realisation does not count.
    Source: PermenPANRB 6/2022 knows no weights, hence the plain mean; it only suggests.
    """
    realised = {row["indicator_id"]: row.get("realisation") for row in rows}
    attained = (_line(line, realised.get(line["indicator_id"])) for line in plan)
    return plain_mean([value for value in attained if value is not None])


def _line(line: Mapping[str, object], realisation: object) -> Decimal | None:
    target = line.get("target")
    if (
        line.get("kind") != "main"
        or not isinstance(target, Decimal)
        or not isinstance(realisation, Decimal)
    ):
        return None
    return attainment(realisation, target, inverse=line.get("inverse") is True)


def credit_points(pct: Decimal, coefficient: Decimal, months: Decimal) -> Decimal:
    """Annual credit of a functional position: pct x coefficient x months / 12.

    `pct` 0.25 to 1.50, `months` 0 to 12. Source: PermenPANRB 1/2023, PerBKN 3/2023.
    """
    return rounded(pct * coefficient * months / 12)
