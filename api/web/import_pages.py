"""Sheets of people, plans, transfers and figures: sent, matched, looked at, confirmed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.deps import Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.problems import problem_of
from api.web.rendering import Pages, pages
from api.web.sheet_templates import template_file
from engine.commands.checked_sheets import RowState, SheetKind
from engine.commands.imports import (
    COLUMNS,
    VERBS,
    choose_columns,
    discard_sheet,
    pending_sheets,
    read_sheet,
    receive_sheet,
)
from engine.commands.permissions import demand
from engine.commands.sheet_confirmation import Confirmed, confirm_sheet
from engine.commands.sheets import HEADER_WITHIN, Matching
from engine.domain.access import AgencyAccess, can
from engine.domain.people import Actor
from engine.errors import Conflict, Invalid, InvalidFile, NotFound
from engine.store import cycles

router = APIRouter(prefix="/imports")
ThePages = Annotated[Pages, Depends(pages)]
PLACE = "column."
SHOWN = 200


def _kind(text: str) -> SheetKind:
    if text not in set(SheetKind):
        raise NotFound("sheet kind", text)
    return SheetKind(text)


@router.get("")
def import_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    kind: str = SheetKind.PEOPLE,
    stored: int = 0,
    skipped: int = 0,
    opened: int = 0,
) -> Response:
    """What a sheet must hold, a template of it, and where to send it."""
    found = _kind(kind)
    values = {"done": (stored, skipped) if stored else None, "opened": opened}
    return _sending(request, house, visitor, actor, show, found, values)


def _sending(
    request: Request,
    house: TheHouse,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    kind: SheetKind,
    more: dict[str, object],
) -> Response:
    demand(actor, VERBS[kind], AgencyAccess(actor.agency_id))
    with house.desk.store.reading(actor.agency_id) as tx:
        periods = cycles.every(tx) if kind is SheetKind.PLANS else ()
    status = more.pop("status", 200)
    waiting = pending_sheets(house.desk, actor, now=visitor.now)
    values = {
        "kind": kind, "columns": COLUMNS[kind], "cycles": periods, "pending": waiting,
        "kinds": _kinds(actor), "done": None, "opened": 0, **more,
    }  # fmt: skip
    return show.render(request, visitor, "import.html", int(str(status)), **values)


def _kinds(actor: Actor) -> list[SheetKind]:
    """The kinds of sheets that the actor brings in."""
    agency = AgencyAccess(actor.agency_id)
    return [kind for kind in SheetKind if can(actor, VERBS[kind], agency)]


@router.post("")
def send_sheet(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Keep the sheet and go on to its columns; one that cannot be read is told on the page."""
    kind = _kind(form.one("kind"))
    content, name = (form.upload.content, form.upload.name) if form.upload else (b"", "")
    try:
        upload_id = receive_sheet(
            house.desk, actor, kind=kind, content=content, name=name,
            cycle_id=form.one("cycle") or None, now=visitor.now,
        )  # fmt: skip
    except InvalidFile as error:
        problem = problem_of(error, visitor.words)
        more: dict[str, object] = {"problem": problem, "status": problem.status}
        return _sending(request, house, visitor, actor, show, kind, more)
    return RedirectResponse(f"/imports/{upload_id}", 303)


@router.get("/template")
def template(actor: TheActor, visitor: TheVisitor, kind: str = "", form: str = "csv") -> Response:
    """An empty sheet with the headings and one line as an example."""
    found = _kind(kind)
    demand(actor, VERBS[found], AgencyAccess(actor.agency_id))
    return template_file(found, as_xlsx=form == "xlsx", made_at=visitor.now)


@router.get("/{upload_sheet_id}")
def sheet_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    upload_sheet_id: str,
    match: bool = False,
) -> Response:
    """What was recognised, and what each row would do."""
    return _looked_at(
        request, house, visitor, actor, show, upload_sheet_id, {"open_columns": match}
    )


def _looked_at(
    request: Request,
    house: TheHouse,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    upload_sheet_id: str,
    more: dict[str, object],
) -> Response:
    found = read_sheet(house.desk, actor, upload_id=upload_sheet_id, now=visitor.now)
    values = {
        "sheet": found,
        "columns": COLUMNS[found.kind],
        "states": list(RowState),
        "header_choices": range(1, HEADER_WITHIN + 1),
        "findings": found.checked.findings[:SHOWN] if found.checked else (),
        "open_columns": False,
        **more,
    }
    status = int(str(values.pop("status", 200)))
    return show.render(request, visitor, "import_sheet.html", status, **values)


@router.post("/{upload_sheet_id}")
def change_sheet(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    upload_sheet_id: str,
) -> Response:
    """Say what the columns mean, store the good rows, or forget the sheet."""
    desk, now = house.desk, visitor.now
    try:
        match form.one("op"):
            case "confirm":
                done = confirm_sheet(
                    desk, actor, upload_id=upload_sheet_id, seal=form.one("seal"), now=now
                )
                return RedirectResponse(_after(done), 303)
            case "discard":
                kind = read_sheet(desk, actor, upload_id=upload_sheet_id, now=now).kind
                discard_sheet(desk, actor, upload_id=upload_sheet_id, now=now)
                return RedirectResponse(f"/imports?kind={kind}", 303)
        choose_columns(
            desk,
            actor,
            upload_id=upload_sheet_id,
            matching=_matching(form),
            name=form.one("save_as"),
            now=now,
        )
    except (Conflict, Invalid) as error:
        problem = problem_of(error, visitor.words)
        more: dict[str, object] = {"problem": problem, "status": problem.status}
        return _looked_at(request, house, visitor, actor, show, upload_sheet_id, more)
    return RedirectResponse(f"/imports/{upload_sheet_id}", 303)


def _after(done: Confirmed) -> str:
    if done.batch_id:
        return f"/people/transfers/{done.batch_id}"
    told = f"stored={done.stored}&skipped={done.skipped}&opened={done.opened}"
    return f"/imports?kind={done.kind}&{told}"


def _matching(form: Submitted) -> Matching:
    places = {
        name.removeprefix(PLACE): int(values[0])
        for name, values in form.fields.items()
        if name.startswith(PLACE) and values[0].isdecimal() and len(values[0]) < 5
    }
    known = {key for columns in COLUMNS.values() for key in columns.headings}
    header = form.one("header")
    row = int(header) - 1 if header.isdecimal() and len(header) < 5 else 0
    return Matching(row, {key: place for key, place in places.items() if key in known})
