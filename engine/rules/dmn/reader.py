"""Reads DMN 1.3 files as dmn-js writes them; refuses what this product would not execute."""

import hashlib
from collections.abc import Iterator
from typing import Final

from engine.errors import Finding, InvalidDefinition, UnsafeExpression
from engine.rules.dmn.cells import BadCell, Cell, Kind, Literal, parse_cell, parse_literals
from engine.rules.dmn.table import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    Input,
    Output,
    Rule,
)
from engine.rules.expressions import FUNCTIONS, Expression, compile_expression
from engine.rules.xml import Element, elements_of, line_of, parse_xml

MAX_RULES: Final = 1_000
MAX_COLUMNS: Final = 30
# A row of a table takes two elements a column.
MAX_ELEMENTS: Final = 40_000
_DMN: Final = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
_FUNCTIONS: Final = frozenset(FUNCTIONS)
_KINDS: Final = {
    **{kind.value: kind for kind in Kind},
    # Older versions of dmn-js offered these.
    "integer": Kind.NUMBER,
    "long": Kind.NUMBER,
    "double": Kind.NUMBER,
}
_LANGUAGES: Final = (None, "", "feel", "https://www.omg.org/spec/DMN/20191111/FEEL/")
# Executing only a part of these would give another decision than the picture shows.
_UNSUPPORTED: Final = (
    "literalExpression", "invocation", "context", "relation", "functionDefinition", "list",
    "businessKnowledgeModel", "decisionService", "import", "requiredDecision", "itemDefinition",
)  # fmt: skip


def parse_table(content: bytes, *, file: str) -> DecisionTable:
    """The decision table of a DMN file; to be called at deploy and cache load only.

    One decision with one table a file. Raises InvalidDefinition with every finding, each with the
    id and line of its element. `check_table` then looks for overlaps and gaps.
    """
    reader = _Reader(file)
    root = parse_xml(content, file=file, max_elements=MAX_ELEMENTS)
    table = reader.table(root, hashlib.sha256(content).hexdigest())
    if table is None or reader.findings:
        raise InvalidDefinition(reader.findings)
    return table


