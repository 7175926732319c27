"""What launching a cycle costs beside inserting the rows that it leaves, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from time import process_time
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
Row = Mapping[str, Any]


def populate(office: Office, keys: Sequence[str]) -> None:
    """So many more people below the division's head, each with a post and a plan."""
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
    """CPU seconds to launch the office's cycle for everybody, in chunks, each durable."""
    hr = office.actor("hr_officer", NOW)
    request_launch(office.desk, hr, cycle_id=office.cycle_id, expected=many, now=NOW)
    began = process_time()
    while continue_launches(office.desk, office.agency_id, now=NOW, limit=5_000):
        pass
    return process_time() - began


def rows_of(office: Office, name: str, known: frozenset[tuple[Any, ...]]) -> Iterator[Row]:
    """What a table holds beside the rows known by their keys, as it lies there."""
    table = tables.metadata.tables[name]
    key = [column.name for column in table.primary_key]
    with office.desk.store.reading(office.agency_id) as tx:
        for row in tx.connection.execute(select(table)).yield_per(CHUNK):
            found = dict(row._mapping)
            if tuple(found[part] for part in key) not in known:
                yield found


def keys_of(office: Office, name: str) -> frozenset[tuple[Any, ...]]:
    """The keys of a table's rows."""
    key = tables.metadata.tables[name].primary_key
    with office.desk.store.reading(office.agency_id) as tx:
        return frozenset(tuple(row) for row in tx.connection.execute(select(*key)))


def insert_bare(bare: Office, launched: Office, many: int) -> float:
    """CPU seconds to insert the launched rows alone, in as many transactions and in their order."""
    chunks = [_chunked(launched, name, keys_of(bare, name), many) for name in LEFT]
    spent = 0.0
    for _ in range(-(-many // CHUNK)):
        # Reading the rows is no part of inserting them.
        found = [(name, next(of)) for name, of in zip(LEFT, chunks, strict=True)]
        began = process_time()
        with bare.desk.store.transaction(bare.agency_id) as tx:
            for name, rows in found:
                if rows:
                    tx.connection.execute(insert(tables.metadata.tables[name]), rows)
        spent += process_time() - began
    return spent


def _chunked(
    office: Office, name: str, known: frozenset[tuple[Any, ...]], many: int
) -> Iterator[list[Row]]:
    """The rows of a table in as many pieces as the launch had chunks."""
    left, pieces = len(keys_of(office, name)) - len(known), -(-many // CHUNK)
    rows = rows_of(office, name, known)
    for piece in range(pieces):
        size = left * (piece + 1) // pieces - left * piece // pieces
        yield [next(rows) for _ in range(size)]


def parts(items: Sequence[Any], size: int = CHUNK) -> list[Sequence[Any]]:
    """The items in pieces of at most `size`."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def names(many: int, prefix: str) -> list[str]:
    """So many fresh ids in order."""
    return [f"{prefix}{number:06}" for number in range(many)]


def measure(many: int) -> tuple[float, float]:
    """CPU seconds a person of a launch of so many people, and of inserting the same rows."""
    with office("national") as made:
        populate(made, names(many, "p"))
        with made.desk.store.reading(made.agency_id) as tx:
            # A server has read its definitions long before.
            made.desk.definitions.get(tx, cycles.get(tx, made.cycle_id).definition_id)
        with twin(made) as bare:
            launched = launch(made, many)
            inserted = insert_bare(bare, made, many)
    return launched / many, inserted / many
