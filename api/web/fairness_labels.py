"""What patterns, views and groups are called: something to talk about, never an accusation."""

from collections.abc import Mapping

from api.i18n import N_

FAIRNESS_LABELS: Mapping[str, Mapping[str, str]] = {
    "pattern": {
        "lenient": N_("higher than other raters"),
        "severe": N_("lower than other raters"),
        "central": N_("ratings close together"),
        "uniform": N_("all items of a person alike"),
        "identical": N_("many people rated the same"),
    },
    "gap": {
        "self": N_("Rater less self-assessment"),
        "peers": N_("Rater less colleagues"),
        "public": N_("Rater less citizens"),
    },
    "attribute": {
        "sex": N_("Sex (from the NIP)"),
        "employee_kind": N_("Kind of employee"),
        "post": N_("Kind of post"),
    },
    "sex": {"male": N_("men"), "female": N_("women")},
    "post": {
        "head": N_("head of a unit"),
        "functional": N_("functional post"),
        "other": N_("other post"),
    },
}
