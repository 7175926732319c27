"""The page on which HR compares another system's recap with the predicates of a period."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.deps import TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.problems import problem_of
from api.web.labels import msgid
from api.web.rendering import Pages, pages
from api.workbooks import XLSX, Cell, Column, SheetTable, workbook
from engine.commands.permissions import demand
from engine.commands.reconciliation import Reconciliation, reconcile
from engine.domain.access import AgencyAccess, Verb
from engine.domain.recap import Difference, Differing
from engine.errors import Invalid
from engine.store import cycles

router = APIRouter(prefix="/cycles/{cycle_id}/reconciliation")
ThePages = Annotated[Pages, Depends(pages)]
SHOWN = 200
AS_FILE = "xlsx"
FILE_NAME = "perbandingan.xlsx"


@router.get("")
def reconciliation_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle_id: str,
) -> Response:
    """What to bring, before anything is compared."""
    demand(actor, Verb.EXPORT_RESULTS, AgencyAccess(actor.agency_id))
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle = cycles.get(tx, cycle_id)
    return show.render(request, visitor, "reconciliation.html", cycle=cycle, found=None)


@router.post("")
def compared(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    cycle_id: str,
) -> Response:
    """The comparison as a page, or with all lines as a file; a bad file is told on the page."""
    demand(actor, Verb.EXPORT_RESULTS, AgencyAccess(actor.agency_id))
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle = cycles.get(tx, cycle_id)
    content, name = (form.upload.content, form.upload.name) if form.upload else (b"", "")
    try:
        found = reconcile(
            house.desk, actor, cycle_id=cycle_id, content=content, name=name, now=visitor.now
        )
    except Invalid as error:
        problem = problem_of(error, visitor.words)
        values = {"cycle": cycle, "found": None, "problem": problem}
        return show.render(request, visitor, "reconciliation.html", problem.status, **values)
    if form.one("as") == AS_FILE:
        return _file(found, visitor)
    values = {"cycle": cycle, "found": found, "kinds": list(Difference), "shown": SHOWN}
    return show.render(request, visitor, "reconciliation.html", **values)


def _file(found: Reconciliation, visitor: Visitor) -> Response:
    _ = visitor.words
    titles = (
        _("Difference"), _("Row"), _("NIP"), _("Name"), _("Unit"), _("In the other recap"),
        _("Here"), _("Under appeal"),
    )  # fmt: skip
    rows = (_cells(one, visitor) for one in found.differing)
    table = SheetTable(found.period, tuple(Column(title) for title in titles), rows)
    content = workbook([table], made_at=visitor.now)
    disposition = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(content, media_type=XLSX, headers=disposition)


def _cells(one: Differing, visitor: Visitor) -> tuple[Cell, ...]:
    _, line, own = visitor.words, one.line, one.own
    predicate = _(msgid("predicate", own.predicate)) if own and own.predicate else None
    return (
        _(msgid("difference", one.kind)),
        line.number if line else None,
        line.nip if line else own.nip if own else None,
        own.name if own else None,
        own.unit if own else None,
        line.word if line else None,
        predicate,
        _("yes") if own and own.under_appeal else None,
    )
