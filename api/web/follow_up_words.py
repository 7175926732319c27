"""How follow-ups are called on pages and in files."""

from collections.abc import Callable, Mapping

from api.i18n import N_
from api.web.phrasing import Phrasing
from engine.domain.follow_ups import FollowUpKind
from engine.domain.process import DefinitionId
from engine.queries.follow_ups import LATE, FollowUpLine, KindInUse
from engine.store.database import Transaction

STATES: Mapping[str, str] = {
    "open": N_("to be done"),
    LATE: N_("late"),
    "completed": N_("done"),
    "cancelled": N_("cancelled"),
}
TONES: Mapping[str, str] = {"open": "brand", LATE: "bad", "completed": "ok", "cancelled": ""}
STEPS: Mapping[str, str] = {
    "plan": N_("Plan"),
    "checkpoint": N_("Note of the month"),
    "done": N_("Finished"),
    "cancelled": N_("Cancelled"),
}
KindsOf = Callable[[Transaction, DefinitionId], Mapping[str, FollowUpKind]]


def state_of(line: FollowUpLine) -> str:
    """The state that a list shows: what is late stands out."""
    return LATE if line.is_late else line.state


def title_of(
    say: Phrasing, tx: Transaction, kinds_of: KindsOf, found: FollowUpLine | KindInUse
) -> str:
    """What the system of the appraisal calls a kind; one it does not describe by its code."""
    kind = kinds_of(tx, DefinitionId(found.definition_id)).get(found.kind)
    return say.title(kind.title) if kind else found.kind


def owner_of(say: Phrasing, line: FollowUpLine) -> str:
    """Who sees to it: a person, or the function whose turn it is to take it on."""
    if line.owner:
        return line.owner.name
    return say.label("role", line.function) if line.function else "–"
