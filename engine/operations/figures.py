"""Operations that bring imported figures into a case; people still confirm what they say."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from engine.bpmn.environment import OperationResult
from engine.domain.measured import Complaint, FigureKind, Leave, category_of, complaint_figures
from engine.errors import OperationFailed
from engine.operations.registry import Facts, Measured, Operation, Values

ABOUT, SINCE, CATEGORY = "about", "since", "category"
PERSON, UNIT = "person", "unit"


def complaint_of(fact: Measured) -> Complaint:
    """A complaint as it was imported."""
    closed = fact.figures.get("closed")
    return Complaint(
        str(fact.figures["category"]),
        fact.on,
        date.fromisoformat(str(closed)) if closed else None,
        fact.figures.get("right_first") is True,
        fact.employee_id,
    )


def _complaint_figures(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """Complaints that the person handled, or `about` the unit, in the cycle or `since` a day.

    `category` chooses one. Counts and median are None where no complaint was imported;
    `measured_on` is the day of counting.
    """
    about, given = values.get(ABOUT, PERSON), values.get(CATEGORY)
    category = category_of(str(given)) if given else None
    if about not in (PERSON, UNIT):
        raise OperationFailed("operation.parameter_missing", param=ABOUT)
    found = facts.measured(FigureKind.COMPLAINTS, of_unit=about == UNIT, since=_day(values, SINCE))
    wanted = [one for one in map(complaint_of, found) if category in (None, one.category)]
    figures = complaint_figures(wanted)
    told = {
        "received": figures.received,
        "handled": figures.handled,
        "right_first": figures.right_first,
        "median_days": figures.median_days,
    }
    return _told({name: told[name] if wanted else None for name in told}, facts)


def _attendance_figures(_values: Values, _data: Values, facts: Facts) -> OperationResult:
    """Days of duty, present, on call and of leave by kind; None where nothing was imported.

    Shifts are days of duty by their roster. Authorised leave lies inside the days of duty.
    """
    found = [one.figures for one in facts.measured(FigureKind.ATTENDANCE)]
    if not found:
        empty = {"duty_days": None, "present_days": None, "on_call_days": None, "leave_days": None}
        return _told(empty, facts, leave=[])
    leave = {kind: _sum(found, f"leave_{kind}") for kind in Leave}
    told = {
        "duty_days": _sum(found, "duty"),
        "present_days": _sum(found, "present"),
        "on_call_days": _sum(found, "on_call"),
        "leave_days": sum(leave.values(), Decimal(0)),
    }
    taken = [{"kind": kind.value, "days": days} for kind, days in leave.items() if days]
    return _told(told, facts, leave=taken)


def _training_hours(_values: Values, _data: Values, facts: Facts) -> OperationResult:
    """Hours of training by certificate; `hours` is None where nothing was imported."""
    found = facts.measured(FigureKind.TRAINING)
    trainings = [one for one in found if one.figures.get("hours")]
    rows = [{"completed_on": one.on.isoformat(), **one.figures} for one in trainings]
    hours = _sum([one.figures for one in trainings], "hours")
    return _told({"hours": hours if found else None}, facts, rows=rows)


def _sum(rows: Iterable[Values], name: str) -> Decimal:
    found: Sequence[object] = [row.get(name, 0) for row in rows]
    return sum((Decimal(str(one)) for one in found), Decimal(0))


def _told(figures: Values, facts: Facts, **more: object) -> OperationResult:
    """The figures with the day; the trail keeps them as text."""
    day = facts.today.isoformat()
    audit = {name: None if value is None else str(value) for name, value in figures.items()}
    return OperationResult(
        {**figures, **more, "measured_on": day}, audit={**audit, "measured_on": day}
    )


def _day(values: Values, name: str) -> date | None:
    """A day as text, None where nothing is given. Raises OperationFailed for anything else."""
    given = values.get(name)
    if given is None:
        return None
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise OperationFailed("operation.parameter_missing", param=name) from error


OPERATIONS = (
    Operation("complaint_figures", (ABOUT, CATEGORY, SINCE), _complaint_figures),
    Operation("attendance_figures", (), _attendance_figures),
    Operation("training_hours", (), _training_hours),
)
