"""One table from error to answer: status, what happened, what is safe, what to do."""

from collections.abc import Mapping

from api import refusals
from api.i18n import N_
from api.problem_rows import (
    ASK_HR,
    BACK,
    BROKEN,
    CONFLICT,
    DRAFT_SAFE,
    HELD,
    INVALID,
    NEWER,
    NOT_FOUND,
    NOTHING_STORED,
    REFUSED,
    UNAVAILABLE,
    UNKNOWN,
    UNKNOWN_END,
    Row,
    like,
)
from engine import errors

TABLE: Mapping[type[Exception], Row] = {
    errors.AlurError: UNKNOWN,
    errors.NotFound: NOT_FOUND,
    errors.Forbidden: REFUSED,
    errors.Conflict: CONFLICT,
    errors.StaleVersion: like(
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
    errors.WorkItemClosed: like(
        CONFLICT,
        "work-item-closed",
        N_("This task is closed"),
        N_("It was sent already, or it is no longer needed."),
    ),
    errors.WorkItemTaken: like(
        CONFLICT,
        "work-item-taken",
        N_("Somebody else has this task"),
        N_("Somebody else has claimed this task or prepares it already."),
    ),
    errors.NotRecallable: like(
        CONFLICT,
        "not-recallable",
        N_("It is too late to take this back"),
        N_("Somebody has gone on with the file since you sent it, or its time is over."),
    ),
    errors.DeadlinePassed: like(
        CONFLICT,
        "deadline-passed",
        N_("The time for this step is over"),
        N_("The last day has passed, and the file has moved on."),
    ),
    errors.KeyReused: like(
        CONFLICT,
        "key-reused",
        N_("This form was sent before with other answers"),
        N_("One form can be sent once. The first answers stand."),
    ),
    errors.OutcomeUnknown: UNKNOWN_END,
    errors.InstanceHeld: like(
        CONFLICT,
        "held",
        N_("This file is held"),
        N_("An automatic step has to be repeated before the file can go on."),
        ASK_HR,
    ),
    errors.OtherSystem: like(
        CONFLICT,
        "other-system",
        N_("This unit has another appraisal system"),
        N_("The unit of this person is appraised by another system, or has none yet."),
        N_("Start the appraisal in a period of that system, or assign this one to the unit."),
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
    errors.InvalidForm: like(
        INVALID,
        "invalid-form",
        N_("Some answers have to be corrected"),
        N_("Every answer concerned is named and linked."),
    ),
    errors.InvalidDefinition: like(
        INVALID,
        "invalid-definition",
        N_("The diagram, table or form is refused"),
        N_("It was refused whole; every finding names its place."),
    ),
    errors.InvalidImport: like(
        INVALID,
        "invalid-import",
        N_("The imported file is refused"),
        N_("Every row and column concerned is named."),
    ),
    errors.InvalidNumber: like(
        INVALID,
        "invalid-number",
        N_("This is not a number"),
        N_("Write numbers like 1.234,5: a comma before the decimals, dots between thousands."),
    ),
    errors.InvalidFile: like(
        INVALID,
        "invalid-file",
        N_("The file was not accepted"),
        N_("Its kind, its size or what is in it cannot be taken here."),
        N_("Choose another file and send again."),
    ),
    errors.ExecutionFailed: HELD,
    errors.UnsafeExpression: like(
        INVALID,
        "unsafe-expression",
        N_("An expression is refused"),
        N_("It uses something that diagrams and tables may not use."),
    ),
    errors.ExpressionFailed: like(
        HELD,
        "expression-failed",
        N_("A condition could not be evaluated"),
        N_("The file is held until the step is tried again."),
    ),
    errors.DecisionFailed: like(
        HELD,
        "decision-failed",
        N_("A decision table gave no clear answer"),
        N_("The file is held until the step is tried again."),
    ),
    errors.OperationFailed: like(
        HELD,
        "operation-failed",
        N_("A computation could not give its result"),
        N_("The file is held until the step is tried again."),
    ),
    errors.BudgetExceeded: like(
        HELD,
        "budget-exceeded",
        N_("Too many automatic steps in a row"),
        N_("The file is held until the step is tried again."),
    ),
    errors.TrailBroken: BROKEN,
    errors.DefinitionDamaged: like(
        BROKEN,
        "definition-damaged",
        N_("The rules of this file are damaged"),
        N_("Diagrams, rules or forms are not those that the file began with; other files go on."),
    ),
    errors.GuardMissing: BROKEN,
    errors.TrailTampered: BROKEN,
    refusals.OlderEdition: Row(
        409,
        "older-edition",
        N_("This sheet has an older form"),
        N_(
            "The form of the sheets has changed since it was made, so it cannot be shown byte for "
            "byte. What it says is unchanged: make it anew. Printed copies stay valid and can be "
            "checked by their code."
        ),
        NOTHING_STORED,
        N_("Make the result sheet anew"),
    ),
    refusals.BadRequest: like(
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
    "named": N_("The one who was named does not confirm it: somebody else must do this step."),
    "claimed": N_("Somebody else has claimed this task."),
    "personal": N_("This step is personal: nobody else may do it or prepare it."),
    "above": N_("Superiors decide about appeals, so they do not prepare this step."),
    "not_official": N_(
        "Only officials above the employee, or the substitute of the holder, prepare a step with "
        "ratings."
    ),
    "not_rater": N_(
        "A rating goes to an official above the employee or to the substitute of the holder. For "
        "anybody else one person of HR names the rater, and another one gives the step to him."
    ),
    "not_offered": N_("This step has not been offered to you for taking over."),
}


def row_of(error: Exception) -> Row:
    """The line of an error, that of its nearest listed base, or the line for the unknown."""
    if isinstance(error, errors.Forbidden):
        told = TOLD_REASONS.get(error.reason)
        return like(REFUSED, REFUSED.kind, REFUSED.title, told) if told else NOT_FOUND
    return next((TABLE[kind] for kind in type(error).__mro__ if kind in TABLE), UNKNOWN)
