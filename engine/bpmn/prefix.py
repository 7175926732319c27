"""The automatic start of a case, run once for all whose cases start alike.

Proved, not assumed: the start is run with the data of one person and again with holes in place of
everything that no expression of it read. Only if both runs do the same, and the second state with
the first person's data in its holes is the first state, is the start the same for everybody who
agrees with that person in what was read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from engine.bpmn import state
from engine.bpmn.environment import StepContext
from engine.bpmn.run import Execution
from engine.bpmn.specs import Specs
from engine.domain.process import AwaitedMessage, ReadyTask, StepKind, StepRecord, WaitingTimer
from engine.errors import ExecutionFailed
from engine.rules.expressions import Expression, ExpressionCache

CASE = "case"
# A number that no case holds stands for a field; whatever computes with it goes another way.
_HOLE = "-731000000000000731"
_HOLES = re.compile(rb'\{"\$decimal":"-731000000000000731(\d{3})"\}')
_RANK = 4


@dataclass(frozen=True)
class Prefix:
    """One automatic start: its state with holes, what it opened, and what it read of the case."""

    pieces: tuple[bytes | str, ...]
    reads: frozenset[str]
    ready: tuple[ReadyTask, ...]
    dues: tuple[datetime | None, ...]
    timers: tuple[WaitingTimer, ...]
    awaited: tuple[AwaitedMessage, ...]
    records: tuple[StepRecord, ...]
    seen: Mapping[str, object]

    def fits(self, case: Mapping[str, object]) -> bool:
        """Whether this is how a case with these data starts."""
        return all(case.get(name) == self.seen[name] for name in self.reads)

    def state_for(
        self, case: Mapping[str, object], written: Mapping[str, bytes] | None = None
    ) -> bytes:
        """The state of such a case after its start; `written` holds fields written already."""
        given = {name: state.written(value) for name, value in case.items()} | dict(written or {})
        plain = b"".join(given[p] if isinstance(p, str) else p for p in self.pieces)
        return state.packed(plain)


class _Watched(ExpressionCache):
    """Compiled expressions that note which paths were read."""

    def __init__(self, inner: ExpressionCache) -> None:
        super().__init__()
        self.inner = inner
        self.paths: set[str] = set()

    def get(self, text: str) -> Expression:
        found = self.inner.get(text)
        self.paths |= found.names
        return found


def run_prefix(
    specs: Specs, process_id: str, case: Mapping[str, object], context: StepContext
) -> Prefix | None:
    """How a case starts, for this person and all alike; None when only a start of its own tells.

    Operations must refuse in `context`: what they read cannot be known.
    """
    watched = _Watched(specs.expressions)
    try:
        own = _started(replace(specs, expressions=watched), process_id, case, context)
        reads = _reads(watched.paths, own.ready)
        if reads is None or own.completed or own.effects:
            return None
        known = own.dump()
        holed = {name: _value(case, name, place, reads) for place, name in enumerate(case)}
        blank = _started(specs, process_id, holed, context)
        prefix = _prefix(blank, reads, case)
    except ExecutionFailed:
        return None
    same = _facts(own) == _facts(blank) and _is(prefix, case, known)
    return prefix if same else None


def _started(
    specs: Specs, process_id: str, case: Mapping[str, object], context: StepContext
) -> Execution:
    execution = Execution.start(specs, process_id, {CASE: dict(case)}, context)
    execution.advance()
    # Due dates and correlations may read the case as well.
    _facts(execution)
    return execution


def _reads(paths: set[str], ready: Sequence[ReadyTask]) -> frozenset[str] | None:
    """The fields of the case that were read; None when it was read as a whole."""
    every = {*paths, *(task.properties.get("alur:due-from", "") for task in ready)}
    if CASE in every:
        return None
    return frozenset(path.split(".")[1] for path in every if path.startswith(f"{CASE}."))


def _value(case: Mapping[str, object], name: str, place: int, reads: frozenset[str]) -> object:
    return case[name] if name in reads else Decimal(f"{_HOLE}{place:03}")


def _facts(execution: Execution) -> tuple[Any, ...]:
    """What a start did, without the ids of its tasks."""
    return (
        [replace(task, task_id="") for task in execution.ready],
        [execution.due(task.task_id) for task in execution.ready],
        [replace(timer, task_id="") for timer in execution.timers],
        [replace(message, task_id="") for message in execution.awaited],
        execution.records,
    )


def _prefix(blank: Execution, reads: frozenset[str], case: Mapping[str, object]) -> Prefix:
    names = list(case)
    parts = re.split(_HOLES, state.unpacked(blank.dump()))
    pieces = tuple(names[int(part)] if place % 2 else part for place, part in enumerate(parts))
    return Prefix(
        pieces,
        reads,
        blank.ready,
        tuple(blank.due(task.task_id) for task in blank.ready),
        blank.timers,
        blank.awaited,
        blank.records,
        {name: case[name] for name in reads},
    )


def _is(prefix: Prefix, case: Mapping[str, object], known: bytes) -> bool:
    """Whether the filled state is the known one, but for ids and the times of changes."""
    if any(record.kind is StepKind.DECISION_MADE for record in prefix.records):
        return False
    return _nameless(prefix.state_for(case)) == _nameless(known)


def _nameless(packed: bytes) -> Any:
    plain = state.unpacked(packed)
    document = orjson.loads(plain)
    tasks = [*document["top"]["tasks"], *(t for _, i in document["inner"] for t in i["tasks"])]
    for place, task in enumerate(tasks):
        plain = plain.replace(task[0].encode(), b"task %d" % place)
    document = orjson.loads(plain)
    for task in [*document["top"]["tasks"], *(t for _, i in document["inner"] for t in i["tasks"])]:
        task[_RANK] = 0
    return document
