"""What it is called where a file and its steps stand."""

from collections.abc import Mapping

from api.i18n import N_

STANDINGS: Mapping[str, Mapping[str, str]] = {
    "case_state": {
        "running": N_("in progress"),
        "completed": N_("finished"),
        "held": N_("held"),
        "cancelled": N_("cancelled"),
    },
    "step_state": {
        "done": N_("done"),
        "current": N_("in progress"),
        "next": N_("not yet"),
        "skipped": N_("not needed"),
    },
    "standing": {
        "done": N_("done"),
        "current": N_("in progress"),
        "next": N_("comes next"),
        "ahead": N_("possible later"),
        "passed": N_("not taken"),
    },
}
