"""The tables of the daily log: whose log there is, its entries, and what is said of them."""

from sqlalchemy import Boolean, Column

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

# Who keeps a log in a cycle, with the raters of the last look; `active` while he is to keep it.
daily_log = tenant_table(
    "daily_log",
    text("cycle_id"),
    text("employee_id"),
    text("unit_id"),
    text("rater_id", optional=True),
    text("rater_superior_id", optional=True),
    Column("active", Boolean, nullable=False),
    day("locked_through", optional=True),
    belongs_to("cycle", "cycle_id"),
    belongs_to("employee", "employee_id"),
    key=("cycle_id", "employee_id"),
)
tenant_index(daily_log, "employee_id")
tenant_index(daily_log, "rater_id")
tenant_index(daily_log, "rater_superior_id")

log_entry = tenant_table(
    "log_entry",
    text("id"),
    text("cycle_id"),
    text("employee_id"),
    day("day"),
    number("minutes"),
    text("quantity"),
    Column("planned", Boolean, nullable=False),
    text("state"),
    number("revision"),
    octets("payload"),
    text("commitment"),
    instant("entered_at"),
    belongs_to("employee", "employee_id"),
    belongs_to("cycle", "cycle_id"),
)
tenant_index(log_entry, "employee_id", "cycle_id", "day")

log_note = tenant_table(
    "log_note",
    text("id"),
    text("entry_id"),
    text("cycle_id"),
    text("employee_id"),
    text("author_id"),
    text("kind"),
    octets("payload"),
    text("commitment"),
    instant("at"),
    instant("due_at", optional=True),
    instant("answered_at", optional=True),
    belongs_to("log_entry", "entry_id"),
    belongs_to("employee", "employee_id"),
    belongs_to("employee", "author_id"),
)
tenant_index(log_note, "entry_id")
tenant_index(log_note, "employee_id", "cycle_id")
tenant_index(log_note, "due_at", where="answered_at IS NULL")
