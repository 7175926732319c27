"""The tables of the monthly recap: what payroll was told, month by month."""

from engine.store.columns import belongs_to, instant, number, tenant_table, text

recap_month = tenant_table(
    "recap_month",
    text("month"),
    text("frozen_by"),
    instant("frozen_at"),
    number("people"),
    text("sha256"),
    belongs_to("employee", "frozen_by"),
    key=("month",),
)
recap_line = tenant_table(
    "recap_line",
    text("month"),
    text("employee_id"),
    text("body"),
    belongs_to("recap_month", "month", key="month"),
    belongs_to("employee", "employee_id"),
    key=("month", "employee_id"),
)
