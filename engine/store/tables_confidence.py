"""The table of requests to learn who said something in confidence."""

from engine.store.columns import belongs_to, instant, octets, tenant_index, tenant_table, text

unmasking = tenant_table(
    "unmasking",
    text("id"),
    text("instance_id"),
    text("submission_id"),
    text("asked_by"),
    instant("asked_at"),
    octets("payload"),
    text("outcome", optional=True),
    text("decided_by", optional=True),
    instant("decided_at", optional=True),
    belongs_to("instance", "instance_id"),
    belongs_to("submission", "submission_id"),
    belongs_to("employee", "asked_by"),
)
tenant_index(unmasking, "asked_at")
