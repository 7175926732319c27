"""The token game: every marking that a diagram can come to, searched for a stop or a double token.

Sub-processes are part of the same game; a repeated or called step is one waiting step. Branches
behind non-interrupting events run on at once, as in the engine, where automatic steps come before
anything waits; otherwise a reminder in a circle would seem to overtake itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from engine.bpmn.lint.diagram import ACTIVITIES, Diagram, Flow, Node
from engine.bpmn.lint.graph import Edges, side_branches, spread, successors, turned
from engine.errors import Finding

MAX_STATES: Final = 4_000
# A place is a flow id, `@id` for a started activity or wait, `~id` for a boundary event that has
# not fired yet.
Marking = frozenset[str]


class DoubleTokenError(Exception):
    """A second token came to `place`, where one was already."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place[1:] if place[0] in "@~" else place


class TooManyStatesError(Exception):
    """More markings than the search may look at."""


def check_soundness(diagram: Diagram) -> Iterator[Finding]:
    """Markings that stop before the end, double tokens, and diagrams too large to be searched.

    Only for diagrams without findings about structure and paths.
    """
    for process, element in diagram.processes.items():
        try:
            following = _search(diagram, process)
        except DoubleTokenError as error:
            at = diagram.flows.get(error.place) or diagram.nodes[error.place]
            yield diagram.finding("diagram.double_token", _met_twice(diagram, at))
        except TooManyStatesError:
            yield diagram.finding("diagram.too_many_states", element, limit=str(MAX_STATES))
        else:
            stuck = _stuck_place(following)
            if stuck is not None:
                yield diagram.finding("diagram.deadlock", _waiting_node(diagram, stuck))


def _met_twice(diagram: Diagram, at: Flow | Node) -> Node:
    """The step that would run twice."""
    if isinstance(at, Node):
        return at
    ends = (diagram.nodes[at.target], diagram.nodes[at.source])
    return next((node for node in ends if node.kind in ACTIVITIES), ends[0])


def _search(diagram: Diagram, process: str) -> Mapping[Marking, frozenset[Marking]]:
    """All markings, in every order of steps; in the engine's own order where those are too many."""
    try:
        return _explore(Game(diagram, side_branches(diagram)), process)
    except TooManyStatesError:
        return _explore(Game(diagram, frozenset(diagram.nodes)), process)


def _explore(game: "Game", process: str) -> Mapping[Marking, frozenset[Marking]]:
    """Every marking that can be reached, with those that follow it without an interruption."""
    following: dict[Marking, frozenset[Marking]] = {}
    waiting = [game.begin(process)]
    while waiting:
        marking = waiting.pop()
        if marking in following:
            continue
        if len(following) >= MAX_STATES:
            raise TooManyStatesError
        following[marking] = frozenset(game.moves(marking))
        waiting.extend(following[marking])
        waiting.extend(game.interruptions(marking))
    return following


def _stuck_place(following: Mapping[Marking, frozenset[Marking]]) -> str | None:
    """A place of a marking from which the end cannot be reached; deadlocks before circles."""
    ends = {marking for marking in following if not marking}
    names = {marking: str(number) for number, marking in enumerate(following)}
    edges: Edges = {
        names[marking]: tuple(names[after] for after in afters)
        for marking, afters in following.items()
    }
    good = spread(turned(edges), [names[marking] for marking in ends])
    bad = [marking for marking in following if names[marking] not in good]
    if not bad:
        return None
    stopped = min(bad, key=lambda marking: (bool(following[marking]), len(marking)))
    flows = sorted(place for place in stopped if place[0] not in "@~")
    return (flows or sorted(stopped))[0]


def _waiting_node(diagram: Diagram, place: str) -> Node:
    flow = diagram.flows.get(place)
    return diagram.nodes[flow.target if flow else place[1:]]


