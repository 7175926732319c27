"""All rows of an office before and after a command, and which changes no event speaks of."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select

from engine.store import tables
from tests.office import Office

Rows = dict[tuple[str, tuple[Any, ...]], Row[Any]]
TRAIL = ("audit_event", "audit_pending", "audit_chain")
# No facts about a case: what somebody is still typing, words of names, answers kept for a retry,
# shared bytes, keys, which come and go with the rows they seal.
NO_FACTS = {
    "saved_filter",
    "employee_name_word",
    "notice", "notice_preference", "notice_delivery", "webhook_delivery", "watermark",
    "draft", "prepared_draft", "command_key", "session", "sign_in_attempt", "stored_file",
    "sheet_upload",
    "kept_form",
    "upload",
    "upload_part",
    "export_layout",
    "launch_person",
    "sealing_key", *TRAIL,
}  # fmt: skip
WORK_ACTIONS = (
    "work.opened work.completed work.withdrawn work.reassigned work.claimed work.released "
    "work.delegated work.returned work.recalled takeover.offered takeover.made deadline.extended"
)
# The column that an event about a row of the table must hold, and the actions that count.
EXPLAINED_BY = {
    "work_item": (
        "id",
        WORK_ACTIONS,
    ),
    "submission": ("id", "work.completed"),
    "measured_fact": ("import_id", "figures.imported"),
    "paper": ("work_item_id", "work.completed"),
    "preparer": ("id", "preparer.allowed preparer.ended"),
    "delegation": ("work_item_id", "work.delegated work.returned work.released work.reassigned"),
    "attachment": ("id", "file.added"),
    "incident": ("id", "incident.opened incident.retried incident.resolved"),
    "follow_up": (
        "id",
        "follow_up.created follow_up.assigned follow_up.completed follow_up.cancelled",
    ),
    "follow_up_entry": ("id", "follow_up.noted follow_up.completed follow_up.cancelled"),
    "case_record": ("id", "record.kept"),
    "decision": ("instance_id", "decision.evaluated"),
    "result_version": (
        "instance_id",
        "result.versioned result.delivered signature.given work.recalled",
    ),
    "result_sheet": ("id", "sheet.made"),
    "appraisal": (
        "instance_id",
        (
            "instance.started result.versioned result.delivered result.finalised takeover.made"
            " appeal.withdrawn work.opened work.withdrawn work.recalled"
            " case.handed_over instance.cancelled"
        ),
    ),
    "daily_log": ("employee_id", "log.month_locked"),
    "log_entry": ("id", "log.entered log.corrected log.verified log.returned"),
    "log_note": (
        "entry_id",
        "log.commented direction.given comment.requested log.returned log.corrected",
    ),
    "recap_month": ("month", "recap.frozen"),
    "recap_line": ("month", "recap.frozen"),
    "citizen_survey": ("id", "survey.opened survey.closed survey.counter_set"),
    "cycle": ("id", "cycle.opened cycle.closed cycle.reopened"),
    "cycle_closing": ("cycle_id", "cycle.closed cycle.reopened instance.cancelled"),
    "cycle_population": ("cycle_id", "population.set"),
    "population_exclusion": ("employee_id", "person.excluded person.included"),
    "rater_appointment": ("employee_id", "rater.named"),
    "declared_conflict": ("employee_id", "conflict.declared"),
    "launch": (
        "id",
        "launch.requested launch.stopped launch.continued launch.finished",
    ),
    "extension": ("id", "extension.requested deadline.extended"),
    "extension_result": ("item_id", "deadline.extended"),
    "case_comment": ("id", "comment.written"),
    "unmasking": ("id", "identity.asked identity.unmasked identity.kept"),
    "performance_plan": ("employee_id", "plan.imported plan.agreed"),
    "organisation_achievement": ("unit_id", "achievement.set"),
    "notice_contact": ("employee_id", "contact.set contact.verified contact.removed"),
    "credential": ("employee_id", "password.changed pin.set app.set app.removed"),
    "one_time_code": ("id", "code.issued code.used"),
    "duty_proposal": ("id", "duty.proposed duty.granted duty.rejected"),
    "duty": ("id", "duty.granted duty.ended"),
    "agency": ("id", "agency.changed"),
    "org_unit": ("id", "unit.added unit.changed unit.closed unit.system_assigned"),
    "position": ("id", "position.added position.changed"),
    "assignment": ("id", "post.given post.ended"),
    "substitution": ("id", "substitution.recorded substitution.ended"),
    "employee": ("id", "transfer.recorded"),
    "transfer_batch": ("id", "transfer.planned transfer.confirmed transfer.discarded"),
    "transfer": (
        "batch_id",
        "transfer.planned transfer.confirmed transfer.recorded transfer.refused transfer.discarded",
    ),
    "column_mapping": ("kind", "mapping.saved"),
    "organisation_change": (
        "object_id",
        "agency.changed unit.changed unit.closed unit.system_assigned position.changed",
    ),
}
# One event speaks of many rows: a sheet by its fingerprint, a chunk of a launch case by case.
_SHEET = "people.imported"
EXPLAINED_TOGETHER = {
    "survey_token": "survey.links_made",
    "outbox": "operation.done message.sent contact.set",
    "launch": "instance.started",
    **dict.fromkeys(("org_unit", "position", "employee", "assignment", "substitution"), _SHEET),
}
ANY_EVENT_OF_CASE = {
    "instance": "id",
    "instance_state": "instance_id",
    "timer": "instance_id",
    "awaited_message": "instance_id",
}


def snapshot(office: Office) -> Rows:
    """Every row of the database by table and primary key."""
    found: Rows = {}
    with office.desk.store.reading(office.agency_id) as tx:
        for table in tables.metadata.sorted_tables:
            for row in tx.connection.execute(select(table)):
                key = tuple(row._mapping[column] for column in table.primary_key.columns)
                found[table.name, key] = row
    return found


def changed(before: Rows, after: Rows) -> Iterator[tuple[str, Row[Any]]]:
    """Table and row of everything that was added, changed or removed."""
    for place in before.keys() | after.keys():
        if before.get(place) != after.get(place):
            yield place[0], after.get(place) or before[place]


def unexplained(before: Rows, after: Rows) -> list[str]:
    """The changed rows that no new event speaks of."""
    events = [row for table, row in changed(before, after) if table == "audit_event"]
    return [
        f"{table}: {row}"
        for table, row in changed(before, after)
        if table not in NO_FACTS and not any(_explains(event, table, row) for event in events)
    ]


def _explains(event: Row[Any], table: str, row: Row[Any]) -> bool:
    if table in EXPLAINED_TOGETHER:
        if event.action in EXPLAINED_TOGETHER[table].split():
            return True
        if table not in EXPLAINED_BY:
            return False
    if table in ANY_EVENT_OF_CASE:
        return bool(event.chain_id == row._mapping[ANY_EVENT_OF_CASE[table]])
    column, actions = EXPLAINED_BY[table]
    return event.action in actions.split() and row._mapping[column] in _texts(event)


def _texts(event: Row[Any]) -> set[str]:
    def walk(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        inner = value.values() if isinstance(value, dict) else value
        for each in inner if isinstance(value, dict | list) else ():
            yield from walk(each)

    return {event.chain_id, *walk(json.loads(event.body))}
