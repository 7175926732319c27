"""The tables of the audit trail, of sealing keys and of what commands leave for later."""

from sqlalchemy import BigInteger, UniqueConstraint

from engine.store.columns import (
    belongs_to,
    instant,
    number,
    octets,
    tenant_index,
    tenant_table,
    text,
)

sealing_key = tenant_table(
    "sealing_key",
    text("id"),
    text("employee_id"),
    text("period"),
    octets("key", optional=True),
    instant("created_at"),
    instant("destroyed_at", optional=True),
    UniqueConstraint("agency_id", "employee_id", "period"),
    belongs_to("employee", "employee_id"),
)

# Chain and number name an event; an id of its own would cost an index and say nothing more.
audit_event = tenant_table(
    "audit_event",
    text("chain_id"),
    number("n", kind=BigInteger),
    instant("at"),
    text("actor_id"),
    text("action"),
    text("body"),
    text("hash"),
    number("format"),
    key=("chain_id", "n"),
)
tenant_index(audit_event, "at")

# Written in the step's own transaction: on PostgreSQL the order of ids is not that of commits.
audit_pending = tenant_table(
    "audit_pending",
    text("chain_id"),
    number("n", kind=BigInteger),
    key=("chain_id", "n"),
)
# The key is the whole row, so SQLite need not keep it twice.
audit_pending.dialect_options["sqlite"]["with_rowid"] = False

audit_chain = tenant_table(
    "audit_chain",
    text("chain_id"),
    text("head"),
    number("count", kind=BigInteger),
    key=("chain_id",),
)

command_key = tenant_table(
    "command_key",
    text("actor_id"),
    text("key"),
    text("request_sha256"),
    text("response"),
    instant("at"),
    key=("actor_id", "key"),
)
tenant_index(command_key, "at")

outbox = tenant_table(
    "outbox",
    text("id"),
    text("topic"),
    text("payload"),
    text("dedup_key"),
    instant("due_at"),
    number("attempts"),
    instant("lease_until", optional=True),
    instant("done_at", optional=True),
    UniqueConstraint("agency_id", "dedup_key"),
)
tenant_index(outbox, "due_at", where="done_at IS NULL")

incident = tenant_table(
    "incident",
    text("id"),
    text("instance_id"),
    text("element_id", optional=True),
    text("code"),
    text("params"),
    text("submission_id", optional=True),
    number("attempts"),
    instant("opened_at"),
    instant("resolved_at", optional=True),
    belongs_to("instance", "instance_id"),
    belongs_to("submission", "submission_id"),
)
tenant_index(incident, "instance_id", where="resolved_at IS NULL")
