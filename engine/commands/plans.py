"""Performance plans come in from a sheet or one by one, whole or not at all."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

import orjson

from engine.commands.desk import Desk
from engine.commands.permissions import demand, refusals_audited
from engine.commands.plan_sheet import PlanLine, SheetRow, read_plan_sheet
from engine.domain.access import AgencyAccess, Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import Actor, EmployeeId
from engine.errors import Finding, InvalidImport
from engine.rules.numbers import to_jsonable
from engine.store import audit, cycles, people, plans
from engine.store.database import Transaction
from engine.store.plans import PlanRow

MAX_LINES = 60
SUPERIOR_RESULT = "superior_result"


def import_plan(
    desk: Desk,
    actor: Actor,
    *,
    cycle_id: str,
    employee_id: EmployeeId,
    lines: Sequence[PlanLine],
    now: datetime,
) -> None:
    """Store the plan of one employee in a cycle, in place of an earlier one."""
    with (
        refusals_audited(desk, actor, Verb.IMPORT_PLAN, target=cycle_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.IMPORT_PLAN, AgencyAccess(tx.agency_id))
        people.employee(tx, employee_id)
        _store(tx, actor, cycle_id, {employee_id: lines}, now=now)


def import_plan_sheet(
    desk: Desk, actor: Actor, *, cycle_id: str, content: bytes, name: str, now: datetime
) -> int:
    """Store the plans of a whole sheet; the number of employees.

    Raises InvalidFile, or InvalidImport naming every bad cell; then nothing was stored.
    """
    rows = read_plan_sheet(content, name)
    with (
        refusals_audited(desk, actor, Verb.IMPORT_PLAN, target=cycle_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.IMPORT_PLAN, AgencyAccess(tx.agency_id))
        lines = _by_employee(tx, rows)
        _store(tx, actor, cycle_id, lines, now=now)
    return len(lines)


def store_plans(
    tx: Transaction,
    actor: Actor,
    cycle_id: str,
    lines: Mapping[EmployeeId, Sequence[PlanLine]],
    *,
    now: datetime,
    source: Mapping[str, object] | None = None,
) -> None:
    """Store plans as part of a command; `source` says in the event where the rows came from."""
    demand(actor, Verb.IMPORT_PLAN, AgencyAccess(tx.agency_id))
    _store(tx, actor, cycle_id, lines, now=now, source=source)


def plan_content(lines: Sequence[PlanLine]) -> list[dict[str, object]]:
    """The plan as process data: lines of one result plan share its `result_id`."""
    results: dict[tuple[str, str], str] = {}
    found: list[dict[str, object]] = []
    for number, line in enumerate(lines, start=1):
        key = (line.kind, line.result_plan)
        result_id = results.setdefault(key, f"result_{len(results) + 1}")
        ids = {"indicator_id": f"indicator_{number}", "result_id": result_id}
        found.append({**ids, **_content(line)})
    return found


def _content(line: PlanLine) -> dict[str, object]:
    """The line without an empty result of the superior: plans that name none stay as they are."""
    return {name: value for name, value in vars(line).items() if value or name != SUPERIOR_RESULT}


def _by_employee(tx: Transaction, rows: Sequence[SheetRow]) -> dict[EmployeeId, list[PlanLine]]:
    found: dict[EmployeeId, list[PlanLine]] = {}
    known = {nip: people.employee_by_nip(tx, nip) for nip in dict.fromkeys(r.nip for r in rows)}
    unknown = []
    for row in rows:
        employee = known[row.nip]
        if employee is None:
            unknown.append(_of_row("plan.unknown_nip", row))
        else:
            found.setdefault(employee.id, []).append(row.line)
    if unknown:
        raise InvalidImport(unknown)
    return found


def _of_row(rule: str, row: SheetRow) -> Finding:
    place = {"row": str(row.number), "column": "NIP"}
    return Finding(rule, element_id=f"{row.number}:NIP", params=place)


def _store(
    tx: Transaction,
    actor: Actor,
    cycle_id: str,
    lines: Mapping[EmployeeId, Sequence[PlanLine]],
    *,
    now: datetime,
    source: Mapping[str, object] | None = None,
) -> None:
    cycles.get(tx, cycle_id)
    _check(lines)
    rows = tuple(plan_row(cycle_id, employee, own, now) for employee, own in lines.items())
    plans.put(tx, rows)
    line_count = sum(len(own) for own in lines.values())
    values: dict[str, object] = {"cycle": cycle_id, "plans": len(rows), "lines": line_count}
    values |= source or {}
    if len(rows) == 1:
        values["employee"] = rows[0].employee_id
    event = AuditEvent(Action.PLAN_IMPORTED, now, actor.employee_id, values=values)
    audit.append_to_chain(tx, audit.object_chain("cycle", cycle_id), [event])


def _check(lines: Mapping[EmployeeId, Sequence[PlanLine]]) -> None:
    """Every plan has a main result and a length that fits on a page."""
    findings = []
    for employee, own in lines.items():
        if not any(line.kind == "main" for line in own):
            findings.append(Finding("plan.no_main_result", element_id=employee))
        if len(own) > MAX_LINES:
            findings.append(
                Finding(
                    "plan.too_many_lines", element_id=employee, params={"limit": f"{MAX_LINES}"}
                )
            )
    if findings:
        raise InvalidImport(findings)


def plan_row(
    cycle_id: str, employee_id: EmployeeId, lines: Sequence[PlanLine], now: datetime
) -> PlanRow:
    """The plan as it is stored."""
    content = orjson.dumps(to_jsonable(plan_content(lines)))
    return PlanRow(cycle_id, employee_id, content.decode(), sha256(content).hexdigest(), now)
