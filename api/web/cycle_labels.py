"""What the codes of periods, launches, extensions and exports are called."""

from collections.abc import Mapping

from api.i18n import N_

CYCLE_LABELS: Mapping[str, Mapping[str, str]] = {
    "conflict": {
        "no_unit": N_("holds no post"),
        "no_rater": N_("no rater"),
        "no_plan": N_("no performance plan (SKP)"),
        "related": N_("the rater is a spouse or relative"),
        "own_rater": N_("also holds the post above his own"),
        "two_posts": N_("two definitive posts"),
        "two_raters": N_("two raters"),
        "inactive": N_("the rater has left"),
        "failed": N_("could not be started"),
    },
    "conflict_help": {
        "no_unit": N_("Enter the post; the person is then taken by the next launch."),
        "no_rater": N_(
            "Name a rater (for the regional secretary and those directly below the regent: "
            "by decree), or leave the person out with a reason."
        ),
        "no_plan": N_("Import the plan (SKP); the person is then taken by the next launch."),
        "related": N_("Name another rater."),
        "own_rater": N_("The next superior rates; check that this is meant."),
        "two_posts": N_("The earlier post counts; end the one that is over."),
        "two_raters": N_("Name the one who rates; otherwise the first of the two does."),
        "inactive": N_("Fill the post above, or name another rater."),
        "failed": N_("Start the appraisal alone to see why."),
    },
    "conflict_fix": {
        "no_unit": N_("To units and posts"),
        "no_plan": N_("Import plans"),
        "inactive": N_("To units and posts"),
        "two_posts": N_("To units and posts"),
        "own_rater": N_("To units and posts"),
    },
    "post_kind": {
        "head": N_("Heads of units"),
        "functional": N_("Functional posts"),
        "other": N_("Other posts"),
    },
    "relation": {
        "married": N_("married"),
        "family": N_("family"),
        "other": N_("other reason"),
    },
    "launch_state": {
        "running": N_("in progress"),
        "stopped": N_("stopped"),
        "done": N_("finished"),
    },
    "cycle_state": {
        "open": N_("open"),
        "closed": N_("closed"),
    },
    "handling": {
        "go_on": N_("Unfinished files go on until they are done"),
        "cancel": N_(
            "Files without a result are cancelled; whoever has a result keeps the right to appeal"
        ),
    },
    "extension_outcome": {
        "extended": N_("extended"),
        "already_later": N_("later already"),
        "closed": N_("step is over"),
        "own_case": N_("own file or own task"),
        "held": N_("held"),
    },
    "extension_help": {
        "extended": N_("The people concerned are told."),
        "already_later": N_("The date stood later; it is never made earlier."),
        "closed": N_("The step was finished, or its time ran out, before."),
        "own_case": N_("Nobody gives more time to himself; ask a colleague of HR."),
        "held": N_("An automatic step failed; try it again first, then extend this file."),
    },
    "result_state": {
        "not_delivered": N_("not yet delivered"),
        "delivered": N_("delivered, not yet final"),
        "under_appeal": N_("under appeal"),
        "final": N_("final"),
    },
    "appeal_mark": {
        "open": N_("under appeal"),
    },
    "export_column": {
        "nip": N_("NIP"),
        "name": N_("Name"),
        "kind": N_("Kind of employee"),
        "grade": N_("Grade"),
        "unit": N_("Unit"),
        "rater_nip": N_("NIP of the rater"),
        "rater": N_("Rater"),
        "rater_superior": N_("Rater's superior"),
        "result_rating": N_("Rating of results"),
        "behaviour_rating": N_("Rating of behaviour"),
        "predicate": N_("Predicate"),
        "result_state": N_("State of the result"),
        "local_score": N_("Local score"),
        "appeal_open": N_("Mark of an appeal"),
        "status": N_("State of the file"),
        "version": N_("Version of the result"),
        "delivered_at": N_("Delivered on"),
        "final_at": N_("Final on"),
    },
}
