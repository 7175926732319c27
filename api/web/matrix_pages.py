"""The matrix of roles and results: who of the staff carries which result of the leader."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import TheActor, TheHouse, TheVisitor, Visitor
from api.web.rendering import Pages, pages
from api.workbooks import XLSX, Cell, Column, SheetTable, workbook
from engine.errors import NotFound
from engine.queries.cascade import MatrixPage, matrix_page

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
FILE_NAME = "matriks-peran-hasil.xlsx"


@router.get("/team/matrix")
def matrix(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """Each result of the leader with who carries it; what nobody carries is marked."""
    asked = request.query_params.get("cycle", "")
    with house.desk.store.reading(actor.agency_id) as tx:
        page = matrix_page(tx, actor.employee_id, visitor.now, cycle_id=asked)
    return show.render(request, visitor, "matrix.html", page=page)


@router.get("/team/matrix/file")
def matrix_file(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor
) -> Response:
    """The same as a sheet, a column for each person."""
    asked = request.query_params.get("cycle", "")
    with house.desk.store.reading(actor.agency_id) as tx:
        page = matrix_page(tx, actor.employee_id, visitor.now, cycle_id=asked)
    if page is None:
        raise NotFound("matrix", actor.employee_id)
    content = workbook([_table(page, visitor)], made_at=visitor.now)
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(content, media_type=XLSX, headers=headers)


def _table(page: MatrixPage, visitor: Visitor) -> SheetTable:
    _ = visitor.words
    columns = (
        Column(_("Result of the leader"), 40),
        *(Column(person.name, 30) for person in page.staff),
    )
    carried = [
        (row.result, *(_cell(row.by.get(person.id, ())) for person in page.staff))
        for row in page.matrix.rows
    ]
    apart = (
        _("serves no result of the leader"),
        *(_cell(page.matrix.apart.get(person.id, ())) for person in page.staff),
    )
    return SheetTable(_("Roles and results"), columns, [*carried, apart])


def _cell(results: tuple[str, ...]) -> Cell:
    return "; ".join(results) or None
