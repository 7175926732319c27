"""What launching a cycle costs beside inserting the rows that it leaves, and nothing else."""

from collections.abc import Mapping, Sequence
from datetime import date
from time import perf_counter
from typing import Any

import orjson
from sqlalchemy import insert, select

from engine.commands.launch import CHUNK, request_launch
from engine.commands.plans import plan_content
from engine.domain.people import EmployeeId, PositionId
from engine.jobs.launching import continue_launches
from engine.rules.numbers import to_jsonable
from engine.store import cycles, people, plans, tables
from engine.store.people import AssignmentRow, EmployeeRow, PositionRow
from engine.store.plans import PlanRow
from tests.bench.offices import office, twin
from tests.cases import NOW
from tests.office import DIVISION, PLAN, Office

SINCE = date(2020, 1, 1)
# In the order in which they refer to each other.
LEFT = (
    "sealing_key", "instance", "instance_state", "appraisal", "work_item", "timer", "audit_event",
    "audit_pending", "notice",
)  # fmt: skip
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def populate(office: Office, many: int) -> None:
    """So many more people below the division's head, each with a post and a plan."""
    keys = [f"p{number:06}" for number in range(many)]
    above = PositionId("division_head")
    content = orjson.dumps(to_jsonable(plan_content(PLAN))).decode()
    with office.desk.store.transaction(office.agency_id) as tx:
        for part in parts(keys):
            people.add(
                tx,
                [
                    *(PositionRow(PositionId(k), DIVISION, "Pelaksana", above) for k in part),
                    *(EmployeeRow(EmployeeId(k), k, f"Nama {k}", "pns") for k in part),
                    *(
                        AssignmentRow(
                            k, EmployeeId(k), PositionId(k), DIVISION, "definitive", SINCE
                        )
                        for k in part
                    ),
                ],
            )
            plans.put(
                tx,
                tuple(
                    PlanRow(office.cycle_id, EmployeeId(k), content, "0" * 64, NOW) for k in part
                ),
            )


def launch(office: Office, many: int) -> float:
    """Seconds to launch the office's cycle for everybody, in chunks, each durable."""
    hr = office.actor("hr_officer", NOW)
    request_launch(office.desk, hr, cycle_id=office.cycle_id, expected=many, now=NOW)
    began = perf_counter()
    while continue_launches(office.desk, office.agency_id, now=NOW, limit=5_000):
        pass
    return perf_counter() - began


def rows_left(office: Office) -> Rows:
    """Everything that a launch has left, as the database's tables hold it."""
    with office.desk.store.reading(office.agency_id) as tx:
        return {
            name: [
                dict(row._mapping)
                for row in tx.connection.execute(select(tables.metadata.tables[name]))
            ]
            for name in LEFT
        }


def insert_bare(office: Office, rows: Rows, known: Rows) -> float:
    """Seconds to insert these rows alone, in as many transactions, in an office without them."""
    keys = {name: [c.name for c in tables.metadata.tables[name].primary_key] for name in LEFT}
    new = {name: _without(rows[name], known[name], keys[name]) for name in LEFT}
    people_each = len(new["instance"])
    chunks = {
        name: parts(new[name], CHUNK * max(len(new[name]) // people_each, 1)) for name in LEFT
    }
    began = perf_counter()
    for place in range(max(len(found) for found in chunks.values())):
        with office.desk.store.transaction(office.agency_id) as tx:
            for name, found in chunks.items():
                if place < len(found):
                    tx.connection.execute(insert(tables.metadata.tables[name]), found[place])
    return perf_counter() - began


def _without(
    rows: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]], keys: list[str]
) -> list[Mapping[str, Any]]:
    there = {tuple(row[key] for key in keys) for row in known}
    return [row for row in rows if tuple(row[key] for key in keys) not in there]


def parts(items: Sequence[Any], size: int = CHUNK) -> list[Sequence[Any]]:
    """The items in pieces of at most `size`."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def measure(many: int) -> tuple[float, float]:
    """Seconds a person of a launch of so many people, and of inserting the same rows."""
    with office("national") as made:
        populate(made, many)
        with made.desk.store.reading(made.agency_id) as tx:
            # A server has read its definitions long before.
            made.desk.definitions.get(tx, cycles.get(tx, made.cycle_id).definition_id)
        known = rows_left(made)
        with twin(made) as bare:
            launched = launch(made, many)
            inserted = insert_bare(bare, rows_left(made), known)
    return launched / many, inserted / many
