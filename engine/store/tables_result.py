"""The tables of appraisals: the case in figures, the versions of its result, what follows."""

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

appraisal = tenant_table(
    "appraisal",
    text("instance_id"),
    text("cycle_id"),
    text("employee_id"),
    text("unit_id"),
    text("rater_id", optional=True),
    text("rater_superior_id", optional=True),
    number("result_version"),
    text("result_rating", optional=True),
    text("behaviour_rating", optional=True),
    text("predicate", optional=True),
    text("local_score", optional=True),
    Column("appeal_open", Boolean, nullable=False),
    instant("delivered_at", optional=True),
    instant("final_at", optional=True),
    Column("subject_left", Boolean, nullable=False),
    belongs_to("instance", "instance_id"),
    belongs_to("cycle", "cycle_id"),
    belongs_to("employee", "employee_id"),
    key=("instance_id",),
)
tenant_index(appraisal, "cycle_id", "unit_id")
tenant_index(appraisal, "employee_id", "cycle_id")
tenant_index(appraisal, "rater_id", "cycle_id")
tenant_index(appraisal, "rater_superior_id", "cycle_id")

result_version = tenant_table(
    "result_version",
    text("instance_id"),
    number("version"),
    text("source"),
    text("result_rating"),
    text("behaviour_rating"),
    text("predicate"),
    text("local_score", optional=True),
    text("decided_by"),
    instant("decided_at"),
    text("signed_by", optional=True),
    instant("signed_at", optional=True),
    text("signature_kind", optional=True),
    instant("delivered_at", optional=True),
    text("delivery_kind", optional=True),
    # The ratings behind it as JSON, for questions over many results: numbers only.
    text("figures", optional=True),
    belongs_to("instance", "instance_id"),
    key=("instance_id", "version"),
)

follow_up = tenant_table(
    "follow_up",
    text("id"),
    text("instance_id"),
    text("kind"),
    text("owner_id", optional=True),
    day("due_on", optional=True),
    text("state"),
    instant("created_at"),
    # The automatic step that asked for it: run again, it takes back what no longer follows.
    text("element_id", optional=True),
    text("function", optional=True),
    instant("closed_at", optional=True),
    text("closed_by", optional=True),
    Column("failed", Boolean, nullable=True),
    belongs_to("instance", "instance_id"),
)
# What was written down about a follow-up: answers, proof and reasons, sealed under the case's key.
follow_up_entry = tenant_table(
    "follow_up_entry",
    text("id"),
    text("follow_up_id"),
    text("step"),
    text("written_by"),
    instant("at"),
    octets("payload"),
    text("commitment"),
    text("file_sha256", optional=True),
    belongs_to("follow_up", "follow_up_id"),
)
tenant_index(follow_up_entry, "follow_up_id")

# What a finished step left for later steps: numbers and codes only.
case_record = tenant_table(
    "case_record",
    text("id"),
    text("instance_id"),
    text("cycle_id"),
    text("subject_id"),
    text("kind"),
    text("period"),
    text("body"),
    instant("kept_at"),
    belongs_to("instance", "instance_id"),
    belongs_to("cycle", "cycle_id"),
    belongs_to("employee", "subject_id"),
)
tenant_index(case_record, "instance_id")
tenant_index(case_record, "cycle_id", "subject_id", "kind")

tenant_index(follow_up, "instance_id")
tenant_index(follow_up, "owner_id", "due_on", where="state = 'open'")
tenant_index(follow_up, "due_on", "id")
