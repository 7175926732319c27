"""What the steps of a diagram write into the data of the case."""

from collections.abc import Mapping

from engine.bpmn.lint.diagram import BPMN, Node, text_of
from engine.bpmn.lint.sites import repetition
from engine.bpmn.lint.surroundings import ANY, DataFlow, Surroundings

Names = frozenset[str]


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


def written(node: Node, surroundings: Surroundings) -> DataFlow:
    """What a node itself writes when it is done; what a sub-process leaves is found inside it."""
    key = written_key(node)
    names: Names = frozenset()
    if key is None or node.kind in ("endEvent", "intermediateThrowEvent"):
        return DataFlow(names, names)
    if node.kind == "userTask" and repetition(node) is None:
        names = _form_names(key, surroundings.forms.get(_form_of(node)))
    elif node.kind == "businessRuleTask" and decision_of(node) in surroundings.tables:
        outputs = surroundings.tables[decision_of(node)].outputs
        names = frozenset(f"{key}.{output.name}" for output in outputs)
    elif node.kind == "callActivity":
        unknown = DataFlow(frozenset({f"{key}.outcome"}), frozenset({f"{key}.outcome"}))
        return surroundings.leaves.get(key, unknown)
    elif node.kind == "subProcess":
        return DataFlow(names, names)
    else:
        names = frozenset({key, f"{key}.{ANY}"}) | _collected(node)
    return DataFlow(names, names)


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