class _Reader:
    """Walks one file and gathers every finding before it gives up."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.cells: dict[tuple[str, Kind], Cell] = {}

    def table(self, root: Element, sha256: str) -> DecisionTable | None:
        parts = self._decision(root)
        if parts is None:
            return None
        decision, table = parts
        inputs = tuple(self._inputs(table))
        outputs = tuple(self._outputs(table))
        if not self._usable(table, inputs, outputs):
            return None
        return DecisionTable(
            id=decision.get("id"),
            name=decision.get("name") or decision.get("id"),
            file=self.file,
            sha256=sha256,
            hit_policy=self._hit_policy(table),
            aggregation=self._aggregation(table),
            inputs=tuple(column for column in inputs if column),
            outputs=tuple(column for column in outputs if column),
            rules=tuple(self._rules(table, inputs, outputs)),
            line=line_of(table),
        )

    def _decision(self, root: Element) -> tuple[Element, Element] | None:
        if root.tag != f"{_DMN}definitions":
            self._note("dmn.version", root)
            return None
        self._check_elements(root)
        decisions = root.findall(f"{_DMN}decision")
        tables = [table for one in decisions for table in one.findall(f"{_DMN}decisionTable")]
        if len(decisions) != 1 or len(tables) != 1 or not decisions[0].get("id"):
            self._note("dmn.one_table", root, count=str(len(tables)))
            return None
        return decisions[0], tables[0]

    def _check_elements(self, root: Element) -> None:
        seen: set[str] = set()
        for element in elements_of(root):
            name = element.tag.removeprefix(_DMN)
            if name in _UNSUPPORTED:
                self._note("dmn.unsupported", element, construct=name)
            language = element.get("expressionLanguage")
            if language not in _LANGUAGES:
                self._note("dmn.language", element, text=language[:80])
            identifier = element.get("id")
            if identifier and identifier in seen:
                self._note("dmn.same_id", element)
            seen.add(identifier)

    def _usable(
        self,
        table: Element,
        inputs: tuple[Input | None, ...],
        outputs: tuple[Output | None, ...],
    ) -> bool:
        """Can the rows be read at all? Notes why not."""
        rows = len(table.findall(f"{_DMN}rule"))
        if not inputs or not outputs or not rows:
            self._note("dmn.empty_table", table)
        if rows > MAX_RULES or len(inputs) + len(outputs) > MAX_COLUMNS:
            self._note("dmn.too_large", table, rules=str(MAX_RULES), columns=str(MAX_COLUMNS))
            return False
        for names in ([i.label for i in inputs if i], [o.name for o in outputs if o]):
            for name in sorted({name for name in names if names.count(name) > 1}):
                self._note("dmn.same_column", table, column=name)
        return True

    def _hit_policy(self, table: Element) -> HitPolicy:
        try:
            return HitPolicy(table.get("hitPolicy", HitPolicy.UNIQUE))
        except ValueError:
            self._note("dmn.hit_policy", table, text=table.get("hitPolicy")[:40])
            return HitPolicy.UNIQUE

    def _aggregation(self, table: Element) -> Aggregation | None:
        written = table.get("aggregation")
        if not written:
            return None
        try:
            return Aggregation(written)
        except ValueError:
            self._note("dmn.hit_policy", table, text=written[:40])
            return None

    def _inputs(self, table: Element) -> Iterator[Input | None]:
        for place, clause in enumerate(table.findall(f"{_DMN}input"), start=1):
            written = clause.find(f"{_DMN}inputExpression")
            text = _text(written)
            label = clause.get("label") or text or str(place)
            kind = self._kind(written if written is not None else clause, label)
            expression = self._expression(clause, text, label)
            allowed = self._allowed_inputs(clause, kind, label)
            yield Input(label, expression, kind, allowed) if expression and kind else None

    def _expression(self, clause: Element, text: str, label: str) -> Expression | None:
        if not text:
            self._note("dmn.input_without_expression", clause, column=label)
            return None
        try:
            return compile_expression(text, _FUNCTIONS)
        except UnsafeExpression as error:
            self._note("dmn.input_expression", clause, column=label, text=text[:80])
            self._note(error.code, clause, **error.params)
            return None

    def _allowed_inputs(self, clause: Element, kind: Kind | None, label: str) -> Cell | None:
        written = clause.find(f"{_DMN}inputValues")
        if kind is None or not _text(written):
            return None
        cell = self._cell(written, kind, label)
        return None if cell.anything else cell

    def _outputs(self, table: Element) -> Iterator[Output | None]:
        for clause in table.findall(f"{_DMN}output"):
            name = (clause.get("name") or "").strip()
            if not name.isidentifier() or not name.isascii() or name.startswith("_"):
                self._note("dmn.output_name", clause, column=name[:40])
            kind = self._kind(clause, name)
            allowed = clause.find(f"{_DMN}outputValues")
            values = self._literals(allowed, kind, name) if kind and _text(allowed) else ()
            label = clause.get("label") or name
            yield Output(name, kind, values, label) if name and kind else None

    def _kind(self, element: Element, column: str) -> Kind | None:
        written = element.get("typeRef") or ""
        if written not in _KINDS:
            self._note("dmn.unknown_type", element, column=column, text=written[:40])
        return _KINDS.get(written)

    def _rules(
        self,
        table: Element,
        inputs: tuple[Input | None, ...],
        outputs: tuple[Output | None, ...],
    ) -> Iterator[Rule]:
        for row in table.findall(f"{_DMN}rule"):
            cells = row.findall(f"{_DMN}inputEntry")
            results = row.findall(f"{_DMN}outputEntry")
            if len(cells) != len(inputs) or len(results) != len(outputs) or not row.get("id"):
                self._note("dmn.row_incomplete", row)
                continue
            yield Rule(
                id=row.get("id"),
                cells=tuple(
                    self._cell(cell, column.kind, column.label)
                    for cell, column in zip(cells, inputs, strict=True)
                    if column
                ),
                outputs=tuple(
                    self._result(cell, column)
                    for cell, column in zip(results, outputs, strict=True)
                    if column
                ),
                annotation=_text(row.find(f"{_DMN}annotationEntry"))
                or (row.findtext(f"{_DMN}description") or "").strip(),
                line=line_of(row),
            )

    def _cell(self, element: Element, kind: Kind, column: str) -> Cell:
        text = _text(element)
        if (text, kind) not in self.cells:
            try:
                self.cells[text, kind] = parse_cell(text, kind)
            except BadCell as error:
                self._note(error.code, element, column=column, text=text[:80])
                return Cell(text)
        return self.cells[text, kind]

    def _literals(self, element: Element, kind: Kind, column: str) -> tuple[Literal, ...]:
        text = _text(element)
        try:
            return parse_literals(text, kind)
        except BadCell as error:
            self._note(error.code, element, column=column, text=text[:80])
            return ()

    def _result(self, element: Element, column: Output) -> Literal | None:
        values = self._literals(element, column.kind, column.name)
        if len(values) > 1:
            self._note("dmn.not_a_value", element, column=column.name, text=_text(element)[:80])
        if values and column.allowed and values[0] not in column.allowed:
            self._note(
                "dmn.output_not_allowed", element, column=column.name, text=_text(element)[:80]
            )
        return values[0] if values else None

    def _note(
        self,
        rule: str,
        element: Element,
        **params: str,
    ) -> None:
        self.findings.append(
            Finding(
                rule,
                file=self.file,
                element_id=element.get("id"),
                line=line_of(element),
                params=params,
            )
        )


def _text(element: Element | None) -> str:
    """The content of the <text> below a cell or expression."""
    return "" if element is None else (element.findtext(f"{_DMN}text") or "").strip()
