"""One follow-up: what was written down about it, and the form for what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import Submitted, TheActor, TheForm, TheHouse, TheTyped, TheVisitor, Visitor
from api.house import House
from api.problems import problem_of
from api.refusals import FormTokenWrong
from api.web.follow_up_words import STEPS
from api.web.form_answers import AnswersView, answers_view
from api.web.form_parts import FormView
from api.web.form_view import form_view
from api.web.rendering import Pages, pages
from api.web.told_errors import told
from api.web.unsent import Refused, door_with_words, given_back, notice_in_form
from engine.commands.evidence import media_type_of
from engine.commands.follow_up_work import OpenFollowUp, read_follow_up
from engine.commands.follow_ups import (
    Proof,
    assign_follow_up,
    cancel_follow_up,
    complete_follow_up,
    note_follow_up,
)
from engine.commands.permissions import case_access
from engine.domain.access import Verb, can
from engine.domain.follow_ups import FollowUpStep
from engine.domain.people import Actor, EmployeeId
from engine.errors import Conflict, Finding, Forbidden, InvalidFile, InvalidForm, NotFound
from engine.queries.people import People, agency_day, people
from engine.rules.forms import apply_row_operation, initial_values, parse_fields
from engine.store.database import Transaction
from engine.store.follow_ups import EntryRow
from engine.store.people import employee_by_nip

router = APIRouter(prefix="/follow-ups/{follow_up_id}")
ThePages = Annotated[Pages, Depends(pages)]
SEND = "send"
# Sentences that belong to the page and not to a question of the form.
OWN_RULES = "follow_up."


@dataclass(frozen=True)
class Visit:
    """A request about one follow-up."""

    request: Request
    house: House
    visitor: Visitor
    actor: Actor
    show: Pages
    follow_up_id: str


@dataclass(frozen=True)
class Sent:
    """What came back to the page: the form, its values, and why it was not stored."""

    form: Submitted = field(default_factory=lambda: Submitted({}))
    values: Mapping[str, object] | None = None
    error: InvalidForm | InvalidFile | Conflict | FormTokenWrong | None = None


@dataclass(frozen=True)
class EntryView:
    """What was written down at one step, in words."""

    entry: EntryRow
    title: str
    author: str
    answers: AnswersView | None
    texts: tuple[str, ...]


@router.get("")
def one_follow_up(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    follow_up_id: str,
    done: str = "",
) -> HTMLResponse:
    """Whose it is, until when, what was written down, and what is next."""
    return _page(Visit(request, house, visitor, actor, show, follow_up_id), Sent(), done=done)


@router.post("")
def next_step(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    show: ThePages,
    typed: TheTyped,
    follow_up_id: str,
) -> Response:
    """Write down what is next, or change the rows of the form; what was typed is never lost."""
    if visitor.actor is None:
        return door_with_words(request, visitor, show, typed.form)
    visit = Visit(request, house, visitor, visitor.actor, show, follow_up_id)
    try:
        return _written(visit, typed.form, trusted=typed.trusted)
    except (NotFound, Forbidden) as error:
        reason = error if typed.trusted else NotFound("follow-up", follow_up_id)
        return given_back(request, visitor, show, typed.form, reason)


def _written(visit: Visit, form: Submitted, *, trusted: bool) -> Response:
    found = _found(visit)
    values = parse_fields(found.form, form.fields) if found.form else {}
    button = form.one("_op")
    if found.form and button.startswith(("add:", "del:")):
        return _page(visit, Sent(form, apply_row_operation(found.form, values, button)))
    if not trusted:
        return _page(visit, Sent(form, values, FormTokenWrong()))
    if button != SEND:
        return _page(visit, Sent(form, values))
    try:
        done = _carried_out(visit, found, form, values)
    except (InvalidForm, InvalidFile, Conflict) as error:
        return _page(visit, Sent(form, values, error))
    return RedirectResponse(f"/follow-ups/{visit.follow_up_id}?done={done}", 303)


def _carried_out(
    visit: Visit, found: OpenFollowUp, form: Submitted, values: Mapping[str, object]
) -> str:
    """Hand the form in; what the page says afterwards."""
    desk, now, which = visit.house.desk, visit.visitor.now, visit.follow_up_id
    if found.step is not FollowUpStep.DONE:
        note_follow_up(desk, visit.actor, follow_up_id=which, answers=values, now=now)
        return "noted"
    file = (form.upload.name, form.upload.content) if form.upload else None
    proof = Proof(form.one("proof_number"), file, form.one("proof_note"))
    complete_follow_up(desk, visit.actor, follow_up_id=which, answers=values, proof=proof, now=now)
    return "completed"


@router.post("/owner")
def give(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    follow_up_id: str,
) -> Response:
    """Say who sees to it: the visitor himself, or the person with a NIP."""
    visit = Visit(request, house, visitor, actor, show, follow_up_id)
    nip = "".join(form.one("owner").split())
    to = _employee(visit, nip) if nip else actor.employee_id
    try:
        assign_follow_up(house.desk, actor, follow_up_id=follow_up_id, to=to, now=visitor.now)
    except (InvalidForm, Conflict) as error:
        return _page(visit, Sent(form, error=error))
    return RedirectResponse(f"/follow-ups/{follow_up_id}?done=given", 303)


def _employee(visit: Visit, nip: str) -> EmployeeId:
    """Who has the NIP; an id that nobody has where nobody does."""
    with visit.house.desk.store.reading(visit.actor.agency_id) as tx:
        found = employee_by_nip(tx, nip)
    return found.id if found else EmployeeId("")


@router.post("/cancellation")
def cancel(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
    follow_up_id: str,
) -> Response:
    """End what is not to be done, with a reason."""
    reason = form.one("reason")
    try:
        cancel_follow_up(
            house.desk, actor, follow_up_id=follow_up_id, reason=reason, now=visitor.now
        )
    except (InvalidForm, Conflict) as error:
        visit = Visit(request, house, visitor, actor, show, follow_up_id)
        return _page(visit, Sent(form, error=error))
    return RedirectResponse(f"/follow-ups/{follow_up_id}?done=cancelled", 303)


@router.get("/proof")
def proof_file(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, follow_up_id: str
) -> Response:
    """The file that proves it, always as a download. Raises NotFound where there is none."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = read_follow_up(house.desk, tx, actor, follow_up_id, now=visitor.now)
    digest = next((entry.file_sha256 for entry in found.entries if entry.file_sha256), None)
    if digest is None:
        raise NotFound("proof", follow_up_id)
    content = house.desk.files.get(digest)
    media_type, ending = media_type_of(digest, content)
    name = {"Content-Disposition": f'attachment; filename="bukti-{digest[:8]}{ending}"'}
    return Response(content, media_type=media_type, headers=name)


