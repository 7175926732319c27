"""Finished appraisals by the dozen: rows as a result leaves them, without playing each case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson
from sqlalchemy import func, insert, select

from engine.domain.people import AgencyId, UnitId
from engine.store import tables as t
from engine.store.database import Store, Transaction

RATED_AT = datetime(2026, 1, 10, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Rated:
    """One person with what he was rated; `woman` and `kind` are how he is told apart."""

    person: str
    unit: UnitId
    rater: str
    predicate: str = "good"
    ratings: Sequence[str] = ("3", "3")
    gaps: dict[str, str] = field(default_factory=dict)
    scores: dict[str, str] = field(default_factory=dict)
    woman: bool = False
    kind: str = "pns"
    is_mutual: bool = False

    @property
    def figures(self) -> str:
        """As a result keeps them."""
        told = {
            "ratings": list(self.ratings), "gaps": self.gaps, "scores": self.scores,
            "reciprocal": self.is_mutual,
        }  # fmt: skip
        return orjson.dumps(told).decode()


def add_rated(store: Store, agency_id: AgencyId, cycle_id: str, rated: Iterable[Rated]) -> None:
    """Employees with a finished appraisal of the cycle, in a handful of statements."""
    people = list(rated)
    with store.transaction(agency_id) as tx:
        definition = tx.connection.execute(
            select(t.cycle.c.definition_id).where(t.cycle.c.id == cycle_id)
        ).scalar_one()
        known = tx.connection.execute(select(func.count()).select_from(t.employee)).scalar_one()
        key = f"key-{known}"
        whose = {"employee_id": people[0].rater, "period": key, "created_at": RATED_AT}
        _add(tx, t.sealing_key, [{"id": key, **whose}])
        _add(tx, t.employee, [_employee(n, one) for n, one in enumerate(people, start=known)])
        _add(tx, t.instance, [_instance(one, cycle_id, definition, key) for one in people])
        _add(tx, t.appraisal, [_appraisal(one, cycle_id) for one in people])
        _add(tx, t.result_version, [_version(one) for one in people])


def _add(tx: Transaction, table: object, rows: list[dict[str, object]]) -> None:
    tx.connection.execute(insert(table), [{"agency_id": tx.agency_id, **row} for row in rows])


def _employee(number: int, one: Rated) -> dict[str, object]:
    nip = f"1985{number % 12 + 1:02}01201001{2 if one.woman else 1}{number % 1000:03}"
    return {
        "id": one.person, "nip": f"{number // 1000:02}{nip[2:]}", "name": f"Pegawai {number}",
        "kind": one.kind, "active": True,
    }  # fmt: skip


def _instance(one: Rated, cycle_id: str, definition: str, key: str) -> dict[str, object]:
    return {
        "id": f"case-{one.person}", "definition_id": definition, "process_id": "annual_evaluation",
        "cycle_id": cycle_id, "subject_id": one.person, "unit_id": one.unit,
        "status": "completed", "version": 1, "audit_head": "", "audit_count": 0,
        "sealing_key_id": key, "started_at": RATED_AT, "ended_at": RATED_AT, "turn": "",
        "confidential": False,
    }  # fmt: skip


def _rating(one: Rated) -> dict[str, object]:
    return {
        "result_rating": "as_expected", "behaviour_rating": "as_expected",
        "predicate": one.predicate, "delivered_at": RATED_AT,
    }  # fmt: skip


def _appraisal(one: Rated, cycle_id: str) -> dict[str, object]:
    return {
        "instance_id": f"case-{one.person}", "cycle_id": cycle_id, "employee_id": one.person,
        "unit_id": one.unit, "rater_id": one.rater, "result_version": 1, "appeal_open": False,
        "final_at": RATED_AT, "subject_left": False, **_rating(one),
    }  # fmt: skip


def _version(one: Rated) -> dict[str, object]:
    return {
        "instance_id": f"case-{one.person}", "version": 1, "source": "review",
        "decided_by": one.rater, "decided_at": RATED_AT, "figures": one.figures, **_rating(one),
    }  # fmt: skip
