"""What is unfinished in a cycle: how far it came, what is held, which cases have no result yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, select

from engine.store import tables as t
from engine.store.database import Transaction

ENDED = ("completed", "cancelled")


@dataclass(frozen=True)
class Unfinished:
    """Cases that have not ended: running without and with a result, and held."""

    without_result: int
    with_result: int
    held: int


@dataclass(frozen=True)
class HeldCase:
    """A case that waits for the retry of an automatic step."""

    instance_id: str
    name: str
    nip: str
    since: datetime | None


def unfinished(tx: Transaction, cycle_id: str) -> Unfinished:
    """How far the cases of a cycle came that have not ended."""
    run, figures = t.instance, t.appraisal
    same = and_(figures.c.agency_id == run.c.agency_id, figures.c.instance_id == run.c.id)

    def counted(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    runs = run.c.status == "running"
    statement = (
        select(
            counted(and_(runs, figures.c.result_version == 0)),
            counted(and_(runs, figures.c.result_version > 0)),
            counted(run.c.status == "held"),
        )
        .select_from(run.join(figures, same))
        .where(run.c.agency_id == tx.agency_id, run.c.cycle_id == cycle_id, t.IS_MAIN)
    )
    return Unfinished(*tx.connection.execute(statement).one())


def held_cases(tx: Transaction, cycle_id: str, *, limit: int) -> Sequence[HeldCase]:
    """The held cases of a cycle by name, with the hour since when."""
    run, who, wrong = t.instance, t.employee, t.incident
    agency = run.c.agency_id
    since = (
        select(func.max(wrong.c.opened_at))
        .where(
            wrong.c.agency_id == agency,
            wrong.c.instance_id == run.c.id,
            wrong.c.resolved_at.is_(None),
        )
        .scalar_subquery()
    )
    statement = (
        select(run.c.id, who.c.name, who.c.nip, since)
        .join(who, and_(who.c.agency_id == agency, who.c.id == run.c.subject_id))
        .where(
            agency == tx.agency_id,
            run.c.cycle_id == cycle_id,
            run.c.status == "held",
            t.IS_MAIN,
        )
        .order_by(who.c.name, run.c.id)
        .limit(limit)
    )
    return [HeldCase(*row) for row in tx.connection.execute(statement)]


def count_unfinished(tx: Transaction, cycle_id: str) -> int:
    """Cases of the cycle that have not ended."""
    run = t.instance
    statement = select(func.count()).where(
        run.c.agency_id == tx.agency_id,
        run.c.cycle_id == cycle_id,
        run.c.status.not_in(ENDED),
        t.IS_MAIN,
    )
    return int(tx.connection.execute(statement).scalar_one())


def without_result(tx: Transaction, cycle_id: str, *, limit: int) -> Sequence[str]:
    """Running cases without any version of a result, by id; what is held waits for its retry.

    Those that run beside an appraisal are among them: they end with the cycle.
    """
    run, figures = t.instance, t.appraisal
    same = and_(figures.c.agency_id == run.c.agency_id, figures.c.instance_id == run.c.id)
    statement = (
        select(run.c.id)
        .select_from(run.join(figures, same))
        .where(
            run.c.agency_id == tx.agency_id,
            run.c.cycle_id == cycle_id,
            run.c.status == "running",
            figures.c.result_version == 0,
        )
        .order_by(run.c.id)
        .limit(limit)
    )
    return tx.connection.execute(statement).scalars().all()
