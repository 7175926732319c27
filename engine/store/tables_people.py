"""The tables of agencies and their people: units, positions, employees, who holds what when."""

from sqlalchemy import Boolean, Column, Integer, PrimaryKeyConstraint, Table

from engine.store.columns import (
    belongs_to,
    day,
    instant,
    metadata,
    tenant_index,
    tenant_table,
    text,
)

agency = Table(
    "agency",
    metadata,
    text("id"),
    text("name"),
    text("zone"),
    instant("created_at"),
    PrimaryKeyConstraint("id"),
)

org_unit = tenant_table(
    "org_unit",
    text("id"),
    text("parent_id", optional=True),
    text("name"),
    text("kind"),
    day("closed_on", optional=True),
    text("system", optional=True),
    Column("version", Integer, nullable=False, server_default="1"),
    belongs_to("org_unit", "parent_id"),
)

position = tenant_table(
    "position",
    text("id"),
    text("unit_id"),
    text("title"),
    text("superior_position_id", optional=True),
    text("office_code", optional=True),
    Column("heads_unit", Boolean, nullable=False),
    text("functional_level", optional=True),
    Column("version", Integer, nullable=False, server_default="1"),
    belongs_to("org_unit", "unit_id"),
    belongs_to("position", "superior_position_id"),
)
tenant_index(position, "unit_id")
tenant_index(position, "superior_position_id")
tenant_index(position, "office_code", where="office_code IS NOT NULL")

employee = tenant_table(
    "employee",
    text("id"),
    text("nip"),
    text("name"),
    text("kind"),
    text("grade", optional=True),
    Column("active", Boolean, nullable=False),
)
tenant_index(employee, "nip", unique=True)
tenant_index(employee, "name", "id")

# Words are compared octet by octet (PostgreSQL: COLLATE "C"): those that begin alike lie together.
employee_name_word = tenant_table(
    "employee_name_word",
    text("word"),
    text("employee_id"),
    belongs_to("employee", "employee_id"),
    key=("word", "employee_id"),
)
tenant_index(employee_name_word, "employee_id")

assignment = tenant_table(
    "assignment",
    text("id"),
    text("employee_id"),
    text("position_id"),
    text("unit_id"),
    text("kind"),
    day("starts"),
    day("ends", optional=True),
    belongs_to("employee", "employee_id"),
    belongs_to("position", "position_id"),
    belongs_to("org_unit", "unit_id"),
)
tenant_index(assignment, "employee_id", "starts")
tenant_index(assignment, "position_id", "starts")
tenant_index(assignment, "unit_id")

substitution = tenant_table(
    "substitution",
    text("id"),
    text("absent_id"),
    text("substitute_id"),
    day("starts"),
    day("ends"),
    belongs_to("employee", "absent_id"),
    belongs_to("employee", "substitute_id"),
)
tenant_index(substitution, "substitute_id", "starts")
tenant_index(substitution, "absent_id", "starts")

duty = tenant_table(
    "duty",
    text("id"),
    text("employee_id"),
    text("function"),
    text("unit_id", optional=True),
    day("starts"),
    day("ends", optional=True),
    belongs_to("employee", "employee_id"),
    belongs_to("org_unit", "unit_id"),
)
tenant_index(duty, "employee_id", "starts")
tenant_index(duty, "function", "unit_id")
