"""The trail of one case in readable rows; names are looked up now, the events hold none."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.code_words import EVERY_TABLE, NAMING, RECORDS, SOURCES, CodeWords, Titles
from engine.domain.drawing import Drawing
from engine.domain.people import Actor
from engine.domain.settings import SystemSettings
from engine.queries.case_heads import case_head
from engine.queries.people import AnyRow, People, agency_day, people
from engine.queries.steps import DrawingOf, SettingsOf, role_title
from engine.queries.trail_confidence import Read, told
from engine.queries.trail_views import Trail, TrailRow
from engine.store import tables as t
from engine.store.database import Transaction

PERSON_KEYS = (
    "assignee",
    "from_person",
    "offered_to",
    "rater",
    "rater_superior",
    "authority",
    "decided_by",
    "employee_id",
    "to",
    "recipient",
)


# What a result consists of is the appraised person's to know from its delivery on, not before.
TOLD_AT_DELIVERY = frozenset(
    {
        Action.DECISION_EVALUATED,
        Action.GATEWAY_TAKEN,
        Action.OPERATION_DONE,
        Action.RATING_SUGGESTED,
        Action.RESULT_VERSIONED,
    }
)

# Whose words the codes of an event have; a table and an operation say it themselves.
WORDS_OF: Mapping[str, str] = {
    Action.RECORD_KEPT: RECORDS,
    Action.RESULT_VERSIONED: SOURCES,
    Action.FOLLOW_UP_CREATED: EVERY_TABLE,
    Action.FOLLOW_UP_ASSIGNED: EVERY_TABLE,
    Action.FOLLOW_UP_NOTED: EVERY_TABLE,
    Action.FOLLOW_UP_COMPLETED: EVERY_TABLE,
    Action.FOLLOW_UP_CANCELLED: EVERY_TABLE,
}


def trail(
    tx: Transaction,
    actor: Actor,
    instance_id: str,
    *,
    settings_of: SettingsOf,
    drawing_of: DrawingOf,
    now: datetime,
    kind: str = "",
) -> Trail:
    """The events of the case, all or of one kind. Raises NotFound.

    The appraised person sees that a result was made, and what it is once it was delivered; of who
    was asked in confidence nobody sees who has answered.
    """
    head = case_head(tx, actor, instance_id, verb=Verb.READ_TRAIL, now=now)
    settings = settings_of(tx, head.definition_id)
    events = _events(tx, instance_id)
    bodies = [json.loads(event.body) for event in events]
    if head.is_main and actor.employee_id == head.subject.id:
        bodies = _as_delivered(bodies)
    read = told(tx, instance_id, events, bodies, now)
    ids = [found for event in read for found in _persons(event.body).values()]
    found = people(tx, ids, agency_day(tx, now))
    drawing = drawing_of(tx, head.definition_id)
    rows = (_row(event, found, drawing, settings) for event in read if kind in ("", event.action))
    actions = tuple(sorted({event.action for event in read}))
    return Trail(head.instance_id, head.subject, head.period, tuple(rows), actions, len(read))


def _as_delivered(bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events with what was not delivered yet left out of those after the last delivery."""
    deliveries = [n for n, body in enumerate(bodies) if body["action"] == Action.RESULT_DELIVERED]
    last = deliveries[-1] if deliveries else -1
    return [
        {**body, "values": {}} if n > last and body["action"] in TOLD_AT_DELIVERY else body
        for n, body in enumerate(bodies)
    ]


def _persons(body: Mapping[str, Any]) -> dict[str, str]:
    """The ids of persons in an event, by the key they stand under."""
    inner = _figures(body)
    pairs = [(key, body.get(key)) for key in ("actor", "on_behalf_of")]
    pairs += [(key, inner.get(key)) for key in PERSON_KEYS]
    return {key: value for key, value in pairs if isinstance(value, str)}


def _figures(body: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an event; those of an operation stand beside its name, not below it."""
    values = dict(body.get("values") or {})
    inner = values.pop("values", None)
    return {**values, **inner} if isinstance(inner, dict) else values


def _events(tx: Transaction, instance_id: str) -> Sequence[AnyRow]:
    event = t.audit_event
    statement = (
        select(event.c.n, event.c.at, event.c.action, event.c.body, event.c.hash)
        .where(event.c.agency_id == tx.agency_id, event.c.chain_id == instance_id)
        .order_by(event.c.n)
    )
    return tx.connection.execute(statement).all()


def _row(event: Read, found: People, drawing: Drawing, settings: SystemSettings) -> TrailRow:
    body = event.body
    element = str(body.get("element") or "")
    values = _figures(body)
    return TrailRow(
        number=event.number,
        action=event.action,
        at=event.at,
        actor=found.get(str(body.get("actor"))),
        seal=event.seal,
        role=role_title(settings, str(body.get("role") or "")),
        element_id=element,
        element_name=drawing.names.get(element, ""),
        choice=drawing.choices.get(str(values.get("flow"))),
        columns=drawing.columns,
        codes=_codes(event.action, values, settings.codes),
        on_behalf_of=found.get(str(body.get("on_behalf_of"))),
        definition_id=str(body.get("definition") or ""),
        values=values,
        people={key: found[value] for key, value in _persons(body).items() if value in found},
    )


def _codes(action: str, values: Mapping[str, Any], words: CodeWords) -> Mapping[str, Titles]:
    """What the system calls the codes of an event: of its table, its operation or its kind."""
    if action == Action.DECISION_EVALUATED:
        return words.of(str(values.get("table")))
    _, owner = NAMING.get(str(values.get("operation")), ("", WORDS_OF.get(action)))
    return words.of(owner) if owner else {}
