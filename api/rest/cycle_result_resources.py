"""The results of a cycle as files, for programs: the export, and the comparison with a recap."""

from collections import Counter
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.resources import (
    CHANGING,
    Body,
    Id,
    ItemId,
    TheContent,
    changing_problems,
    file_body,
    resource_router,
)
from api.workbooks import CSV, XLSX, Cell, Column, SheetTable, csv_of, workbook
from engine.commands.exports import ExportedFile, record_export
from engine.commands.reconciliation import reconcile
from engine.domain.access import Verb
from engine.domain.nip import DIGITS, mask_nip
from engine.domain.recap import Difference, Differing
from engine.queries import cycle_views
from engine.queries.exports import ExportColumn, Value, results

router = resource_router()
FileName = Annotated[str, Query(min_length=1, max_length=200, examples=["rekap.xlsx"])]
SHOWN = 500


class Form(StrEnum):
    """The kinds of files."""

    CSV = "csv"
    XLSX = "xlsx"


class NewExport(Body):
    """The columns in their order, named as in the file; predicates and states are codes."""

    columns: list[ExportColumn] = Field(
        min_length=1, max_length=len(ExportColumn), examples=[["nip", "predicate"]]
    )
    form: Form = Field(Form.CSV, examples=["csv"])


class DifferingLine(BaseModel):
    """One difference; the NIP is shown without its birth date."""

    kind: Difference
    row: int | None = Field(examples=[17])
    nip: str | None = Field(examples=["19•••••• 201001 1 001"])
    theirs: str | None = Field(examples=["Sangat Baik"])
    ours: str | None = Field(examples=["good"])
    under_appeal: bool


class Reconciliation(BaseModel):
    """What the comparison found; at most 500 differences are listed, all are counted."""

    cycle_id: Id
    lines: int = Field(examples=[2000])
    agreeing: int = Field(examples=[1993])
    counts: dict[Difference, int] = Field(examples=[{"predicate": 7}])
    differences: list[DifferingLine]


@router.post(
    "/cycles/{cycle_id}/exports",
    dependencies=CHANGING,
    responses={
        200: {"description": "The file", "content": {CSV: {}, XLSX: {}}},
        **changing_problems(),
    },
    response_class=Response,
)
def post_export(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, cycle_id: ItemId, new: NewExport
) -> Response:
    """The results of a cycle; columns, rows and hash are in the trail before the file is sent."""
    columns = tuple(dict.fromkeys(new.columns))
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.EXPORT_RESULTS)
        head = cycle_views.cycle_head(tx, cycle_id)
        rows = [
            [_cell(*pair) for pair in zip(columns, row, strict=True)]
            for row in results(tx, cycle_id, columns)
        ]
    table = SheetTable(head.name, tuple(Column(name.value) for name in columns), rows)
    as_csv = new.form is Form.CSV
    content = csv_of(table) if as_csv else workbook([table], made_at=visitor.now)
    file = ExportedFile(columns, new.form, len(rows), sha256(content).hexdigest())
    record_export(house.desk, actor, cycle_id=cycle_id, file=file, now=visitor.now)
    return Response(content, media_type=CSV if as_csv else XLSX)


@router.post(
    "/cycles/{cycle_id}/reconciliation",
    dependencies=CHANGING,
    responses=changing_problems(),
    openapi_extra=file_body("XLSX or CSV with the columns NIP and predicate"),
)
def post_reconciliation(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    cycle_id: ItemId,
    content: TheContent,
    name: FileName,
) -> Reconciliation:
    """Compare another system's recap with the predicates of a cycle; nothing of it is kept."""
    cycle_views.require(actor, Verb.EXPORT_RESULTS)
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.cycle_head(tx, cycle_id)
    found = reconcile(
        house.desk, actor, cycle_id=cycle_id, content=content, name=name, now=visitor.now
    )
    return Reconciliation(
        cycle_id=found.cycle_id,
        lines=found.lines,
        agreeing=found.agreeing,
        counts=Counter(one.kind for one in found.differing),
        differences=[_difference(one) for one in found.differing[:SHOWN]],
    )


def _difference(one: Differing) -> DifferingLine:
    nip = one.line.nip if one.line else one.own.nip if one.own else None
    return DifferingLine(
        kind=one.kind,
        row=one.line.number if one.line else None,
        nip=_masked(nip) if nip else None,
        theirs=one.line.word if one.line else None,
        ours=one.own.predicate if one.own else None,
        under_appeal=bool(one.own and one.own.under_appeal),
    )


def _masked(nip: str) -> str:
    return mask_nip(nip) if len(nip) == DIGITS and nip.isdecimal() else "?"


def _cell(column: ExportColumn, value: Value) -> Cell:
    """A value as programs read it: instants in ISO 8601, scores as numbers."""
    if value is None or value == "":
        return None
    if column is ExportColumn.LOCAL_SCORE:
        return Decimal(str(value))
    if isinstance(value, datetime):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value
