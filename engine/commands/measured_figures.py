"""Stores measured figures whole or not at all, and lets findings about a unit set off a repair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.frequent_complaints import open_repairs
from engine.commands.measured_check import MeasuredSheet, check_measured
from engine.commands.measured_sheet import COLUMNS
from engine.commands.permissions import demand, refusals_audited
from engine.commands.sheets import SheetLine, refuse_wrong
from engine.domain.access import AgencyAccess, Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.measured import FigureKind
from engine.domain.people import Actor
from engine.rules.deadlines import local_date
from engine.store import audit, measured_facts
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.measured_facts import MeasuredRow, fact_sha256, facts_sha256


@dataclass(frozen=True)
class Recorded:
    """What figures did: facts that are new, facts that hold no longer, repairs that were opened."""

    stored: int
    replaced: int
    opened: int


def record_figures(
    desk: Desk,
    actor: Actor,
    *,
    kind: FigureKind,
    rows: Sequence[Mapping[str, object]],
    now: datetime,
) -> Recorded:
    """Store rows of another system, by the keys of the columns, counted from 1.

    The same rows again change nothing. Raises Forbidden, or InvalidImport naming every bad cell.
    """
    columns = COLUMNS[kind]
    lines = [SheetLine(number, columns, row) for number, row in enumerate(rows, start=1)]
    with (
        refusals_audited(desk, actor, Verb.IMPORT_FIGURES, target=kind.value, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.IMPORT_FIGURES, AgencyAccess(tx.agency_id))
        hold_figures(tx, kind)
        sheet = check_measured(tx, lines, kind, local_date(now, desk.calendar(tx, now)))
        refuse_wrong(lines)
        return store_figures(desk, tx, actor, sheet, now=now)


def hold_figures(tx: Transaction, kind: FigureKind) -> None:
    """Let nobody else bring in such figures until the commit; before they are checked."""
    audit.hold_chain(tx, _chain(kind))


def _chain(kind: FigureKind) -> str:
    return audit.object_chain("figures", kind.value)


def store_figures(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    sheet: MeasuredSheet,
    *,
    now: datetime,
    source: Mapping[str, object] | None = None,
) -> Recorded:
    """Store checked figures as part of a command; nothing happens where nothing is new."""
    if not sheet.facts:
        return Recorded(0, 0, 0)
    import_id = new_id()
    rows = [
        MeasuredRow(
            new_id(), sheet.kind.value, fact.unit_id, fact.employee_id, fact.on, fact.body,
            import_id, actor.employee_id, now,
        )
        for fact in sheet.facts
    ]  # fmt: skip
    measured_facts.replace_many(tx, sheet.replaced, by=import_id)
    measured_facts.add_many(tx, rows)
    content = facts_sha256(fact_sha256(row) for row in rows)
    counts = {"kind": sheet.kind.value, "facts": len(rows), "replaced": len(sheet.replaced)}
    values = {"import": import_id, **counts, "content": content, **(source or {})}
    event = AuditEvent(Action.FIGURES_IMPORTED, now, actor.employee_id, values=values)
    audit.append_to_chain(tx, _chain(sheet.kind), [event])
    opened = open_repairs(desk, tx, sheet.units, now=now)
    return Recorded(len(rows), len(sheet.replaced), opened)
