"""What codes are called on screen: the words of the law, never the code itself."""

from collections.abc import Mapping

from api.i18n import N_
from api.web.cycle_labels import CYCLE_LABELS
from api.web.fairness_labels import FAIRNESS_LABELS
from api.web.standing_labels import STANDINGS

LABELS: Mapping[str, Mapping[str, str]] = {
    "rating": {
        "below": N_("Below expectation"),
        "as_expected": N_("As expected"),
        "above": N_("Above expectation"),
    },
    # PermenPANRB 6/2022: the five predicates and their official words.
    "predicate": {
        "very_good": N_("Very good"),
        "good": N_("Good"),
        "needs_improvement": N_("Needs improvement"),
        "poor": N_("Poor (misconduct)"),
        "very_poor": N_("Very poor"),
    },
    "preparing_state": {
        "new": N_("not begun"),
        "begun": N_("in preparation"),
        "handed": N_("handed over"),
        "taken": N_("taken over by the rater"),
    },
    "inbox_tab": {
        "mine": N_("Mine"),
        "roles": N_("My roles"),
        "waiting": N_("Waiting for others"),
        "all": N_("All open"),
        "done": N_("Done"),
    },
    "inbox_empty": {
        "mine": N_("Nothing waits for you. New tasks appear here by themselves."),
        "roles": N_("No task of your roles is free. What you claimed is under “Mine”."),
        "waiting": N_("Nobody else has a turn in your files or in those that you rate."),
        "all": N_("No task is open in the units that you look after."),
        "done": N_("You have not sent anything yet."),
    },
    "inbox_due": {
        "overdue": N_("Overdue"),
        "today": N_("Due today"),
        "week": N_("Due within a week"),
        "later": N_("Due later"),
        "none": N_("Without a date"),
    },
    "inbox_held": {"free": N_("Claimed by nobody"), "taken": N_("Claimed")},
    "inbox_sort": {
        "due": N_("due date"),
        "opened": N_("date of opening"),
        "name": N_("name of the employee"),
    },
    "inbox_order": {
        "due": N_("sorted by due date"),
        "opened": N_("sorted by date of opening"),
        "name": N_("sorted by name"),
        "done": N_("latest first"),
    },
    "bulk_done": {"remind": N_("Reminders"), "reassign": N_("Reassigned tasks")},
    # SE MenPANRB 3/2023.
    "achievement": {
        "exceptional": N_("Exceptional"),
        "good": N_("Good"),
        "needs_improvement": N_("Needs improvement"),
        "poor": N_("Poor"),
        "very_poor": N_("Very poor"),
    },
    "signature": {
        "click": N_("Electronic consent by click"),
        "pin": N_("Electronic consent with own PIN"),
        "totp": N_("Electronic consent with code of own app"),
        "wet_signature_scanned": N_("Wet signature on paper, scanned"),
    },
    "delivery": {
        "opened": N_("opened in the product"),
        "handed_over": N_("printout handed over against a receipt"),
        "paper": N_("printout handed over against a receipt"),
        "refused_before_witness": N_("receipt refused before a witness"),
        "deemed": N_("deemed received by configuration"),
        "published": N_("final result published in the product"),
    },
    "survey_source": {"unit": N_("survey of the unit"), "none": N_("no survey")},
    "authority": {
        "rater_superior": N_("rater's superior"),
        "next_superior": N_("next superior"),
        "final_authority": N_("official named in the settings"),
        "named": N_("named by HR"),
        "held": N_("none was found"),
    },
    "distribution": {
        "inside": N_("as the achievement suggests"),
        "outside": N_("differs from what the achievement suggests"),
        "infeasible_for_size": N_("not compared: too few people"),
    },
    "difference": {
        "predicate": N_("The predicates differ"),
        "unreadable": N_("The predicate there is not one of the five"),
        "twice": N_("Stands in the other recap more than once"),
        "unknown_person": N_("The NIP is not known here"),
        "only_there": N_("Has no appraisal file here"),
        "not_final": N_("Not final here yet"),
        "only_here": N_("Missing in the other recap"),
    },
    "row_state": {
        "new": N_("new rows"),
        "changed": N_("changed rows"),
        "unchanged": N_("rows stored already"),
        "bad": N_("rows skipped"),
    },
    "transfer": {
        "transfer": N_("Transfer"),
        "promotion": N_("Promotion"),
        "retirement": N_("Retirement"),
        "resignation": N_("Resignation"),
        "death": N_("Death"),
        "unpaid_leave": N_("Leave without pay"),
        "secondment": N_("Secondment or study assignment"),
    },
    "transfer_state": {
        "planned": N_("not confirmed"),
        "waiting": N_("waits for its day"),
        "done": N_("carried out"),
        "refused": N_("refused"),
    },
    "moved": {
        "to_person": N_("Task"),
        "to_function": N_("Task to a duty"),
        "follow_up": N_("Follow-up of a result"),
        "rater_changed": N_("Rater of a file"),
        "case_cancelled": N_("Own appraisal is cancelled"),
        "case_kept": N_("Own appraisal goes on; HR records what was his to do"),
        "substitution_ended": N_("Standing in ends"),
        "duty_ended": N_("Duty ends"),
        "sessions_closed": N_("Signed out everywhere"),
    },
    **STANDINGS,
    "assignment": {
        "definitive": N_("definitive"),
        "acting_permanent": N_("Plt (acting, post vacant)"),
        "acting_daily": N_("Plh (acting, holder absent)"),
    },
    "employee_kind": {
        "pns": "PNS",
        "cpns": "CPNS",
        "pppk": "PPPK",
        "pppk_part_time": N_("PPPK, part time"),
    },
    "zone": {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"},
    "organisation_field": {
        "name": N_("Name"),
        "zone": N_("Time zone"),
        "parent_id": N_("Unit above"),
        "closed_on": N_("Last day"),
        "system": N_("Appraisal system"),
        "title": N_("Title"),
        "superior_position_id": N_("Superior"),
        "office_code": N_("Office code"),
        "heads_unit": N_("Heads the unit"),
        "functional_level": N_("Functional level"),
    },
    **CYCLE_LABELS,
    **FAIRNESS_LABELS,
    "role": {
        "employee": N_("employee"),
        "subject": N_("employee"),
        "rater": N_("rater"),
        "rater_superior": N_("rater's superior"),
        "hr": N_("HR"),
        "planning": N_("planning"),
        "inspectorate": N_("inspectorate"),
        "counsellor": N_("counsellor"),
        "operator": N_("unit operator"),
        "team": N_("performance management team"),
        "auditor": N_("auditor"),
        "administrator": N_("administrator"),
        "system": N_("system"),
    },
}


_VALUE_KINDS = ("rating", "predicate", "signature", "delivery")


def msgid_of_value(code: str) -> str:
    """The msgid of a code whose kind is not known, as in the inputs of a rule table."""
    return next((LABELS[kind][code] for kind in _VALUE_KINDS if code in LABELS[kind]), code)


def msgid(kind: str, code: str) -> str:
    """The msgid of a code of one kind; the code itself where none is known."""
    return LABELS.get(kind, {}).get(code, code)
