"""The tables behind the page of a work item: notes, uploads in parts, answers kept for a while."""

from engine.store.columns import (
    belongs_to,
    instant,
    number,
    octets,
    tenant_index,
    tenant_table,
    text,
)

# "comment" is a word of SQL.
case_comment = tenant_table(
    "case_comment",
    text("id"),
    text("instance_id"),
    text("author_id"),
    text("audience"),
    octets("payload"),
    text("commitment"),
    instant("at"),
    belongs_to("instance", "instance_id"),
    belongs_to("employee", "author_id"),
)
tenant_index(case_comment, "instance_id", "id")

upload = tenant_table(
    "upload",
    text("id"),
    text("work_item_id"),
    text("employee_id"),
    octets("name_sealed"),
    number("size"),
    number("received"),
    text("attachment_id", optional=True),
    instant("started_at"),
    instant("expires_at"),
    belongs_to("work_item", "work_item_id"),
    belongs_to("employee", "employee_id"),
)
tenant_index(upload, "employee_id")
tenant_index(upload, "expires_at")

upload_part = tenant_table(
    "upload_part",
    text("upload_id"),
    number("start"),
    octets("content"),
    belongs_to("upload", "upload_id"),
    key=("upload_id", "start"),
)

kept_form = tenant_table(
    "kept_form",
    text("work_item_id"),
    text("employee_id"),
    octets("payload"),
    number("revision"),
    instant("kept_at"),
    belongs_to("work_item", "work_item_id"),
    belongs_to("employee", "employee_id"),
    key=("work_item_id", "employee_id"),
)
tenant_index(kept_form, "employee_id", "kept_at")
