"""Codes that people would read as they are, because no setting says a word for them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from engine.bpmn.lint.diagram import SPIFF, Diagram, Node
from engine.domain.code_words import NAMING, CodeWords
from engine.errors import Finding
from engine.rules.dmn import DecisionTable
from engine.rules.dmn.cells import Literal

RULE: Final = "system.code_without_words"
# A code that an operation names as it is.
_CODE: Final = re.compile(r"\s*['\"]([a-z0-9_]+)['\"]\s*")


def check_codes(
    tables: Mapping[str, DecisionTable], diagrams: Iterable[Diagram], codes: CodeWords
) -> Iterator[Finding]:
    """Each code that a table reads or gives and each that a step names has a word in `[codes]`."""
    for table in tables.values():
        known = codes.of(table.id)
        for code in sorted(codes_of(table) - known.keys()):
            yield Finding(RULE, file=table.file, params={"element": table.id, "code": code})
    for diagram in diagrams:
        for node in diagram.of_kind("serviceTask"):
            for owner, code in _named(node):
                if code not in codes.of(owner):
                    yield diagram.finding(RULE, node, element=owner, code=code)


def codes_of(table: DecisionTable) -> frozenset[str]:
    """The texts that the cells of a table name and those its columns allow."""
    found: set[Literal | None] = set()
    for column in table.inputs:
        found.update(column.allowed.literals if column.allowed else ())
    for output in table.outputs:
        found.update(output.allowed)
    for rule in table.rules:
        found.update(rule.outputs)
        for cell in rule.cells:
            found.update(cell.literals)
    return frozenset(text for text in found if isinstance(text, str))


def _named(node: Node) -> Iterator[tuple[str, str]]:
    """The codes that a service task names, each with whose words it has."""
    for operator in node.element.iter(f"{SPIFF}serviceTaskOperator"):
        name, owner = NAMING.get(operator.get("id", ""), ("", ""))
        for parameter in operator.iter(f"{SPIFF}parameter"):
            written = _CODE.fullmatch(parameter.get("value", ""))
            if owner and parameter.get("id") == name and written:
                yield owner, written[1]