def _found(visit: Visit) -> OpenFollowUp:
    with visit.house.desk.store.reading(visit.actor.agency_id) as tx:
        return read_follow_up(
            visit.house.desk, tx, visit.actor, visit.follow_up_id, now=visit.visitor.now
        )


def _page(visit: Visit, sent: Sent, *, done: str = "") -> HTMLResponse:
    actor, visitor, desk = visit.actor, visit.visitor, visit.house.desk
    with desk.store.reading(actor.agency_id) as tx:
        found = read_follow_up(desk, tx, actor, visit.follow_up_id, now=visitor.now)
        named = _people(tx, found, visitor)
        reads_case = bool(can(actor, Verb.READ_CASE, case_access(tx, found.case)))
    works = found.is_open and bool(can(actor, Verb.WORK_ON_FOLLOW_UP, found.access))
    told_above = None if isinstance(sent.error, InvalidFile) else sent.error
    notice = notice_in_form(Refused({}, "", told_above) if told_above else None, visitor.words)
    usual = 422 if sent.error else 200
    return visit.show.render(
        visit.request,
        visitor,
        "follow_up.html",
        notice.status if notice else usual,
        found=found,
        view=_form(found, sent, visitor.language) if works else None,
        works=works,
        reads_case=reads_case,
        errors=_own_errors(sent, visitor),
        notice=notice,
        typed=sent.form,
        done=done,
        named=named,
        entries=_entries(visit, found, named),
        may_manage=found.is_open and bool(can(actor, Verb.MANAGE_FOLLOW_UP, found.access)),
    )


def _form(found: OpenFollowUp, sent: Sent, language: str) -> FormView | None:
    """The form of the next step with what was typed and what is wrong with it."""
    if found.form is None:
        return None
    context = replace(found.context, language=language)
    values = initial_values(found.form, context) if sent.values is None else sent.values
    wrong = [finding for finding in _findings(sent) if not finding.rule.startswith(OWN_RULES)]
    return form_view(found.form, values, context, findings=wrong)


def _own_errors(sent: Sent, visitor: Visitor) -> Mapping[str, str]:
    """The sentences that belong to the page and not to a question of the form."""
    if isinstance(sent.error, InvalidFile):
        return {"proof_file": problem_of(sent.error, visitor.words).detail}
    own = [finding for finding in _findings(sent) if finding.rule.startswith(OWN_RULES)]
    return told(InvalidForm(own), visitor.language)


def _findings(sent: Sent) -> Sequence[Finding]:
    return sent.error.findings if isinstance(sent.error, InvalidForm) else ()


def _people(tx: Transaction, found: OpenFollowUp, visitor: Visitor) -> People:
    ids = [found.case.subject_id, found.row.owner_id, found.row.closed_by]
    ids += [entry.written_by for entry in found.entries]
    return people(tx, ids, agency_day(tx, visitor.now))


def _entries(visit: Visit, found: OpenFollowUp, named: People) -> list[EntryView]:
    return [_entry(visit.visitor, found, entry, named) for entry in found.entries]


def _entry(visitor: Visitor, found: OpenFollowUp, entry: EntryRow, named: People) -> EntryView:
    """The answers by their form; number, note and reason as they were written."""
    step, said = FollowUpStep(entry.step), found.said(entry)
    answers = said.get("answers", {}) if step is FollowUpStep.DONE else said
    form = found.form_of(step)
    shown = None
    if form and isinstance(answers, Mapping):
        shown = answers_view(form, answers, visitor.language)
    texts = tuple(str(said[name]) for name in ("number", "note", "reason") if said.get(name))
    author = named.get(entry.written_by)
    title = visitor.words(STEPS[entry.step])
    return EntryView(entry, title, author.name if author else "", shown, texts)
