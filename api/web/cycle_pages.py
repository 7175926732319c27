"""One period: what it is, how its launch goes, how it is closed and opened again."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import TheActor, TheForm, TheHouse, TheVisitor
from api.web.cycle_forms import MAX_NAME, day_of, text_of
from api.web.rendering import Pages, pages
from engine.commands.closing import close_cycle, reopen_cycle
from engine.commands.cycles import open_cycle
from engine.commands.launch import continue_launch, request_launch, stop_launch
from engine.domain.access import Verb
from engine.errors import NotFound
from engine.queries import cycle_views
from engine.queries.people import agency_day, people
from engine.store import closings, launches
from engine.store.closings import Handling
from engine.store.launches import PersonState

router = APIRouter(prefix="/cycles")
ThePages = Annotated[Pages, Depends(pages)]
MOST_REFUSED = 200
DONE = frozenset({"opened", "launched", "stopped", "continued", "closed", "reopened"})


@router.post("")
def open_page(house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm) -> Response:
    """Plan a period on the active version of a system."""
    cycle_views.require(actor, Verb.OPEN_CYCLE)
    cycle_id = open_cycle(
        house.desk,
        actor,
        system=form.one("system"),
        name=text_of(form, "name", longest=MAX_NAME),
        starts=day_of(form, "starts"),
        ends=day_of(form, "ends"),
        now=visitor.now,
    )
    return RedirectResponse(f"/cycles/{cycle_id}?done=opened", 303)


@router.get("/{cycle_id}")
def cycle_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle_id: str,
    done: str = "",
) -> HTMLResponse:
    """Where a period stands."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.OPEN_CYCLE)
        head = cycle_views.cycle_head(tx, cycle_id)
        steps = cycle_views.open_steps(tx, cycle_id, visitor.now, house.name_of(visitor.language))
        launch = next(iter(launches.of_cycle(tx, cycle_id)), None)
        passed = launches.passed_over(tx, launch.id) if launch else {}
        refused = launches.refused(tx, launch.id, limit=MOST_REFUSED) if launch else ()
        closing = next(iter(closings.of_cycle(tx, cycle_id)), None)
        day = agency_day(tx, visitor.now)
        known = people(tx, [row.employee_id for row in refused], day)
    return show.render(
        request, visitor, "cycle.html", cycle=head, steps=steps, launch=launch,
        refused=[(known[row.employee_id], row.code) for row in refused if row.employee_id in known],
        refused_count=passed.get(PersonState.REFUSED, 0), closing=closing, handlings=list(Handling),
        may_reopen=bool(closing and closing.closed_by != actor.employee_id),
        done=done if done in DONE else "",
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
    house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm, cycle_id: str
) -> Response:
    """Close a period, or open it again; both with a reason."""
    with house.desk.store.reading(actor.agency_id) as tx:
        cycle_views.require(actor, Verb.CLOSE_CYCLE)
        cycle_views.cycle_head(tx, cycle_id)
    op, reason = form.one("op"), text_of(form, "reason")
    if op == "reopen":
        reopen_cycle(house.desk, actor, cycle_id=cycle_id, reason=reason, now=visitor.now)
        return RedirectResponse(f"/cycles/{cycle_id}?done=reopened", 303)
    handling = form.one("handling")
    chosen = Handling(handling) if handling in set(Handling) else Handling.GO_ON
    close_cycle(
        house.desk, actor, cycle_id=cycle_id, handling=chosen, reason=reason, now=visitor.now
    )
    return RedirectResponse(f"/cycles/{cycle_id}?done=closed", 303)
