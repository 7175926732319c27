"""Data of a case: every name that an expression reads is written before, on every path."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from engine.bpmn.lint.diagram import BPMN, Diagram, Node
from engine.bpmn.lint.expressions import compiled_sites
from engine.bpmn.lint.graph import side_branches
from engine.bpmn.lint.known import NOTHING, Names, added, is_known, joined, met
from engine.bpmn.lint.outcomes import DONE, refined, reported
from engine.bpmn.lint.sites import repetition
from engine.bpmn.lint.surroundings import ANY, AT_START, DataFlow, Surroundings
from engine.bpmn.lint.writes import decision_of, written
from engine.errors import Finding
from engine.rules.expressions import Expression
from engine.rules.syntax import OPTIONAL

_CASE: Final = DataFlow(AT_START, AT_START)
_ROUNDS: Final = 20


def check_data_flow(diagram: Diagram, surroundings: Surroundings) -> Iterator[Finding]:
    """Names that are read where they may be missing."""
    for process in diagram.processes:
        entry = surroundings.entries.get(process, _CASE)
        flow = DataGame(diagram, surroundings, process, entry).solve()
        for site, expression in compiled_sites(diagram):
            if diagram.process_of(site.node) == process:
                known = (flow.outs if site.after else flow.ins).get(site.node.id)
                if known is None:
                    continue
                for name in _missing(expression, known, _own(site.node)):
                    yield diagram.finding(
                        "diagram.name_unknown", site.at, name=name, expression=site.text[:80]
                    )
        yield from _check_tables(diagram, surroundings, flow)


def process_flow(diagram: Diagram, process: str, surroundings: Surroundings) -> DataFlow:
    """What a process leaves at its end when it starts with nothing."""
    return DataGame(diagram, surroundings, process, NOTHING).solve().left(process)


def call_entries(
    diagram: Diagram, process: str, surroundings: Surroundings
) -> Iterator[tuple[str, DataFlow]]:
    """Called process -> the data that it finds, once for each call activity of `process`."""
    known = names_before(diagram, process, surroundings)
    for node in diagram.of_kind("callActivity"):
        if node.id in known:
            yield node.element.get("calledElement", ""), known[node.id]


def names_before(
    diagram: Diagram, process: str, surroundings: Surroundings
) -> Mapping[str, DataFlow]:
    """The names known before each element of `process`."""
    entry = surroundings.entries.get(process, _CASE)
    return DataGame(diagram, surroundings, process, entry).solve().ins


def _missing(expression: Expression, known: DataFlow, own: Names) -> Iterator[str]:
    optional = {
        node.id.removeprefix(OPTIONAL)
        for node in ast.walk(expression.tree)
        if isinstance(node, ast.Name) and node.id.startswith(OPTIONAL)
    }
    for name in sorted(expression.names):
        # `empty(name)` asks whether it is there: then one path that writes it is enough.
        names = known.maybe if name in optional else known.always
        if not is_known(name, names | own):
            yield name


def _own(node: Node) -> Names:
    """The names that a repeated step gives to each of its instances."""
    loop = repetition(node)
    if loop is None:
        return frozenset()
    items = (loop.find(f"{BPMN}{kind}") for kind in ("inputDataItem", "outputDataItem"))
    names = {item.get("id") or item.get("name") or "" for item in items if item is not None}
    return frozenset(f"{name}{rest}" for name in names for rest in ("", f".{ANY}"))


def _check_tables(
    diagram: Diagram, surroundings: Surroundings, flow: "DataGame"
) -> Iterator[Finding]:
    for node in diagram.of_kind("businessRuleTask"):
        table = surroundings.tables.get(decision_of(node))
        if table is None or node.id not in flow.ins:
            continue
        for column in table.inputs:
            for name in _missing(column.expression, flow.ins[node.id], frozenset()):
                yield diagram.finding("diagram.table_input_unknown", node, name=name,
                                      table=table.id)  # fmt: skip


@dataclass
class DataGame:
    """The names known before and after each node of a process, found by going round till rest."""

    diagram: Diagram
    surroundings: Surroundings
    process: str
    entry: DataFlow
    side: frozenset[str] = frozenset()
    ins: dict[str, DataFlow] = field(default_factory=dict)
    outs: dict[str, DataFlow] = field(default_factory=dict)

    def solve(self) -> "DataGame":
        """This game, with `ins` and `outs` filled; nodes that no token passes stay out.

        What is always known only shrinks from round to round, so it comes to rest; the number of
        rounds is limited all the same, since a diagram is not to be trusted.
        """
        self.side = side_branches(self.diagram)
        nodes = [n for n in self.diagram.nodes.values()
                 if self.diagram.process_of(n) == self.process]  # fmt: skip
        for _ in range(2 * len(nodes) + _ROUNDS):
            # Every node takes part in each round: a list, not a search for the first change.
            changes = [self._renew(node) for node in nodes]
            if not any(changes):
                break
        return self

    def _renew(self, node: Node) -> bool:
        """Bring one node up to date; False when nothing changed."""
        before = self._before(node)
        if before is None:
            return False
        after = self._after(node, before)
        changed = self.ins.get(node.id) != before or self.outs.get(node.id) != after
        self.ins[node.id] = before
        if after is not None:
            self.outs[node.id] = after
        return changed

    def left(self, scope: str) -> DataFlow:
        """What a process or sub-process leaves when it ends."""
        ends = [
            (node.properties.get("alur:outcome", DONE), self.outs[node.id])
            for node in self.diagram.inside(scope)
            if node.kind == "endEvent" and node.id in self.outs and self._decides(node)
        ]
        found = reported(scope, ends) or NOTHING
        inner = (self.outs[node.id] for node in self.diagram.inside(scope) if node.id in self.outs)
        maybe = found.maybe.union(*(flow.maybe for flow in inner))
        return replace(found, maybe=maybe)

    def _decides(self, end: Node) -> bool:
        """Ends of side branches only take part when they stop everything else."""
        return end.id not in self.side or end.event == "terminate"

    def _before(self, node: Node) -> DataFlow | None:
        if node.kind == "startEvent":
            return self.entry if node.scope == self.process else self.ins.get(node.scope)
        if node.attached_to:
            host = self.diagram.nodes.get(node.attached_to)
            return None if host is None else self._interrupted(host)
        if node.kind == "parallelGateway" and not self._all_arrive(node):
            return None
        arriving = [
            refined(self.diagram, flow, self.outs[flow.source])
            for flow in self.diagram.incoming[node.id]
            if flow.source in self.outs
        ]
        return joined(arriving) if node.kind == "parallelGateway" else met(arriving)

    def _all_arrive(self, node: Node) -> bool:
        return all(flow.source in self.outs for flow in self.diagram.incoming[node.id])

    def _interrupted(self, host: Node) -> DataFlow | None:
        """Before a boundary event: what the host found; inside a sub-process more may be done."""
        found = self.ins.get(host.id)
        if found is None or host.kind != "subProcess":
            return found
        return replace(found, maybe=found.maybe | self.left(host.id).maybe)

    def _after(self, node: Node, before: DataFlow) -> DataFlow | None:
        if node.kind != "subProcess":
            return added(before, written(node, self.surroundings))
        ends = (end for end in self.diagram.inside(node.id) if end.kind == "endEvent")
        if not any(end.id in self.outs for end in ends):
            return None
        return added(before, self.left(node.id))
