"""Templates of sheets: the headings in use, and one line that shows how to fill them."""

from collections.abc import Mapping
from datetime import datetime

from fastapi.responses import Response

from api.workbooks import CSV, XLSX, Column, SheetTable, csv_of, workbook
from engine.commands.checked_sheets import SheetKind
from engine.commands.imports import COLUMNS

EXAMPLES: Mapping[SheetKind, Mapping[str, str]] = {
    SheetKind.PEOPLE: {
        "nip": "198609262015051001",
        "name": "Nama Lengkap",
        "kind": "PNS",
        "grade": "III/a",
        "unit": "Bidang Contoh",
        "unit_above": "Dinas Contoh",
        "post": "Analis",
        "heads": "tidak",
        "level": "Ahli Pertama",
        "since": "2025-01-31",
        "status": "definitif",
    },
    SheetKind.PLANS: {
        "nip": "198609262015051001",
        "result_plan": "Layanan selesai tepat waktu",
        "kind": "utama",
        "indicator": "Permohonan selesai",
        "target": "1.200",
        "unit": "permohonan",
        "direction": "naik",
        "superior_result": "Layanan cepat dan pasti",
    },
    SheetKind.TRANSFERS: {
        "nip": "198609262015051001",
        "kind": "mutasi",
        "on": "2026-02-01",
        "unit": "Bidang Contoh",
        "post": "Analis",
    },
    SheetKind.COMPLAINTS: {
        "received": "2026-02-03",
        "unit": "Bidang Contoh",
        "category": "lambat",
        "closed": "2026-02-05",
        "right_first": "ya",
        "nip": "198609262015051001",
    },
    SheetKind.ATTENDANCE: {
        "nip": "198609262015051001",
        "month": "2026-02",
        "duty": "20",
        "present": "18",
        "on_call": "0",
        "leave_sick": "1",
    },
    SheetKind.TRAINING: {
        "nip": "198609262015051001",
        "course": "Komunikasi pelayanan",
        "provider": "BKPSDM",
        "hours": "20",
        "on": "2026-02-13",
        "certificate": "S-12/2026",
    },
}
NAMES = {
    SheetKind.PEOPLE: "contoh-pegawai",
    SheetKind.PLANS: "contoh-rencana-kinerja",
    SheetKind.TRANSFERS: "contoh-mutasi",
    SheetKind.COMPLAINTS: "contoh-pengaduan",
    SheetKind.ATTENDANCE: "contoh-kehadiran",
    SheetKind.TRAINING: "contoh-pelatihan",
}


def template_file(kind: SheetKind, *, as_xlsx: bool, made_at: datetime) -> Response:
    """The template as a download."""
    columns = COLUMNS[kind].headings
    example = EXAMPLES[kind]
    table = SheetTable(
        "Contoh",
        tuple(Column(names[0], 24) for names in columns.values()),
        [[example.get(key, "") for key in columns]],
    )
    content = workbook([table], made_at=made_at) if as_xlsx else csv_of(table)
    ending, media = ("xlsx", XLSX) if as_xlsx else ("csv", CSV)
    disposition = f'attachment; filename="{NAMES[kind]}.{ending}"'
    return Response(content, media_type=media, headers={"Content-Disposition": disposition})
