"""Measured figures from other books; a correction replaces what it corrects and nothing is lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Row, Select, bindparam, update

from engine.domain.people import EmployeeId, UnitId
from engine.rules.numbers import from_jsonable
from engine.store import rows, tables
from engine.store.database import Transaction

# SQLite allows 32,766 bound values.
AT_ONCE = 5_000


@dataclass(frozen=True)
class MeasuredRow:
    """One fact about a person, a unit or both on a day; `body` is canonical JSON."""

    id: str
    kind: str
    unit_id: UnitId | None
    employee_id: EmployeeId | None
    on_day: date
    body: str
    import_id: str
    imported_by: EmployeeId
    imported_at: datetime
    replaced_by: str | None = None

    @property
    def figures(self) -> dict[str, object]:
        """What was measured, by name."""
        found = from_jsonable(orjson.loads(self.body))
        return found if isinstance(found, dict) else {}


def fact_sha256(row: MeasuredRow | Row[Any]) -> str:
    """What was measured, about whom and when, as a digest."""
    said = f"{row.kind}\0{row.unit_id}\0{row.employee_id}\0{row.on_day}\0{row.body}"
    return sha256(said.encode()).hexdigest()


def facts_sha256(facts: Iterable[str]) -> str:
    """What the event of an import vouches for: one hash over its facts, whatever their order."""
    return sha256("\n".join(sorted(facts)).encode()).hexdigest()


_fact = tables.measured_fact
_HOLDING = (
    rows.selected(_fact, MeasuredRow)
    .where(
        _fact.c.kind == bindparam("kind"),
        _fact.c.on_day >= bindparam("since"),
        _fact.c.on_day <= bindparam("until"),
        _fact.c.replaced_by.is_(None),
    )
    .order_by(_fact.c.on_day, _fact.c.id)
)
_OF_UNITS = _HOLDING.where(_fact.c.unit_id.in_(bindparam("owners", expanding=True)))
_OF_EMPLOYEES = _HOLDING.where(_fact.c.employee_id.in_(bindparam("owners", expanding=True)))
_INSERT = rows.inserted(_fact)
_REPLACE = (
    update(_fact)
    .where(rows.own(_fact), _fact.c.id == bindparam("of_fact"))
    .values(replaced_by=bindparam("by_import"))
)


def add_many(tx: Transaction, facts: Sequence[MeasuredRow]) -> None:
    """Keep facts in one statement."""
    rows.add(tx, _INSERT, facts)


def replace_many(tx: Transaction, fact_ids: Sequence[str], *, by: str) -> None:
    """Let facts hold no longer; `by` is the import that corrects them."""
    rows.run_many(tx, _REPLACE, ({"of_fact": one, "by_import": by} for one in fact_ids))


def of_units(
    tx: Transaction, kind: str, unit_ids: Sequence[UnitId], *, since: date, until: date
) -> tuple[MeasuredRow, ...]:
    """What holds about units from one day to another, both included, the earliest first."""
    return _of(tx, _OF_UNITS, kind, unit_ids, (since, until))


def of_employees(
    tx: Transaction, kind: str, employee_ids: Sequence[EmployeeId], *, since: date, until: date
) -> tuple[MeasuredRow, ...]:
    """The same about people."""
    return _of(tx, _OF_EMPLOYEES, kind, employee_ids, (since, until))


def _of(
    tx: Transaction,
    statement: Select[Any],
    kind: str,
    owners: Sequence[str],
    days: tuple[date, date],
) -> tuple[MeasuredRow, ...]:
    about = {"own_agency": tx.agency_id, "kind": kind, "since": days[0], "until": days[1]}
    wanted = list(dict.fromkeys(owners))
    parts = (wanted[at : at + AT_ONCE] for at in range(0, len(wanted), AT_ONCE))
    return tuple(
        MeasuredRow(*row)
        for part in parts
        for row in tx.connection.execute(statement, {**about, "owners": part})
    )
