"""Requests that are sent again: one key, one execution, one answer.

For commands that take no key themselves. The key is kept in a transaction of its own before the
command begins and gets its answer after it: whatever breaks in between, the command is not done
a second time under this key. Then nobody knows how the first time ended, and that is said.
"""

from datetime import datetime

from engine.commands.desk import Desk
from engine.domain.people import Actor
from engine.errors import OutcomeUnknown
from engine.store import command_keys
from engine.store.command_keys import PENDING, CommandKeyRow


def reserve_key(
    desk: Desk, actor: Actor, *, key: str, request_sha256: str, now: datetime
) -> str | None:
    """The answer that the same request got before; None when it may be done now, this once.

    Raises KeyReused for another request, OutcomeUnknown while there is no answer, or Conflict
    when the same key comes twice at this moment.
    """
    with desk.store.transaction(actor.agency_id) as tx:
        known = command_keys.find_answer(tx, actor.employee_id, key, request_sha256=request_sha256)
        if known == PENDING:
            raise OutcomeUnknown(key)
        if known is None:
            row = CommandKeyRow(actor.employee_id, key, request_sha256, PENDING, now)
            command_keys.keep_answer(tx, row)
        return known


def settle_key(desk: Desk, actor: Actor, *, key: str, answer: str) -> None:
    """Keep the answer for whoever sends the request again."""
    with desk.store.transaction(actor.agency_id) as tx:
        command_keys.settle(tx, actor.employee_id, key, answer)


def give_key_back(desk: Desk, actor: Actor, *, key: str) -> None:
    """Forget the key of a request that was refused: nothing was done under it."""
    with desk.store.transaction(actor.agency_id) as tx:
        command_keys.give_back(tx, actor.employee_id, key)
