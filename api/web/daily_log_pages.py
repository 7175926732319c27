"""One's own daily log: a quick form, this week as a list, and what one's performance is so far."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.house import House
from api.i18n import N_
from api.problems import problem_of
from api.web import log_words
from api.web.daily_log_forms import FILE, editable, empty, filled, new_entry
from api.web.evidence_pages import attachment_header
from api.web.opened_work import number
from api.web.rendering import Pages, pages
from api.web.survey_forms import date_in
from api.web.told_errors import told
from engine.commands.daily_log import correct_activity, enter_activity, read_log_evidence
from engine.commands.log_keeping import limits_of
from engine.commands.log_notes import write_log_note
from engine.domain.daily_log import BY_EMPLOYEE, NoteKind
from engine.domain.people import Actor, EmployeeId
from engine.errors import InvalidFile, InvalidForm, NotFound, StaleVersion
from engine.queries.daily_logs import LogPage, log_page
from engine.store import cycles, daily_logs
from engine.store.ids import new_id
from engine.store.states import CycleStatus

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
STAFF = "/daily-log/staff"
CHANGED_MEANWHILE = N_(
    "Not kept: this activity was changed meanwhile. What you typed is still here; look at the "
    "activity as it is now before you send again."
)


@dataclass(frozen=True)
class Typed:
    """What stands in the forms of a page that is shown again, with what is wrong with it.

    `form` belongs to the activity `entry_id` or to a new one; a note to `noted`.
    """

    form: Submitted | None = None
    errors: dict[str, str] = field(default_factory=dict)
    entry_id: str = ""
    noted: str = ""
    done: str = ""


@router.get("/daily-log")
def own_log(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    cycle: str = "",
    week: str = "",
    edit: str = "",
    done: str = "",
) -> Response:
    """A week of an own log; who keeps none is led to the logs that he reads."""
    found = own_page(house, visitor, actor, cycle, week)
    if found is None:
        return RedirectResponse(STAFF, 303)
    return show_log(request, visitor, show, found, Typed(entry_id=edit, done=done))


def own_page(
    house: House, visitor: Visitor, actor: Actor, cycle_id: str = "", week: str = ""
) -> LogPage | None:
    """A week of the own log of a period, or of the newest that one may write in.

    None for who never kept one.
    """
    with house.desk.store.reading(actor.agency_id) as tx:
        logs = daily_logs.logs_of(tx, actor.employee_id)
        if not logs:
            return None
        known = {cycle.id: cycle for cycle in cycles.every(tx)}
        asked = [log for log in logs if log.cycle_id == cycle_id]
        kept = [
            log for log in logs if log.active and known[log.cycle_id].status == CycleStatus.OPEN
        ]
        log = (*asked, *kept, *logs)[0]
        limits = limits_of(house.desk, tx, log)
        page = log_page(tx, actor, log, limits, week_of=day_of(week), now=visitor.now)
        return replace(page, others=tuple(known[one.cycle_id] for one in logs if one is not log))


def day_of(text: str) -> date | None:
    """A day in an address; None for anything else."""
    return date_in(Submitted({"day": [text]}), "day")


def show_log(
    request: Request, visitor: Visitor, show: Pages, page: LogPage, typed: Typed
) -> HTMLResponse:
    """The page of a log, one's own or another's."""
    edited = editable(page, typed.entry_id)
    opened = filled(edited) if edited else empty(page, new_id())
    own_notes = BY_EMPLOYEE if page.is_own else frozenset()
    return show.render(
        request, visitor, "daily_log.html" if page.is_own else "daily_log_staff.html",
        422 if typed.errors else 200, page=page, words=log_words, typed=typed, edited=edited,
        form=opened if typed.noted else typed.form or opened,
        errors={} if typed.noted else typed.errors,
        own_notes=own_notes,
    )  # fmt: skip


@router.post("/daily-log")
def enter(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Enter an activity; a form that is refused comes back as it was typed."""
    try:
        new = new_entry(form)
        enter_activity(
            house.desk, actor, cycle_id=form.one("cycle"), new=new, now=visitor.now,
            key=_key(form),
        )  # fmt: skip
    except (InvalidForm, InvalidFile) as error:
        return _again(
            request, house, visitor, actor, show, Typed(form, refusal_words(visitor, error))
        )
    return _back(form, new.activity.day, "entered")


def _back(form: Submitted, week: object, done: str) -> Response:
    """To the week in the period from which the form was sent."""
    told = {"cycle": form.one("cycle"), "week": week, "done": done}
    return RedirectResponse(f"/daily-log?{urlencode(told)}", 303)


def _key(form: Submitted) -> str:
    """The id under which the form was opened, as long as it looks like one."""
    key = form.one("key")
    return key if len(key) == len(new_id()) and key.replace("-", "").isalnum() else ""


@router.post("/daily-log/entries/{entry_id}")
def correct(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    entry_id: str,
) -> Response:
    """Correct an activity."""
    try:
        new = new_entry(form)
        correct_activity(
            house.desk, actor, entry_id=entry_id, revision=number(form.one("revision")) or 0,
            new=new, now=visitor.now,
        )  # fmt: skip
    except (InvalidForm, InvalidFile, StaleVersion) as error:
        typed = Typed(form, refusal_words(visitor, error), entry_id)
        return _again(request, house, visitor, actor, show, typed)
    return _back(form, new.activity.day, "corrected")


@router.post("/daily-log/entries/{entry_id}/notes")
def note(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    entry_id: str,
) -> Response:
    """Comment on an own activity, or ask for a comment."""
    kind = NoteKind.REQUEST if form.one("kind") == NoteKind.REQUEST else NoteKind.COMMENT
    try:
        write_log_note(
            house.desk, actor, entry_id=entry_id, kind=kind, text=form.one("text"), now=visitor.now
        )
    except InvalidForm as error:
        typed = Typed(form, refusal_words(visitor, error), noted=entry_id)
        return _again(request, house, visitor, actor, show, typed)
    return _back(form, form.one("week")[:10], "noted")


@router.get("/daily-log/entries/{entry_id}/evidence/{place}")
def evidence_file(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, entry_id: str, place: str
) -> Response:
    """A file that was put to an activity, by its place counted from 0."""
    which = number(place)
    if which is None:
        raise NotFound("evidence", entry_id)
    found = read_log_evidence(house.desk, actor, entry_id=entry_id, place=which, now=visitor.now)
    headers = {"Content-Disposition": attachment_header(found.name)}
    return Response(found.content, media_type=found.media_type, headers=headers)


def _again(
    request: Request, house: House, visitor: Visitor, actor: Actor, show: Pages, typed: Typed
) -> Response:
    """The page with everything that was typed; the week is the one that it was sent from."""
    sent = typed.form or Submitted({})
    found = own_page(house, visitor, actor, sent.one("cycle"), sent.one("week"))
    if found is None:
        raise NotFound("daily log", EmployeeId(actor.employee_id))
    return show_log(request, visitor, show, found, typed)


def refusal_words(
    visitor: Visitor, error: InvalidForm | InvalidFile | StaleVersion
) -> dict[str, str]:
    """The sentence of each field; what concerns the whole form stands under no field."""
    if isinstance(error, InvalidForm):
        return dict(told(error, visitor.language))
    if isinstance(error, StaleVersion):
        return {"": visitor.words(CHANGED_MEANWHILE)}
    problem = problem_of(error, visitor.words)
    return {FILE: f"{problem.title}. {problem.detail}"}
