"""One agency never sees or changes what belongs to another."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

import engine.store
from engine.domain.attempts import none_yet
from engine.domain.audit import ChainHead
from engine.domain.people import AgencyId, EmployeeId, PositionId, UnitFunction, UnitId
from engine.errors import AlurError
from engine.store import (
    credentials,
    definitions,
    drafts,
    instances,
    people,
    sealing,
    sessions,
    tables,
    uploads,
)
from engine.store.database import Store
from engine.store.duties import Outcome
from engine.store.handovers import Holding
from engine.store.states import CycleStatus
from tests.store.aims import OVERRIDES, moving
from tests.store.builders import (
    END,
    NOW,
    START,
    Ids,
    appraisal,
    letter,
    populate,
    webhook,
)

OTHER = AgencyId("other")
PLUMBING = {"columns", "copies", "rows", "database", "schema", "guards", "ids", "states", "tables"}
# These cross agencies on purpose: background work, and a request that brings only a cookie.
CROSSING = {
    "agencies.every_id", "citizen_surveys.agency_of_counter", "citizen_surveys.agency_of_token",
    "people.everywhere_by_nip", "result_sheets.agency_of", "sessions.find", "sessions.find_ended",
}  # fmt: skip
# True says that nothing is left of what was asked for, as of what was never there.
NOTHING_LEFT = {"outbox.call_off"}
# These take whole records; `rows.add` puts the transaction's agency on each.
ADDING = {
    "appraisals.add_many",
    "audit.begin_chains",
    "case_records.add_many",
    "measured_facts.add_many",
    "citizen_surveys.add",
    "citizen_surveys.add_response",
    "citizen_surveys.add_tokens",
    "closings.add",
    "export_layouts.choose",
    "daily_logs.put",
    "extensions.add",
    "extensions.add_results",
    "instances.add_started",
    "launches.add",
    "launches.pass_over",
    "log_entries.add",
    "log_entries.add_note",
    "messages.add_many",
    "timers.add_many",
    "populations.choose",
    "populations.exclude",
    "populations.name_rater",
    "populations.declare_conflict",
    "sealing.keys_for",
    "agencies.add",
    "appraisals.add",
    "audit.append",
    "audit.append_to_chain",
    "audit.hold_chain",
    "command_keys.keep_answer",
    "contacts.prefer",
    "contacts.put",
    "comments.add",
    "cycles.add",
    "cycles.set_achievement",
    "decisions.add_many",
    "delegations.add",
    "papers.add",
    "preparers.add",
    "prepared_drafts.save",
    "monthly_recaps.add",
    "duties.propose",
    "definitions.deploy",
    "files.attach",
    "files.keep",
    "follow_ups.add_many",
    "follow_ups.write",
    "incidents.add",
    "instances.add",
    "letters.plan",
    "news.advance",
    "notices.add",
    "kept_forms.keep",
    "job_runs.note",
    "one_time_codes.issue",
    "organisation.keep_changes",
    "outbox.put",
    "people.add",
    "plans.put",
    "provider_returns.use",
    "result_sheets.add",
    "results.add",
    "saved_filters.add",
    "sealing.key_for",
    "sessions.add",
    "sheet_uploads.add",
    "sheet_uploads.save_mapping",
    "sign_in_attempts.lock",
    "submissions.add",
    "webhook_deliveries.plan",
    "transfers.plan",
    "unmaskings.add",
    "uploads.start",
    "work_items.open_many",
}
# Whole, an agency's trail has no problems; it is tried with broken ones elsewhere.
VERIFYING = {"verification.verify", "vouched.check", "vouched.check_objects"}


def noun_functions() -> Iterator[tuple[str, Callable]]:
    """Every public function of the store that works in a transaction."""
    for module in iter_modules(engine.store.__path__):
        if module.ispkg or module.name in PLUMBING or module.name.startswith("tables_"):
            continue
        loaded = import_module(f"engine.store.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            own = function.__module__ == loaded.__name__ and not name.startswith("_")
            if own and next(iter(inspect.signature(function).parameters), "") == "tx":
                yield f"{module.name}.{name}", function


def aimed() -> list[tuple[str, Callable]]:
    """The functions that are told by id what to read or change."""
    others = CROSSING | ADDING | VERIFYING
    return [(name, function) for name, function in noun_functions() if name not in others]


# What to aim at, by the name of the parameter: the same for every agency.
FIXED = {
    "answer": "forged",
    "cursor": "",
    "looked": 1,
    "started": 1,
    "ended_at": None,
    "attempt_key": "someone",
    "actions": ("instance.started",),
    "attempts": none_yet("someone", NOW.replace(year=2027)),
    "awaited": [],
    "columns": "{}",
    "header": 3,
    "holding": Holding(EmployeeId("forged"), None),
    "moved": 7,
    "nips": ["198001012005011002"],
    "reason": "forged",
    "after": None,
    "but": "",
    "channel": "email",
    "code_hash": "0" * 64,
    "last": END,
    "last_day": START,
    "last_id": "z",
    "mark": "",
    "before": NOW.replace(year=2030),
    "blob": b"forged",
    "due_at": NOW,
    "edition": drafts.Edition(1),
    "first": START,
    "function": UnitFunction.HR,
    "key": "key",
    "length": 3,
    "kind": "click",
    "language": "en",
    "limit": 10,
    "name": "withdrawn",
    "nip": "198001012005011002",
    "now": NOW.replace(year=2028),
    "of_month": "2026-01",
    "office_code": "chief",
    "on": END,
    "outcome": Outcome.REJECTED,
    "payload": b"forged",
    "prefix": "never:",
    "key_begin": "once",
    "process_id": "annual",
    "received_at": NOW,
    "request_sha256": "0" * 64,
    "sealed": b"forged",
    "shown_until": NOW.replace(year=2029),
    "secret": b"forged",
    "sha256": "f" * 64,
    "source": "s",
    "since": NOW.replace(year=2020),
    "set_in": "e",
    "slot": "slot",
    "status": CycleStatus.CLOSED,
    "step": 9,
    "system": "national",
    "target": "target",
    "turn": "",
    "timers": [],
    "times": 3,
    "granted": True,
    "until": NOW.replace(year=2029),
    "version": 1,
    "zone": "Asia/Jayapura",
}


def targets(store: Store, ids: Ids) -> dict[str, object]:
    """What to aim at, by the name of the parameter."""
    with store.reading(ids.agency) as tx:
        definition = definitions.active(tx, "national")
        loaded = instances.read(tx, ids.case)
        credential = credentials.find(tx, ids.head)
        upload = uploads.find(tx, ids.upload)
    return (
        FIXED
        | moving(ids)
        | {
            "absent_id": ids.head,
            "actor_id": ids.subject,
            "appraisal": appraisal(ids),
            "assignment_id": ids.a1,
            "attachment_id": ids.att,
            "by": ids.head,
            "chain": ChainHead(ids.case, "f" * 64, 9),
            "chain_id": ids.case,
            "code_id": ids.code,
            "credential": credential,
            "cycle_id": ids.cycle,
            "definition_id": definition.id,
            "duty_id": ids.d1,
            "employee_id": ids.subject,
            "sheet_code": ids.sheet,
            "employee_ids": [ids.subject],
            "filter_id": ids.filter,
            "incident_id": ids.inc,
            "instance": loaded.row,
            "instance_id": ids.case,
            "item_id": ids.i2,
            "item_ids": [ids.i2],
            "launch_id": ids.launch,
            "extension_id": ids.extension,
            "closing_id": ids.closing,
            "letter": replace(letter(ids), status="queued"),
            "key_id": loaded.key.id,
            "known": loaded.row.chain,
            "object_id": ids.unit,
            "notice_id": ids.notice,
            "outbox_id": ids.out,
            "position": people.PositionRow(PositionId(ids.top), UnitId(ids.unit), "forged"),
            "position_id": ids.top,
            "reader_id": ids.subject,
            "proposal_id": ids.proposal,
            "submission_id": ids.sub,
            "substitution_id": ids.s1,
            "subject_id": ids.subject,
            "to": ids.head,
            "token_hash": ids.token,
            "unit": people.UnitRow(UnitId(ids.unit), None, "forged", "unit"),
            "unit_id": ids.unit,
            "webhook": replace(webhook(ids), status="sent"),
            "upload": upload,
            "upload_id": ids.upload,
            "work_item_id": ids.i1,
        }
    )


def call(tx, name: str, function: Callable, values: dict[str, object]) -> object:
    parameters = list(inspect.signature(function).parameters.values())[1:]
    values = {**values, **OVERRIDES.get(name, {})}
    wanted = [p for p in parameters if p.name in values or p.default is p.empty]
    return function(tx, **{p.name: values[p.name] for p in wanted if p.name != "correlation"})


def all_rows(store: Store, agency: AgencyId) -> dict[str, list]:
    with store.reading(agency) as tx:
        return {
            table.name: sorted(
                map(repr, tx.connection.execute(select(table).where(table.c.agency_id == agency)))
            )
            for table in tables.metadata.sorted_tables
            if table is not tables.agency
        }


def test_the_builder_fills_every_table(store: Store):
    ids = populate(store, "a")

    empty = [name for name, found in all_rows(store, ids.agency).items() if not found]

    assert empty == []


def test_another_agency_sees_and_changes_nothing(store: Store):
    ids = populate(store, "a")
    values, before = targets(store, ids), all_rows(store, ids.agency)
    seen = {}

    for name, function in aimed():
        try:
            with store.transaction(OTHER) as tx:
                result = call(tx, name, function, values)
        except (AlurError, IntegrityError):
            continue
        if result and name not in NOTHING_LEFT:
            seen[name] = result

    assert seen == {}
    assert all_rows(store, ids.agency) == before


def test_the_agency_itself_is_answered_by_every_reading_function(store: Store):
    ids = populate(store, "a")
    values = targets(store, ids)
    answers = {}

    for name, function in aimed():
        try:
            with store.reading(ids.agency) as tx:
                answers[name] = call(tx, name, function, values)
        except (AlurError, DBAPIError):
            continue

    assert {name for name, answer in answers.items() if not answer} == set()
    assert len(answers) > 45


def test_a_record_of_one_agency_cannot_be_put_into_another(store: Store):
    ids = populate(store, "a")
    later = NOW.replace(year=2030)
    forged = sessions.SessionRow("t", ids.agency, ids.head, NOW, NOW, later, later)

    with pytest.raises(IntegrityError), store.transaction(OTHER) as tx:
        sessions.add(tx, forged)
    with pytest.raises(IntegrityError), store.transaction(OTHER) as tx:
        sealing.key_for(tx, ids.subject, period="other", now=NOW)
