"""The daily logs of whom one rates: what waits, a week to verify, directions and ways back."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.house import House
from api.web.daily_log_pages import Typed, day_of, refusal_words, show_log
from api.web.opened_work import number
from api.web.rendering import Pages, pages
from engine.commands.log_keeping import limits_of
from engine.commands.log_notes import return_entry, verify_entries, write_log_note
from engine.commands.log_views import record_log_view
from engine.domain.daily_log import NoteKind
from engine.domain.people import Actor, EmployeeId
from engine.errors import InvalidForm, StaleVersion
from engine.queries.daily_logs import LogPage, log_page
from engine.queries.staff_logs import staff_logs
from engine.store import daily_logs, log_entries

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
LOG = "/daily-log/staff/{cycle_id}/{employee_id}"


@router.get("/daily-log/staff")
def staff(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
) -> HTMLResponse:
    """Whose logs one reads, those where something waits first."""
    with house.desk.store.reading(actor.agency_id) as tx:
        lines = staff_logs(tx, actor, now=visitor.now)
        keeps = any(log.active for log in daily_logs.logs_of(tx, actor.employee_id))
    return show.render(request, visitor, "daily_log_list.html", lines=lines, keeps=keeps)


@router.get(LOG)
def one_log(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle_id: str,
    employee_id: str,
    week: str = "",
    done: str = "",
) -> HTMLResponse:
    """A week of somebody's log; a look by others than the rater is noted."""
    found = _page(house, visitor, actor, cycle_id, employee_id, week)
    record_log_view(house.desk, actor, log=found.log, now=visitor.now)
    return show_log(request, visitor, show, found, Typed(done=done))


def _page(
    house: House, visitor: Visitor, actor: Actor, cycle_id: str, employee_id: str, week: str
) -> LogPage:
    with house.desk.store.reading(actor.agency_id) as tx:
        log = daily_logs.get(tx, cycle_id, EmployeeId(employee_id))
        limits = limits_of(house.desk, tx, log)
        return log_page(tx, actor, log, limits, week_of=day_of(week), now=visitor.now)


@router.post(f"{LOG}/verification")
def verify(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    form: TheForm,
    cycle_id: str,
    employee_id: str,
) -> Response:
    """Verify the activities that were marked, or all of the day or week that was looked at."""
    verify_entries(
        house.desk, actor, cycle_id=cycle_id, employee_id=EmployeeId(employee_id),
        entries=_chosen(form), now=visitor.now,
    )  # fmt: skip
    return _back(f"/daily-log/staff/{cycle_id}/{employee_id}", form, "verified")


def _chosen(form: Submitted) -> Mapping[str, int]:
    """The activities with the revisions that the page showed; `all` names a day or the week."""
    every = form.one("all")
    shown = [value.split("/") for value in form.fields.get("shown", ())]
    of_days = [parts[1:] for parts in shown if every in {"week", parts[0]}]
    marked = [value.split("/") for value in form.fields.get("entry", ())]
    pairs = of_days if every else marked
    return {pair[0]: number(pair[1]) or 0 for pair in pairs if len(pair) == len(("id", "revision"))}


@router.post("/daily-log/staff/entries/{entry_id}/notes")
def write(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    entry_id: str,
) -> Response:
    """Give a direction, comment, or give the activity back to be corrected."""
    kind, text = form.one("kind"), form.one("text")
    try:
        if kind == NoteKind.RETURN:
            revision = number(form.one("revision")) or 0
            return_entry(
                house.desk, actor, entry_id=entry_id, revision=revision, text=text, now=visitor.now
            )
        else:
            meant = NoteKind.DIRECTION if kind == NoteKind.DIRECTION else NoteKind.COMMENT
            write_log_note(
                house.desk, actor, entry_id=entry_id, kind=meant, text=text, now=visitor.now
            )
    except (InvalidForm, StaleVersion) as error:
        return _again(request, house, visitor, actor, show, form, entry_id, error)
    return _back(_address(house, actor, entry_id), form, kind)


def _again(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    form: Submitted,
    entry_id: str,
    error: InvalidForm | StaleVersion,
) -> HTMLResponse:
    with house.desk.store.reading(actor.agency_id) as tx:
        entry = log_entries.get(tx, entry_id)
    week = form.one("week")
    found = _page(house, visitor, actor, entry.cycle_id, entry.employee_id, week)
    typed = Typed(form, refusal_words(visitor, error), noted=entry_id)
    return show_log(request, visitor, show, found, typed)


def _address(house: House, actor: Actor, entry_id: str) -> str:
    with house.desk.store.reading(actor.agency_id) as tx:
        entry = log_entries.get(tx, entry_id)
    return f"/daily-log/staff/{entry.cycle_id}/{entry.employee_id}"


def _back(address: str, form: Submitted, done: str) -> Response:
    week = day_of(form.one("week"))
    return RedirectResponse(f"{address}?week={week or ''}&done={done}", 303)
