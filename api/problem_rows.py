"""Lines of the table of errors that several errors share, and the sentences that recur in it."""

from dataclasses import dataclass

from api.i18n import N_


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
    404, "not-found", N_("This page is not there"),
    N_("What you asked for does not exist, or it is not open to you."), NOTHING_STORED, BACK,
)  # fmt: skip
REFUSED = Row(
    403, "forbidden", N_("You may not do this"), N_("This step is not yours to do."),
    NOTHING_STORED, BACK,
)  # fmt: skip
CONFLICT = Row(
    409, "conflict", N_("Somebody else was faster"),
    N_("The file has changed since you opened it."), DRAFT_SAFE, BACK,
)  # fmt: skip
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


def like(row: Row, kind: str, title: str, detail: str, advice: str | None = None) -> Row:
    """Another error with the status of `row`, and with what is safe and to do there."""
    return Row(row.status, kind, title, detail, row.safe, advice or row.advice)
