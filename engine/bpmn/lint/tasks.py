"""Work of people and machines: lanes, forms, duties kept apart, operations, tables, properties."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from engine.bpmn.lint.diagram import BPMN, SPIFF, Diagram, Node, properties_of, text_of
from engine.bpmn.lint.sites import duration_days, repetition
from engine.bpmn.lint.surroundings import Surroundings
from engine.bpmn.lint.writes import decision_of, written_key
from engine.errors import Finding

MAX_INSTANCES: Final = 50
RESERVED: Final = frozenset({"case", "row", "acting_as", "figures", "work"})
_VARIABLE = re.compile(r"[a-z][a-z0-9_]{0,63}")
# What a form may open with, of which step and field what was noted, and of which step what was
# answered in the appraisal before.
_FIGURES = re.compile(
    r"complaint_figures|attendance_figures|training_hours|suggest_peers"
    r"|noted_rows:[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*|earlier_answers:[a-z][a-z0-9_]*"
)
# Among the parameters of an operation: it takes more of them, named by the author.
_ANY = "*"
_SEPARATION: Final = frozenset({"subject", "participant"})
_SEPARATED: Final = _SEPARATION | {"rater"}
_PARTICIPATION: Final = frozenset({
    "rating", "mediation", "explanation", "moderation", "takeover", "advice", "appeal_decision",
    "signature", "statement",
})  # fmt: skip
# What nobody may key in for another.
_NEVER_ON_PAPER: Final = frozenset({"alur:participation", "alur:signs", "alur:confidentiality"})
# What cannot be done without a name.
_NEVER_SEALED: Final = frozenset({"alur:participation", "alur:signs"})
_KINDS_OF_PROPERTY: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(
        ("alur:due", "alur:due-from", "alur:remind", "alur:participation", "alur:separation",
         "alur:signs", "alur:overdue", "alur:confidentiality", "alur:paper",
         "alur:figures"),
        frozenset({"userTask"})),
    "alur:outcome": frozenset({"endEvent"}),
    "alur:correlation": frozenset({"intermediateCatchEvent", "boundaryEvent"}),
}  # fmt: skip
_CLOSED_VALUES: Final[Mapping[str, frozenset[str]]] = {
    "alur:participation": _PARTICIPATION,
    "alur:signs": frozenset({"result"}),
    "alur:confidentiality": frozenset({"sealed"}),
    "alur:paper": frozenset({"operator"}),
}


def check_tasks(diagram: Diagram, surroundings: Surroundings) -> Iterator[Finding]:
    """User tasks, service tasks, business rule tasks and repeated steps."""
    for node in diagram.nodes.values():
        yield from _check_reserved(diagram, node)
        if node.kind == "userTask":
            yield from _check_user_task(diagram, node, surroundings)
        elif node.kind == "serviceTask":
            yield from _check_operation(diagram, node, surroundings)
        elif node.kind == "businessRuleTask":
            decision = decision_of(node)
            if decision not in surroundings.tables:
                yield diagram.finding("diagram.table_unknown", node, table=decision[:60] or "-")
        yield from _check_repetition(diagram, node)


def check_properties(diagram: Diagram, surroundings: Surroundings) -> Iterator[Finding]:
    """Properties with our prefix: known names on the right elements, with known values."""
    for element in diagram.root.iter(f"{BPMN}extensionElements"):
        owner = element.getparent()
        node = diagram.nodes.get(owner.get("id", ""))
        for name, value in properties_of(owner).items():
            if not name.startswith("alur:"):
                continue
            allowed = _KINDS_OF_PROPERTY.get(name)
            if allowed is None:
                yield diagram.finding("diagram.property_unknown", owner, property=name[:60])
            elif node is None or node.kind not in allowed:
                yield diagram.finding("diagram.property_misplaced", owner, property=name)
            elif name == "alur:separation":
                yield from _check_separation(diagram, node, value)
            elif not _is_known_value(name, value, surroundings):
                yield diagram.finding("diagram.property_value", owner, property=name,
                                      value=value[:60])  # fmt: skip


def _check_separation(diagram: Diagram, node: Node, value: str) -> Iterator[Finding]:
    """Who may not act: subject, rater, participants, who did another step, whom the case names."""
    for part in (part.strip() for part in value.split(",")):
        if part not in _SEPARATED and not _is_drawn(diagram, node, part):
            params = {"property": "alur:separation", "value": part[:60]}
            yield diagram.finding("diagram.property_value", node, **params)


def _is_drawn(diagram: Diagram, node: Node, part: str) -> bool:
    """Whether a separation speaks of another step or of an operation of this diagram.

    One step at a time: of many who answer at once none is the last.
    """
    kind, _, other = part.partition(":")
    if kind == "named":
        variable, _, field = other.partition(".")
        services = (found for found in diagram.nodes.values() if found.kind == "serviceTask")
        left = {written_key(found) for found in services}
        return variable in left and _VARIABLE.fullmatch(field) is not None
    step = diagram.nodes.get(other)
    if kind != "completed" or step is None or step.kind != "userTask":
        return False
    return other != node.id and repetition(step) is None


def _is_known_value(name: str, value: str, surroundings: Surroundings) -> bool:
    parts = [part.strip() for part in value.split(",")]
    if name in _CLOSED_VALUES:
        return value in _CLOSED_VALUES[name]
    match name:
        case "alur:due":
            return value in surroundings.deadlines
        case "alur:remind":
            return all(duration_days(part) is not None for part in parts)
        case "alur:figures":
            return _FIGURES.fullmatch(value) is not None
        case "alur:overdue":
            action, _, role = value.partition(":")
            return action in ("offer_takeover", "notify") and role in surroundings.roles
        case _:
            return bool(value.strip())


def _check_reserved(diagram: Diagram, node: Node) -> Iterator[Finding]:
    key = node.id
    if node.kind == "serviceTask":
        operator = node.element.find(f".//{SPIFF}serviceTaskOperator")
        key = "" if operator is None else operator.get("resultVariable", "")
        other = diagram.nodes.get(key)
        if other is not None and written_key(other) == key:
            yield diagram.finding("diagram.variable_taken", node, name=key)
    if key in RESERVED:
        yield diagram.finding("diagram.variable_taken", node, name=key)


def _check_user_task(diagram: Diagram, node: Node, surroundings: Surroundings) -> Iterator[Finding]:
    if not node.lane:
        yield diagram.finding("diagram.lane_missing", node)
    elif not surroundings.lanes.get(node.lane):
        yield diagram.finding("diagram.lane_unknown", node, lane=node.lane[:60])
    form = node.properties.get("formJsonSchemaFilename", "")
    if not form:
        yield diagram.finding("diagram.form_missing", node)
    elif form not in surroundings.forms:
        yield diagram.finding("diagram.form_unknown", node, form=form[:60])
    ui_form = node.properties.get("formUiSchemaFilename", "")
    if surroundings.ui_files is not None and ui_form and ui_form not in surroundings.ui_files:
        yield diagram.finding("diagram.form_unknown", node, form=ui_form[:60])
    if node.properties.get("alur:participation") == "appeal_decision":
        given = {part.strip() for part in node.properties.get("alur:separation", "").split(",")}
        if not given >= _SEPARATION:
            yield diagram.finding("diagram.separation_missing", node)
    yield from _check_together(diagram, node)


def _check_together(diagram: Diagram, node: Node) -> Iterator[Finding]:
    """Properties that exclude, or need, each other."""
    given = node.properties.keys()
    if "alur:paper" in given and _NEVER_ON_PAPER & given:
        yield diagram.finding("diagram.paper_of_others", node)
    if "alur:confidentiality" in given and _NEVER_SEALED & given:
        yield diagram.finding("diagram.sealed_and_named", node)
    if "alur:remind" in given and "alur:due" not in given:
        yield diagram.finding("diagram.remind_without_due", node)


def _check_operation(diagram: Diagram, node: Node, surroundings: Surroundings) -> Iterator[Finding]:
    operators = node.element.findall(f"{BPMN}extensionElements/{SPIFF}serviceTaskOperator")
    if len(operators) != 1:
        yield diagram.finding("diagram.operation_missing", node)
        return
    operation = operators[0].get("id", "")
    if operation not in surroundings.operations:
        yield diagram.finding("diagram.operation_unknown", node, operation=operation[:60])
        return
    variable = operators[0].get("resultVariable", "")
    if variable and not _VARIABLE.fullmatch(variable):
        yield diagram.finding("diagram.result_variable", node)
    seen: set[str] = set()
    for parameter in operators[0].iter(f"{SPIFF}parameter"):
        name = parameter.get("id", "")
        if name in seen or not _is_known(name, surroundings.operations[operation]):
            yield diagram.finding("diagram.parameter_unknown", node, parameter=name[:60],
                                  operation=operation)  # fmt: skip
        seen.add(name)


def _is_known(name: str, params: tuple[str, ...]) -> bool:
    """Whether an operation takes a parameter of this name."""
    return name in params or (_ANY in params and _VARIABLE.fullmatch(name) is not None)


def _check_repetition(diagram: Diagram, node: Node) -> Iterator[Finding]:
    loop = repetition(node)
    if loop is None:
        return
    count = text_of(loop.find(f"{BPMN}loopCardinality"))
    listed = text_of(loop.find(f"{BPMN}loopDataInputRef"))
    if bool(count) == bool(listed):
        yield diagram.finding("diagram.multi_instance_source", node)
    elif count and not (count.isascii() and count.isdigit() and 1 <= int(count) <= MAX_INSTANCES):
        yield diagram.finding("diagram.multi_instance_many", node, limit=str(MAX_INSTANCES))
