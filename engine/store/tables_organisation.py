"""The tables of the administration: what units, positions and the agency were before."""

from sqlalchemy import PrimaryKeyConstraint, Table

from engine.store.columns import instant, metadata, tenant_index, tenant_table, text

organisation_change = tenant_table(
    "organisation_change",
    text("id"),
    text("noun"),
    text("object_id"),
    text("field"),
    text("was", optional=True),
    text("became", optional=True),
    text("changed_by"),
    instant("changed_at"),
)
tenant_index(organisation_change, "object_id", "changed_at")

# The return from a provider is good for one sign-in; what was used is kept until it expires.
provider_return = Table(
    "provider_return",
    metadata,
    text("agency_id"),
    text("state_hash"),
    instant("expires_at"),
    PrimaryKeyConstraint("agency_id", "state_hash"),
)
