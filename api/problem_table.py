"""One table from error to answer: status, what happened, what is safe, what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from api import refusals
from api.i18n import N_
from engine import errors


@dataclass(frozen=True)
class Row:
    """One line of the table; the texts are msgids."""

    status: int
    kind: str
    title: str
    detail: str
    safe: str
    advice: str


NOTHING_STORED = N_("Nothing was changed by this request.")
DRAFT_SAFE = N_("Nothing was changed. A draft saved before is still there.")
SENT_SAFE = N_("What was sent is stored; other files go on as usual.")
BACK = N_("Go back to your tasks and open the page again.")
CORRECT = N_("Correct what is named and send again.")
ASK_HR = N_("Tell your HR unit; the file is listed there under held files.")
ASK_ADMIN = N_("Tell the administrator of the product.")

NOT_FOUND = Row(
    404,
    "not-found",
    N_("This page is not there"),
    N_("What you asked for does not exist, or it is not open to you."),
    NOTHING_STORED,
    BACK,
)
REFUSED = Row(
    403,
    "forbidden",
    N_("You may not do this"),
    N_("This step is not yours to do."),
    NOTHING_STORED,
    BACK,
)
CONFLICT = Row(
    409,
    "conflict",
    N_("Somebody else was faster"),
    N_("The file has changed since you opened it."),
    DRAFT_SAFE,
    BACK,
)
INVALID = Row(
    422,
    "invalid",
    N_("Something has to be corrected"),
    N_("What was sent breaks a rule; every place is named."),
    DRAFT_SAFE,
    CORRECT,
)
HELD = Row(
    500,
    "step-failed",
    N_("An automatic step could not be finished"),
    N_("The file is held until the step is tried again."),
    SENT_SAFE,
    ASK_HR,
)
BROKEN = Row(
    503,
    "trail-broken",
    N_("The product has stopped to protect the audit trail"),
    N_("A check of the audit trail failed, so nothing more is accepted."),
    NOTHING_STORED,
    ASK_ADMIN,
)
UNAVAILABLE = Row(
    503,
    "unavailable",
    N_("The product cannot store or read anything at this moment"),
    N_("Its database or its place for files cannot be reached, or has no room left."),
    N_("Nothing was changed by this request. What was confirmed before is stored."),
    N_("Wait a minute, go back and send again. If it stays so, tell the administrator."),
)
UNKNOWN = Row(
    500, "error", N_("Something went wrong on our side"),
    N_("The request could not be finished."), NOTHING_STORED, ASK_ADMIN,
)  # fmt: skip
UNKNOWN_END = Row(
    409, "outcome-unknown",
    N_("This request was sent before, and its answer is not known yet"),
    N_("It is still being worked on, or it broke off. It is not done a second time."),
    N_("Whatever the first request did is stored whole or not at all."),
    N_("Ask for what it was to change. Send it with a new key only if nothing was changed."),
)  # fmt: skip
NEWER = Row(
    412, "precondition-failed", N_("A newer version is stored"),
    N_("The version named in If-Match is not the stored one any more."), NOTHING_STORED,
    N_("Read it again, decide anew, and send the version that you have read."),
)  # fmt: skip


def _like(row: Row, kind: str, title: str, detail: str, advice: str | None = None) -> Row:
    return Row(row.status, kind, title, detail, row.safe, advice or row.advice)


TABLE: Mapping[type[Exception], Row] = {
    errors.AlurError: UNKNOWN,
    errors.NotFound: NOT_FOUND,
    errors.Forbidden: REFUSED,
    errors.Conflict: CONFLICT,
    errors.StaleVersion: _like(
        CONFLICT,
        "stale-version",
        N_("A newer version is stored"),
        N_("You or somebody else stored this in another window after you opened it."),
    ),
    errors.Unavailable: UNAVAILABLE,
    errors.SchemaMismatch: UNAVAILABLE,
    errors.TooManyAttempts: Row(
        429,
        "too-many-attempts",
        N_("Too many attempts"),
        N_("Several tries were wrong, so the next one has to wait a little."),
        NOTHING_STORED,
        N_("Wait a few minutes and try again."),
    ),
    errors.WorkItemClosed: _like(
        CONFLICT,
        "work-item-closed",
        N_("This task is closed"),
        N_("It was sent already, or it is no longer needed."),
    ),
    errors.WorkItemTaken: _like(
        CONFLICT,
        "work-item-taken",
        N_("Somebody else has this task"),
        N_("Somebody else has claimed this task or prepares it already."),
    ),
    errors.NotRecallable: _like(
        CONFLICT,
        "not-recallable",
        N_("It is too late to take this back"),
        N_("Somebody has gone on with the file since you sent it, or its time is over."),
    ),
    errors.DeadlinePassed: _like(
        CONFLICT,
        "deadline-passed",
        N_("The time for this step is over"),
        N_("The last day has passed, and the file has moved on."),
    ),
    errors.KeyReused: _like(
        CONFLICT,
        "key-reused",
        N_("This form was sent before with other answers"),
        N_("One form can be sent once. The first answers stand."),
    ),
    errors.OutcomeUnknown: UNKNOWN_END,
    errors.InstanceHeld: _like(
        CONFLICT,
        "held",
        N_("This file is held"),
        N_("An automatic step has to be repeated before the file can go on."),
        ASK_HR,
    ),
    errors.Erased: Row(
        410,
        "erased",
        N_("These texts were erased"),
        N_("Their key was destroyed by a decision; figures, seals and signatures remain."),
        NOTHING_STORED,
        BACK,
    ),
    errors.Invalid: INVALID,
    errors.InvalidForm: _like(
        INVALID,
        "invalid-form",
        N_("Some answers have to be corrected"),
        N_("Every answer concerned is named and linked."),
    ),
    errors.InvalidDefinition: _like(
        INVALID,
        "invalid-definition",
        N_("The diagram, table or form is refused"),
        N_("It was refused whole; every finding names its place."),
    ),
    errors.InvalidImport: _like(
        INVALID,
        "invalid-import",
        N_("The imported file is refused"),
        N_("Every row and column concerned is named."),
    ),
    errors.InvalidNumber: _like(
        INVALID,
        "invalid-number",
        N_("This is not a number"),
        N_("Write numbers like 1.234,5: a comma before the decimals, dots between thousands."),
    ),
    errors.InvalidFile: _like(
        INVALID,
        "invalid-file",
        N_("The file was not accepted"),
        N_("Allowed are PDF files and pictures (JPEG, PNG) up to 10 MB."),
        N_("Choose another file, or give a link or the number of the paper document."),
    ),
    errors.ExecutionFailed: HELD,
    errors.UnsafeExpression: _like(
        INVALID,
        "unsafe-expression",
        N_("An expression is refused"),
        N_("It uses something that diagrams and tables may not use."),
    ),
    errors.ExpressionFailed: _like(
        HELD,
        "expression-failed",
        N_("A condition could not be evaluated"),
        N_("The file is held until the step is tried again."),
    ),
    errors.DecisionFailed: _like(
        HELD,
        "decision-failed",
        N_("A decision table gave no clear answer"),
        N_("The file is held until the step is tried again."),
    ),
    errors.OperationFailed: _like(
        HELD,
        "operation-failed",
        N_("A computation could not give its result"),
        N_("The file is held until the step is tried again."),
    ),
    errors.BudgetExceeded: _like(
        HELD,
        "budget-exceeded",
        N_("Too many automatic steps in a row"),
        N_("The file is held until the step is tried again."),
    ),
    errors.TrailBroken: BROKEN,
    errors.GuardMissing: BROKEN,
    errors.TrailTampered: BROKEN,
    refusals.BadRequest: _like(
        INVALID,
        "bad-request",
        N_("The request is not understood"),
        N_("Parts of it are unknown, missing or of another kind; every place is named."),
    ),
    refusals.PreconditionFailed: NEWER,
    refusals.FormTokenWrong: Row(
        403,
        "form-token",
        N_("This form is too old"),
        N_("You have signed in again or changed the seat since the page was opened."),
        DRAFT_SAFE,
        N_("Open the page again and repeat the last entry."),
    ),
    refusals.TypedBefore: Row(
        200,
        "typed-before",
        N_("Here is what you typed before you were signed out"),
        N_("It arrived after your sign-in had ended, so it was not sent."),
        NOTHING_STORED,
        BACK,
    ),
    refusals.NotSignedIn: Row(
        401,
        "not-signed-in",
        N_("You are signed out"),
        N_("Your sign-in has ended since the page was opened."),
        DRAFT_SAFE,
        N_("Sign in again and open the task from your list."),
    ),
    refusals.BodyTooLarge: Row(
        413,
        "too-large",
        N_("This is too much at once"),
        N_("Forms may have 2 MB, files 10 MB."),
        DRAFT_SAFE,
        N_("Choose a smaller file and send again."),
    ),
}

# Only refusals about something the reader sees anyway are told; all others look like "not there".
TOLD_REASONS: Mapping[str, str] = {
    "two_people": N_("Two people are needed: somebody else has to confirm what you proposed."),
    "own_case": N_("Nobody decides about himself: this step belongs to somebody else."),
    "took_part": N_("You took part in this case before, so somebody else must decide it."),
    "claimed": N_("Somebody else has claimed this task."),
    "personal": N_("This step is personal: nobody else may do it or prepare it."),
    "above": N_("Superiors decide about appeals, so they do not prepare this step."),
    "not_official": N_(
        "Only officials above the employee, or the substitute of the holder, prepare a step with "
        "ratings."
    ),
    "not_offered": N_("This step has not been offered to you for taking over."),
}


def row_of(error: Exception) -> Row:
    """The line of an error, that of its nearest listed base, or the line for the unknown."""
    if isinstance(error, errors.Forbidden):
        told = TOLD_REASONS.get(error.reason)
        return _like(REFUSED, REFUSED.kind, REFUSED.title, told) if told else NOT_FOUND
    return next((TABLE[kind] for kind in type(error).__mro__ if kind in TABLE), UNKNOWN)
