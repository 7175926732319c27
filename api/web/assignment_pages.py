"""Handing work on: claim, release, delegate, return, recall, reassign; orders for many tasks."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.deps import House, Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web.inbox_pages import LIST_COOKIE
from api.web.rendering import Pages, pages
from engine.commands.assignment import claim, delegate, reassign, release, return_work
from engine.commands.bulk_work import reassign_many, remind_many
from engine.commands.recall import recall
from engine.commands.saved_filters import forget_filter, save_filter
from engine.domain.people import Actor, EmployeeId, UnitFunction
from engine.domain.process import DefinitionId
from engine.queries.handing_on import HandingOn, Receiver, handing_on, receivers, task_lines
from engine.store.database import Transaction

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
MAX_AT_ONCE = 50
NOTHING_TYPED = {"who": "", "reason": "", "op": ""}


@router.post("/work-items/{item_id}/claim")
def claiming(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, _form: TheForm, item_id: str
) -> Response:
    """Take work of a function and open it."""
    claim(house.desk, actor, item_id=item_id, now=visitor.now)
    return RedirectResponse(f"/work-items/{item_id}", 303)


@router.post("/work-items/{item_id}/release")
def releasing(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    _form: TheForm,
    item_id: str,
) -> Response:
    """Give claimed work back."""
    release(house.desk, actor, item_id=item_id, now=visitor.now)
    return RedirectResponse(last_list(request), 303)


@router.post("/work-items/{item_id}/recall")
def recalling(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, _form: TheForm, item_id: str
) -> Response:
    """Take back what was sent; the answers are the draft again."""
    again = recall(house.desk, actor, item_id=item_id, now=visitor.now)
    return RedirectResponse(f"/work-items/{again}", 303)


@router.post("/work-items/{item_id}/return")
def returning(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    _form: TheForm,
    item_id: str,
) -> Response:
    """The prepared answers go to the holder."""
    return_work(house.desk, actor, item_id=item_id, now=visitor.now)
    return RedirectResponse(last_list(request), 303)


@router.get("/work-items/{item_id}/hand-on")
def hand_on_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    item_id: str,
) -> Response:
    """Who holds the task, and to whom it may go."""
    found = _handing_on(house, visitor, actor, item_id)
    return show.render(
        request, visitor, "hand_on.html", task=found, people=(), asked=False, typed=NOTHING_TYPED
    )


@router.post("/work-items/{item_id}/hand-on")
def handing(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    item_id: str,
) -> Response:
    """Delegate or reassign to the person named; several of that name are offered to choose from."""
    found = _handing_on(house, visitor, actor, item_id)
    people = _receivers(house, visitor, actor, form)
    to, reason = _only(form, people), form.one("reason")
    if to is None or not reason:
        typed = {"who": form.one("who"), "reason": reason, "op": form.one("op")}
        return show.render(
            request,
            visitor,
            "hand_on.html",
            422,
            task=found,
            people=people,
            typed=typed,
            asked=True,
        )
    give = reassign if form.one("op") == "reassign" else delegate
    give(house.desk, actor, item_id=item_id, to=to, reason=reason, now=visitor.now)
    return RedirectResponse(last_list(request), 303)


@router.post("/inbox/bulk")
def order_for_many(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Remind or reassign the chosen tasks; each has its own result."""
    chosen = form.fields.get("item", [])[:MAX_AT_ONCE]
    with house.desk.store.reading(actor.agency_id) as tx:
        lines = task_lines(tx, actor, chosen, house.name_of(visitor.language))
    if form.one("op") == "remind" or not lines:
        done = remind_many(house.desk, actor, item_ids=list(lines), now=visitor.now)
        return _results(request, visitor, show, "remind", lines, done)
    people = _receivers(house, visitor, actor, form)
    to, reason = _only(form, people), form.one("reason")
    if to is None or not reason:
        asked = form.one("op") == "reassign"
        typed = {"who": form.one("who"), "reason": reason}
        return show.render(
            request, visitor, "inbox_reassign.html", 422 if asked else 200,
            lines=lines, people=people, typed=typed, asked=asked,
        )  # fmt: skip
    done = reassign_many(
        house.desk, actor, item_ids=list(lines), to=to, reason=reason, now=visitor.now
    )
    return _results(request, visitor, show, "reassign", lines, done)


@router.post("/inbox/filters")
def keep_filter(house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm) -> Response:
    """Keep the list under a name, for oneself or for a function."""
    query, name, function = form.one("query"), form.one("name"), form.one("for")
    shared = UnitFunction(function) if function in set(UnitFunction) else None
    if name:
        save_filter(house.desk, actor, name=name, query=query, for_function=shared, now=visitor.now)
    return RedirectResponse(f"/inbox?{query}" if query else "/inbox", 303)


@router.post("/inbox/filters/{filter_id}/forget")
def drop_filter(
    request: Request, house: TheHouse, actor: TheActor, _form: TheForm, filter_id: str
) -> Response:
    """Forget a saved filter."""
    forget_filter(house.desk, actor, filter_id=filter_id)
    return RedirectResponse(last_list(request), 303)


def last_list(request: Request) -> str:
    """The list that was looked at last."""
    query = request.cookies.get(LIST_COOKIE, "")
    return f"/inbox?{query}" if query.isascii() and query.isprintable() and query else "/inbox"


def _results(
    request: Request, visitor: Visitor, show: Pages, op: str, lines: object, done: object
) -> Response:
    return show.render(
        request, visitor, "inbox_results.html", op=op, lines=lines, done=done,
        back=last_list(request),
    )  # fmt: skip


def _handing_on(house: House, visitor: Visitor, actor: Actor, item_id: str) -> HandingOn:
    definitions = house.desk.definitions

    def rates(tx: Transaction, definition_id: DefinitionId, role: str, element_id: str) -> bool:
        return definitions.get(tx, definition_id).decides_ratings(role, element_id)

    with house.desk.store.reading(actor.agency_id) as tx:
        return handing_on(
            tx, actor, item_id, visitor.now,
            name_of=house.name_of(visitor.language), properties_of=house.properties_of, rates=rates,
        )  # fmt: skip


def _receivers(
    house: House, visitor: Visitor, actor: Actor, form: Submitted
) -> tuple[Receiver, ...]:
    with house.desk.store.reading(actor.agency_id) as tx:
        return receivers(tx, form.one("who"), visitor.now)


def _only(form: Submitted, people: tuple[Receiver, ...]) -> EmployeeId | None:
    """The one who was chosen, or the only one of that name."""
    chosen = form.one("to")
    ids = [person.id for person in people]
    if chosen in ids:
        return EmployeeId(chosen)
    return ids[0] if len(ids) == 1 else None
