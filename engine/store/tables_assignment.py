"""The tables of who holds work, and of the filters by which people look for it."""

from engine.store.columns import belongs_to, instant, tenant_index, tenant_table, text

delegation = tenant_table(
    "delegation",
    text("id"),
    text("work_item_id"),
    text("instance_id"),
    text("delegate_id"),
    text("delegated_by"),
    instant("at"),
    instant("ended_at", optional=True),
    belongs_to("work_item", "work_item_id"),
    belongs_to("instance", "instance_id"),
)
tenant_index(delegation, "instance_id")
tenant_index(delegation, "delegated_by", where="ended_at IS NULL")

# Shared with everybody who holds `for_function`, of one unit when `for_unit_id` is set.
saved_filter = tenant_table(
    "saved_filter",
    text("id"),
    text("owner_id"),
    text("name"),
    text("query"),
    text("for_function", optional=True),
    text("for_unit_id", optional=True),
    instant("created_at"),
    belongs_to("employee", "owner_id"),
    belongs_to("org_unit", "for_unit_id"),
)
tenant_index(saved_filter, "owner_id")
tenant_index(saved_filter, "for_function", where="for_function IS NOT NULL")
