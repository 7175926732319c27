"""Checks a sheet of plans: a person's plan is stored whole, so one bad row holds all of it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.commands.checked_sheets import Checked, RowState, checked
from engine.commands.plan_sheet import PlanLine, SheetRow, read_plan_line
from engine.commands.plans import MAX_LINES, plan_row
from engine.commands.sheets import SheetLine
from engine.domain.people import Actor, EmployeeId
from engine.store import appraisals, people, plans
from engine.store.database import Transaction

_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class PlansSheet:
    """What a sheet of plans would store: the plans that are new or changed."""

    checked: Checked
    plans: Mapping[EmployeeId, Sequence[PlanLine]]


def check_plans(
    tx: Transaction, lines: Sequence[SheetLine], actor: Actor, cycle_id: str
) -> PlansSheet:
    """What the good rows would store; every bad one has its findings."""
    rows = {line.number: read_plan_line(line) for line in lines}
    known = people.by_nips(tx, [row.nip for row in rows.values()])
    stored = {row.employee_id: row.sha256 for row in plans.of_cycle(tx, cycle_id)}
    states: dict[int, RowState] = {}
    wanted: dict[EmployeeId, Sequence[PlanLine]] = {}
    for nip, own in _by_nip(lines, rows).items():
        employee = known.get(nip)
        if employee is None or not employee.active:
            _all_wrong(own, "plan.unknown_nip")
            continue
        if employee.id == actor.employee_id:
            _all_wrong(own, "plan.own")
        plan = [rows[line.number].line for line in own]
        _check_whole(own, plan)
        if any(line.findings for line in own):
            _hold_back(own)
            continue
        row = plan_row(cycle_id, employee.id, plan, _ANY_TIME)
        if stored.get(employee.id) == row.sha256:
            states |= {line.number: RowState.UNCHANGED for line in own}
            continue
        if _is_running(tx, employee.id, cycle_id):
            _all_wrong(own, "plan.case_runs")
            continue
        state = RowState.CHANGED if employee.id in stored else RowState.NEW
        states |= {line.number: state for line in own}
        wanted[employee.id] = plan
    effect = [
        (employee_id, plan_row(cycle_id, employee_id, plan, _ANY_TIME).sha256)
        for employee_id, plan in wanted.items()
    ]
    return PlansSheet(checked(lines, states, effect), wanted)


def _by_nip(lines: Sequence[SheetLine], rows: Mapping[int, SheetRow]) -> dict[str, list[SheetLine]]:
    found: dict[str, list[SheetLine]] = {}
    for line in lines:
        nip = rows[line.number].nip
        if nip:
            found.setdefault(nip, []).append(line)
    return found


def _all_wrong(lines: Sequence[SheetLine], rule: str) -> None:
    for line in lines:
        line.wrong("nip", rule)


def _check_whole(own: Sequence[SheetLine], plan: Sequence[PlanLine]) -> None:
    if not any(line.kind == "main" for line in plan):
        own[0].wrong("kind", "plan.no_main_result")
    if len(plan) > MAX_LINES:
        own[0].wrong("nip", "plan.too_many_lines", limit=f"{MAX_LINES}")


def _hold_back(own: Sequence[SheetLine]) -> None:
    """The good rows of a plan with a bad one are skipped with it, and say so."""
    bad = next(line.number for line in own if line.findings)
    for line in own:
        if not line.findings:
            line.wrong("nip", "plan.skipped", other=str(bad))


def _is_running(tx: Transaction, employee_id: EmployeeId, cycle_id: str) -> bool:
    """A case keeps the plan that it began with; another one would never be seen by anybody."""
    return any(row.cycle_id == cycle_id for row in appraisals.of_employee(tx, employee_id))
