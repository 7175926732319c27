"""The tables of what people do for others: drafts for raters, steps keyed in from paper."""

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

# `unit_id` is the unit whose operator he has to be as long as he prepares.
preparer = tenant_table(
    "preparer",
    text("id"),
    text("rater_id"),
    text("operator_id"),
    text("unit_id"),
    day("starts"),
    day("ends"),
    instant("granted_at"),
    instant("ended_at", optional=True),
    belongs_to("employee", "rater_id"),
    belongs_to("employee", "operator_id"),
    belongs_to("org_unit", "unit_id"),
)
tenant_index(preparer, "rater_id", where="ended_at IS NULL")
tenant_index(preparer, "operator_id", where="ended_at IS NULL")

prepared_draft = tenant_table(
    "prepared_draft",
    text("work_item_id"),
    text("instance_id"),
    text("operator_id"),
    octets("payload"),
    number("revision"),
    text("page"),
    number("edits"),
    instant("saved_at"),
    instant("handed_at", optional=True),
    instant("taken_at", optional=True),
    belongs_to("work_item", "work_item_id"),
    belongs_to("instance", "instance_id"),
    belongs_to("employee", "operator_id"),
    key=("work_item_id",),
)
tenant_index(prepared_draft, "instance_id")

# `number` says where the paper is kept; sealed, since people write names into such numbers.
paper = tenant_table(
    "paper",
    text("work_item_id"),
    text("instance_id"),
    day("dated"),
    octets("number"),
    text("commitment"),
    belongs_to("work_item", "work_item_id"),
    belongs_to("instance", "instance_id"),
    key=("work_item_id",),
)
tenant_index(paper, "instance_id")
