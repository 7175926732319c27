"""Deployed definitions, ready to run: settings, diagrams, tables and forms, read once each."""

from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from engine.bpmn.charts import flowcharts
from engine.bpmn.specs import ProcessFiles, Specs, build_specs
from engine.commands.drawings import read_drawing
from engine.domain.bundle import Bundle
from engine.domain.drawing import Drawing
from engine.domain.flowchart import Flowcharts
from engine.domain.process import DefinitionId, ReadyTask
from engine.domain.settings import OFFICIAL, SystemSettings
from engine.errors import DefinitionDamaged, Finding, InvalidDefinition
from engine.library import read_settings
from engine.rules.dmn import DecisionTable, parse_table
from engine.rules.forms import Form, asks_ratings, load_form
from engine.store import definitions
from engine.store.database import Transaction

# Six systems with some versions each fit; each takes a few MB.
KEPT = 64
SCHEMA, UI = "-schema.json", "-uischema.json"
FORM_PROPERTY = "formJsonSchemaFilename"


@dataclass(frozen=True)
class LoadedDefinition:
    """One definition with everything that running it needs; shared between threads."""

    bundle: Bundle
    settings: SystemSettings
    specs: Specs
    forms: Mapping[str, Form]

    @property
    def id(self) -> DefinitionId:
        """The content address of the definition."""
        return self.bundle.definition_id

    def form_of(self, properties: Mapping[str, str]) -> Form | None:
        """The form that a user task's properties name; None for a step without a form."""
        return self.forms.get(properties.get(FORM_PROPERTY, ""))

    def form_of_task(self, task: ReadyTask) -> Form | None:
        """The form of a task that waits for people."""
        return self.form_of(task.properties)

    @cached_property
    def properties(self) -> Mapping[str, Mapping[str, str]]:
        """The properties of every user task by element id."""
        return {key[1]: task.properties for key, task in self.specs.user_tasks.items()}

    @cached_property
    def flowcharts(self) -> Flowcharts:
        """The processes as drawn, by id."""
        return flowcharts(self.bundle.of_kind(".bpmn"))

    @cached_property
    def drawing(self) -> Drawing:
        """What the parts are called, as their authors wrote it."""
        tables = self.specs.tables.values()
        return read_drawing(self.bundle, self.settings.main_process, tables)

    def properties_of(self, element_id: str) -> Mapping[str, str]:
        """The properties of a user task; empty for an unknown one."""
        return self.properties.get(element_id, {})

    def properties_in(self, process_id: str, element_id: str) -> Mapping[str, str]:
        """The same of one process: a task drawn twice may be due and reminded of otherwise."""
        task = self.specs.user_tasks.get((process_id, element_id))
        return task.properties if task else {}

    def decides_ratings(self, role: str, element_id: str) -> bool:
        """Whether officials, by the roles of a work item, decide ratings with the step's form."""
        form, known = self.form_of(self.properties_of(element_id)), self.settings.roles
        official = any(known[key].kind in OFFICIAL for key in role.split(",") if key in known)
        return official and form is not None and asks_ratings(form)


def load_definition(bundle: Bundle) -> LoadedDefinition:
    """Build everything from the files. Raises InvalidDefinition naming file, element and line."""
    files = ProcessFiles(bpmn=bundle.of_kind(".bpmn"), tables=load_tables(bundle))
    return LoadedDefinition(bundle, read_settings(bundle), build_specs(files), load_forms(bundle))


def load_tables(bundle: Bundle) -> Mapping[str, DecisionTable]:
    """All decision tables by id; the system's own table wins over a shared one."""
    found: dict[str, DecisionTable] = {}
    for path in _own_last(bundle, ".dmn"):
        table = parse_table(bundle.files[path], file=path)
        found[table.id] = table
    return found


def load_forms(bundle: Bundle) -> Mapping[str, Form]:
    """All forms by the name of their schema file; every refused form is named at once."""
    found: dict[str, Form] = {}
    refused: list[Finding] = []
    for path in _own_last(bundle, SCHEMA):
        name = path.rsplit("/", 1)[-1]
        key = name.removesuffix(SCHEMA)
        ui = bundle.files.get(path.removesuffix(SCHEMA) + UI, b"{}")
        try:
            found[name] = load_form(key, bundle.files[path], ui, file=path)
        except InvalidDefinition as error:
            refused.extend(error.findings)
    if refused:
        raise InvalidDefinition(refused)
    return found


def _own_last(bundle: Bundle, suffix: str) -> list[str]:
    paths = bundle.of_kind(suffix)
    return sorted(paths, key=lambda path: (f"/{bundle.system}/" in path, path))


class DefinitionCache:
    """Loaded definitions by content address; each is built once, also under many threads.

    What stands under an address never changes, so no other process has to be told of anything.
    Of more than `kept` the ones that were not used for longest are let go.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._loaded: OrderedDict[DefinitionId, LoadedDefinition] = OrderedDict()
        self._lock = Lock()

    def get(self, tx: Transaction, definition_id: DefinitionId) -> LoadedDefinition:
        """The definition as it was deployed. Raises NotFound or DefinitionDamaged."""
        loaded = self._loaded.get(definition_id)
        if loaded is not None:
            # Another thread may let it go between these two lines.
            with suppress(KeyError):
                self._loaded.move_to_end(definition_id)
            return loaded
        with self._lock:
            if definition_id not in self._loaded:
                bundle = definitions.bundle(tx, definition_id)
                self._loaded[definition_id] = load_definition(bundle)
                if len(self._loaded) > self._kept:
                    self._loaded.popitem(last=False)
            return self._loaded[definition_id]

    def find(self, tx: Transaction, definition_id: DefinitionId) -> LoadedDefinition | None:
        """The same; None where its files are damaged, for what is to go on without it."""
        try:
            return self.get(tx, definition_id)
        except DefinitionDamaged:
            return None
