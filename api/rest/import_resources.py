"""Sheets for programs: sent, matched, looked at row by row, the good rows confirmed."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.resources import (
    CHANGING,
    ID_CHARACTERS,
    ONCE,
    Body,
    Id,
    ItemId,
    TheContent,
    changing_problems,
    file_body,
    resource_router,
)
from engine.commands.checked_sheets import RowState, SheetKind
from engine.commands.imports import (
    COLUMNS,
    choose_columns,
    discard_sheet,
    read_sheet,
    receive_sheet,
)
from engine.commands.sheet_confirmation import confirm_sheet
from engine.commands.sheets import HEADER_WITHIN, Matching
from engine.domain.wording import finding_sentence
from engine.errors import Finding

router = resource_router()
SHOWN = 500
MAX_COLUMN = 9_999
SEAL = "^[0-9a-f]{64}$"
FileName = Annotated[str, Query(min_length=1, max_length=200, examples=["pegawai.xlsx"])]
CycleId = Annotated[str | None, Query(max_length=ID_CHARACTERS, description="For plans.")]
ColumnKey = Annotated[str, Field(max_length=40)]
ColumnNumber = Annotated[int, Field(ge=0, le=MAX_COLUMN)]


class ImportId(BaseModel):
    """The id of a sheet; it is kept, sealed, for a day."""

    id: Id


class ImportFinding(BaseModel):
    """What is wrong at one place of the sheet."""

    place: str = Field(examples=["3:nip"])
    severity: str = Field(examples=["error"])
    sentence: str = Field(examples=["NIP harus 18 angka."])


class Import(BaseModel):
    """What the sheet would do; `seal` is there once every column is matched."""

    id: Id
    kind: SheetKind
    expires_at: datetime
    header_row: int = Field(examples=[1])
    headings: list[str] = Field(examples=[["NIP", "Nama"]])
    columns: dict[str, int] = Field(examples=[{"nip": 0, "name": 1}])
    missing: list[str] = Field(examples=[["unit"]])
    rows: dict[RowState, int] = Field(examples=[{"new": 198, "bad": 2}])
    findings: list[ImportFinding]
    seal: str | None


class ColumnMatching(Body):
    """Which column means what, counted from 0; with `save_as` it is kept for such sheets."""

    header_row: int = Field(1, ge=1, le=HEADER_WITHIN, examples=[1])
    columns: dict[ColumnKey, ColumnNumber] = Field(max_length=100, examples=[{"nip": 0, "name": 1}])
    save_as: str = Field("", max_length=60, examples=["SIASN"])


class ImportConfirmation(Body):
    """The seal of what was looked at; 409 when the rows would do something else by now."""

    seal: str = Field(pattern=SEAL, examples=["3f" * 32])


class Imported(BaseModel):
    """What was stored; transfers wait in a batch that is confirmed for itself."""

    stored: int = Field(examples=[198])
    skipped: int = Field(examples=[2])
    batch_id: str | None


@router.post(
    "/imports",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=201,
    openapi_extra=file_body("XLSX or CSV, up to 10 MB"),
)
def post_import(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    content: TheContent,
    name: FileName,
    kind: Annotated[SheetKind, Query()] = SheetKind.PEOPLE,
    cycle_id: CycleId = None,
) -> ImportId:
    """Send a sheet; nothing of it is stored before it is confirmed."""
    received = receive_sheet(
        house.desk,
        actor,
        kind=kind,
        content=content,
        name=name,
        cycle_id=cycle_id,
        now=visitor.now,
    )
    return ImportId(id=received)


@router.get("/imports/{upload_sheet_id}")
def get_import(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, upload_sheet_id: ItemId
) -> Import:
    """What every row of the caller's sheet would do."""
    found = read_sheet(house.desk, actor, upload_id=upload_sheet_id, now=visitor.now)
    checked, language = found.checked, visitor.language
    counts: dict[RowState, int] = {}
    for state in checked.states.values() if checked else ():
        counts[state] = counts.get(state, 0) + 1
    return Import(
        id=found.upload.id,
        kind=found.kind,
        expires_at=found.upload.expires_at,
        header_row=found.matching.header + 1,
        headings=list(found.headings),
        columns=dict(found.matching.places),
        missing=[finding.element_id or "" for finding in found.missing],
        rows=counts,
        findings=[_finding(one, language) for one in (checked.findings[:SHOWN] if checked else ())],
        seal=checked.seal if checked else None,
    )


@router.put(
    "/imports/{upload_sheet_id}/columns",
    dependencies=CHANGING,
    responses=changing_problems(),
    status_code=204,
)
def put_columns(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    upload_sheet_id: ItemId,
    chosen: ColumnMatching,
) -> None:
    """Say which column means what."""
    known = {key for columns in COLUMNS.values() for key in columns.headings}
    places = {key: place for key, place in chosen.columns.items() if key in known}
    choose_columns(
        house.desk,
        actor,
        upload_id=upload_sheet_id,
        matching=Matching(chosen.header_row - 1, places),
        name=chosen.save_as,
        now=visitor.now,
    )


@router.post(
    "/imports/{upload_sheet_id}/confirmation", dependencies=ONCE, responses=changing_problems()
)
def post_confirmation(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    upload_sheet_id: ItemId,
    confirmation: ImportConfirmation,
) -> Imported:
    """Store the good rows as they were looked at."""
    done = confirm_sheet(
        house.desk, actor, upload_id=upload_sheet_id, seal=confirmation.seal, now=visitor.now
    )
    return Imported(stored=done.stored, skipped=done.skipped, batch_id=done.batch_id)


@router.delete(
    "/imports/{upload_sheet_id}",
    dependencies=CHANGING,
    responses=changing_problems(),
    status_code=204,
)
def delete_import(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, upload_sheet_id: ItemId
) -> None:
    """Forget a sheet."""
    discard_sheet(house.desk, actor, upload_id=upload_sheet_id, now=visitor.now)


def _finding(one: Finding, language: str) -> ImportFinding:
    return ImportFinding(
        place=one.element_id or "",
        severity=one.severity,
        sentence=finding_sentence(one, language),
    )
