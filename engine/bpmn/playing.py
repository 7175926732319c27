"""Many plays in a limited child process: what hangs or grows there cannot hurt the server."""

import resource
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Final

from engine.bpmn.lint.bundle import process_files, read_forms
from engine.bpmn.simulate import (
    Data,
    Operations,
    PlayResult,
    Remembering,
    StubbedOperations,
    World,
    never_visited,
    play,
)
from engine.bpmn.specs import build_specs
from engine.domain.bundle import Bundle
from engine.domain.process import OperationCall
from engine.errors import Finding

_SAME_FAILURES: Final = 5
# So many of the effects that plays leave are met by later ones.
_MOST_LEFT: Final = 50


@dataclass(frozen=True)
class Limits:
    """What the child may use: seconds of processor and wall clock, bytes of memory."""

    cpu_seconds: int = 60
    wall_seconds: int = 120
    memory_bytes: int = 1_500_000_000


@dataclass(frozen=True)
class PlayOrder:
    """Which process of which bundle is played how often; `operations` must be picklable.

    `left` are effects of other plays, which operations that remember meet from the first play on;
    `limits` are the numbers of the settings.
    """

    bundle: Bundle
    process_id: str
    plays: int = 200
    seed: int = 1
    deadlines: Mapping[str, int] = field(default_factory=dict)
    operations: Operations = field(default_factory=StubbedOperations)
    messages: Mapping[str, tuple[Data, ...]] = field(default_factory=dict)
    left: tuple[OperationCall, ...] = ()
    limits: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class PlayReport:
    """How the plays went: outcomes with their number, the longest play, and what was found.

    `left` are effects that the plays asked for, some of them and each once.
    """

    played: int
    outcomes: Mapping[str, int]
    longest: int
    findings: tuple[Finding, ...]
    left: tuple[OperationCall, ...] = ()


def play_many(order: PlayOrder, limits: Limits = Limits()) -> PlayReport:
    """The report of many plays in a child process under `limits`; never raises for a diagram."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_play_limited, args=(theirs, limits, order), daemon=True)
    child.start()
    theirs.close()
    try:
        if not ours.poll(limits.wall_seconds):
            return _killed(order, "timeout")
        report: PlayReport = ours.recv()
    except EOFError:
        child.join()
        return _killed(order, f"exit {child.exitcode}")
    else:
        return report
    finally:
        child.kill()
        child.join()


def _play_limited(channel: Connection, limits: Limits, order: PlayOrder) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    channel.send(play_here(order))


def play_here(order: PlayOrder) -> PlayReport:
    """The same in this process, without limits: for diagrams that were checked before."""
    specs = build_specs(process_files(order.bundle))
    forms = read_forms(order.bundle, [])
    world = World(forms, order.deadlines, order.operations, order.messages, order.limits)
    results: list[PlayResult] = []
    left = {repr(effect): effect for effect in order.left}
    for number in range(order.plays):
        if isinstance(order.operations, Remembering):
            world = replace(world, operations=order.operations.among(_newest(left)))
        seed = order.seed * 1_000_003 + number
        results.append(play(specs, order.process_id, world=world, seed=seed))
        left |= {repr(effect): effect for effect in results[-1].effects}
    visited = frozenset().union(*(result.visited for result in results))
    findings = _distinct(results)
    findings += never_visited(specs, order.process_id, visited)
    return PlayReport(
        len(results),
        dict(Counter(result.outcome for result in results if result.outcome is not None)),
        max((result.steps for result in results), default=0),
        findings,
        _newest(left),
    )


def _newest(left: Mapping[str, OperationCall]) -> tuple[OperationCall, ...]:
    return tuple(left.values())[-_MOST_LEFT:]


def _distinct(results: list[PlayResult]) -> tuple[Finding, ...]:
    """Each trouble once for an element, at most five."""
    found = {
        (result.finding.rule, result.finding.element_id): result.finding
        for result in results
        if result.finding is not None
    }
    return tuple(found.values())[:_SAME_FAILURES]


def _killed(order: PlayOrder, detail: str) -> PlayReport:
    params = {"element": order.process_id, "detail": detail}
    finding = Finding("play.killed", element_id=order.process_id, params=params)
    return PlayReport(0, {}, 0, (finding,))
