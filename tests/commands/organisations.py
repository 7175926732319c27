"""A small organisation that is right; tests replace the one thing they are about."""

from datetime import date

from engine.commands.organisation import Organisation
from engine.domain.people import EmployeeId, PositionId, UnitId
from engine.store.people import AssignmentRow, EmployeeRow, PositionRow, UnitRow

FIRST_DAY = date(2025, 1, 1)
HEAD, STAFF = EmployeeId("head"), EmployeeId("staff")


def office() -> Organisation:
    """One unit with a head and one member of staff, the children listed before the parents."""
    unit, inner = UnitId("office"), UnitId("section")
    return Organisation(
        units=(UnitRow(inner, unit, "Seksi", "section"), UnitRow(unit, None, "Kantor", "office")),
        positions=(
            PositionRow(PositionId("p-staff"), inner, "Pelaksana", PositionId("p-head")),
            PositionRow(PositionId("p-head"), unit, "Kepala", heads_unit=True),
        ),
        employees=(
            EmployeeRow(HEAD, "197001011995011001", "Contoh Kepala", "pns", "IV/a"),
            EmployeeRow(STAFF, "199002022015022001", "Contoh Staf", "pns", "III/a"),
        ),
        assignments=(
            AssignmentRow("a1", HEAD, PositionId("p-head"), unit, "definitive", FIRST_DAY),
            AssignmentRow("a2", STAFF, PositionId("p-staff"), inner, "definitive", FIRST_DAY),
        ),
    )
