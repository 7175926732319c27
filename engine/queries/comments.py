"""The notes on a case, opened for one reader."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from engine.domain.access import Verb, can
from engine.domain.comments import Audience
from engine.domain.people import Actor
from engine.queries.case_heads import case_head
from engine.queries.case_views import CaseHead
from engine.queries.people import Person, agency_day, people
from engine.store import comments
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.sealing import get_key, open_committed

PAGE_SIZE = 30


@dataclass(frozen=True)
class Comment:
    """One note; `text` is empty once its key was destroyed."""

    id: str
    author: Person | None
    text: str
    at: datetime
    among_officials: bool
    own: bool


@dataclass(frozen=True)
class Comments:
    """One page of notes, the newest first; `after` leads to the older ones."""

    rows: tuple[Comment, ...]
    after: str | None
    may_write: bool
    may_choose: bool


def case_comments(
    tx: Transaction, actor: Actor, instance_id: str, *, before_id: str | None, now: datetime
) -> Comments:
    """The notes that this actor may read. Raises NotFound."""
    head = case_head(tx, actor, instance_id, verb=Verb.READ_CASE, now=now)
    is_subject = actor.employee_id == head.access.subject_id
    rows = comments.of_instance(
        tx,
        instance_id,
        reader_id=actor.employee_id,
        shown_until=_last_delivery(tx, head) or head.started_at if is_subject else now,
        before_id=before_id,
        limit=PAGE_SIZE + 1,
    )
    shown = rows[:PAGE_SIZE]
    found = people(tx, [row.author_id for row in shown], agency_day(tx, now))
    key = get_key(tx, head.sealing_key_id)
    return Comments(
        tuple(
            Comment(
                row.id,
                found.get(row.author_id),
                open_committed(key, row.sealed).decode() if key.key else "",
                row.at,
                row.audience == Audience.OFFICIALS.value,
                row.author_id == actor.employee_id,
            )
            for row in shown
        ),
        shown[-1].id if len(rows) > PAGE_SIZE else None,
        may_write=bool(can(actor, Verb.WRITE_COMMENT, head.access)),
        may_choose=not is_subject,
    )


def _last_delivery(tx: Transaction, head: CaseHead) -> datetime | None:
    result = t.result_version
    statement = select(func.max(result.c.delivered_at)).where(
        result.c.agency_id == tx.agency_id, result.c.instance_id == head.instance_id
    )
    found: datetime | None = tx.connection.execute(statement).scalar_one_or_none()
    return found
