"""Sheets come in by steps: sent, columns matched, rows checked, good rows confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import orjson

from engine.commands import measured_sheet, people_sheet, plan_sheet, transfer_sheet
from engine.commands.checked_sheets import Checked, SheetKind
from engine.commands.desk import Desk
from engine.commands.measured_check import MeasuredSheet, check_measured
from engine.commands.people_sheet import PeopleSheet, check_people
from engine.commands.permissions import demand, refusals_audited
from engine.commands.plan_check import PlansSheet, check_plans
from engine.commands.sheet_files import Cell, read_rows
from engine.commands.sheets import (
    HEADER_WITHIN,
    Columns,
    Matching,
    cell_text,
    guess,
    lines_of,
    missing,
)
from engine.commands.transfer_sheet import TransfersSheet, check_transfers
from engine.domain.access import AgencyAccess, Verb, can
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.measured import FigureKind
from engine.domain.nip import DIGITS, mask_nip
from engine.domain.people import Actor
from engine.errors import Finding, InvalidForm
from engine.queries.people import Person, agency_day, people
from engine.rules.deadlines import local_date
from engine.store import audit, cycles, sealing, sheet_uploads
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.sealing import open_sealed, seal
from engine.store.sheet_uploads import MappingRow, PendingRow, SheetUploadRow

KEPT = timedelta(days=1)
PENDING = 5
MAX_NAME = 60
SAMPLES = 3
SEALED_UNDER = "sheets"
COLUMNS: Mapping[SheetKind, Columns] = {
    SheetKind.PEOPLE: people_sheet.COLUMNS,
    SheetKind.PLANS: plan_sheet.COLUMNS,
    SheetKind.TRANSFERS: transfer_sheet.COLUMNS,
    **{SheetKind(kind.value): columns for kind, columns in measured_sheet.COLUMNS.items()},
}
VERBS = {
    SheetKind.PEOPLE: Verb.IMPORT_PEOPLE,
    SheetKind.PLANS: Verb.IMPORT_PLAN,
    SheetKind.TRANSFERS: Verb.TRANSFER_PEOPLE,
    **{SheetKind(kind.value): Verb.IMPORT_FIGURES for kind in FigureKind},
}
Sheet = PeopleSheet | PlansSheet | TransfersSheet | MeasuredSheet


@dataclass(frozen=True)
class ReadSheet:
    """A sheet as it was read: its headings, some rows below them, what its columns mean."""

    kind: SheetKind
    upload: SheetUploadRow
    headings: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    matching: Matching
    mappings: tuple[str, ...]
    chosen: str | None
    missing: tuple[Finding, ...]
    checked: Checked | None

    @property
    def own_headings(self) -> Mapping[str, str]:
        """What the sheet itself calls the columns that findings name, where it differs."""
        names = {key: known[0] for key, known in COLUMNS[self.kind].headings.items()}
        places = self.matching.places.items()
        own = {names[key]: self.headings[at] for key, at in places if at < len(self.headings)}
        return {name: title for name, title in own.items() if title.lower() != name.lower()}


@dataclass(frozen=True)
class PendingSheet:
    """A sheet that waits to be confirmed; only whoever sent it can open it."""

    row: PendingRow
    sender: Person | None
    is_own: bool


def receive_sheet(
    desk: Desk,
    actor: Actor,
    *,
    kind: SheetKind,
    content: bytes,
    name: str,
    cycle_id: str | None = None,
    now: datetime,
) -> str:
    """Keep a sheet for a day, sealed; its id. The columns are matched as well as can be guessed.

    Raises Forbidden, NotFound, or InvalidFile.
    """
    with refusals_audited(desk, actor, VERBS[kind], target=kind.value, now=now):
        demand(actor, VERBS[kind], AgencyAccess(actor.agency_id))
        rows = read_rows(content, name)
        with desk.store.transaction(actor.agency_id) as tx:
            if kind is SheetKind.PLANS:
                cycles.get(tx, cycle_id or "")
            for old in sheet_uploads.of_person(tx, actor.employee_id)[PENDING - 1 :]:
                sheet_uploads.drop(tx, old)
            matching, _ = _guessed(tx, kind, rows)
            key = sealing.key_for(tx, actor.employee_id, period=SEALED_UNDER, now=now)
            row = SheetUploadRow(
                new_id(), kind.value, cycle_id if kind is SheetKind.PLANS else None, key.id,
                seal(key, orjson.dumps(name[-MAX_NAME:]) + b"\n" + content),
                sha256(content).hexdigest(), len(content), matching.header,
                _columns_json(matching), actor.employee_id, now, now + KEPT,
                sum(any(map(cell_text, cells)) for cells in rows[matching.header + 1 :]),
            )  # fmt: skip
            sheet_uploads.add(tx, row)
    return row.id


def _guessed(
    tx: Transaction, kind: SheetKind, rows: list[list[Cell]]
) -> tuple[Matching, str | None]:
    """The saved matching of a sheet with these headings, or what the headings suggest."""
    found = guess(rows, COLUMNS[kind])
    saved = {row.headings: row for row in sheet_uploads.mappings(tx, kind.value)}
    for header, cells in enumerate(rows[:HEADER_WITHIN]):
        titles = [cell_text(cell).lower() for cell in cells]
        row = saved.get(_headings_json(titles))
        if row:
            columns: dict[str, str] = orjson.loads(row.columns)
            places = {key: titles.index(title) for key, title in columns.items()}
            return Matching(header, places), row.name
    return found or Matching(_fullest(rows), {}), None


def _fullest(rows: list[list[Cell]]) -> int:
    """The row among the first that looks most like headings: the most filled cells."""
    filled = [sum(bool(cell_text(cell)) for cell in cells) for cells in rows[:HEADER_WITHIN]]
    return filled.index(max(filled)) if filled else 0


def _headings_json(titles: list[str]) -> str:
    return orjson.dumps(sorted(title for title in titles if title)).decode()


def _columns_json(matching: Matching) -> str:
    return orjson.dumps(dict(matching.places)).decode()


def pending_sheets(desk: Desk, actor: Actor, *, now: datetime) -> tuple[PendingSheet, ...]:
    """The sheets of the kinds that the actor brings in, his own or not, the newest first."""
    agency = AgencyAccess(actor.agency_id)
    kinds = {kind.value for kind in SheetKind if can(actor, VERBS[kind], agency)}
    with desk.store.reading(actor.agency_id) as tx:
        waiting = [row for row in sheet_uploads.pending(tx, now=now) if row.kind in kinds]
        found = people(tx, (row.uploaded_by for row in waiting), agency_day(tx, now))
    own = actor.employee_id
    return tuple(
        PendingSheet(row, found.get(row.uploaded_by), row.uploaded_by == own) for row in waiting
    )


def read_sheet(desk: Desk, actor: Actor, *, upload_id: str, now: datetime) -> ReadSheet:
    """A sheet that was sent, with what checking it says now. Raises Forbidden or NotFound."""
    with desk.store.reading(actor.agency_id) as tx:
        upload, kind, rows = open_sheet(tx, actor, upload_id, now)
        matching = Matching(upload.header, orjson.loads(upload.columns))
        lacking = tuple(missing(COLUMNS[kind], matching))
        sheet = None if lacking else check_sheet(desk, tx, actor, upload, rows, now)
        cells = [[cell_text(cell) for cell in row] for row in rows]
        header = cells[upload.header] if upload.header < len(cells) else []
        chosen = _guessed(tx, kind, rows)
        names = tuple(row.name for row in sheet_uploads.mappings(tx, kind.value))
    return ReadSheet(
        kind,
        upload,
        tuple(header),
        tuple(tuple(map(_masked, row)) for row in cells[upload.header + 1 :][:SAMPLES]),
        matching,
        names,
        chosen[1] if chosen[0] == matching else None,
        lacking,
        sheet.checked if sheet else None,
    )


def _masked(text: str) -> str:
    """A cell as it is shown: a NIP without the birth date."""
    plain = "".join(text.split())
    return mask_nip(plain) if len(plain) == DIGITS and plain.isdecimal() else text


def open_sheet(
    tx: Transaction, actor: Actor, upload_id: str, now: datetime
) -> tuple[SheetUploadRow, SheetKind, list[list[Cell]]]:
    """The actor's own sheet with its rows. Raises Forbidden or NotFound."""
    upload = sheet_uploads.get(tx, upload_id, employee_id=actor.employee_id, now=now)
    kind = SheetKind(upload.kind)
    demand(actor, VERBS[kind], AgencyAccess(tx.agency_id))
    sealed = open_sealed(sealing.get_key(tx, upload.key_id), upload.content)
    name, _, content = sealed.partition(b"\n")
    return upload, kind, read_rows(content, orjson.loads(name))


