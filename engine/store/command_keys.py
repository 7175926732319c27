"""Idempotency keys: the same request of the same actor gets the same answer.

A key without an answer yet belongs to a request that is being worked on, or that broke off.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, update

from engine.domain.people import EmployeeId
from engine.errors import Conflict, KeyReused
from engine.store import rows, tables
from engine.store.database import Transaction

PENDING = ""


@dataclass(frozen=True)
class CommandKeyRow:
    """One command; `response` is the JSON text of its answer, or PENDING."""

    actor_id: EmployeeId
    key: str
    request_sha256: str
    response: str
    at: datetime


_key = tables.command_key
_ONE = rows.selected(_key, CommandKeyRow).where(
    _key.c.actor_id == bindparam("actor_id"), _key.c.key == bindparam("key")
)
_INSERT = rows.inserted(_key)
_PENDING = (
    rows.own(_key),
    _key.c.actor_id == bindparam("holder"),
    _key.c.key == bindparam("held_key"),
    _key.c.response == PENDING,
)
_SETTLE = update(_key).where(*_PENDING).values(response=bindparam("answer"))
_GIVE_BACK = delete(_key).where(*_PENDING)
_DELETE_OLD = delete(_key).where(rows.own(_key), _key.c.at < bindparam("before"))


def find_answer(
    tx: Transaction, actor_id: EmployeeId, key: str, *, request_sha256: str
) -> str | None:
    """The stored answer of the same request. Raises KeyReused when the request was another."""
    found = rows.fetch_one(tx, _ONE, CommandKeyRow, {"actor_id": actor_id, "key": key})
    if found is None:
        return None
    if found.request_sha256 != request_sha256:
        raise KeyReused(key)
    return found.response


def keep_answer(tx: Transaction, answer: CommandKeyRow) -> None:
    """Keep the answer. Raises Conflict when the same key is answered at this very moment."""
    known = Conflict("the same request was answered at this moment")
    rows.add_new(tx, _INSERT, [answer], known=known)


def settle(tx: Transaction, actor_id: EmployeeId, key: str, answer: str) -> None:
    """Put the answer to a key that had none yet."""
    rows.run(tx, _SETTLE, {"holder": actor_id, "held_key": key, "answer": answer})


def give_back(tx: Transaction, actor_id: EmployeeId, key: str) -> None:
    """Forget a key that has no answer."""
    rows.run(tx, _GIVE_BACK, {"holder": actor_id, "held_key": key})


def delete_before(tx: Transaction, before: datetime) -> int:
    """Drop old keys; how many."""
    return rows.run(tx, _DELETE_OLD, {"before": before})
