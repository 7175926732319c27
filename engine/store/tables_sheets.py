"""The table of printed result sheets: what each said, sealed, and by which code it is asked for."""

from sqlalchemy import UniqueConstraint

from engine.store.columns import belongs_to, instant, number, octets, tenant_table, text

result_sheet = tenant_table(
    "result_sheet",
    text("id"),
    text("instance_id"),
    number("version"),
    text("language"),
    text("edition"),
    text("code_hash"),
    octets("facts_sealed"),
    text("pdf_sha256"),
    text("made_by"),
    instant("made_at"),
    # Whoever holds a sheet knows its code and no agency.
    UniqueConstraint("code_hash"),
    UniqueConstraint("agency_id", "instance_id", "version", "language", "edition"),
    belongs_to("instance", "instance_id"),
    belongs_to("employee", "made_by"),
)
