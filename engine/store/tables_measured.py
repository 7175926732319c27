"""The table of measured figures from other books; what is corrected is kept beside what holds."""

from engine.store.columns import belongs_to, day, instant, tenant_index, tenant_table, text

HOLDS = "replaced_by IS NULL"

measured_fact = tenant_table(
    "measured_fact",
    text("id"),
    text("kind"),
    text("unit_id", optional=True),
    text("employee_id", optional=True),
    day("on_day"),
    text("body"),
    text("import_id"),
    text("imported_by"),
    instant("imported_at"),
    text("replaced_by", optional=True),
    belongs_to("org_unit", "unit_id"),
    belongs_to("employee", "employee_id"),
)
tenant_index(measured_fact, "kind", "unit_id", "on_day", where=HOLDS)
tenant_index(measured_fact, "kind", "employee_id", "on_day", where=HOLDS)
