"""Evaluations of decision tables, kept for good with their trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam

from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class DecisionRow:
    """One evaluation; `body` is canonical JSON with inputs, rules and outputs."""

    id: str
    instance_id: str
    element_id: str
    table_id: str
    table_sha256: str
    body: str
    at: datetime

    @property
    def audit_values(self) -> dict[str, str]:
        """What the event `decision.evaluated` must hold for the trail to vouch for it."""
        digest = sha256(self.body.encode()).hexdigest()
        return {"decision": self.id, "table_sha256": self.table_sha256, "body_sha256": digest}


_decision = tables.decision
_OF_INSTANCE = (
    rows.selected(_decision, DecisionRow)
    .where(_decision.c.instance_id == bindparam("instance_id"))
    .order_by(_decision.c.at, _decision.c.id)
)
_INSERT = rows.inserted(_decision)


def add_many(tx: Transaction, decisions: Sequence[DecisionRow]) -> None:
    """Keep evaluations in one statement."""
    rows.add(tx, _INSERT, decisions)


def of_instance(tx: Transaction, instance_id: str) -> tuple[DecisionRow, ...]:
    """All evaluations of an instance, the oldest first."""
    return rows.fetch(tx, _OF_INSTANCE, DecisionRow, {"instance_id": instance_id})
