"""Reads transfers from a sheet: whose, why, from which day, and where to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.commands.checked_sheets import Checked, checked
from engine.commands.sheets import Columns, SheetLine
from engine.domain.people import Actor
from engine.domain.transfers import NewPost, PlannedTransfer, TransferKind
from engine.store import people
from engine.store.database import Transaction
from engine.store.people import UnitRow

COLUMNS = Columns(
    {
        "nip": ("NIP", "NIP Baru"),
        "kind": ("Jenis", "Jenis Mutasi"),
        "on": ("TMT", "Tanggal"),
        "unit": ("Unit Baru", "Unit"),
        "post": ("Jabatan Baru", "Jabatan"),
    },
    optional=frozenset({"unit", "post"}),
)
KINDS: Mapping[str, TransferKind] = {
    "mutasi": TransferKind.TRANSFER,
    "promosi": TransferKind.PROMOTION,
    "pensiun": TransferKind.RETIREMENT,
    "mengundurkan diri": TransferKind.RESIGNATION,
    "meninggal": TransferKind.DEATH,
    "cltn": TransferKind.UNPAID_LEAVE,
    "penugasan": TransferKind.SECONDMENT,
}


@dataclass(frozen=True)
class TransfersSheet:
    """What a sheet of transfers would plan."""

    checked: Checked
    planned: tuple[PlannedTransfer, ...]


def check_transfers(tx: Transaction, lines: Sequence[SheetLine], actor: Actor) -> TransfersSheet:
    """What the good rows would plan; every bad one has its findings."""
    known = people.by_nips(tx, [line.nip() for line in lines])
    units = {unit.name.lower(): unit for unit in people.units(tx)}
    seen: set[str] = set()
    planned = []
    for line in lines:
        nip = line.nip()
        employee = known.get(nip)
        if employee is None or not employee.active:
            line.wrong("nip", "plan.unknown_nip")
        elif employee.id == actor.employee_id:
            line.wrong("nip", "transfer.own_row")
        if nip in seen:
            line.wrong("nip", "people.nip_twice")
        seen.add(nip)
        kind = line.one_of("kind", KINDS, TransferKind.TRANSFER)
        day = line.day("on")
        if day is None and not line.text("on"):
            line.wrong("on", "sheet.empty")
        post = _post(line, units) if kind.moves else None
        if employee and day and not line.findings:
            planned.append(PlannedTransfer(employee.id, kind, day, post))
    return TransfersSheet(checked(lines, {}, planned), tuple(planned))


def _post(line: SheetLine, units: Mapping[str, UnitRow]) -> NewPost | None:
    unit = units.get(line.filled("unit").lower())
    title = line.filled("post")
    if unit is None and not line.findings:
        line.wrong("unit", "transfer.unit_unknown")
    return NewPost(unit.id, title) if unit else None
