"""The tables of cycles, definitions and running instances with their work."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    UniqueConstraint,
    func,
    literal_column,
)

from engine.domain.beside import MAIN
from engine.domain.confidence import CONFIDENCE
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

definition = tenant_table(
    "definition",
    text("id"),
    text("system"),
    number("number"),
    text("status"),
    text("deployed_by"),
    instant("deployed_at"),
    UniqueConstraint("agency_id", "system", "number"),
)

definition_file = tenant_table(
    "definition_file",
    text("definition_id"),
    text("name"),
    text("sha256"),
    octets("content"),
    belongs_to("definition", "definition_id"),
    key=("definition_id", "name"),
)

cycle = tenant_table(
    "cycle",
    text("id"),
    text("system"),
    text("name"),
    day("starts"),
    day("ends"),
    text("status"),
    text("definition_id"),
    instant("created_at"),
    belongs_to("definition", "definition_id"),
)

performance_plan = tenant_table(
    "performance_plan",
    text("cycle_id"),
    text("employee_id"),
    text("content"),
    text("sha256"),
    instant("imported_at"),
    belongs_to("cycle", "cycle_id"),
    belongs_to("employee", "employee_id"),
    key=("cycle_id", "employee_id"),
)

organisation_achievement = tenant_table(
    "organisation_achievement",
    text("cycle_id"),
    text("unit_id"),
    text("level"),
    text("decided_by"),
    instant("decided_at"),
    number("version"),
    belongs_to("cycle", "cycle_id"),
    belongs_to("org_unit", "unit_id"),
    key=("cycle_id", "unit_id"),
)

instance = tenant_table(
    "instance",
    text("id"),
    text("definition_id"),
    text("process_id"),
    text("cycle_id"),
    text("subject_id"),
    text("unit_id"),
    text("status"),
    number("version"),
    text("audit_head"),
    number("audit_count"),
    text("sealing_key_id"),
    instant("started_at"),
    instant("ended_at", optional=True),
    # Which run beside the appraisal it is; empty for the appraisal itself.
    text("turn"),
    Column("confidential", Boolean, nullable=False),
    # The unit functions, parted by commas, that may read it once it is over.
    text("readers"),
    CheckConstraint("status IN ('running', 'completed', 'held', 'cancelled')", name="status"),
    UniqueConstraint("agency_id", "cycle_id", "subject_id", "process_id", "turn"),
    belongs_to("definition", "definition_id"),
    belongs_to("cycle", "cycle_id"),
    belongs_to("employee", "subject_id"),
    belongs_to("org_unit", "unit_id"),
    belongs_to("sealing_key", "sealing_key_id"),
)
tenant_index(instance, "subject_id", "started_at")
tenant_index(instance, "cycle_id", "unit_id", "status")
tenant_index(instance, "id", where="confidential")
tenant_index(instance, "process_id", "id", where="turn <> ''")
# The appraisal itself; lists and counts know nothing of what runs beside it.
IS_MAIN = instance.c.turn == MAIN
# As its index says it: a value that is bound tells SQLite too late which index holds it.
IS_BESIDE: ColumnElement[bool] = literal_column("instance.turn <> ''")
# As its index says it: a Boolean would be compared with 1 on SQLite, and no index be found.
IS_CONFIDENTIAL: ColumnElement[bool] = literal_column("instance.confidential")

instance_state = tenant_table(
    "instance_state",
    text("instance_id"),
    number("version"),
    octets("blob"),
    # As it was before the step, so that the step can be taken back until somebody goes on.
    octets("previous_blob", optional=True),
    belongs_to("instance", "instance_id"),
    key=("instance_id",),
)

work_item = tenant_table(
    "work_item",
    text("id"),
    text("instance_id"),
    text("task_id"),
    text("process_id"),
    text("element_id"),
    text("name"),
    number("mi_index", optional=True),
    text("role"),
    text("assignee_id", optional=True),
    text("function", optional=True),
    # The unit of the case, copied so that the inbox of a unit function needs no join.
    text("unit_id", optional=True),
    text("state"),
    instant("opened_at"),
    instant("due_at", optional=True),
    instant("closed_at", optional=True),
    text("closed_by", optional=True),
    text("participation", optional=True),
    text("offered_to", optional=True),
    number("reminded"),
    number("version"),
    text("claimed_by", optional=True),
    instant("claimed_at", optional=True),
    # Who prepares the answers; the holder sends them.
    text("delegated_to", optional=True),
    instant("seen_at", optional=True),
    # Whom the case had named when the step opened, and the step is kept from.
    text("kept_apart", optional=True),
    CheckConstraint("state IN ('open', 'completed', 'withdrawn')", name="state"),
    UniqueConstraint("agency_id", "instance_id", "task_id"),
    belongs_to("instance", "instance_id"),
)
OPEN = "state = 'open'"
tenant_index(work_item, "assignee_id", "due_at", "id", where=OPEN)
tenant_index(work_item, "unit_id", "due_at", "id", where=OPEN)
tenant_index(work_item, "due_at", "id", where=OPEN)
tenant_index(work_item, "offered_to", where=f"{OPEN} AND offered_to IS NOT NULL")
_SAID = f"participation = '{CONFIDENCE}'"
tenant_index(work_item, "assignee_id", where=_SAID)
# As its index says it: with a value sent along SQLite would find no index.
IS_IN_CONFIDENCE: ColumnElement[bool] = literal_column(f"work_item.{_SAID}")
# Lists of what others have to do show no more: who has not answered would tell who has.
IS_IN_THE_OPEN = func.coalesce(work_item.c.participation, "") != CONFIDENCE
# Few steps are addressed to a function, so these cost the others nothing.
FREE = f"{OPEN} AND function IS NOT NULL AND claimed_by IS NULL"
tenant_index(work_item, "function", "due_at", "id", where=FREE)
tenant_index(work_item, "function", "opened_at", "id", where=FREE)
tenant_index(work_item, "function", "unit_id", "due_at", "id", where=FREE)
tenant_index(work_item, "function", "element_id", "due_at", "id", where=FREE)
tenant_index(work_item, "claimed_by", "due_at", "id", where=f"{OPEN} AND claimed_by IS NOT NULL")
tenant_index(
    work_item, "delegated_to", "due_at", "id", where=f"{OPEN} AND delegated_to IS NOT NULL"
)

submission = tenant_table(
    "submission",
    text("id"),
    text("work_item_id"),
    text("instance_id"),
    text("element_id"),
    text("actor_id"),
    text("on_behalf_of", optional=True),
    text("participation", optional=True),
    octets("payload"),
    text("commitment"),
    text("receipt"),
    instant("at"),
    text("signature_kind", optional=True),
    UniqueConstraint("agency_id", "work_item_id"),
    belongs_to("work_item", "work_item_id"),
    belongs_to("instance", "instance_id"),
)
tenant_index(submission, "instance_id", "at")
tenant_index(submission, "actor_id", "at")

draft = tenant_table(
    "draft",
    text("work_item_id"),
    text("actor_id"),
    octets("payload"),
    number("revision"),
    instant("saved_at"),
    # The opened page that saved last, and which of its savings it was.
    text("page"),
    number("edits"),
    belongs_to("work_item", "work_item_id"),
    key=("work_item_id",),
)

timer = tenant_table(
    "timer",
    text("instance_id"),
    text("task_id"),
    text("element_id"),
    instant("due_at"),
    instant("lease_until", optional=True),
    belongs_to("instance", "instance_id"),
    key=("instance_id", "task_id"),
)
tenant_index(timer, "due_at")

awaited_message = tenant_table(
    "awaited_message",
    text("instance_id"),
    text("task_id"),
    text("element_id"),
    text("name"),
    text("correlation", optional=True),
    belongs_to("instance", "instance_id"),
    key=("instance_id", "task_id"),
)
tenant_index(awaited_message, "name", "correlation")

decision = tenant_table(
    "decision",
    text("id"),
    text("instance_id"),
    text("element_id"),
    text("table_id"),
    text("table_sha256"),
    text("body"),
    instant("at"),
    belongs_to("instance", "instance_id"),
)
tenant_index(decision, "instance_id", "at")

stored_file = tenant_table(
    "stored_file",
    text("sha256"),
    number("size", kind=BigInteger),
    text("media_type"),
    instant("created_at"),
    key=("sha256",),
)

attachment = tenant_table(
    "attachment",
    text("id"),
    text("instance_id"),
    text("work_item_id"),
    text("sha256"),
    octets("name_sealed"),
    text("uploaded_by"),
    instant("at"),
    belongs_to("instance", "instance_id"),
    belongs_to("work_item", "work_item_id"),
    belongs_to("stored_file", "sha256", key="sha256"),
)
tenant_index(attachment, "work_item_id")
tenant_index(attachment, "instance_id")
