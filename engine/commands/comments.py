"""Notes on a case: written once, sealed; the trail holds only what proves that they are whole."""

from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.permissions import case_access, demand
from engine.commands.trail import Scribe
from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.comments import Audience
from engine.domain.people import Actor
from engine.errors import Finding, InvalidForm
from engine.store import audit, comments, instances
from engine.store.comments import CommentRow
from engine.store.ids import new_id
from engine.store.sealing import seal_committed

MAX_LETTERS = 2_000
MAX_PER_CASE = 1_000


def write_comment(
    desk: Desk, actor: Actor, *, instance_id: str, text: str, audience: Audience, now: datetime
) -> str:
    """Add a note to a case; its id. Raises NotFound, Forbidden or InvalidForm.

    The appraised person writes to everybody: he has nobody to keep it from.
    """
    with desk.store.transaction(actor.agency_id) as tx:
        loaded = instances.load(tx, instance_id)
        row = loaded.row
        demand(actor, Verb.WRITE_COMMENT, case_access(tx, row))
        _check(text, comments.count(tx, row.id))
        readers = Audience.EVERYBODY if actor.employee_id == row.subject_id else audience
        sealed = seal_committed(loaded.key, text.encode())
        comment = CommentRow(
            new_id(), row.id, actor.employee_id, readers.value, sealed.blob, sealed.commitment, now
        )
        comments.add(tx, comment)
        scribe = Scribe(row.id, row.definition_id, now, actor.employee_id)
        event = scribe.event(
            Action.COMMENT_WRITTEN,
            comment=comment.id,
            audience=readers.value,
            commitment=sealed.commitment,
        )
        instances.save_head(tx, row.chain, audit.append(tx, row.chain, [event]))
        return comment.id


def _check(text: str, written: int) -> None:
    rule = ""
    if not text.strip():
        rule = "comment.empty"
    elif len(text) > MAX_LETTERS:
        rule = "comment.too_long"
    elif written >= MAX_PER_CASE:
        rule = "comment.too_many"
    if rule:
        params = {"most": str(MAX_LETTERS), "limit": str(MAX_PER_CASE)}
        raise InvalidForm([Finding(rule, element_id="text", params=params)])