@dataclass
class Game:
    """The rules of the token game on one diagram; tokens before `eager` nodes move first."""

    diagram: Diagram
    eager: frozenset[str]

    @cached_property
    def _reach(self) -> Mapping[str, frozenset[str]]:
        """Node id -> the nodes of its scope that it leads to."""
        edges = successors(self.diagram)
        return {node: spread(edges, edges[node]) for node in edges}

    @cached_property
    def _inner(self) -> Mapping[str, frozenset[str]]:
        """Sub-process id -> all places inside it, through all levels."""
        places: dict[str, set[str]] = {scope: set() for scope in self.diagram.scopes}
        for flow in self.diagram.flows.values():
            self._note(places, flow.scope, flow.id)
        for node in self.diagram.nodes.values():
            self._note(places, node.scope, f"@{node.id}")
            self._note(places, node.scope, f"~{node.id}")
        return {scope: frozenset(found) for scope, found in places.items()}

    def _note(self, places: dict[str, set[str]], scope: str, place: str) -> None:
        while True:
            places[scope].add(place)
            if scope not in self.diagram.nodes:
                return
            scope = self.diagram.nodes[scope].scope

    def begin(self, process: str) -> Marking:
        """The marking after the start event of a process."""
        return self._started(frozenset(), process)

    def moves(self, marking: Marking) -> Iterator[Marking]:
        """The markings after one step."""
        steps: list[Marking] = []
        for place in sorted(marking):
            found = self._automatic(marking, place)
            if found and self._node_at(place).id in self.eager:
                yield from found
                return
            steps.extend(found)
        yield from steps or self._inclusive_joins(marking)
        for place in sorted(marking):
            if place.startswith("@"):
                yield from self._ended_waits(marking, self.diagram.nodes[place[1:]])

    def _node_at(self, place: str) -> Node:
        flow = self.diagram.flows.get(place)
        return self.diagram.nodes[flow.target if flow else place[1:]]

    def _automatic(self, marking: Marking, place: str) -> list[Marking]:
        node = self._node_at(place)
        if place[0] not in "@~":
            return self._entered(marking, node, place)
        done = place[0] == "@" and node.kind == "subProcess" and not marking & self._inner[node.id]
        return [self._left(marking, node)] if done else []

    def _entered(self, marking: Marking, node: Node, place: str) -> list[Marking]:
        rest = marking - {place}
        outgoing = self.diagram.outgoing[node.id]
        match node.kind:
            case "endEvent":
                ends_all = node.event == "terminate"
                return [rest - self._inner[node.scope] if ends_all else rest]
            case "exclusiveGateway":
                return [self._put(rest, flow.id) for flow in outgoing]
            case "intermediateThrowEvent" | "serviceTask" | "businessRuleTask":
                return [self._put(rest, *(flow.id for flow in outgoing))]
            case "parallelGateway":
                arriving = {flow.id for flow in self.diagram.incoming[node.id]}
                if not arriving <= marking:
                    return []
                return [self._put(marking - arriving, *(flow.id for flow in outgoing))]
            case "inclusiveGateway":
                return []
            case _:
                return [self._activated(rest, node)]

    def _inclusive_joins(self, marking: Marking) -> list[Marking]:
        for node in self.diagram.of_kind("inclusiveGateway"):
            arrived = {flow.id for flow in self.diagram.incoming[node.id]} & marking
            if arrived and not self._may_still_come(marking - arrived, node):
                return [
                    self._put(marking - arrived, *chosen)
                    for chosen in _choices([flow.id for flow in self.diagram.outgoing[node.id]])
                ]
        return []

    def _may_still_come(self, others: Marking, node: Node) -> bool:
        """Can a token of the same scope still come to a way into `node` that is empty now?"""
        for place in others:
            flow = self.diagram.flows.get(place)
            at = flow.target if flow else place[1:]
            if at != node.id and node.id in self._reach[at]:
                return True
        return False

    def _activated(self, marking: Marking, node: Node) -> Marking:
        armed = (f"~{event.id}" for event in self.diagram.boundary.get(node.id, ()))
        after = self._put(marking, f"@{node.id}", *armed)
        return self._started(after, node.id) if node.kind == "subProcess" else after

    def _started(self, marking: Marking, scope: str) -> Marking:
        start = self.diagram.starts(scope)[0]
        return self._put(marking, *(flow.id for flow in self.diagram.outgoing[start.id]))

    def _ended_waits(self, marking: Marking, node: Node) -> Iterator[Marking]:
        if node.kind == "eventBasedGateway":
            for flow in self.diagram.outgoing[node.id]:
                after = (out.id for out in self.diagram.outgoing[flow.target])
                yield self._put(marking - {f"@{node.id}"}, *after)
        elif node.kind != "subProcess":
            yield self._left(marking, node)
        if node.kind != "subProcess":
            yield from self._events(marking, node)

    def interruptions(self, marking: Marking) -> Iterator[Marking]:
        """The markings after an event at the edge of a sub-process.

        Nobody may rely on them: a sub-process that only an interruption can end is stuck.
        """
        for place in sorted(marking):
            if place.startswith("@") and self.diagram.nodes[place[1:]].kind == "subProcess":
                yield from self._events(marking, self.diagram.nodes[place[1:]])

    def _events(self, marking: Marking, node: Node) -> Iterator[Marking]:
        for event in self.diagram.boundary.get(node.id, ()):
            if f"~{event.id}" in marking:
                fired = marking - {f"~{event.id}"}
                rest = self._cleared(fired, node) if event.interrupting else fired
                yield self._put(rest, *(flow.id for flow in self.diagram.outgoing[event.id]))

    def _left(self, marking: Marking, node: Node) -> Marking:
        rest = self._cleared(marking, node)
        return self._put(rest, *(flow.id for flow in self.diagram.outgoing[node.id]))

    def _cleared(self, marking: Marking, node: Node) -> Marking:
        armed = {f"~{event.id}" for event in self.diagram.boundary.get(node.id, ())}
        return marking - armed - {f"@{node.id}"} - self._inner.get(node.id, frozenset())

    def _put(self, marking: Marking, *places: str) -> Marking:
        found = set(marking)
        for place in places:
            if place in found:
                raise DoubleTokenError(place)
            found.add(place)
        return frozenset(found)


def _choices(flows: list[str]) -> Iterator[tuple[str, ...]]:
    """Every way to take at least one of the flows."""
    for number in range(1, 2 ** len(flows)):
        yield tuple(flow for bit, flow in enumerate(flows) if number >> bit & 1)
