"""Why people change their post or leave, and what a transfer brings with it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.domain.people import EmployeeId, UnitId


class TransferKind(StrEnum):
    """Why somebody leaves his post; the words are those of personnel law (PP 11/2017)."""

    TRANSFER = "transfer"
    PROMOTION = "promotion"
    RETIREMENT = "retirement"
    RESIGNATION = "resignation"
    DEATH = "death"
    UNPAID_LEAVE = "unpaid_leave"
    SECONDMENT = "secondment"

    @property
    def moves(self) -> bool:
        """Whether a new post follows."""
        return self in {TransferKind.TRANSFER, TransferKind.PROMOTION}

    @property
    def leaves(self) -> bool:
        """Whether the person is no civil servant of the agency any more."""
        return self in {TransferKind.RETIREMENT, TransferKind.RESIGNATION, TransferKind.DEATH}


class TransferState(StrEnum):
    """Where a transfer stands; only a confirmed one is carried out, on its day."""

    PLANNED = "planned"
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why a transfer cannot be carried out; each has a sentence."""

    OWN = "transfer.own"
    LEFT = "transfer.left"
    NO_UNIT = "transfer.no_unit"
    NO_TITLE = "transfer.no_title"
    POST_TAKEN = "transfer.post_taken"
    SAME_POST = "transfer.same_post"
    LAST_HR = "transfer.last_hr"
    BEFORE_POST = "transfer.before_post"


class MoveReason(StrEnum):
    """What became of one thing that the person held."""

    TO_PERSON = "to_person"
    TO_FUNCTION = "to_function"
    FOLLOW_UP = "follow_up"
    RATER_CHANGED = "rater_changed"
    CASE_CANCELLED = "case_cancelled"
    CASE_KEPT = "case_kept"
    SUBSTITUTION_ENDED = "substitution_ended"
    DUTY_ENDED = "duty_ended"
    SESSIONS_CLOSED = "sessions_closed"


@dataclass(frozen=True)
class Moved:
    """One thing that went to somebody else; `to` None where it went to a unit function or ended.

    `name` is the step as it was drawn, or the function of a duty; `count` is for sessions.
    """

    reason: MoveReason
    instance_id: str | None = None
    item_id: str | None = None
    name: str = ""
    to: EmployeeId | None = None
    function: str | None = None
    count: int = 1


@dataclass(frozen=True)
class NewPost:
    """Where somebody goes: a title in a unit."""

    unit_id: UnitId
    title: str


@dataclass(frozen=True)
class PlannedTransfer:
    """One person's transfer as HR asks for it; `post` None where no new post follows."""

    employee_id: EmployeeId
    kind: TransferKind
    effective_on: date
    post: NewPost | None = None
