"""Versions of results; a version is never changed, only signed and delivered once.

One that nobody signed or received goes when the step that made it is taken back.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import and_, bindparam, delete, or_, select, update

from engine.domain.people import EmployeeId, UnitId
from engine.errors import Conflict
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class ResultRow:
    """One version, counted from 1; `local_score` is a decimal as text.

    `figures` are JSON: the ratings behind it, for questions over many results.
    """

    instance_id: str
    version: int
    source: str
    result_rating: str
    behaviour_rating: str
    predicate: str
    decided_by: EmployeeId
    decided_at: datetime
    local_score: str | None = None
    signed_by: EmployeeId | None = None
    signed_at: datetime | None = None
    signature_kind: str | None = None
    delivered_at: datetime | None = None
    delivery_kind: str | None = None
    figures: str | None = None

    @property
    def figures_sha256(self) -> str | None:
        """The seal of the figures in the event of the version; None without any."""
        return figures_sha256(self.figures)


@dataclass(frozen=True)
class RatedFigures:
    """The ratings behind the result of a case, and who rates it."""

    rater_id: EmployeeId | None
    figures: str | None


def figures_sha256(figures: str | None) -> str | None:
    """SHA-256 of the figures as they are stored."""
    return None if figures is None else sha256(figures.encode()).hexdigest()


_result, _appraisal = tables.result_version, tables.appraisal
_OF_INSTANCE = (
    rows.selected(_result, ResultRow)
    .where(_result.c.instance_id == bindparam("instance_id"))
    .order_by(_result.c.version)
)
_INSERT = rows.inserted(_result)
_CHANGE = update(_result).where(
    rows.own(_result),
    _result.c.instance_id == bindparam("of_instance"),
    _result.c.version == bindparam("of_version"),
)
_SIGN = _CHANGE.where(_result.c.signed_at.is_(None)).values(
    signed_by=bindparam("by"), signed_at=bindparam("now"), signature_kind=bindparam("kind")
)
_DELIVER = _CHANGE.where(_result.c.delivered_at.is_(None)).values(
    delivered_at=bindparam("received"), delivery_kind=bindparam("kind")
)
_RATED = (
    select(_appraisal.c.rater_id, _result.c.figures)
    .join(
        _appraisal,
        and_(
            _appraisal.c.agency_id == _result.c.agency_id,
            _appraisal.c.instance_id == _result.c.instance_id,
        ),
    )
    .where(
        rows.own(_result),
        _result.c.version == _appraisal.c.result_version,
        _result.c.instance_id != bindparam("without"),
        _appraisal.c.cycle_id == bindparam("cycle_id"),
        or_(
            _appraisal.c.rater_id == bindparam("rater_id"),
            _appraisal.c.unit_id == bindparam("unit_id"),
        ),
    )
)
_TAKE_BACK = delete(_result).where(
    rows.own(_result),
    _result.c.instance_id == bindparam("of_instance"),
    _result.c.version == bindparam("of_version"),
    _result.c.signed_at.is_(None),
    _result.c.delivered_at.is_(None),
)


def add(tx: Transaction, result: ResultRow) -> None:
    """Record a new version."""
    rows.add(tx, _INSERT, [result])


def take_back(tx: Transaction, instance_id: str, version: int) -> None:
    """Remove a version that nobody signed or received. Raises Conflict otherwise."""
    if rows.run(tx, _TAKE_BACK, {"of_instance": instance_id, "of_version": version}) != 1:
        raise Conflict(f"version {version} of {instance_id} is in force")


def of_instance(tx: Transaction, instance_id: str) -> tuple[ResultRow, ...]:
    """All versions, the first one first."""
    return rows.fetch(tx, _OF_INSTANCE, ResultRow, {"instance_id": instance_id})


def rated_figures(
    tx: Transaction, *, cycle_id: str, unit_id: UnitId, rater_id: EmployeeId, without: str
) -> tuple[RatedFigures, ...]:
    """The results of a unit and those of a rater in a cycle, without those of one case."""
    values = {"cycle_id": cycle_id, "unit_id": unit_id, "rater_id": rater_id, "without": without}
    return rows.fetch(tx, _RATED, RatedFigures, values)


def sign(
    tx: Transaction,
    instance_id: str,
    version: int,
    *,
    by: EmployeeId,
    kind: str,
    now: datetime,
) -> None:
    """Record the signature of a version. Raises Conflict when it is signed or not there."""
    values = {"of_instance": instance_id, "of_version": version, "by": by, "kind": kind, "now": now}
    if rows.run(tx, _SIGN, values) != 1:
        raise Conflict(f"version {version} of {instance_id} cannot be signed")


def deliver(
    tx: Transaction, instance_id: str, version: int, *, received_at: datetime, kind: str
) -> None:
    """Record when a version was received. Raises Conflict when recorded or not there."""
    values = {
        "of_instance": instance_id,
        "of_version": version,
        "received": received_at,
        "kind": kind,
    }
    if rows.run(tx, _DELIVER, values) != 1:
        raise Conflict(f"version {version} of {instance_id} cannot be delivered")
