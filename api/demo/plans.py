"""Plans of invented people: four to six indicators in the words of the public service."""

import random
from decimal import Decimal

from api.demo.words import words
from engine.commands.plan_sheet import PlanLine

SHORTEST = 4


def plan_lines(kind: str, rng: random.Random) -> tuple[PlanLine, ...]:
    """A plan of the kind with targets drawn from its ranges."""
    source = words("plans")[kind]
    lines = [_line("main", entry, rng) for entry in source["main"]]
    lines += [_line("additional", entry, rng) for entry in source["additional"]]
    return tuple(lines[: rng.randint(SHORTEST, len(lines))])


def _line(kind: str, entry: list[object], rng: random.Random) -> PlanLine:
    result_plan, indicator, *target = entry
    if len(target) == 1:
        return PlanLine(str(result_plan), kind, str(indicator), None, str(target[0]), "")
    unit, low, high, *inverse = target
    number = rng.randint(int(str(low)), int(str(high)))
    return PlanLine(
        str(result_plan),
        kind,
        str(indicator),
        Decimal(number),
        str(number),
        str(unit),
        inverse=bool(inverse),
    )
