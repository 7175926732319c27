"""The tables of planning, launching, extending and closing a cycle."""

from sqlalchemy import CheckConstraint

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

RUNNING = "status = 'running'"

cycle_population = tenant_table(
    "cycle_population",
    text("cycle_id"),
    text("filters"),
    text("changed_by"),
    instant("changed_at"),
    belongs_to("cycle", "cycle_id"),
    key=("cycle_id",),
)

population_exclusion = tenant_table(
    "population_exclusion",
    text("cycle_id"),
    text("employee_id"),
    octets("reason_sealed"),
    text("reason_key"),
    text("excluded_by"),
    instant("excluded_at"),
    belongs_to("cycle", "cycle_id"),
    belongs_to("employee", "employee_id"),
    key=("cycle_id", "employee_id"),
)

rater_appointment = tenant_table(
    "rater_appointment",
    text("id"),
    text("employee_id"),
    text("rater_id"),
    day("starts"),
    day("ends", optional=True),
    text("named_by"),
    instant("named_at"),
    belongs_to("employee", "employee_id"),
    belongs_to("employee", "rater_id"),
)
tenant_index(rater_appointment, "employee_id", "starts")

declared_conflict = tenant_table(
    "declared_conflict",
    text("employee_id"),
    text("other_id"),
    text("kind"),
    text("declared_by"),
    instant("declared_at"),
    belongs_to("employee", "employee_id"),
    belongs_to("employee", "other_id"),
    key=("employee_id", "other_id"),
)

launch = tenant_table(
    "launch",
    text("id"),
    text("cycle_id"),
    text("filters"),
    text("status"),
    text("cursor"),
    number("total"),
    number("looked"),
    number("started"),
    text("requested_by"),
    instant("requested_at"),
    instant("ended_at", optional=True),
    CheckConstraint("status IN ('running', 'stopped', 'done')", name="status"),
    belongs_to("cycle", "cycle_id"),
)
tenant_index(launch, "cycle_id", "requested_at")
tenant_index(launch, "status", where=RUNNING)

launch_person = tenant_table(
    "launch_person",
    text("launch_id"),
    text("employee_id"),
    text("state"),
    text("code", optional=True),
    CheckConstraint("state IN ('waiting', 'refused')", name="state"),
    belongs_to("launch", "launch_id"),
    belongs_to("employee", "employee_id"),
    key=("launch_id", "employee_id"),
)

extension = tenant_table(
    "extension",
    text("id"),
    text("cycle_id"),
    text("element_id"),
    text("unit_id", optional=True),
    text("instance_id", optional=True),
    instant("due_at"),
    octets("reason_sealed"),
    text("reason_key"),
    text("status"),
    number("total"),
    text("requested_by"),
    instant("requested_at"),
    instant("ended_at", optional=True),
    CheckConstraint("status IN ('running', 'done')", name="status"),
    belongs_to("cycle", "cycle_id"),
)
tenant_index(extension, "cycle_id", "requested_at")
tenant_index(extension, "status", where=RUNNING)

extension_result = tenant_table(
    "extension_result",
    text("extension_id"),
    text("item_id"),
    text("outcome"),
    instant("old_due", optional=True),
    instant("new_due", optional=True),
    belongs_to("extension", "extension_id"),
    belongs_to("work_item", "item_id"),
    key=("extension_id", "item_id"),
)

cycle_closing = tenant_table(
    "cycle_closing",
    text("id"),
    text("cycle_id"),
    text("handling"),
    octets("reason_sealed"),
    text("reason_key"),
    text("status"),
    text("closed_by"),
    instant("closed_at"),
    text("reopened_by", optional=True),
    instant("reopened_at", optional=True),
    CheckConstraint("handling IN ('go_on', 'cancel')", name="handling"),
    CheckConstraint("status IN ('running', 'done')", name="status"),
    belongs_to("cycle", "cycle_id"),
)
tenant_index(cycle_closing, "cycle_id", "closed_at")
tenant_index(cycle_closing, "status", where=RUNNING)

export_layout = tenant_table(
    "export_layout",
    text("kind"),
    text("columns"),
    text("changed_by"),
    instant("changed_at"),
    key=("kind",),
)
