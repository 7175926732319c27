"""What codes are called on screen: the words of the law, never the code itself."""

from collections.abc import Mapping

from api.i18n import N_

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
    },
    "delivery": {
        "opened": N_("opened in the product"),
        "handed_over": N_("printout handed over against a receipt"),
        "paper": N_("printout handed over against a receipt"),
        "refused_before_witness": N_("receipt refused before a witness"),
        "deemed": N_("deemed received by configuration"),
        "published": N_("final result published in the product"),
    },
    "source": {
        "organisation": N_("evaluation by the rater, rating of the head from the organisation"),
        "review": N_("evaluation by the rater"),
        "explanation": N_("after the rater's explanation"),
        "revision": N_("after the rater's explanation"),
        "moderation": N_("after moderation"),
        "takeover": N_("evaluation taken over by the superior"),
        "appeal": N_("after the appeal decision"),
        "appeal_decision": N_("after the appeal decision"),
    },
    "follow_up": {
        "recognition": N_("Recognition"),
        "sanction": N_("Sanction"),
        "training": N_("Training"),
        "coaching": N_("Coaching"),
        "talent_pool_nomination": N_("Nomination for the talent pool"),
        "credit_conversion": N_("Conversion into credit points"),
        "development_plan": N_("Development plan"),
        "behaviour_plan": N_("Plan for work behaviour"),
        "coaching_monthly": N_("Monthly coaching"),
        "competency_retest": N_("Renewed competency test"),
        "discipline_review": N_("Review under the rules of discipline"),
        "training_mandatory": N_("Mandatory training"),
        "improvement_plan": N_("Improvement plan"),
        "credit_points": N_("Credit points"),
        "transfer": N_("Transfer"),
        "none": N_("No follow-up"),
    },
    "authority": {
        "rater_superior": N_("rater's superior"),
        "next_superior": N_("next superior"),
        "final_authority": N_("official named in the settings"),
        "named": N_("named by HR"),
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
        "title": N_("Title"),
        "superior_position_id": N_("Superior"),
        "office_code": N_("Office code"),
        "heads_unit": N_("Heads the unit"),
        "functional_level": N_("Functional level"),
    },
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
