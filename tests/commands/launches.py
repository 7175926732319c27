"""Launches of tests: everybody of an office, and what a case left in the database."""

import json
import re
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.bpmn import state
from engine.commands.launch import request_launch
from engine.commands.plans import import_plan
from engine.domain.people import EmployeeId
from engine.jobs.launching import continue_launches
from engine.store import launches, tables
from engine.store.instances import load
from engine.store.launches import LaunchPersonRow, LaunchRow
from engine.store.sealing import open_sealed
from tests.cases import NOW
from tests.office import PLAN, POSITIONS, Office

PEOPLE = tuple(EmployeeId(key) for key, *_ in POSITIONS)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ROWS_OF_CASE = ("instance", "appraisal", "work_item", "timer", "awaited_message", "audit_event")
ID_OF_CASE = {"instance": "id", "audit_event": "chain_id"}
RANK = 4


def import_plans(office: Office, *, now: datetime = NOW) -> None:
    """A plan for everybody."""
    hr = office.actor("hr_officer", now)
    for person in PEOPLE:
        import_plan(
            office.desk, hr, cycle_id=office.cycle_id, employee_id=person, lines=PLAN, now=now
        )


def ask(office: Office, *, person: str = "hr_officer", now: datetime = NOW) -> str:
    """Ask for a launch of the office's cycle; the launch's id."""
    actor = office.actor(person, now)
    return request_launch(
        office.desk, actor, cycle_id=office.cycle_id, expected=len(PEOPLE), now=now
    )


def launch(office: Office, *, now: datetime = NOW) -> LaunchRow:
    """Launch the office's cycle to the end."""
    launch_id = ask(office, now=now)
    continue_launches(office.desk, office.agency_id, now=now)
    return known(office, launch_id)


def known(office: Office, launch_id: str) -> LaunchRow:
    """The launch as it is stored."""
    with office.desk.store.reading(office.agency_id) as tx:
        return launches.get(tx, launch_id)


def refused(office: Office, launch_id: str) -> dict[str, str | None]:
    """Who could not be started, with the code of the reason."""
    with office.desk.store.reading(office.agency_id) as tx:
        rows: tuple[LaunchPersonRow, ...] = launches.refused(tx, launch_id, limit=100)
    return {row.employee_id: row.code for row in rows}


def cases(office: Office) -> dict[str, str]:
    """Every case of the office by its person."""
    run = tables.instance.c
    with office.desk.store.reading(office.agency_id) as tx:
        found = tx.connection.execute(select(run.subject_id, run.id)).all()
    assert len(dict(found)) == len(found)
    return dict(found)


def left_by(office: Office, instance_id: str) -> Any:
    """Everything that a case left, without the ids that differ from case to case."""
    with office.desk.store.transaction(office.agency_id) as tx:
        rows = {
            name: [dict(row._mapping) for row in tx.connection.execute(_of_case(name, instance_id))]
            for name in ROWS_OF_CASE
        }
        loaded = load(tx, instance_id)
        document = json.loads(state.unpacked(open_sealed(loaded.key, loaded.blob)))
    for task in document["top"]["tasks"]:
        task[RANK] = 0
    for event in rows["audit_event"]:
        del event["hash"]
    del rows["instance"][0]["audit_head"]
    return _numbered(json.dumps([document, rows], default=str, sort_keys=True))


def _of_case(name: str, instance_id: str) -> Any:
    table = tables.metadata.tables[name]
    return (
        select(table)
        .where(table.c[ID_OF_CASE.get(name, "instance_id")] == instance_id)
        .order_by(*table.primary_key)
    )


def _numbered(text: str) -> str:
    """Ids in the order in which they are met."""
    numbers: dict[str, str] = {}
    return UUID.sub(lambda found: numbers.setdefault(found.group(), f"id{len(numbers)}"), text)
