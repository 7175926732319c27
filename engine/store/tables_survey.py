"""The tables of the citizen survey; nothing joins an answer with the link that it came by."""

from sqlalchemy import UniqueConstraint

from engine.domain.citizen_survey import ELEMENTS
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

citizen_survey = tenant_table(
    "citizen_survey",
    text("id"),
    text("cycle_id"),
    text("unit_id"),
    day("starts"),
    day("ends"),
    number("population", optional=True),
    # One a line, in the order in which citizens choose among them.
    text("services"),
    text("counter_hash", optional=True),
    text("comment_key"),
    text("opened_by"),
    instant("opened_at"),
    text("closed_by", optional=True),
    instant("closed_at", optional=True),
    UniqueConstraint("agency_id", "cycle_id", "unit_id"),
    # Whoever stands before the poster knows its code and no agency.
    UniqueConstraint("counter_hash"),
    belongs_to("cycle", "cycle_id"),
    belongs_to("org_unit", "unit_id"),
    belongs_to("employee", "opened_by"),
)

# Gone with its use: what is left says neither who was asked nor who answered.
survey_token = tenant_table(
    "survey_token",
    text("token_hash"),
    text("survey_id"),
    UniqueConstraint("token_hash"),
    belongs_to("citizen_survey", "survey_id"),
    key=("token_hash",),
)
tenant_index(survey_token, "survey_id")

# Ids are random and days are all that is known of the time: the rows have no order.
survey_response = tenant_table(
    "survey_response",
    text("id"),
    text("survey_id"),
    text("channel"),
    number("service"),
    day("visited_on"),
    day("answered_on"),
    *(number(element.value) for element in ELEMENTS),
    octets("comment_sealed", optional=True),
    text("keyed_by", optional=True),
    text("scan_sha256", optional=True),
    belongs_to("citizen_survey", "survey_id"),
    belongs_to("employee", "keyed_by"),
)
tenant_index(survey_response, "survey_id")
