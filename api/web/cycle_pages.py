"""One period: what it is, how its launch goes, how it is closed and opened again."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web.cycle_forms import MAX_NAME, day_of, given_back, text_of
from api.web.organisation_forms import NOTHING_REFUSED, Refused
from api.web.rendering import Pages, pages
from engine.commands.closing import close_cycle, reopen_cycle
from engine.commands.cycles import open_cycle
from engine.commands.launch import continue_launch, request_launch, stop_launch
from engine.domain.access import Verb
from engine.domain.people import Actor
from engine.errors import Conflict, InvalidForm, NotFound
from engine.queries import cycle_views, overviews
from engine.queries.people import agency_day, people
from engine.queries.unfinished import held_cases, unfinished
from engine.store import closings, launches
from engine.store.closings import Handling
from engine.store.launches import PersonState

router = APIRouter(prefix="/cycles")
ThePages = Annotated[Pages, Depends(pages)]
MOST_REFUSED = 200
MOST_HELD = 50
DONE = frozenset({"opened", "launched", "stopped", "continued", "closed", "reopened"})


@router.post("")
def open_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Plan a period on the active version of a system."""
    cycle_views.require(actor, Verb.OPEN_CYCLE)
    try:
        cycle_id = open_cycle(
            house.desk,
            actor,
            system=form.one("system"),
            name=text_of(form, "name", longest=MAX_NAME),
            starts=day_of(form, "starts"),
            ends=day_of(form, "ends"),
            now=visitor.now,
        )
    except InvalidForm as error:
        told = given_back("period", error, form, visitor.language)
        return show.render(
            request, visitor, "cycles.html", told.status, **periods(house, visitor, actor, told)
        )
    return RedirectResponse(f"/cycles/{cycle_id}?done=opened", 303)


def periods(
    house: House, visitor: Visitor, actor: Actor, told: Refused = NOTHING_REFUSED
) -> dict[str, object]:
    """What the list of periods shows."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = overviews.cycles(tx, actor, visitor.now, house.name_of(visitor.language))
        return {"cycles": found, "systems": house.systems(tx, visitor.language), "refused": told}


@router.get("/{cycle_id}")
def cycle_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle_id: str,
) -> HTMLResponse:
    """Where a period stands."""
    return _cycle(request, house, visitor, actor, show, cycle_id)


def _cycle(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    cycle_id: str,
    told: Refused = NOTHING_REFUSED,
) -> HTMLResponse:
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.OPEN_CYCLE)
        head = cycle_views.cycle_head(tx, cycle_id)
        steps = cycle_views.open_steps(tx, cycle_id, visitor.now, house.name_of(visitor.language))
        launch = next(iter(launches.of_cycle(tx, cycle_id)), None)
        passed = launches.passed_over(tx, launch.id) if launch else {}
        refused = launches.refused(tx, launch.id, limit=MOST_REFUSED) if launch else ()
        closing = next(iter(closings.of_cycle(tx, cycle_id)), None)
        known = people(tx, [row.employee_id for row in refused], agency_day(tx, visitor.now))
        left, held = unfinished(tx, cycle_id), held_cases(tx, cycle_id, limit=MOST_HELD)
    done = request.query_params.get("done", "")
    return show.render(
        request, visitor, "cycle.html", told.status, cycle=head, steps=steps, launch=launch,
        not_started=[
            (known[row.employee_id], row.code) for row in refused if row.employee_id in known
        ],
        refused_count=passed.get(PersonState.REFUSED, 0), closing=closing, handlings=list(Handling),
        may_reopen=bool(closing and closing.closed_by != actor.employee_id), left=left, held=held,
        done=done if done in DONE else "", refused=told,
    )  # fmt: skip


@router.post("/{cycle_id}/launch")
def launch(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm, cycle_id: str
) -> Response:
    """Launch, stop or go on."""
    op, now = form.one("op"), visitor.now
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.LAUNCH_CYCLE)
        cycle_views.cycle_head(tx, cycle_id)
        last = next(iter(launches.of_cycle(tx, cycle_id)), None)
    if op == "launch":
        expected = int(form.one("expected")) if form.one("expected").isdecimal() else 0
        expected = min(expected, 10_000_000)
        request_launch(house.desk, actor, cycle_id=cycle_id, expected=expected, now=now)
        return RedirectResponse(f"/cycles/{cycle_id}?done=launched", 303)
    if last is None or op not in {"stop", "continue"}:
        raise NotFound("launch", op)
    change = stop_launch if op == "stop" else continue_launch
    change(house.desk, actor, launch_id=last.id, now=now)
    done = "stopped" if op == "stop" else "continued"
    return RedirectResponse(f"/cycles/{cycle_id}?done={done}", 303)


@router.post("/{cycle_id}/closing")
def close(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    cycle_id: str,
) -> Response:
    """Close a period, or open it again; both with a reason."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.CLOSE_CYCLE)
        cycle_views.cycle_head(tx, cycle_id)
    reopens = form.one("op") == "reopen"
    try:
        (_reopen if reopens else _close)(house, visitor, actor, form, cycle_id)
    except (InvalidForm, Conflict) as error:
        told = given_back("reopen" if reopens else "close", error, form, visitor.language)
        return _cycle(request, house, visitor, actor, show, cycle_id, told)
    done = "reopened" if reopens else "closed"
    return RedirectResponse(f"/cycles/{cycle_id}?done={done}", 303)


def _reopen(house: House, visitor: Visitor, actor: Actor, form: Submitted, cycle_id: str) -> None:
    reason = text_of(form, "reason")
    reopen_cycle(house.desk, actor, cycle_id=cycle_id, reason=reason, now=visitor.now)


def _close(house: House, visitor: Visitor, actor: Actor, form: Submitted, cycle_id: str) -> None:
    reason, handling = text_of(form, "reason"), form.one("handling")
    chosen = Handling(handling) if handling in set(Handling) else Handling.GO_ON
    close_cycle(
        house.desk, actor, cycle_id=cycle_id, handling=chosen, reason=reason, now=visitor.now
    )