def check_sheet(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    upload: SheetUploadRow,
    rows: list[list[Cell]],
    now: datetime,
) -> Sheet:
    """What checking a sheet with all columns matched says now. Raises InvalidImport."""
    kind = SheetKind(upload.kind)
    matching = Matching(upload.header, orjson.loads(upload.columns))
    lines = lines_of(rows, COLUMNS[kind], matching)
    today = local_date(now, desk.calendar(tx, now))
    match kind:
        case SheetKind.PEOPLE:
            return check_people(tx, lines, actor, today)
        case SheetKind.PLANS:
            return check_plans(tx, lines, actor, upload.cycle_id or "")
        case SheetKind.TRANSFERS:
            return check_transfers(tx, lines, actor)
        case SheetKind.COMPLAINTS | SheetKind.ATTENDANCE | SheetKind.TRAINING:
            return check_measured(tx, lines, FigureKind(kind.value), today)


def choose_columns(
    desk: Desk,
    actor: Actor,
    *,
    upload_id: str,
    matching: Matching,
    name: str = "",
    now: datetime,
) -> None:
    """Say which column means what; with a `name` it is saved for sheets with the same headings.

    Raises Forbidden, NotFound, or InvalidForm when a column is named twice or does not exist.
    """
    with desk.store.transaction(actor.agency_id) as tx:
        upload, kind, rows = open_sheet(tx, actor, upload_id, now)
        titles = _titles(rows, matching)
        places = list(matching.places.values())
        if len(set(places)) < len(places):
            raise InvalidForm([Finding("sheet.column_twice", element_id="columns")])
        if any(not 0 <= place < len(titles) for place in places):
            raise InvalidForm([Finding("sheet.column_unknown", element_id="columns")])
        columns = _columns_json(matching)
        sheet_uploads.match(tx, upload.id, header=matching.header, columns=columns)
        wanted = " ".join(name.split())[:MAX_NAME]
        if wanted:
            _save_mapping(tx, actor, kind, wanted, titles, matching, now)


