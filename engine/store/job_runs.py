"""When each kind of background work was last looked after, for whoever watches the product."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, update

from engine.errors import Conflict
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class JobRunRow:
    """The last round of a job; `done` counts all rounds, `failed_at` is the last failure."""

    job: str
    ran_at: datetime
    took_ms: int
    done: int
    failed_at: datetime | None = None


_run = tables.job_run
_ALL = rows.selected(_run, JobRunRow).order_by(_run.c.job)
_INSERT = rows.inserted(_run)
_FAILURE = bindparam("failure", type_=_run.c.failed_at.type)
_UPDATE = (
    update(_run)
    .where(rows.own(_run), _run.c.job == bindparam("of_job"))
    .values(
        ran_at=bindparam("now"),
        took_ms=bindparam("ms"),
        done=_run.c.done + bindparam("more"),
        failed_at=func.coalesce(
            bindparam("failure", type_=_run.c.failed_at.type), _run.c.failed_at
        ),
    )
)


def note(tx: Transaction, run: JobRunRow) -> None:
    """Note a round; its `done` is added to what stands there. Raises Conflict when others do so."""
    values = {
        "of_job": run.job, "now": run.ran_at, "ms": run.took_ms, "more": run.done,
        "failure": run.failed_at,
    }  # fmt: skip
    if rows.run(tx, _UPDATE, values) == 0:
        rows.add_new(tx, _INSERT, [run], known=Conflict("the job is noted by somebody else"))


def every(tx: Transaction) -> tuple[JobRunRow, ...]:
    """The last round of every job that ever ran."""
    return rows.fetch(tx, _ALL, JobRunRow)
