"""Where a case stands in its diagrams, told from what is known of its steps.

The state of a case keeps only what it still needs, so the way behind it is put together from work
items and events: what has one way in came through it, what has one way out left by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.domain.flowchart import CALL, CHOOSING, USER_TASK, Flowchart, Flowcharts, Node


class Standing(StrEnum):
    """What an element is in this case; `ahead` may come, `passed` no longer can."""

    DONE = "done"
    CURRENT = "current"
    NEXT = "next"
    AHEAD = "ahead"
    PASSED = "passed"


@dataclass(frozen=True)
class Known:
    """What is known of one process in a case: ids of elements, and of flows that were taken.

    `left` are work items that ended without an answer: the step was reached, and left another way.
    """

    done: frozenset[str] = frozenset()
    current: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    flows: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Places:
    """The standing of every element of one process, and the flows that the case took."""

    elements: Mapping[str, Standing]
    flows: frozenset[str] = frozenset()

    @property
    def is_current(self) -> bool:
        """Is the case in this process now?"""
        return Standing.CURRENT in self.elements.values()

    @property
    def was_reached(self) -> bool:
        """Did the case come here at all?"""
        return bool({Standing.CURRENT, Standing.DONE} & set(self.elements.values()))


NOTHING = Known()


@dataclass
class _Way:
    """The way through one process as far as it is known."""

    chart: Flowchart
    done: set[str] = field(default_factory=set)
    current: set[str] = field(default_factory=set)
    flows: set[str] = field(default_factory=set)

    @property
    def reached(self) -> set[str]:
        return self.done | self.current


def places_of(
    charts: Flowcharts, main: str, known: Mapping[str, Known], ended: bool
) -> Mapping[str, Places]:
    """The places of every process that `main` leads to; nothing is ahead of a case that ended."""
    found: dict[str, Places] = {}
    _place(charts, main, known, found, reachable=not ended)
    return found


def _place(
    charts: Flowcharts,
    process: str,
    known: Mapping[str, Known],
    found: dict[str, Places],
    *,
    reachable: bool,
) -> None:
    """Called processes first: an activity that calls one stands where that one stands."""
    chart = charts[process]
    found[process] = Places({})
    callees = {node.calls for node in chart.nodes.values() if node.calls in charts}
    for callee in sorted(callee for callee in callees if callee and callee not in found):
        _place(charts, callee, known, found, reachable=reachable)
    way = _way(charts, chart, known.get(process, NOTHING), found)
    found[process] = _places(way, reachable=reachable)


def _way(charts: Flowcharts, chart: Flowchart, known: Known, found: Mapping[str, Places]) -> _Way:
    way = _Way(chart, set(known.done | known.left), set(known.current), set(known.flows))
    calls = [node for node in chart.nodes.values() if node.calls in charts]
    for node in calls:
        if not _called_elsewhere(charts, node):
            _stand_as_called(way, node, found)
    way.done |= {flow.source for flow in chart.flows if flow.id in way.flows} - way.current
    _settle(way)
    for node in calls:
        # A process that several activities call was called by the one that the way led to.
        came = any(flow.id in way.flows for flow in chart.incoming[node.id])
        if came and node.id not in way.done:
            _stand_as_called(way, node, found)
    _settle(way)
    return way


def _called_elsewhere(charts: Flowcharts, node: Node) -> bool:
    callers = [n for chart in charts.values() for n in chart.nodes.values()]
    return sum(caller.calls == node.calls for caller in callers) > 1


def _stand_as_called(way: _Way, node: Node, found: Mapping[str, Places]) -> None:
    inner = found[node.calls or ""]
    if inner.is_current:
        way.current.add(node.id)
    elif inner.was_reached:
        way.done.add(node.id)


def _settle(way: _Way) -> None:
    """Walk until nothing more follows; who came this far came in at the start."""
    if way.reached:
        way.done |= {n.id for n in way.chart.nodes.values() if n.kind == "startEvent"}
    size = -1
    while size != len(way.done) + len(way.flows):
        size = len(way.done) + len(way.flows)
        _walk(way)


def _walk(way: _Way) -> None:
    for node in way.chart.nodes.values():
        if node.id in way.reached:
            _back(way, node)
        if node.id in way.done:
            _forth(way, node)


def _back(way: _Way, node: Node) -> None:
    """An element that was reached by its only way in came through it."""
    if node.host:
        if node.id in way.done and node.host not in way.current:
            way.done.add(node.host)
        return
    ways = way.chart.incoming[node.id]
    if len(ways) == 1:
        way.flows.add(ways[0].id)
        if ways[0].source not in way.current:
            way.done.add(ways[0].source)


def _forth(way: _Way, node: Node) -> None:
    """An element that is done left by its only way out; what runs by itself is done as well."""
    ways = way.chart.outgoing[node.id]
    only = len(ways) == 1 and not _left_otherwise(way, node)
    taken = ways if only or (node.kind not in CHOOSING and not node.host and len(ways) > 1) else ()
    for flow in (*taken, *(f for f in ways if f.id in way.flows)):
        way.flows.add(flow.id)
        target = way.chart.nodes[flow.target]
        if _runs_by_itself(target) and flow.target not in way.current:
            way.done.add(flow.target)


def _left_otherwise(way: _Way, node: Node) -> bool:
    """Was the activity interrupted by an event on its edge?"""
    events = way.chart.boundaries.get(node.id, ())
    return any(event in way.done and way.chart.nodes[event].interrupts for event in events)


def _runs_by_itself(node: Node) -> bool:
    return node.kind not in {USER_TASK, CALL, "intermediateCatchEvent", "receiveTask"}


def _places(way: _Way, *, reachable: bool) -> Places:
    chart = way.chart
    started = bool(way.reached)
    ahead = chart.ahead_of(way.current) if started else frozenset(chart.nodes)
    nearest = {flow.target for node in way.current for flow in chart.outgoing[node]}

    def standing(node: str) -> Standing:
        if node in way.current:
            return Standing.CURRENT
        if node in way.done:
            return Standing.DONE
        if not reachable or node not in ahead:
            return Standing.PASSED
        return Standing.NEXT if node in nearest else Standing.AHEAD

    return Places({node: standing(node) for node in chart.nodes}, frozenset(way.flows))
