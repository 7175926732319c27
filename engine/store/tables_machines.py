"""What the machines that run the product note about themselves."""

from sqlalchemy import BigInteger

from engine.store.columns import instant, number, tenant_table, text

job_run = tenant_table(
    "job_run",
    text("job"),
    instant("ran_at"),
    number("took_ms"),
    number("done", kind=BigInteger),
    instant("failed_at", optional=True),
    key=("job",),
)
