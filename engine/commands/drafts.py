"""Drafts: what somebody has typed so far, sealed, kept by revision, never part of the case."""

from collections.abc import Mapping
from datetime import datetime

from engine.commands.answers import encoded
from engine.commands.desk import Desk
from engine.commands.evidence import open_work
from engine.domain.people import Actor
from engine.store import drafts, kept_forms
from engine.store.drafts import Edition
from engine.store.sealing import seal


def save_draft(
    desk: Desk,
    actor: Actor,
    *,
    item_id: str,
    values: Mapping[str, object],
    revision: int,
    page: str = "",
    edits: int = 0,
    now: datetime,
) -> int:
    """Keep a draft over `revision` (0 for the first); the new revision.

    Drafts may be incomplete. `page` names the opened page and `edits` counts its saves, so that
    it is not overtaken by itself when an answer was lost. Raises NotFound, Forbidden,
    WorkItemClosed, or StaleVersion when another page or person saved in between.
    """
    with desk.store.transaction(actor.agency_id) as tx:
        loaded = open_work(tx, desk, actor, item_id)
        payload = seal(loaded.instance.key, encoded(values))
        kept_forms.drop(tx, item_id, actor.employee_id)
        return drafts.save(
            tx,
            item_id,
            actor_id=actor.employee_id,
            payload=payload,
            edition=Edition(revision, page, edits),
            now=now,
        )
