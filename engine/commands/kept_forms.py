"""Answers sent after a sign-in had ended: kept sealed until their writer has signed in again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.commands.answers import decoded, encoded
from engine.commands.desk import Desk
from engine.commands.evidence import open_work
from engine.domain.people import Actor
from engine.rules.deadlines import local_date
from engine.store import instances, kept_forms, sessions, staffing
from engine.store.database import ANY_AGENCY, Transaction
from engine.store.kept_forms import KeptRow
from engine.store.sealing import open_sealed, seal


@dataclass(frozen=True)
class KeptAnswers:
    """What was typed, over which revision of the draft, and when it arrived."""

    values: Mapping[str, object]
    revision: int
    kept_at: datetime


def writer_of(desk: Desk, token_hash: str, *, now: datetime) -> Actor | None:
    """Whose sign-in ended by itself; it allows nothing but to keep his words for him."""
    with desk.store.reading(ANY_AGENCY) as tx:
        ended = sessions.find_ended(tx, token_hash, now=now)
        if ended is None:
            return None
        own = Transaction(tx.connection, ended.agency_id)
        on = local_date(now, desk.calendar(own, now))
        return staffing.actor(own, ended.employee_id, on)


def keep_answers(
    desk: Desk,
    writer: Actor,
    *,
    item_id: str,
    values: Mapping[str, object],
    revision: int,
    now: datetime,
) -> None:
    """Keep what was typed for an open work item, for nobody but its writer.

    Raises NotFound, Forbidden or WorkItemClosed.
    """
    with desk.store.transaction(writer.agency_id) as tx:
        loaded = open_work(tx, desk, writer, item_id)
        payload = seal(loaded.instance.key, encoded(values))
        kept_forms.keep(tx, KeptRow(item_id, writer.employee_id, payload, revision, now))


def kept_answers(desk: Desk, actor: Actor, *, item_id: str) -> KeptAnswers | None:
    """What was kept for this actor and work item. Raises NotFound."""
    with desk.store.reading(actor.agency_id) as tx:
        kept = kept_forms.find(tx, item_id, actor.employee_id)
        if kept is None:
            return None
        key = instances.read_with_item(tx, item_id).instance.key
        return KeptAnswers(decoded(open_sealed(key, kept.payload)), kept.revision, kept.kept_at)


def forget_answers(desk: Desk, actor: Actor, *, item_id: str) -> None:
    """The writer does not want them any more."""
    with desk.store.transaction(actor.agency_id) as tx:
        kept_forms.drop(tx, item_id, actor.employee_id)


def waiting_item(desk: Desk, actor: Actor) -> str | None:
    """The open work item for which the actor's words are kept, if there is one."""
    with desk.store.reading(actor.agency_id) as tx:
        return kept_forms.newest(tx, actor.employee_id)
