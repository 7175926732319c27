"""Who said something in confidence: asked for by the team, granted by the inspectorate."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web.organisation_forms import NOTHING_REFUSED, Refused, refused
from api.web.rendering import Pages, pages
from engine.commands.unmasking import (
    ask_identity,
    askable_remarks,
    decide_identity,
    known_unmaskings,
    read_identity,
)
from engine.domain.people import Actor
from engine.errors import InvalidForm, NotFound
from engine.queries.people import Person, agency_day, people

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
DONE = frozenset({"asked", "granted", "refused"})


def _listed(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    *,
    told: Refused = NOTHING_REFUSED,
    learned: tuple[str, Person] | None = None,
) -> HTMLResponse:
    found = known_unmaskings(house.desk, actor, now=visitor.now)
    done = request.query_params.get("done", "")
    return show.render(
        request,
        visitor,
        "identities.html",
        told.status,
        requests=found,
        refused=told,
        learned=learned,
        done=done if done in DONE else "",
    )


@router.get("/identities")
def identities_page(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """What was asked, and what waits for the second person."""
    return _listed(request, house, visitor, actor, show)


@router.post("/identities/{unmasking_id}")
def decide(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    unmasking_id: str,
) -> Response:
    """Grant or refuse a request, or read what was granted; the name stands in no address."""
    op = form.one("op")
    if op == "read":
        person = read_identity(house.desk, actor, unmasking_id=unmasking_id, now=visitor.now)
        with house.desk.store.reading(actor.agency_id) as tx:
            found = people(tx, [person], agency_day(tx, visitor.now))[person]
        learned = unmasking_id, found
        return _listed(request, house, visitor, actor, show, learned=learned)
    if op not in {"grant", "refuse"}:
        raise NotFound("decision", op)
    try:
        decide_identity(
            house.desk, actor, unmasking_id=unmasking_id, granted=op == "grant",
            reason=form.one("reason"), now=visitor.now,
        )  # fmt: skip
    except InvalidForm as error:
        told = refused(unmasking_id, error, form, visitor.language)
        return _listed(request, house, visitor, actor, show, told=told)
    return RedirectResponse(f"/identities?done={'granted' if op == 'grant' else 'refused'}", 303)


@router.get("/cases/{instance_id}/identity")
def ask_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    instance_id: str,
) -> HTMLResponse:
    """The texts of a case, of which one may be asked about."""
    return _asking(request, house, visitor, actor, show, instance_id)


@router.post("/cases/{instance_id}/identity")
def ask(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    instance_id: str,
) -> Response:
    """Ask who wrote one of them."""
    try:
        ask_identity(
            house.desk, actor, instance_id=instance_id, remark=form.one("remark"),
            reason=form.one("reason"), now=visitor.now,
        )  # fmt: skip
    except InvalidForm as error:
        told = refused("ask", error, form, visitor.language)
        return _asking(request, house, visitor, actor, show, instance_id, told)
    return RedirectResponse("/identities?done=asked", 303)


def _asking(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    instance_id: str,
    told: Refused = NOTHING_REFUSED,
) -> HTMLResponse:
    texts = askable_remarks(
        house.desk, actor, instance_id=instance_id, language=visitor.language, now=visitor.now
    )
    return show.render(
        request,
        visitor,
        "identity_ask.html",
        told.status,
        instance_id=instance_id,
        texts=texts.items(),
        refused=told,
    )
