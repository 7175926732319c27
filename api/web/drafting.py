"""What the forms of work share: drafts that the script saves, and files that were chosen."""

from collections.abc import Callable, Mapping

from fastapi.responses import JSONResponse

from api.deps import Submitted, Visitor
from api.i18n import N_
from api.problems import problem_of
from api.web.opened_work import number
from api.web.phrasing import Phrasing
from engine.commands.work_forms import OpenForm
from engine.rules.forms import add_evidence
from engine.store.drafts import Edition

SAVED = N_("Saved %(time)s")
FILE_FIELD = ".file"
Answers = Mapping[str, object]


def draft_saved(
    visitor: Visitor,
    revision: int,
    outputs: Mapping[str, object] | None = None,
    hidden: Mapping[str, object] | None = None,
) -> JSONResponse:
    """The revision, the line that says so, and the figures and fields that follow from it."""
    say = Phrasing(visitor.words, visitor.zone, visitor.now)
    status = visitor.words(SAVED, time=say.time(visitor.now))
    return JSONResponse(
        {"revision": revision, "status": status, "outputs": outputs or {}, "hidden": hidden or {}}
    )


def draft_refused(visitor: Visitor, error: Exception, told: str = "") -> JSONResponse:
    """The line that says why nothing was saved; `told` is a better one for this form."""
    problem = problem_of(error, visitor.words)
    status = visitor.words(told) if told else f"{problem.title}. {problem.advice}"
    return JSONResponse({"status": status}, problem.status)


def edition_of(form: Submitted) -> Edition:
    """Which edition of the draft the page was opened with, and what it changed since."""
    return Edition(
        number(form.one("_revision")) or 0, form.one("_key"), number(form.one("_edits")) or 0
    )


def with_chosen_file(
    found: OpenForm, values: Answers, form: Submitted, store: Callable[[str, bytes], str]
) -> Answers:
    """A chosen file is stored whichever button was pressed, so that nobody loses it."""
    if form.upload is None:
        return values
    path, name = form.upload.field.removesuffix(FILE_FIELD), form.upload.name
    stored = store(name, form.upload.content)
    item = {"kind": "file", "file_id": stored, "note": name[:120]}
    return add_evidence(found.form, values, path, item)
