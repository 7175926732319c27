"""Typed answers that could not be stored: shown again in the form, kept, or to be copied."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from api.deps import House, Submitted, Typed, Visitor
from api.i18n import N_, Words
from api.problems import Problem, problem_of
from api.refusals import FormTokenWrong, NotSignedIn, TypedBefore
from api.security import token_hash
from api.web.opened_work import number
from api.web.rendering import Pages
from engine.commands.kept_forms import keep_answers, writer_of
from engine.commands.work_forms import any_form
from engine.errors import AlurError, Conflict, Forbidden, InvalidFile, InvalidForm, NotFound
from engine.rules.forms import parse_fields

SHOWN = N_("What you typed stands below. It is not stored yet.")
REPLACES = N_("Check it, then save or send again. It takes the place of what was stored before.")
TO_COPY = N_("What you typed stands below so that you can copy it. It was not stored.")
COPY = N_("Copy what you still need. The appraisal file says how it goes on.")
COPY_ONLY = N_("Copy what you still need, then open your tasks.")
NOTHING_TYPED = (None, "", False)
# Parts of a form that nobody typed.
UNTYPED = ("csrf_token", "signature_code")
UNTYPED_ENDS = (".kind", ".file_id", "._row")
Reason = InvalidForm | InvalidFile | Conflict | FormTokenWrong | TypedBefore


@dataclass(frozen=True)
class Refused:
    """What was typed, with the file that came with it, and why it was not stored so.

    `overtaken` when another draft was stored meanwhile: both are shown then.
    """

    values: Mapping[str, object]
    key: str
    error: Reason
    overtaken: bool = False


def notice_in_form(refused: Refused | None, words: Words) -> Problem | None:
    """What stands above the form that comes back; errors of its fields speak for themselves."""
    if refused is None or isinstance(refused.error, InvalidForm):
        return None
    told = problem_of(refused.error, words)
    advice = told.advice if isinstance(refused.error, InvalidFile) else words(REPLACES)
    return replace(told, safe=words(SHOWN), advice=advice)


def notice_to_copy(error: Exception, words: Words, advice: str = COPY) -> Problem:
    """What stands above answers that no form takes any more."""
    return replace(problem_of(error, words), safe=words(TO_COPY), advice=words(advice))


def kept_for_writer(house: House, visitor: Visitor, typed: Typed, item_id: str) -> bool:
    """Keep the words of a sign-in that ended by itself for who had signed in; False if nobody."""
    hashed, now = token_hash(visitor.token), visitor.now
    writer = writer_of(house.desk, hashed, now=now) if typed.trusted else None
    if writer is None:
        return False
    try:
        form = any_form(house.desk, writer, item_id=item_id).form
        values = parse_fields(form, typed.form.fields)
        revision = number(typed.form.one("_revision")) or 0
        keep_answers(house.desk, writer, item_id=item_id, values=values, revision=revision, now=now)
    except (NotFound, Forbidden, Conflict):
        return False
    return True


def signed_out(
    request: Request, house: House, visitor: Visitor, show: Pages, typed: Typed, item_id: str
) -> Response:
    """The door, with the words kept behind it; shown to be copied when nobody knows whose."""
    if any(typed_texts(typed.form)) and kept_for_writer(house, visitor, typed, item_id):
        return RedirectResponse("/sign-in?kept", 303)
    return door_with_words(request, visitor, show, typed.form)


def door_with_words(request: Request, visitor: Visitor, show: Pages, form: Submitted) -> Response:
    """The door for who is not signed in; what he wrote is shown to be copied first."""
    texts = tuple(typed_texts(form))
    if not texts:
        return RedirectResponse("/sign-in", 303)
    return texts_to_copy(request, visitor, show, texts, NotSignedIn())


def given_back(
    request: Request, visitor: Visitor, show: Pages, form: Submitted, error: AlurError
) -> Response:
    """Words for a task that is not, or no longer, the writer's; they say nothing about the task.

    Raises the error when nothing was typed.
    """
    texts = tuple(typed_texts(form))
    if not texts:
        raise error
    return texts_to_copy(request, visitor, show, texts, error)


def texts_to_copy(
    request: Request, visitor: Visitor, show: Pages, texts: tuple[str, ...], error: Exception
) -> Response:
    """What this browser just sent, back to it."""
    notice = notice_to_copy(error, visitor.words, COPY_ONLY)
    return show.render(
        request, visitor, "typed_texts.html", notice.status, notice=notice, texts=texts
    )


def typed_texts(form: Submitted) -> Iterator[str]:
    """What somebody wrote or chose, in the order of the form."""
    for name, values in form.fields.items():
        own = name.startswith("_") or name in UNTYPED or name.endswith(UNTYPED_ENDS)
        yield from (value for value in values if not own and value.strip())


def adds_to(stored: object, typed: object) -> bool:
    """Does `typed` say anything that is not in `stored`? An empty answer says nothing."""
    if isinstance(typed, Mapping):
        known = stored if isinstance(stored, Mapping) else {}
        return any(adds_to(known.get(name), value) for name, value in typed.items())
    if isinstance(typed, list):
        rows = stored if isinstance(stored, list) else []
        beside = [*rows, *[None] * (len(typed) - len(rows))]
        return any(adds_to(row, value) for row, value in zip(beside, typed, strict=False))
    return typed not in NOTHING_TYPED and typed != stored
