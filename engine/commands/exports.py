"""Results leave the product as a file: the columns are kept, what left is in the trail."""

from dataclasses import dataclass
from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.permissions import demand, refusals_audited
from engine.domain.access import AgencyAccess, Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import Actor
from engine.queries.exports import USUAL, ExportColumn
from engine.store import audit, cycles, export_layouts
from engine.store.database import Transaction
from engine.store.export_layouts import LayoutRow

KIND, FOLLOW_UPS = "results", "follow_ups"


@dataclass(frozen=True)
class ExportedFile:
    """What an export held; `sha256` is that of the file in hex."""

    columns: tuple[ExportColumn, ...]
    form: str
    rows: int
    sha256: str


def record_export(
    desk: Desk, actor: Actor, *, cycle_id: str, file: ExportedFile, now: datetime
) -> None:
    """Keep the columns for the next time and note the export, before the file is sent.

    Raises Forbidden, NotFound.
    """
    with (
        refusals_audited(desk, actor, Verb.EXPORT_RESULTS, target=cycle_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.EXPORT_RESULTS, AgencyAccess(tx.agency_id))
        cycle = cycles.get(tx, cycle_id)
        columns = ",".join(file.columns)
        export_layouts.choose(tx, LayoutRow(KIND, columns, actor.employee_id, now))
        values: dict[str, object] = {
            "cycle": cycle.id, "kind": KIND, "columns": [str(name) for name in file.columns],
            "form": file.form, "rows": file.rows, "sha256": file.sha256,
        }  # fmt: skip
        event = AuditEvent(Action.EXPORT_CREATED, now, actor.employee_id, values=values)
        audit.append_to_chain(tx, audit.object_chain("cycle", cycle.id), [event])


def record_fairness_export(
    desk: Desk, actor: Actor, *, cycle_id: str, rows: int, sha256: str, now: datetime
) -> None:
    """Note that the patterns of a period leave as a file, before it is sent.

    Raises Forbidden, NotFound.
    """
    with (
        refusals_audited(desk, actor, Verb.READ_FAIRNESS, target=cycle_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.READ_FAIRNESS, AgencyAccess(tx.agency_id))
        cycle = cycles.get(tx, cycle_id)
        values: dict[str, object] = {
            "cycle": cycle.id, "kind": "fairness", "form": "csv", "rows": rows, "sha256": sha256,
        }  # fmt: skip
        event = AuditEvent(Action.EXPORT_CREATED, now, actor.employee_id, values=values)
        audit.append_to_chain(tx, audit.object_chain("cycle", cycle.id), [event])


def record_follow_up_export(
    desk: Desk, actor: Actor, *, rows: int, sha256: str, now: datetime
) -> None:
    """Note that a list of follow-ups leaves, with the hash of the file in hex. Raises Forbidden."""
    verb = Verb.EXPORT_FOLLOW_UPS
    with (
        refusals_audited(desk, actor, verb, target=actor.agency_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, verb, AgencyAccess(tx.agency_id))
        values: dict[str, object] = {"kind": FOLLOW_UPS, "rows": rows, "sha256": sha256}
        event = AuditEvent(Action.EXPORT_CREATED, now, actor.employee_id, values=values)
        audit.append_to_chain(tx, audit.object_chain("agency", tx.agency_id), [event])


def record_recap_export(
    desk: Desk, actor: Actor, *, month: str, kind: str, sha256: str, now: datetime
) -> None:
    """Note that the recap of a month leaves, or its corrections. Raises Forbidden."""
    with (
        refusals_audited(desk, actor, Verb.MANAGE_RECAP, target=month, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.MANAGE_RECAP, AgencyAccess(tx.agency_id))
        values: dict[str, object] = {"kind": kind, "month": month, "sha256": sha256}
        event = AuditEvent(Action.EXPORT_CREATED, now, actor.employee_id, values=values)
        audit.append_to_chain(tx, audit.object_chain("recap", month), [event])


def chosen_columns(tx: Transaction) -> tuple[ExportColumn, ...]:
    """The columns that the agency used last, or the usual ones."""
    found = export_layouts.find(tx, KIND)
    return tuple(ExportColumn(name) for name in found.columns.split(",")) if found else USUAL
