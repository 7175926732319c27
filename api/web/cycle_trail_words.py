"""What the trail says of periods: who is appraised in them, their launches and extensions."""

from collections.abc import Mapping

from api.i18n import N_
from engine.domain.actions import Action

# The name of the kind for the filter, and the sentence, as in `trail_words`.
CYCLE_DEEDS: Mapping[Action, tuple[str, str]] = {
    Action.CYCLE_OPENED: (N_("Period opened"), N_("%(who)s opened the appraisal period.")),
    Action.CYCLE_CLOSED: (N_("Period closed"), N_("%(who)s closed the appraisal period.")),
    Action.CYCLE_REOPENED: (
        N_("Period reopened"),
        N_("%(who)s reopened the appraisal period."),
    ),
    Action.POPULATION_SET: (
        N_("Population set"),
        N_("%(who)s set who is appraised in the period."),
    ),
    Action.PERSON_EXCLUDED: (
        N_("Person left out"),
        N_("%(who)s left a person out of the period."),
    ),
    Action.PERSON_INCLUDED: (
        N_("Person taken in again"),
        N_("%(who)s took a person into the period again."),
    ),
    Action.RATER_NAMED: (N_("Rater named"), N_("%(who)s named a rater for one person.")),
    Action.CONFLICT_DECLARED: (
        N_("Conflict declared"),
        N_("%(who)s declared that two people must not rate each other."),
    ),
    Action.LAUNCH_REQUESTED: (
        N_("Launch requested"),
        N_("%(who)s started the launch of the period."),
    ),
    Action.LAUNCH_STOPPED: (N_("Launch stopped"), N_("%(who)s stopped the launch.")),
    Action.LAUNCH_CONTINUED: (N_("Launch continued"), N_("%(who)s continued the launch.")),
    Action.LAUNCH_FINISHED: (
        N_("Launch finished"),
        N_("The launch of the period is finished."),
    ),
    Action.EXTENSION_REQUESTED: (
        N_("Extension requested"),
        N_("%(who)s extended the deadline of a step for several people."),
    ),
}
