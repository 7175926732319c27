"""The last step of a sheet: its good rows are stored as they were looked at, or nothing is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from engine.commands.checked_sheets import SheetKind
from engine.commands.desk import Desk
from engine.commands.imports import VERBS, Sheet, check_sheet, open_sheet
from engine.commands.measured_check import MeasuredSheet
from engine.commands.measured_figures import hold_figures, store_figures
from engine.commands.people import store_import
from engine.commands.people_sheet import PeopleSheet
from engine.commands.permissions import refusals_audited
from engine.commands.plan_check import PlansSheet
from engine.commands.plans import store_plans
from engine.commands.transfer_sheet import TransfersSheet
from engine.commands.transfers import plan_in
from engine.domain.access import Verb
from engine.domain.measured import FigureKind
from engine.domain.people import Actor
from engine.errors import Conflict, InvalidImport
from engine.store import sheet_uploads
from engine.store.database import Transaction
from engine.store.sheet_uploads import SheetUploadRow


@dataclass(frozen=True)
class Confirmed:
    """What became of a sheet: rows stored, rows skipped.

    `batch_id` of planned transfers; `opened` counts the processes that figures set off.
    """

    kind: SheetKind
    stored: int
    skipped: int
    batch_id: str | None = None
    opened: int = 0


class _More(TypedDict, total=False):
    batch_id: str
    opened: int


def confirm_sheet(
    desk: Desk, actor: Actor, *, upload_id: str, seal: str, now: datetime
) -> Confirmed:
    """Store the good rows of a sheet as they were looked at; the sheet is forgotten.

    Raises Forbidden, NotFound, InvalidImport without a good row, or Conflict when they would do
    something else by now; then nothing was stored.
    """
    verb = _verb_of(desk, actor, upload_id, now)
    with (
        refusals_audited(desk, actor, verb, target=upload_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        upload, kind, rows = open_sheet(tx, actor, upload_id, now)
        if upload.kind in set(FigureKind):
            hold_figures(tx, FigureKind(upload.kind))
        sheet = check_sheet(desk, tx, actor, upload, rows, now)
        if not sheet.checked.good:
            raise InvalidImport(sheet.checked.findings)
        if sheet.checked.seal != seal:
            raise Conflict(f"sheet {upload_id} would do something else by now")
        skipped = len(sheet.checked.states) - sheet.checked.good
        source = {"sha256": upload.sha256, "rows": sheet.checked.good, "skipped": skipped}
        done = Confirmed(kind, sheet.checked.good, skipped)
        done = replace(done, **_store(desk, tx, actor, upload, sheet, source, now))
        sheet_uploads.drop(tx, upload.id)
        return done


def _verb_of(desk: Desk, actor: Actor, upload_id: str, now: datetime) -> Verb:
    """What bringing in the actor's own sheet needs, by its kind."""
    with desk.store.reading(actor.agency_id) as tx:
        upload = sheet_uploads.get(tx, upload_id, employee_id=actor.employee_id, now=now)
    return VERBS[SheetKind(upload.kind)]


def _store(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    upload: SheetUploadRow,
    sheet: Sheet,
    source: Mapping[str, object],
    now: datetime,
) -> _More:
    match sheet:
        case PeopleSheet():
            people, changed = sheet.organisation, sheet.changed
            store_import(desk, tx, actor, people, changed, now=now, source=source)
        case PlansSheet():
            store_plans(tx, actor, upload.cycle_id or "", sheet.plans, now=now, source=source)
        case TransfersSheet():
            return {"batch_id": plan_in(tx, actor, sheet.planned, now=now)}
        case MeasuredSheet():
            recorded = store_figures(desk, tx, actor, sheet, now=now, source=source)
            return {"opened": recorded.opened}
    return {}
