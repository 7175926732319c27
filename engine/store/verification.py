"""Verifies the trail of an agency by what its database holds: chains, their ends, their proofs."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import groupby, islice

from sqlalchemy import bindparam, func, select, union_all

from engine.domain.audit import ChainHead, Problem, ProblemKind, SealedEvent, verify_chain
from engine.domain.bundle import Bundle
from engine.store import rows, tables, vouched
from engine.store.audit import EVENTS
from engine.store.database import Transaction
from engine.store.vouched import Vouched

CHAINS_A_BATCH = 200
EVENTS_A_FETCH = 1000

_instance, _chain = tables.instance, tables.audit_chain
_HEADS = union_all(
    select(_instance.c.id, _instance.c.audit_head, _instance.c.audit_count).where(
        rows.own(_instance)
    ),
    select(_chain.c.chain_id, _chain.c.head, _chain.c.count).where(rows.own(_chain)),
)
_COUNT = select(func.count()).select_from(tables.audit_event).where(rows.own(tables.audit_event))
_definition, _file = tables.definition, tables.definition_file
_DEFINITIONS = select(_definition.c.id, _definition.c.system).where(rows.own(_definition))
_FILES = select(_file.c.name, _file.c.content, _file.c.sha256).where(
    rows.own(_file), _file.c.definition_id == bindparam("id")
)


def verify(tx: Transaction, *, progress: Callable[[int], None] | None = None) -> Iterator[Problem]:
    """Every problem of the agency's trail; the first one only of each chain.

    Recomputes hashes, numbers, ends and searchable copies; opens every submission and note whose
    key still exists; compares results, delegations, decisions, result sheets, due dates and
    holders of work, raters, extensions and definition files with what their events hold.
    `progress` is told after each chain how many events it had.
    """
    found = tx.connection.execute(_HEADS, {"own_agency": tx.agency_id})
    heads = {row[0]: ChainHead(*row) for row in found}
    chains = _chains(tx, heads, progress or (lambda _: None))
    objects: list[Vouched] = []
    for batch in _batches(chains):
        yield from (problem for _, problem in batch if problem)
        yield from vouched.check(tx, [chain for chain, _ in batch])
        objects += (chain for chain, _ in batch if chain.of_object)
    yield from vouched.check_objects(tx, objects)
    yield from _check_definitions(tx)


def count_events(tx: Transaction) -> int:
    """How many events the agency's trail has, for the progress of `verify`."""
    (count,) = rows.fetch_scalars(tx, _COUNT)
    return int(count)


def _chains(
    tx: Transaction, heads: dict[str, ChainHead], progress: Callable[[int], None]
) -> Iterator[tuple[Vouched, Problem | None]]:
    options = {"yield_per": EVENTS_A_FETCH}
    stream = tx.connection.execute(EVENTS, {"own_agency": tx.agency_id}, execution_options=options)
    events = (SealedEvent(*row) for row in stream)
    for chain_id, group in groupby(events, key=lambda event: event.chain_id):
        members = tuple(group)
        chain = Vouched(chain_id)
        for event in members:
            chain.note(event)
        yield chain, _check_chain(members, heads.pop(chain_id, None))
        progress(len(members))
    for head in heads.values():
        problem = verify_chain((), head.head, head.count)
        yield Vouched(head.chain_id), problem and Problem(head.chain_id, 0, problem.kind)


def _check_chain(events: tuple[SealedEvent, ...], head: ChainHead | None) -> Problem | None:
    if head is None:
        return Problem(events[-1].chain_id, events[-1].n, ProblemKind.NO_HEAD)
    return verify_chain(events, head.head, head.count)


def _batches(
    chains: Iterable[tuple[Vouched, Problem | None]],
) -> Iterator[list[tuple[Vouched, Problem | None]]]:
    waiting = iter(chains)
    while batch := list(islice(waiting, CHAINS_A_BATCH)):
        yield batch


def _check_definitions(tx: Transaction) -> Iterator[Problem]:
    """A definition is named by the hash of its files, which running cases' events hold."""
    own = {"own_agency": tx.agency_id}
    for identifier, system in tx.connection.execute(_DEFINITIONS, own).all():
        files = tx.connection.execute(_FILES, {**own, "id": identifier}).all()
        bundle = Bundle(system, {file.name: file.content for file in files})
        hashes = all(sha256(file.content).hexdigest() == file.sha256 for file in files)
        if bundle.definition_id != identifier or not hashes:
            yield Problem(identifier, 0, ProblemKind.DEFINITION_FILE)
