"""Transfers of people: chosen, looked at with their consequences, confirmed, and work left over."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.deps import Submitted, TheActor, TheForm, TheHouse, TheVisitor
from api.problems import problem_of
from api.web.rendering import Pages, pages
from api.web.told_errors import told
from engine.commands.assignment import reassign
from engine.commands.transfers import (
    Preview,
    carry_out,
    confirm_transfers,
    discard_transfers,
    plan_transfers,
    preview_transfers,
)
from engine.domain.passwords import digits
from engine.domain.people import EmployeeId, UnitId
from engine.domain.transfers import NewPost, PlannedTransfer, TransferKind, TransferState
from engine.errors import Conflict, Finding, InvalidForm, NotFound
from engine.queries.accounts import person_by_nip
from engine.queries.pending_transfers import pending_batches
from engine.queries.people import agency_day
from engine.queries.transfers import (
    batch_page,
    demand_transfers,
    is_confidential_work_orphaned,
    orphans,
    transfer_page,
)

router = APIRouter(prefix="/people")
ThePages = Annotated[Pages, Depends(pages)]
FARTHEST = timedelta(days=366)
MAX_TITLE = 200
# As many as one request carries out; the runner goes on with the rest.
AT_ONCE = 20
SHOWN = 50


@router.get("/transfers")
def transfers_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    q: str = "",
    unit: str = "",
) -> Response:
    """Choose people and say where they go."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = transfer_page(tx, actor, query=q[:80].strip(), unit_id=unit, now=visitor.now)
        waiting = pending_batches(tx, actor, visitor.now)
    values = {
        "page": found,
        "pending": waiting,
        "q": q,
        "unit": unit,
        "kinds": list(TransferKind),
        "typed": {},
    }
    return show.render(request, visitor, "transfers.html", errors={}, **values)


