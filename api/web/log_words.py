"""The words of the daily log: its events, states and notes."""

from collections.abc import Mapping

from api.i18n import N_
from engine.domain.actions import Action
from engine.domain.daily_log import EntryState, NoteKind

LOG_DEEDS: Mapping[Action, tuple[str, str]] = {
    Action.LOG_ENTERED: (N_("Activity entered"), N_("%(who)s entered an activity of a day.")),
    Action.LOG_CORRECTED: (
        N_("Activity corrected"),
        N_("%(who)s corrected an activity of a day."),
    ),
    Action.LOG_VERIFIED: (N_("Activity verified"), N_("%(who)s verified an activity of a day.")),
    Action.LOG_RETURNED: (
        N_("Activity given back"),
        N_("%(who)s gave an activity of a day back to be corrected."),
    ),
    Action.LOG_COMMENTED: (
        N_("Daily log: comment"),
        N_("%(who)s commented on an activity of a day."),
    ),
    Action.LOG_MONTH_LOCKED: (
        N_("Month of the daily log locked"),
        N_("A month of the daily log was locked."),
    ),
    Action.DIRECTION_GIVEN: (
        N_("Direction given"),
        N_("%(who)s gave a direction on an activity of a day."),
    ),
    Action.COMMENT_REQUESTED: (
        N_("Comment asked for"),
        N_("%(who)s asked for a comment on an activity of a day."),
    ),
}
STATES: Mapping[EntryState, str] = {
    EntryState.ENTERED: N_("not verified yet"),
    EntryState.VERIFIED: N_("verified"),
    EntryState.RETURNED: N_("to be corrected"),
}
TONES: Mapping[EntryState, str] = {
    EntryState.ENTERED: "brand",
    EntryState.VERIFIED: "ok",
    EntryState.RETURNED: "warn",
}
NOTES: Mapping[NoteKind, str] = {
    NoteKind.DIRECTION: N_("Direction"),
    NoteKind.COMMENT: N_("Comment on the activity"),
    NoteKind.REQUEST: N_("Asks for a comment"),
    NoteKind.RETURN: N_("Given back"),
}
