"""Data of a case: every name that an expression reads is written before, on every path."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.bpmn.lint.diagram import BPMN, Diagram, Node, text_of
from engine.bpmn.lint.expressions import compiled_sites
from engine.bpmn.lint.graph import Edges, spread, successors
from engine.bpmn.lint.sites import repetition
from engine.bpmn.lint.surroundings import ANY, AT_START, DataFlow, Surroundings
from engine.errors import Finding
from engine.rules.expressions import Expression
from engine.rules.syntax import OPTIONAL

Names = frozenset[str]
_CASE: Final = DataFlow(AT_START, AT_START)
_JOINS: Final = frozenset({"parallelGateway", "inclusiveGateway"})


def check_data_flow(diagram: Diagram, surroundings: Surroundings) -> Iterator[Finding]:
    """Names that are read where they may be missing, and keys that parallel branches both write."""
    for process in diagram.processes:
        entry = surroundings.entries.get(process, _CASE)
        flow = DataGame(diagram, surroundings, process, entry).solve()
        for site, expression in compiled_sites(diagram):
            if diagram.process_of(site.node) == process:
                known = flow.outs if site.after else flow.ins
                for name in _missing(expression, known[site.node.id], _own(site.node)):
                    yield diagram.finding(
                        "diagram.name_unknown", site.at, name=name, expression=site.text[:80]
                    )
        yield from _check_tables(diagram, surroundings, process, flow)
    yield from _check_parallel(diagram)


def process_flow(diagram: Diagram, process: str, surroundings: Surroundings) -> DataFlow:
    """What a process leaves at its end when it starts with nothing."""
    nothing = DataFlow(frozenset(), frozenset())
    return DataGame(diagram, surroundings, process, nothing).solve().left(process)


def call_entries(
    diagram: Diagram, process: str, surroundings: Surroundings
) -> Iterator[tuple[str, DataFlow]]:
    """Called process -> the data that it finds, once for each call activity of `process`."""
    entry = surroundings.entries.get(process, _CASE)
    flow = DataGame(diagram, surroundings, process, entry).solve()
    for node in diagram.of_kind("callActivity"):
        if diagram.process_of(node) == process:
            yield node.element.get("calledElement", ""), flow.ins[node.id]


def is_known(name: str, names: Names) -> bool:
    """Is a dotted name written, as a whole, by one of its parts, or below a name with any field?"""
    parts = name.split(".")
    below = (".".join((*parts[:count], ANY)) for count in range(1, len(parts)))
    return (
        name in names
        or any(prefix in names for prefix in below)
        or any(known.startswith(f"{name}.") for known in names)
    )


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
    diagram: Diagram, surroundings: Surroundings, process: str, flow: "DataGame"
) -> Iterator[Finding]:
    for node in diagram.of_kind("businessRuleTask"):
        table = surroundings.tables.get(decision_of(node))
        if table is None or diagram.process_of(node) != process:
            continue
        for column in table.inputs:
            for name in _missing(column.expression, flow.ins[node.id], frozenset()):
                yield diagram.finding("diagram.table_input_unknown", node, name=name,
                                      table=table.id)  # fmt: skip


def decision_of(node: Node) -> str:
    """The decision id that a business rule task names."""
    return next((text_of(found) for found in node.element.iter("{*}calledDecisionId")), "")


def written_key(node: Node) -> str | None:
    """The name in the data of the case under which a node leaves its result."""
    if node.kind == "serviceTask":
        operator = node.element.find(".//{*}serviceTaskOperator")
        return None if operator is None else operator.get("resultVariable") or None
    if node.kind == "callActivity":
        return str(node.element.get("calledElement", ""))
    if node.kind in ("userTask", "businessRuleTask", "subProcess") or node.event == "message":
        return node.id
    return None


def _written(node: Node, surroundings: Surroundings) -> DataFlow:
    """What a node writes when it is done."""
    key = written_key(node)
    names: Names = frozenset()
    if key is None or node.kind in ("endEvent", "intermediateThrowEvent"):
        return DataFlow(names, names)
    if node.kind == "userTask" and repetition(node) is None:
        names = _form_names(key, surroundings.forms.get(_form_of(node)))
    elif node.kind == "businessRuleTask" and decision_of(node) in surroundings.tables:
        outputs = surroundings.tables[decision_of(node)].outputs
        names = frozenset(f"{key}.{output.name}" for output in outputs)
    elif node.kind in ("callActivity", "subProcess"):
        names = frozenset({f"{key}.outcome"})
    else:
        names = frozenset({key, f"{key}.{ANY}"}) | _collected(node)
    left = surroundings.leaves.get(key) if node.kind == "callActivity" else None
    if left is None:
        return DataFlow(names, names)
    return DataFlow(names | left.always, names | left.maybe)


def _collected(node: Node) -> Names:
    """The drawn collection of the answers of a repeated step."""
    loop = repetition(node)
    drawn = "" if loop is None else text_of(loop.find(f"{BPMN}loopDataOutputRef"))
    return frozenset({drawn}) if drawn else frozenset()


def _form_of(node: Node) -> str:
    return node.properties.get("formJsonSchemaFilename", "")


def _form_names(key: str, fields: Mapping[str, str] | None) -> Names:
    if fields is None:
        return frozenset({f"{key}.{ANY}"})
    below = {f"{key}.{name}.{ANY}" for name, kind in fields.items() if kind == "object"}
    return frozenset({key} | {f"{key}.{name}" for name in fields} | below)


@dataclass
class DataGame:
    """The names known before and after each node of a process, found by going round till rest."""

    diagram: Diagram
    surroundings: Surroundings
    process: str
    entry: DataFlow
    ins: dict[str, DataFlow] = field(default_factory=dict)
    outs: dict[str, DataFlow] = field(default_factory=dict)

    def solve(self) -> "DataGame":
        """This game, with `ins` and `outs` filled."""
        nodes = [n for n in self.diagram.nodes.values()
                 if self.diagram.process_of(n) == self.process]  # fmt: skip
        changed = True
        while changed:
            changed = False
            for node in nodes:
                before = self._before(node)
                if before is None:
                    continue
                after = self._after(node, before)
                if self.ins.get(node.id) != before or self.outs.get(node.id) != after:
                    self.ins[node.id], self.outs[node.id] = before, after
                    changed = True
        unknown = DataFlow(frozenset(), frozenset())
        for node in nodes:
            self.ins.setdefault(node.id, unknown)
            self.outs.setdefault(node.id, unknown)
        return self

    def left(self, scope: str) -> DataFlow:
        """What a process or sub-process leaves when it ends."""
        ends = [self.outs[node.id] for node in self.diagram.inside(scope)
                if node.kind == "endEvent" and node.id in self.outs]  # fmt: skip
        return _met(ends) or DataFlow(frozenset(), frozenset())

    def _before(self, node: Node) -> DataFlow | None:
        if node.kind == "startEvent":
            return self.entry if node.scope == self.process else self.ins.get(node.scope)
        if node.attached_to:
            host = self.diagram.nodes.get(node.attached_to)
            return None if host is None else self._interrupted(host)
        arriving = [self.outs[flow.source] for flow in self.diagram.incoming[node.id]
                    if flow.source in self.outs]  # fmt: skip
        return _joined(arriving) if node.kind == "parallelGateway" else _met(arriving)

    def _interrupted(self, host: Node) -> DataFlow | None:
        """Before a boundary event: what the host found; inside a sub-process more may be done."""
        found = self.ins.get(host.id)
        if found is None or host.kind != "subProcess":
            return found
        inner = (self.outs.get(node.id) for node in self.diagram.inside(host.id))
        maybe = frozenset().union(*(flow.maybe for flow in inner if flow))
        return DataFlow(found.always, found.maybe | maybe)

    def _after(self, node: Node, before: DataFlow) -> DataFlow:
        if node.kind == "subProcess":
            inner = self.left(node.id)
            before = DataFlow(before.always | inner.always, before.maybe | inner.maybe)
        written = _written(node, self.surroundings)
        return DataFlow(before.always | written.always, before.maybe | written.maybe)


def _met(flows: list[DataFlow]) -> DataFlow | None:
    """What is known where one of several ways was taken."""
    if not flows:
        return None
    always = frozenset.intersection(*(flow.always for flow in flows))
    return DataFlow(always, frozenset().union(*(flow.maybe for flow in flows)))


def _joined(flows: list[DataFlow]) -> DataFlow | None:
    """What is known where all of several ways were taken."""
    if not flows:
        return None
    always = frozenset().union(*(flow.always for flow in flows))
    return DataFlow(always, frozenset().union(*(flow.maybe for flow in flows)))


def _check_parallel(diagram: Diagram) -> Iterator[Finding]:
    edges = successors(diagram)
    for gateway in diagram.of_kind(*_JOINS):
        ways = [
            flow.target for flow in diagram.outgoing[gateway.id] if flow.target in diagram.nodes
        ]
        branches = [_branch(diagram, edges, gateway.id, way) for way in ways]
        written: dict[str, int] = {}
        for number, branch in enumerate(branches):
            others = frozenset().union(*(b for n, b in enumerate(branches) if n != number))
            for node_id in sorted(branch - others):
                key = written_key(diagram.nodes[node_id])
                if key is not None and written.setdefault(key, number) != number:
                    yield diagram.finding(
                        "diagram.parallel_write", diagram.nodes[node_id], name=key
                    )


def _branch(diagram: Diagram, edges: Edges, gateway: str, way: str) -> frozenset[str]:
    """The nodes of one branch, up to where branches come together again."""
    closed = {
        node: () if node == gateway or _joins(diagram, node) else targets
        for node, targets in edges.items()
    }
    return spread(closed, [way])


def _joins(diagram: Diagram, node: str) -> bool:
    return diagram.nodes[node].kind in _JOINS and len(diagram.incoming[node]) > 1