@router.post("/transfers")
def plan(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Plan the transfers of those chosen; what is wrong is told beside it."""
    try:
        with house.desk.store.reading(actor.agency_id) as tx:
            demand_transfers(actor)
            wanted = _wanted(form, agency_day(tx, visitor.now))
        batch_id = plan_transfers(house.desk, actor, planned=wanted, now=visitor.now)
    except InvalidForm as error:
        with house.desk.store.reading(actor.agency_id) as tx:
            query, unit = form.one("q")[:80], form.one("unit")
            found = transfer_page(tx, actor, query=query, unit_id=unit, now=visitor.now)
        errors = told(error, visitor.language)
        values = {
            "page": found,
            "pending": (),
            "q": query,
            "unit": unit,
            "kinds": list(TransferKind),
        }
        return show.render(
            request, visitor, "transfers.html", 422, errors=errors, typed=form.fields, **values
        )
    return RedirectResponse(f"/people/transfers/{batch_id}", 303)


def _wanted(form: Submitted, today: date) -> list[PlannedTransfer]:
    """What the form asks for. Raises InvalidForm."""
    findings = []
    kind, day = form.one("kind"), _day(form.one("on"))
    if kind not in set(TransferKind):
        findings.append(Finding("organisation.choice", element_id="kind"))
    if day is None or abs(day - today) > FARTHEST:
        findings.append(Finding("transfer.day", element_id="on"))
    moves = kind in set(TransferKind) and TransferKind(kind).moves
    title = " ".join(form.one("title").split())[:MAX_TITLE]
    if moves and not form.one("to_unit"):
        findings.append(Finding("transfer.no_unit", element_id="to_unit"))
    if moves and not title:
        findings.append(Finding("transfer.no_title", element_id="title"))
    who = dict.fromkeys(form.fields.get("who", []))
    if not who:
        findings.append(Finding("transfer.nobody", element_id="who"))
    if findings or day is None:
        raise InvalidForm(findings)
    post = NewPost(UnitId(form.one("to_unit")), title) if moves else None
    return [PlannedTransfer(EmployeeId(p), TransferKind(kind), day, post) for p in who]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@router.get("/transfers/{batch_id}")
def batch(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    batch_id: str,
) -> Response:
    """What the transfers would do, and after the confirmation what became of each."""
    return _batch(request, house, visitor, actor, show, batch_id, {})


def _batch(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: Pages,
    batch_id: str,
    more: dict[str, object],
) -> Response:
    with house.desk.store.reading(actor.agency_id) as tx:
        planned = batch_page(tx, actor, batch_id, [], visitor.now).batch.confirmed_at is None
    preview = Preview((), "")
    if planned:
        preview = preview_transfers(house.desk, actor, batch_id=batch_id, now=visitor.now)
    moved = [one for found in preview.consequences[:SHOWN] for one in found.moved]
    with house.desk.store.reading(actor.agency_id) as tx:
        page = batch_page(tx, actor, batch_id, moved, visitor.now)
    waiting = sum(row.state == TransferState.WAITING for row in page.transfers)
    values = {"page": page, "preview": preview, "shown": SHOWN, "waiting": waiting, **more}
    status = int(str(values.pop("status", 200)))
    return show.render(request, visitor, "transfer_batch.html", status, **values)


@router.post("/transfers/{batch_id}")
def confirm(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    batch_id: str,
) -> Response:
    """Confirm what was looked at and carry out the first of it, or go on with the rest."""
    desk, now = house.desk, visitor.now
    with desk.store.reading(actor.agency_id) as tx:
        batch_page(tx, actor, batch_id, [], now)
    try:
        if form.one("op") == "confirm":
            seal = form.one("seal")
            confirm_transfers(desk, actor, batch_id=batch_id, seal=seal, now=now)
        elif form.one("op") == "discard":
            discard_transfers(desk, actor, batch_id=batch_id, now=now)
            return RedirectResponse("/people/transfers", 303)
    except Conflict as error:
        problem = problem_of(error, visitor.words)
        more: dict[str, object] = {"problem": problem, "status": problem.status}
        return _batch(request, house, visitor, actor, show, batch_id, more)
    with desk.store.reading(actor.agency_id) as tx:
        rows = batch_page(tx, actor, batch_id, [], now).transfers
        today = agency_day(tx, now)
    due = [r.id for r in rows if r.state == TransferState.WAITING and r.effective_on <= today]
    for transfer_id in due[:AT_ONCE]:
        _carried_out(house, actor, transfer_id, visitor)
    return RedirectResponse(f"/people/transfers/{batch_id}", 303)


def _carried_out(house: TheHouse, actor: TheActor, transfer_id: str, visitor: TheVisitor) -> None:
    by, now = actor.employee_id, visitor.now
    try:
        carry_out(house.desk, actor.agency_id, transfer_id=transfer_id, now=now, by=by)
    except Conflict:
        # It waits; the runner, or the button on the page, tries again.
        return


@router.get("/orphans")
def orphans_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    given: bool = False,
) -> Response:
    """Open work that nobody can do."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = orphans(tx, actor, visitor.now)
        hidden = is_confidential_work_orphaned(tx, actor, visitor.now)
    values = {"orphans": found, "confidential": hidden, "given": given}
    return show.render(request, visitor, "orphans.html", **values)


@router.post("/orphans")
def give(house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm) -> Response:
    """Give one piece of work to somebody, named by NIP."""
    with house.desk.store.reading(actor.agency_id) as tx:
        demand_transfers(actor)
        known = {found.item_id for found in orphans(tx, actor, visitor.now)}
        if form.one("item") not in known:
            raise NotFound("work item", form.one("item"))
        to = person_by_nip(tx, digits(form.one("nip")))
    reason = form.one("reason")
    reassign(house.desk, actor, item_id=form.one("item"), to=to, reason=reason, now=visitor.now)
    return RedirectResponse("/people/orphans?given=true", 303)
