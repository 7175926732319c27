"""What finished steps left for later ones: numbers and codes by kind and period, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import and_, bindparam

from engine.domain.people import EmployeeId
from engine.rules.numbers import from_jsonable
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class CaseRecord:
    """One record about a person in a cycle; `body` is canonical JSON of numbers and codes."""

    id: str
    instance_id: str
    cycle_id: str
    subject_id: EmployeeId
    kind: str
    period: str
    body: str
    kept_at: datetime

    @property
    def figures(self) -> dict[str, object]:
        """What was kept, by the names that the diagram gives."""
        found = from_jsonable(orjson.loads(self.body))
        return found if isinstance(found, dict) else {}

    @property
    def sha256(self) -> str:
        """What the event of the record vouches for."""
        return record_sha256(self)


_record, _instance = tables.case_record, tables.instance
# Nothing that was said in confidence counts for anything.
_OPEN = and_(
    _instance.c.agency_id == _record.c.agency_id,
    _instance.c.id == _record.c.instance_id,
    _instance.c.confidential.is_(False),
)
_OF_PERSON = (
    rows.selected(_record, CaseRecord)
    .join(_instance, _OPEN)
    .where(
        _record.c.cycle_id == bindparam("cycle_id"),
        _record.c.subject_id == bindparam("subject_id"),
        _record.c.kind == bindparam("kind"),
    )
    .order_by(_record.c.kept_at, _record.c.id)
)
_SINCE = (
    rows.selected(_record, CaseRecord)
    .join(_instance, _OPEN)
    .where(
        _record.c.subject_id == bindparam("subject_id"),
        _record.c.kind == bindparam("kind"),
        _record.c.period >= bindparam("since"),
    )
    .order_by(_record.c.kept_at, _record.c.id)
)
_INSERT = rows.inserted(_record)


def add_many(tx: Transaction, records: Sequence[CaseRecord]) -> None:
    """Keep records in one statement."""
    rows.add(tx, _INSERT, records)


def of_person(
    tx: Transaction, *, cycle_id: str, subject_id: EmployeeId, kind: str
) -> tuple[CaseRecord, ...]:
    """A person's records of a kind in a cycle, the oldest first; none kept in confidence."""
    values = {"cycle_id": cycle_id, "subject_id": subject_id, "kind": kind}
    return rows.fetch(tx, _OF_PERSON, CaseRecord, values)


def of_person_since(
    tx: Transaction, *, subject_id: EmployeeId, kind: str, since: str
) -> tuple[CaseRecord, ...]:
    """A person's records of a kind in all cycles, of periods from `since` on, the oldest first."""
    values = {"subject_id": subject_id, "kind": kind, "since": since}
    return rows.fetch(tx, _SINCE, CaseRecord, values)


def record_sha256(row: Any) -> str:
    """SHA-256 over kind, period and body of a record, as a dataclass or a row."""
    return sha256(f"{row.kind}\0{row.period}\0{row.body}".encode()).hexdigest()
