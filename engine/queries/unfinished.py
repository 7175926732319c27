"""What is unfinished in a cycle, by step, and which cases have no result yet."""

from collections.abc import Sequence

from sqlalchemy import and_, func, select

from engine.store import tables as t
from engine.store.database import Transaction

ENDED = ("completed", "cancelled")


def count_unfinished(tx: Transaction, cycle_id: str) -> int:
    """Cases of the cycle that have not ended."""
    run = t.instance
    statement = select(func.count()).where(
        run.c.agency_id == tx.agency_id, run.c.cycle_id == cycle_id, run.c.status.not_in(ENDED)
    )
    return int(tx.connection.execute(statement).scalar_one())


def without_result(tx: Transaction, cycle_id: str, *, limit: int) -> Sequence[str]:
    """Running cases without any version of a result, by id; what is held waits for its retry."""
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