def _titles(rows: list[list[Cell]], matching: Matching) -> list[str]:
    if not 0 <= matching.header < min(len(rows), HEADER_WITHIN):
        raise InvalidForm([Finding("sheet.no_header", element_id="header")])
    return [cell_text(cell).lower() for cell in rows[matching.header]]


def _save_mapping(
    tx: Transaction,
    actor: Actor,
    kind: SheetKind,
    name: str,
    titles: list[str],
    matching: Matching,
    now: datetime,
) -> None:
    columns = {key: titles[place] for key, place in matching.places.items() if titles[place]}
    row = MappingRow(
        kind.value, name, _headings_json(titles), orjson.dumps(columns).decode(),
        actor.employee_id, now,
    )  # fmt: skip
    sheet_uploads.save_mapping(tx, row)
    values: dict[str, object] = {"kind": kind.value, "columns": len(columns)}
    event = AuditEvent(Action.MAPPING_SAVED, now, actor.employee_id, values=values)
    audit.append_to_chain(tx, audit.object_chain("people", "mappings"), [event])


def discard_sheet(desk: Desk, actor: Actor, *, upload_id: str, now: datetime) -> None:
    """Forget a sheet that was sent. Raises NotFound."""
    with desk.store.transaction(actor.agency_id) as tx:
        sheet_uploads.get(tx, upload_id, employee_id=actor.employee_id, now=now)
        sheet_uploads.drop(tx, upload_id)
