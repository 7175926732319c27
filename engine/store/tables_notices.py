"""The tables of notices, of the ways they leave the product, and of what other programs are told.

Addresses of people are sealed. A notice holds ids only; whom it names is looked up when it is read.
"""

from sqlalchemy import CheckConstraint, UniqueConstraint

from engine.store.columns import (
    belongs_to,
    instant,
    number,
    octets,
    tenant_index,
    tenant_table,
    text,
)

notice = tenant_table(
    "notice",
    text("id"),
    text("recipient_id"),
    text("kind"),
    text("item_id", optional=True),
    text("instance_id", optional=True),
    text("cycle_id", optional=True),
    instant("created_at"),
    instant("read_at", optional=True),
    text("dedup_key"),
    UniqueConstraint("agency_id", "recipient_id", "dedup_key"),
    belongs_to("employee", "recipient_id"),
)
tenant_index(notice, "recipient_id", "created_at", where="read_at IS NULL")
tenant_index(notice, "recipient_id", "created_at", "id")
# Who has done a task needs no notice of it any more.
tenant_index(notice, "item_id", where="read_at IS NULL AND item_id IS NOT NULL")

notice_contact = tenant_table(
    "notice_contact",
    text("employee_id"),
    text("channel"),
    octets("address_sealed"),
    text("key_id"),
    text("language"),
    octets("code_sealed", optional=True),
    instant("code_until", optional=True),
    number("code_tries"),
    instant("verified_at", optional=True),
    text("failure", optional=True),
    instant("changed_at"),
    CheckConstraint("channel IN ('email', 'message')", name="channel"),
    belongs_to("employee", "employee_id"),
    belongs_to("sealing_key", "key_id"),
    key=("employee_id", "channel"),
)
tenant_index(notice_contact, "changed_at", where="failure IS NOT NULL")

notice_preference = tenant_table(
    "notice_preference",
    text("employee_id"),
    text("channel"),
    text("topic"),
    text("pace"),
    belongs_to("employee", "employee_id"),
    key=("employee_id", "channel", "topic"),
)

notice_delivery = tenant_table(
    "notice_delivery",
    text("id"),
    text("recipient_id"),
    text("channel"),
    text("slot"),
    instant("due_at"),
    text("status"),
    number("attempts"),
    text("last_error", optional=True),
    text("content", optional=True),
    instant("covers_until", optional=True),
    instant("at"),
    CheckConstraint("status IN ('queued', 'sent', 'failed', 'suppressed')", name="status"),
    UniqueConstraint("agency_id", "recipient_id", "channel", "slot"),
    belongs_to("employee", "recipient_id"),
)

webhook_delivery = tenant_table(
    "webhook_delivery",
    text("id"),
    text("target"),
    text("event"),
    text("source"),
    text("body"),
    instant("created_at"),
    text("status"),
    number("attempts"),
    text("last_error", optional=True),
    instant("at"),
    CheckConstraint("status IN ('queued', 'sent', 'failed', 'suppressed')", name="status"),
    UniqueConstraint("agency_id", "target", "source"),
)
tenant_index(webhook_delivery, "created_at", "id")

# How far a job has read in rows that only grow.
watermark = tenant_table("watermark", text("name"), text("mark"), key=("name",))
