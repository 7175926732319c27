"""A whole system checked at once: its tables, its forms, its diagrams and how they fit together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from engine.bpmn.lint import lint_read
from engine.bpmn.lint.codes import check_codes
from engine.bpmn.lint.dataflow import call_entries, names_before, process_flow
from engine.bpmn.lint.diagram import Diagram, read_diagram
from engine.bpmn.lint.graph import calls_of, check_appeal_path
from engine.bpmn.lint.known import met
from engine.bpmn.lint.shown import check_shown
from engine.bpmn.lint.surroundings import AT_START_BESIDE, DataFlow, Surroundings
from engine.bpmn.specs import ProcessFiles
from engine.domain.bundle import Bundle
from engine.domain.settings import SystemSettings
from engine.errors import Finding, InvalidDefinition, Severity, errors_of
from engine.rules.dmn import DecisionTable, check_table, parse_table
from engine.rules.forms import Form, load_form
from engine.rules.forms.checking import check_form
from engine.rules.xml import parse_xml

Calls = Mapping[str, tuple[str, ...]]
_SCHEMA = "-schema.json"
# Work is known by its element, so a task drawn in two processes asks for the same in both; only its
# dates may differ.
_DATES = frozenset({"alur:due", "alur:due-from", "alur:remind"})


@dataclass(frozen=True)
class CheckedBundle:
    """What was read of a bundle, and everything that is wrong with it."""

    findings: tuple[Finding, ...]
    tables: Mapping[str, DecisionTable]
    forms: Mapping[str, Form]
    diagrams: Mapping[str, Diagram]


def check_bundle(
    bundle: Bundle, settings: SystemSettings, operations: Mapping[str, tuple[str, ...]]
) -> tuple[Finding, ...]:
    """Every finding of every file of a system, by file and line; runs nothing.

    `operations` are the parameter names of each registered operation.
    """
    return read_checked(bundle, settings, operations).findings


def read_checked(
    bundle: Bundle, settings: SystemSettings, operations: Mapping[str, tuple[str, ...]]
) -> CheckedBundle:
    """The parts of a bundle, read once, with their findings."""
    found: list[Finding] = []
    read = CheckedBundle(
        (), read_tables(bundle, found), read_forms(bundle, found), _diagrams(bundle, found)
    )
    around = _with_flows(read.diagrams, _surroundings(bundle, settings, operations, read))
    for diagram in read.diagrams.values():
        found.extend(lint_read(diagram, around))
    found.extend(_check_forms(read, around))
    found.extend(check_codes(read.tables, read.diagrams.values(), settings.codes))
    found.extend(_check_system(bundle, settings, around, read.diagrams))
    ordered = sorted(found, key=lambda f: (f.file or "", f.line or 0, f.rule, f.element_id or ""))
    return replace(read, findings=tuple(ordered))


def process_files(bundle: Bundle) -> ProcessFiles:
    """The diagrams and tables of a bundle as the engine reads them. Raises InvalidDefinition."""
    found: list[Finding] = []
    tables = read_tables(bundle, found)
    if errors_of(found):
        raise InvalidDefinition(found)
    return ProcessFiles(dict(bundle.of_kind(".bpmn")), tables)


def read_tables(bundle: Bundle, found: list[Finding]) -> dict[str, DecisionTable]:
    """The decision tables by id; a table of the system replaces a shared one of the same id."""
    tables: dict[str, DecisionTable] = {}
    for file, content in _shared_first(bundle, ".dmn"):
        try:
            table = parse_table(content, file=file)
        except InvalidDefinition as refused:
            found.extend(refused.findings)
            continue
        found.extend(replace(finding, file=finding.file or file) for finding in check_table(table))
        tables[table.id] = table
    return tables


def read_forms(bundle: Bundle, found: list[Finding]) -> dict[str, Form]:
    """The forms by the name of their schema file; a form of the system replaces a shared one."""
    forms: dict[str, Form] = {}
    for file, content in _shared_first(bundle, _SCHEMA):
        name = PurePosixPath(file).name
        ui = bundle.files.get(file.removesuffix(_SCHEMA) + "-uischema.json", b"{}")
        try:
            forms[name] = load_form(name.removesuffix(_SCHEMA), content, ui, file=file)
        except InvalidDefinition as refused:
            found.extend(refused.findings)
    return forms


def _shared_first(bundle: Bundle, suffix: str) -> list[tuple[str, bytes]]:
    files = bundle.of_kind(suffix).items()
    return sorted(files, key=lambda item: ("/shared/" not in item[0], item[0]))


def _diagrams(bundle: Bundle, found: list[Finding]) -> dict[str, Diagram]:
    """The diagrams by file; those that are no XML have their findings and are left out."""
    diagrams: dict[str, Diagram] = {}
    for file, content in _shared_first(bundle, ".bpmn"):
        try:
            diagrams[file] = read_diagram(parse_xml(content, file=file), file)
        except InvalidDefinition as refused:
            found.extend(refused.findings)
    return diagrams


def _surroundings(
    bundle: Bundle,
    settings: SystemSettings,
    operations: Mapping[str, tuple[str, ...]],
    checked: CheckedBundle,
) -> Surroundings:
    calls: dict[str, tuple[str, ...]] = {}
    for diagram in checked.diagrams.values():
        calls.update(calls_of(diagram))
    return Surroundings(
        lanes=settings.lanes,
        roles=frozenset(settings.roles),
        deadlines=frozenset(settings.deadlines),
        limits=frozenset(settings.limits),
        forms={name: _fields(form) for name, form in checked.forms.items()},
        ui_files=frozenset(PurePosixPath(file).name for file in bundle.of_kind("-uischema.json")),
        tables=checked.tables,
        operations=operations,
        processes={
            process: file
            for file, diagram in checked.diagrams.items()
            for process in diagram.processes
        },
        calls=calls,
        entries={
            process: DataFlow(AT_START_BESIDE, AT_START_BESIDE) for process in settings.beside
        },
    )


def _fields(form: Form) -> Mapping[str, str]:
    return {name: found.kind.value for name, found in form.fields.items()}


def _with_flows(diagrams: Mapping[str, Diagram], around: Surroundings) -> Surroundings:
    """The surroundings with the data that calls hand over and bring back."""
    owners = {p: diagram for diagram in diagrams.values() for p in diagram.processes}
    order = _callees_first(around.calls, owners)
    for process in order:
        leaves = process_flow(owners[process], process, around)
        around = replace(around, leaves={**around.leaves, process: leaves})
    for process in reversed(order):
        entries = dict(around.entries)
        for called, entry in call_entries(owners[process], process, around):
            entries[called] = _met(entries.get(called), entry)
        around = replace(around, entries=entries)
    return around


def _check_forms(read: CheckedBundle, around: Surroundings) -> Iterator[Finding]:
    """Each form against the data that may be there when one of its user tasks opens."""
    names: dict[str, set[str]] = {}
    for diagram in read.diagrams.values():
        for process in diagram.processes:
            known = names_before(diagram, process, around)
            for task in diagram.of_kind("userTask"):
                if task.id in known:
                    file = task.properties.get("formJsonSchemaFilename", "")
                    heads = (name.partition(".")[0] for name in known[task.id].maybe)
                    names.setdefault(file, set()).update(heads)
    for name, form in read.forms.items():
        for finding in check_form(form, frozenset(names[name]) if name in names else None):
            yield replace(finding, file=finding.file or form.file)


def _met(first: DataFlow | None, second: DataFlow) -> DataFlow:
    if first is None:
        return second
    return met([first, second]) or second


def _callees_first(calls: Calls, owners: Mapping[str, Diagram]) -> list[str]:
    """Processes so that each follows all that it calls; those in a circle of calls are left out."""
    order: list[str] = []
    waiting = list(owners)
    while waiting:
        ready = [
            process
            for process in waiting
            if all(called in order or called not in owners for called in calls.get(process, ()))
        ]
        if not ready:
            break
        order.extend(ready)
        waiting = [process for process in waiting if process not in ready]
    return order


def _check_system(
    bundle: Bundle,
    settings: SystemSettings,
    surroundings: Surroundings,
    diagrams: Mapping[str, Diagram],
) -> Iterator[Finding]:
    """What only the whole shows: repeated processes, unknown roles, main process, appeal."""
    file = f"workflows/{bundle.system}/system.toml"
    for lane, roles in settings.lanes.items():
        for role in roles:
            if role not in settings.roles:
                params = {"element": lane, "role": role}
                yield Finding("diagram.role_unknown", file=file, params=params)
    for rule, process in _entries(settings):
        if process not in surroundings.processes:
            yield Finding(rule, file=file, params={"element": process})
    for finding in (
        *_named_in_settings(settings, surroundings),
        *check_shown(settings, surroundings, diagrams),
    ):
        yield replace(finding, file=file)
    yield from _check_repeated(diagrams)
    if settings.main_process in surroundings.processes:
        main = surroundings.processes[settings.main_process]
        for finding in check_appeal_path(surroundings.calls, [settings.main_process]):
            yield replace(finding, file=main)


def _named_in_settings(settings: SystemSettings, around: Surroundings) -> Iterator[Finding]:
    """The forms of follow-ups and the table of the recap, which no diagram names, are there."""
    for kind in settings.follow_ups.values():
        for form in kind.forms:
            if form not in around.forms:
                yield Finding("diagram.follow_up_form", params={"element": kind.key, "form": form})
    if settings.recap and settings.recap.table not in around.tables:
        yield Finding("diagram.recap_table", params={"element": settings.recap.table})


def _entries(settings: SystemSettings) -> Iterator[tuple[str, str]]:
    """The processes that start cases, with the rule that each of them has a diagram."""
    yield "diagram.main_missing", settings.main_process
    for process in settings.beside:
        yield "diagram.beside_missing", process


def _check_repeated(diagrams: Mapping[str, Diagram]) -> Iterator[Finding]:
    processes: dict[str, str] = {}
    tasks: dict[str, tuple[str, Mapping[str, str]]] = {}
    for file, diagram in diagrams.items():
        for process, element in diagram.processes.items():
            if processes.setdefault(process, file) != file:
                yield diagram.finding("diagram.process_twice", element, other=processes[process])
        for task in diagram.of_kind("userTask"):
            asks = {key: text for key, text in task.properties.items() if key not in _DATES}
            other, asked = tasks.setdefault(task.id, (file, asks))
            if other != file:
                severity = Severity.WARNING if asks == asked else Severity.ERROR
                yield diagram.finding("diagram.task_in_two_files", task, severity, other=other)
