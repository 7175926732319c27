"""Drafts: what somebody has typed so far, sealed, kept by revision, never part of the case."""

from collections.abc import Mapping
from datetime import datetime

from engine.commands.answers import encoded
from engine.commands.desk import Desk
from engine.commands.permissions import demand, work_access
from engine.domain.access import Verb
from engine.domain.people import Actor
from engine.errors import WorkItemClosed
from engine.store import drafts, instances
from engine.store.sealing import seal
from engine.store.states import WorkItemState


def save_draft(
    desk: Desk,
    actor: Actor,
    *,
    item_id: str,
    values: Mapping[str, object],
    revision: int,
    now: datetime,
) -> int:
    """Keep a draft over `revision` (0 for the first); the new revision.

    Drafts may be incomplete. Raises NotFound, Forbidden, WorkItemClosed, or StaleVersion when
    another tab or person saved in between.
    """
    with desk.store.transaction(actor.agency_id) as tx:
        loaded = instances.load_for_step(tx, item_id)
        definition = desk.definitions.get(tx, loaded.instance.row.definition_id)
        properties = definition.properties_of(loaded.item.element_id)
        access = work_access(tx, loaded.instance.row, loaded.item, properties)
        demand(actor, Verb.COMPLETE_WORK, access)
        if loaded.item.state != WorkItemState.OPEN:
            raise WorkItemClosed(item_id, loaded.item.state, loaded.item.closed_at)
        payload = seal(loaded.instance.key, encoded(values))
        return drafts.save(
            tx, item_id, actor_id=actor.employee_id, payload=payload, revision=revision, now=now
        )
