"""Returns from a sign-in provider that were used: each is good for one sign-in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete

from engine.errors import Conflict
from engine.store import rows, tables
from engine.store.database import Transaction

_return = tables.provider_return


@dataclass(frozen=True)
class ReturnRow:
    """One return by the hash of its state; after `expires_at` it is refused by its age."""

    state_hash: str
    expires_at: datetime


_USE = rows.inserted(_return)
_FORGET = delete(_return).where(rows.own(_return), _return.c.expires_at <= bindparam("now"))


def use(tx: Transaction, used: ReturnRow) -> None:
    """Use a return. Raises Conflict when it was used before."""
    rows.add_new(tx, _USE, [used], known=Conflict("this return was used"))


def forget(tx: Transaction, *, now: datetime) -> None:
    """Drop what is refused by its age anyway."""
    rows.run(tx, _FORGET, {"now": now})
