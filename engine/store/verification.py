"""Verifies the trail of an agency by what its database holds: chains, their ends, their proofs."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby, islice
from typing import Any

from sqlalchemy import and_, bindparam, func, select, union_all

from engine.domain.actions import Action
from engine.domain.audit import ChainHead, Problem, ProblemKind, SealedEvent, verify_chain
from engine.domain.bundle import Bundle
from engine.errors import TrailBroken
from engine.store import rows, tables
from engine.store.audit import EVENTS
from engine.store.database import Transaction
from engine.store.sealing import Sealed, SealingKey, open_committed

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
_submission, _key, _decision = tables.submission, tables.sealing_key, tables.decision
_IN_CHAINS: Any = bindparam("chains", expanding=True)
_SUBMISSIONS = (
    select(
        _submission.c.instance_id,
        _submission.c.work_item_id,
        _submission.c.commitment,
        _submission.c.payload,
        *(_key.c[name] for name in ("id", "employee_id", "period", "key", "created_at")),
    )
    .join(
        _instance,
        and_(
            _instance.c.agency_id == _submission.c.agency_id,
            _instance.c.id == _submission.c.instance_id,
        ),
    )
    .join(
        _key,
        and_(_key.c.agency_id == _instance.c.agency_id, _key.c.id == _instance.c.sealing_key_id),
    )
    .where(rows.own(_submission), _submission.c.instance_id.in_(_IN_CHAINS))
)
_DECISIONS = select(_decision.c.instance_id, _decision.c.id, _decision.c.body).where(
    rows.own(_decision), _decision.c.instance_id.in_(_IN_CHAINS)
)
_definition, _file = tables.definition, tables.definition_file
_DEFINITIONS = select(_definition.c.id, _definition.c.system).where(rows.own(_definition))
_FILES = select(_file.c.name, _file.c.content, _file.c.sha256).where(
    rows.own(_file), _file.c.definition_id == bindparam("id")
)


@dataclass
class _Vouched:
    """What the events of one chain vouch for: commitments by work item, hashes by decision."""

    chain_id: str
    commitments: dict[str, tuple[int, str]] = field(default_factory=dict)
    decisions: dict[str, tuple[int, str]] = field(default_factory=dict)

    def note(self, event: SealedEvent) -> None:
        """Remember what an event vouches for."""
        if event.action not in {Action.WORK_COMPLETED, Action.DECISION_EVALUATED}:
            return
        body = _values(event)
        values = body.get("values", {})
        if "commitment" in values:
            self.commitments[str(body.get("item"))] = (event.n, values["commitment"])
        if "body_sha256" in values:
            self.decisions[str(values.get("decision"))] = (event.n, values["body_sha256"])


def _values(event: SealedEvent) -> dict[str, Any]:
    try:
        body = json.loads(event.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) and isinstance(body.get("values", {}), dict) else {}


def verify(tx: Transaction, *, progress: Callable[[int], None] | None = None) -> Iterator[Problem]:
    """Every problem of the agency's trail; the first one only of each chain.

    Recomputes hashes, numbers, ends and searchable copies; opens every submission whose key still
    exists; compares decisions and definition files with their hashes. `progress` is told after
    each chain how many events it had.
    """
    found = tx.connection.execute(_HEADS, {"own_agency": tx.agency_id})
    heads = {row[0]: ChainHead(*row) for row in found}
    chains = _chains(tx, heads, progress or (lambda _: None))
    for batch in _batches(chains):
        vouched = [chain for chain, _ in batch]
        yield from (problem for _, problem in batch if problem)
        yield from _check_submissions(tx, vouched)
        yield from _check_decisions(tx, vouched)
    yield from _check_definitions(tx)


def count_events(tx: Transaction) -> int:
    """How many events the agency's trail has, for the progress of `verify`."""
    (count,) = rows.fetch_scalars(tx, _COUNT)
    return int(count)


