"""The tables of sheets on their way in, of saved column mappings and of transfers of people."""

from sqlalchemy import UniqueConstraint

from engine.store.columns import (
    belongs_to,
    day,
    instant,
    number,
    octets,
    tenant_index,
    tenant_table,
    text,
)

# What somebody has sent and not confirmed yet; forgotten after a day.
sheet_upload = tenant_table(
    "sheet_upload",
    text("id"),
    text("kind"),
    text("cycle_id", optional=True),
    text("key_id"),
    octets("content"),
    text("sha256"),
    number("size"),
    number("header"),
    text("columns"),
    text("uploaded_by"),
    instant("uploaded_at"),
    instant("expires_at"),
    number("row_count", optional=True),
    belongs_to("sealing_key", "key_id"),
    belongs_to("employee", "uploaded_by"),
    belongs_to("cycle", "cycle_id"),
)
tenant_index(sheet_upload, "expires_at")
tenant_index(sheet_upload, "uploaded_by")

column_mapping = tenant_table(
    "column_mapping",
    text("kind"),
    text("name"),
    text("headings"),
    text("columns"),
    text("saved_by"),
    instant("saved_at"),
    UniqueConstraint("agency_id", "kind", "headings"),
    key=("kind", "name"),
)

transfer_batch = tenant_table(
    "transfer_batch",
    text("id"),
    text("planned_by"),
    instant("planned_at"),
    instant("confirmed_at", optional=True),
    belongs_to("employee", "planned_by"),
)
tenant_index(transfer_batch, "planned_at")

transfer = tenant_table(
    "transfer",
    text("id"),
    text("batch_id"),
    number("n"),
    text("employee_id"),
    text("kind"),
    day("effective_on"),
    text("unit_id", optional=True),
    text("title", optional=True),
    text("state"),
    text("refusal", optional=True),
    number("moved"),
    instant("done_at", optional=True),
    belongs_to("transfer_batch", "batch_id"),
    belongs_to("employee", "employee_id"),
    belongs_to("org_unit", "unit_id"),
)
tenant_index(transfer, "batch_id", "n")
tenant_index(transfer, "effective_on", "id", where="state = 'waiting'")
tenant_index(transfer, "employee_id")
