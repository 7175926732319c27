"""The figures of each audit event in words, and its technical details, for one reader."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from api.i18n import N_
from api.web import labels
from api.web.phrasing import Phrasing
from engine.domain.actions import Action
from engine.queries.trail_views import TrailRow

FACTS: Mapping[str, str] = {
    "result_rating": N_("Work result rating"),
    "behaviour_rating": N_("Work behaviour rating"),
    "predicate": N_("Performance predicate"),
    "rating_suggested": N_("Suggested rating"),
    "on_time": N_("in time"),
    "level": N_("Achievement"),
    "version": N_("version of the result"),
    "receipt": N_("Number"),
    "local_score": N_("Local score (annex)"),
    "score": N_("mean attainment"),
    "points": N_("credit points"),
    "pct": N_("share of the credit coefficient"),
    "actions": N_("Follow-up"),
    "inputs": N_("inputs"),
    "outputs": N_("outcome"),
    "due_at": N_("At the latest"),
    "received_at": N_("Received by the employee"),
    "counted_from": N_("counted from"),
    "reason": N_("reason"),
    "kind": N_("kind"),
    "check": N_("distribution of the unit"),
    "held": N_("no official may decide"),
    "skipped": N_("superiors passed over because they took part"),
    "count": N_("count"),
    "signature_kind": N_("signature"),
    "paper_dated": N_("date on the paper"),
    "delivery_kind": N_("delivery"),
    "revision": N_("revision"),
    "source": N_("source"),
    "code": N_("cause"),
}
PERSONS: Mapping[str, str] = {
    "assignee": N_("for"),
    "from_person": N_("instead of"),
    "offered_to": N_("offered to"),
    "to": N_("offered to"),
    "recipient": N_("to"),
    "rater": N_("rater"),
    "rater_superior": N_("rater's superior"),
    "authority": N_("deciding official"),
    "employee_id": N_("deciding official"),
    "decided_by": N_("Decided by"),
}
# What programs and auditors need to find the same thing again; folded away for everybody else.
DETAILS: Mapping[str, str] = {
    "condition": N_("condition"),
    "flow": N_("flow in the diagram"),
    "table": N_("rule table"),
    "rules": N_("matched rows"),
    "flags": N_("patterns"),
    "table_sha256": N_("fingerprint of the rule table"),
    "operation": N_("automatic step"),
    "outcome": N_("outcome"),
    "name": N_("message"),
    "item": N_("number of the task"),
}
ELEMENT = N_("element of the diagram")
VERSION = N_("version of diagram and rules")
SEAL = N_("seal")
# A version of the result is recorded as pairs: before and after.
CHANGED = frozenset({"result_rating", "behaviour_rating", "predicate", "local_score"})
INSTANTS = frozenset({"received_at", "counted_from"})
YES, NO, NONE_YET = N_("yes"), N_("no"), N_("none yet")
UNCHANGED = N_("%(value)s (unchanged)")
# Which codes a figure is one of.
CODES = {
    "result_rating": "rating",
    "behaviour_rating": "rating",
    "rating_suggested": "rating",
    "predicate": "predicate",
    "level": "achievement",
    "signature_kind": "signature",
    "delivery_kind": "delivery",
    "check": "distribution",
    "recipient": "role",
}
KINDS = {
    Action.SIGNATURE_GIVEN: "signature",
    Action.RESULT_DELIVERED: "delivery",
}
OPERATION_KINDS = {
    "take_delivery": "delivery",
    "date_delivery": "delivery",
    "find_authority": "authority",
    "next_authority": "authority",
    "named_authority": "authority",
}
OPERATION_SOURCES = {"survey_index": "survey_source"}


def facts(say: Phrasing, row: TrailRow) -> Iterator[tuple[str, str]]:
    """The figures, codes and persons of the event, each with its name; commitments stay out."""
    for name, person in row.people.items():
        if name in PERSONS:
            yield say.words(PERSONS[name]), person.name
    for name, value in row.values.items():
        if name in FACTS and value not in (None, "", {}, [], 0, "0", [None, None]):
            yield from _figures(say, row, name, value)


def details(say: Phrasing, row: TrailRow) -> Iterator[tuple[str, str]]:
    """The ids and fingerprints of the event, as they are stored."""
    if row.element_id:
        yield say.words(ELEMENT), row.element_id
    for name, label in DETAILS.items():
        value = row.values.get(name)
        if value:
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield say.words(label), text
    if row.definition_id:
        yield say.words(VERSION), row.definition_id
    yield say.words(SEAL), row.seal


def _figures(say: Phrasing, row: TrailRow, name: str, value: object) -> Iterator[tuple[str, str]]:
    """One figure; those of a rule table each under the label of their column."""
    if not isinstance(value, Mapping):
        yield say.words(FACTS[name]), _shown(say, row, name, value)
        return
    for key, inner in value.items():
        output = row.columns.get(f"{row.values.get('table')}.{key}") if name == "outputs" else None
        known = output or row.columns.get(str(key)) or say.words(FACTS.get(str(key), str(key)))
        yield known, _shown(say, row, str(key), inner)


def _shown(say: Phrasing, row: TrailRow, name: str, value: object) -> str:
    if isinstance(value, list):
        shown = [_shown(say, row, name, inner) for inner in value]
        return _change(say, *shown) if name in CHANGED and len(shown) == 2 else ", ".join(shown)
    if value is None:
        return say.words(NONE_YET) if name in CHANGED else "–"
    if isinstance(value, bool):
        return say.words(YES if value else NO)
    if name == "due_at":
        return say.last_day(datetime.fromisoformat(str(value)))
    if name in INSTANTS:
        return say.instant(datetime.fromisoformat(str(value)))
    if str(value) in row.codes:
        return say.title(row.codes[str(value)])
    kind = _kind_of(row) if name == "kind" else _code_of(row, name)
    return say.label(kind, str(value)) if kind else _plain(say, value)


def _change(say: Phrasing, before: str, after: str) -> str:
    return say.words(UNCHANGED, value=after) if before == after else f"{before} → {after}"


def _kind_of(row: TrailRow) -> str:
    """Which codes the word "kind" of this event means."""
    action = Action(row.action)
    return KINDS.get(action) or OPERATION_KINDS.get(str(row.values.get("operation")), "")


def _code_of(row: TrailRow, name: str) -> str:
    """Which codes a figure of this event is one of."""
    told = OPERATION_SOURCES.get(str(row.values.get("operation"))) if name == "source" else None
    return told or CODES.get(name, "")


def _plain(say: Phrasing, value: object) -> str:
    """A number as people write it; a code whose kind is not known by its word."""
    text = str(value)
    if text.replace(".", "", 1).isdecimal():
        return say.number(Decimal(text))
    return say.words(labels.msgid_of_value(text))
