"""The tables of signing in: sessions, credentials, one-time codes, wrong tries, proposed duties."""

from sqlalchemy import BigInteger, PrimaryKeyConstraint, Table, UniqueConstraint

from engine.store.columns import (
    belongs_to,
    day,
    instant,
    metadata,
    number,
    octets,
    tenant_index,
    tenant_table,
    text,
)

session = Table(
    "session",
    metadata,
    text("token_hash"),
    text("agency_id"),
    text("employee_id"),
    text("stage"),
    text("device"),
    text("language"),
    instant("created_at"),
    instant("seen_at"),
    instant("idle_until"),
    instant("expires_at"),
    text("way"),
    # A request brings only the token: this is the one key that an agency does not lead.
    PrimaryKeyConstraint("token_hash"),
    belongs_to("employee", "employee_id"),
)
tenant_index(session, "employee_id")

credential = tenant_table(
    "credential",
    text("employee_id"),
    text("password_hash", optional=True),
    instant("changed_at", optional=True),
    text("pin_hash", optional=True),
    octets("totp_sealed", optional=True),
    text("totp_key_id", optional=True),
    instant("totp_confirmed_at", optional=True),
    number("totp_step", kind=BigInteger),
    belongs_to("employee", "employee_id"),
    key=("employee_id",),
)

one_time_code = tenant_table(
    "one_time_code",
    text("id"),
    text("employee_id"),
    text("code_hash"),
    text("purpose"),
    text("issued_by"),
    instant("issued_at"),
    instant("expires_at"),
    instant("used_at", optional=True),
    UniqueConstraint("agency_id", "code_hash"),
    belongs_to("employee", "employee_id"),
)
tenant_index(one_time_code, "employee_id")

# Keys are hashes of NIP and address; before the agency is known they stand under no agency.
sign_in_attempt = tenant_table(
    "sign_in_attempt",
    text("key"),
    number("failures"),
    instant("last_at"),
    instant("blocked_until"),
    instant("trusted_until", optional=True),
    key=("key",),
)
tenant_index(sign_in_attempt, "last_at")

duty_proposal = tenant_table(
    "duty_proposal",
    text("id"),
    text("employee_id"),
    text("function"),
    text("unit_id", optional=True),
    day("starts"),
    text("proposed_by"),
    instant("proposed_at"),
    text("decided_by", optional=True),
    instant("decided_at", optional=True),
    text("outcome", optional=True),
    belongs_to("employee", "employee_id"),
    belongs_to("org_unit", "unit_id"),
)
tenant_index(duty_proposal, "proposed_at", where="outcome IS NULL")