def _chains(
    tx: Transaction, heads: dict[str, ChainHead], progress: Callable[[int], None]
) -> Iterator[tuple[_Vouched, Problem | None]]:
    options = {"yield_per": EVENTS_A_FETCH}
    stream = tx.connection.execute(EVENTS, {"own_agency": tx.agency_id}, execution_options=options)
    events = (SealedEvent(*row) for row in stream)
    for chain_id, group in groupby(events, key=lambda event: event.chain_id):
        members = tuple(group)
        vouched = _Vouched(chain_id)
        for event in members:
            vouched.note(event)
        yield vouched, _check_chain(members, heads.pop(chain_id, None))
        progress(len(members))
    for head in heads.values():
        problem = verify_chain((), head.head, head.count)
        yield _Vouched(head.chain_id), problem and Problem(head.chain_id, 0, problem.kind)


def _check_chain(events: tuple[SealedEvent, ...], head: ChainHead | None) -> Problem | None:
    if head is None:
        return Problem(events[-1].chain_id, events[-1].n, ProblemKind.NO_HEAD)
    return verify_chain(events, head.head, head.count)


def _batches(
    chains: Iterable[tuple[_Vouched, Problem | None]],
) -> Iterator[list[tuple[_Vouched, Problem | None]]]:
    waiting = iter(chains)
    while batch := list(islice(waiting, CHAINS_A_BATCH)):
        yield batch


def _check_submissions(tx: Transaction, chains: list[_Vouched]) -> Iterator[Problem]:
    """Each submission has its event, each event its submission with the content it sealed."""
    stored: dict[tuple[str, str], tuple[str, bool]] = {}
    for row in _rows_of(tx, _SUBMISSIONS, chains):
        key = SealingKey(row.id, row.employee_id, row.period, row.key, row.created_at)
        whole = key.key is None or _opens(key, Sealed(row.payload, row.commitment))
        stored[row.instance_id, row.work_item_id] = (row.commitment, whole)
    for chain in chains:
        for item, (n, commitment) in chain.commitments.items():
            if stored.pop((chain.chain_id, item), None) != (commitment, True):
                yield Problem(chain.chain_id, n, ProblemKind.SUBMISSION)
    for chain_id, _ in stored:
        yield Problem(chain_id, 0, ProblemKind.SUBMISSION)


def _opens(key: SealingKey, sealed: Sealed) -> bool:
    try:
        open_committed(key, sealed)
    except TrailBroken:
        return False
    return True


def _check_decisions(tx: Transaction, chains: list[_Vouched]) -> Iterator[Problem]:
    stored = {
        (row.instance_id, row.id): sha256(row.body.encode()).hexdigest()
        for row in _rows_of(tx, _DECISIONS, chains)
    }
    for chain in chains:
        for decision, (n, digest) in chain.decisions.items():
            if stored.pop((chain.chain_id, decision), None) != digest:
                yield Problem(chain.chain_id, n, ProblemKind.DECISION)
    for chain_id, _ in stored:
        yield Problem(chain_id, 0, ProblemKind.DECISION)


def _rows_of(tx: Transaction, statement: Any, chains: list[_Vouched]) -> Any:
    values = {"own_agency": tx.agency_id, "chains": [chain.chain_id for chain in chains]}
    return tx.connection.execute(statement, values).all()


def _check_definitions(tx: Transaction) -> Iterator[Problem]:
    """A definition is named by the hash of its files, which running cases' events hold."""
    own = {"own_agency": tx.agency_id}
    for identifier, system in tx.connection.execute(_DEFINITIONS, own).all():
        files = tx.connection.execute(_FILES, {**own, "id": identifier}).all()
        bundle = Bundle(system, {file.name: file.content for file in files})
        hashes = all(sha256(file.content).hexdigest() == file.sha256 for file in files)
        if bundle.definition_id != identifier or not hashes:
            yield Problem(identifier, 0, ProblemKind.DEFINITION_FILE)
