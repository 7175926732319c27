"""What events vouch for: rows that must stand as they did when their event was written."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Table, and_, bindparam, select

from engine.domain.actions import Action
from engine.domain.audit import Problem, ProblemKind, SealedEvent
from engine.errors import TrailBroken
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.result_sheets import record_sha256
from engine.store.sealing import Sealed, SealingKey, open_committed

_instance, _key = tables.instance, tables.sealing_key
_IN_CHAINS: Any = bindparam("chains", expanding=True)
# What no digest equals: a row whose content does not open to what its event sealed.
_BROKEN = ""
Stored = dict[tuple[str, str], str]
RATED = ("result_rating", "behaviour_rating", "predicate")
OF_RESULT = (*RATED, "decided_by")


@dataclass(frozen=True)
class _Word:
    """How the events of one action vouch: `name` tells which row, `digest` what was in it."""

    problem: ProblemKind
    name: str
    digest: tuple[str, ...]


_WORDS: Mapping[str, _Word] = {
    Action.WORK_COMPLETED: _Word(ProblemKind.SUBMISSION, "item", ("commitment",)),
    Action.DECISION_EVALUATED: _Word(ProblemKind.DECISION, "decision", ("body_sha256",)),
    Action.COMMENT_WRITTEN: _Word(ProblemKind.COMMENT, "comment", ("commitment",)),
    Action.SHEET_MADE: _Word(ProblemKind.RESULT_SHEET, "sheet", ("record_sha256",)),
    Action.WORK_DELEGATED: _Word(ProblemKind.DELEGATION, "delegation", ("to",)),
    Action.RESULT_VERSIONED: _Word(ProblemKind.RESULT, "version", OF_RESULT),
}


@dataclass
class Vouched:
    """What the events of one chain vouch for: number of the event and digest, by kind and row."""

    chain_id: str
    found: dict[tuple[ProblemKind, str], tuple[int, str]] = field(default_factory=dict)

    def note(self, event: SealedEvent) -> None:
        """Remember what an event vouches for."""
        word = _WORDS.get(event.action)
        if word is None and event.action != Action.WORK_RECALLED:
            return
        body = _body(event)
        values = {"item": body.get("item"), **body.get("values", {})}
        if word is None:
            self._forget_after(values.get("result_version"))
        elif values.keys() >= set(word.digest):
            digest = _joined(_after(values[part]) for part in word.digest)
            self.found[word.problem, str(values.get(word.name))] = (event.n, digest)

    def _forget_after(self, version: object) -> None:
        """A step that was taken back took the versions of the result with it that it had made."""
        gone = [
            key for key in self.found
            if key[0] is ProblemKind.RESULT and isinstance(version, int) and int(key[1]) > version
        ]  # fmt: skip
        for key in gone:
            del self.found[key]


def _after(value: object) -> object:
    """Of a pair of before and after, the second."""
    return value[-1] if isinstance(value, list) and value else value


def _joined(parts: Iterable[object]) -> str:
    return "|".join(str(part) for part in parts)


def _body(event: SealedEvent) -> dict[str, Any]:
    try:
        body = json.loads(event.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) and isinstance(body.get("values", {}), dict) else {}


def check(tx: Transaction, chains: Sequence[Vouched]) -> Iterator[Problem]:
    """Each row of these chains has its event, and each event its row with what it sealed."""
    values = {"own_agency": tx.agency_id, "chains": [chain.chain_id for chain in chains]}
    for problem, (statement, read) in _READ.items():
        stored = read(tx.connection.execute(statement, values).all())
        for chain in chains:
            for (kind, name), (n, digest) in chain.found.items():
                if kind is problem and stored.pop((chain.chain_id, name), None) != digest:
                    yield Problem(chain.chain_id, n, problem)
        for chain_id, _ in stored:
            yield Problem(chain_id, 0, problem)


def _of_chains(table: Table, *columns: str) -> Any:
    return select(*(table.c[name] for name in ("instance_id", *columns))).where(
        rows.own(table), table.c.instance_id.in_(_IN_CHAINS)
    )


def _with_key(table: Table, name: str) -> Any:
    """Sealed rows with the key of their case; the first two columns say which row it is."""
    of_case = and_(
        _instance.c.agency_id == table.c.agency_id, _instance.c.id == table.c.instance_id
    )
    its_key = and_(
        _key.c.agency_id == _instance.c.agency_id, _key.c.id == _instance.c.sealing_key_id
    )
    columns = (_key.c[column] for column in ("id", "employee_id", "period", "key", "created_at"))
    return (
        _of_chains(table, name, "commitment", "payload")
        .add_columns(*columns)
        .join(_instance, of_case)
        .join(_key, its_key)
    )


def _sealed(found: Sequence[Any]) -> Stored:
    stored = {}
    for chain_id, name, commitment, payload, *key in found:
        sealing_key = SealingKey(*key)
        whole = sealing_key.key is None or _opens(sealing_key, Sealed(payload, commitment))
        stored[chain_id, name] = commitment if whole else _BROKEN
    return stored


def _opens(key: SealingKey, sealed: Sealed) -> bool:
    try:
        open_committed(key, sealed)
    except TrailBroken:
        return False
    return True


def _decisions(found: Sequence[Any]) -> Stored:
    return {(row.instance_id, row.id): sha256(row.body.encode()).hexdigest() for row in found}


def _sheets(found: Sequence[Any]) -> Stored:
    return {(row.instance_id, row.id): record_sha256(row) for row in found}


def _delegates(found: Sequence[Any]) -> Stored:
    return {(row.instance_id, row.id): row.delegate_id for row in found}


def _with_figures() -> Any:
    """Versions of results, with what lists and exports show of the one that holds."""
    result, figures = tables.result_version, tables.appraisal
    same = and_(
        figures.c.agency_id == result.c.agency_id,
        figures.c.instance_id == result.c.instance_id,
        figures.c.result_version == result.c.version,
    )
    shown = (figures.c[name].label(f"shown_{name}") for name in ("instance_id", *RATED))
    return _of_chains(result, "version", *OF_RESULT).add_columns(*shown).outerjoin(figures, same)


def _results(found: Sequence[Any]) -> Stored:
    stored = {}
    for row in found:
        decided = _joined(getattr(row, name) for name in OF_RESULT)
        shown = [getattr(row, f"shown_{name}") for name in RATED]
        differs = row.shown_instance_id and shown != [getattr(row, name) for name in RATED]
        stored[row.instance_id, str(row.version)] = _BROKEN if differs else decided
    return stored


_READ: Mapping[ProblemKind, tuple[Any, Callable[[Sequence[Any]], Stored]]] = {
    ProblemKind.SUBMISSION: (_with_key(tables.submission, "work_item_id"), _sealed),
    ProblemKind.DECISION: (_of_chains(tables.decision, "id", "body"), _decisions),
    ProblemKind.COMMENT: (_with_key(tables.case_comment, "id"), _sealed),
    ProblemKind.RESULT_SHEET: (
        _of_chains(
            tables.result_sheet, "id", "version", "language", "edition", "code_hash",
            "facts_sealed", "pdf_sha256",
        ),
        _sheets,
    ),
    ProblemKind.DELEGATION: (_of_chains(tables.delegation, "id", "delegate_id"), _delegates),
    ProblemKind.RESULT: (_with_figures(), _results),
}  # fmt: skip
