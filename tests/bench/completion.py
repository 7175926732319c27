"""What completing a task costs: the whole command, and the parts that no product can avoid."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from time import process_time

from sqlalchemy import bindparam, update

from engine.bpmn.run import Execution
from engine.commands.complete import complete_work_item
from engine.commands.steps import step_context
from engine.store import instances, tables
from engine.store.sealing import open_sealed
from tests.bench.cases import fresh_cases
from tests.cases import NOW, RELAY, Case
from tests.office import Office

_state = tables.instance_state
_SAVE = (
    update(_state)
    .where(_state.c.agency_id == bindparam("own_agency"), _state.c.instance_id == bindparam("of"))
    .values(blob=bindparam("new"))
)


@dataclass
class Watch:
    """Adds up CPU seconds of this process under names."""

    spent: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def on(self, name: str) -> Iterator[None]:
        """Count what happens inside under `name`."""
        start = process_time()
        yield
        self.spent[name] = self.spent.get(name, 0.0) + process_time() - start


def measure(office: Office, cases: int) -> Mapping[str, float]:
    """CPU seconds of one completion by part, as the mean over whole cases of one run.

    "command" is the whole command; "step", "codec" and "commit" are the baselines.
    """
    watch = Watch()
    for case in islice(fresh_cases(office), cases):
        _through_commands(case, watch)
    for case in islice(fresh_cases(office), cases):
        _by_hand(case, watch)
    return {name: spent / cases / len(RELAY) for name, spent in watch.spent.items()}


def ratio(costs: Mapping[str, float]) -> float:
    """How many times the sum of its baselines the command costs."""
    return costs["command"] / baselines(costs)


def baselines(costs: Mapping[str, float]) -> float:
    """CPU seconds of what no product can avoid."""
    return costs["step"] + costs["codec"] + costs["commit"]


def _through_commands(case: Case, watch: Watch) -> None:
    desk = case.office.desk
    for element, person, answers in RELAY:
        item, actor = case.open[element], case.office.actor(person, NOW)
        with watch.on("command"):
            complete_work_item(desk, actor, item_id=item.id, answers=answers, now=NOW)


def _by_hand(case: Case, watch: Watch) -> None:
    """The same completions in memory, with a load and a dump each, and a commit of one row."""
    desk = case.office.desk
    with desk.store.reading(case.office.agency_id) as tx:
        loaded = instances.read(tx, case.id)
        specs = desk.definitions.get(tx, loaded.row.definition_id).specs
        calendar = desk.calendar(tx, NOW)
        definition = desk.definitions.get(tx, loaded.row.definition_id)
        context = step_context(tx, definition, loaded.row, calendar=calendar, now=NOW)
        blob = open_sealed(loaded.key, loaded.blob)
        for element, _, answers in RELAY:
            with watch.on("codec"):
                execution = Execution.load(specs, blob, context)
            with watch.on("step"):
                _complete(execution, element, answers)
            with watch.on("codec"):
                blob = execution.dump()
            with watch.on("commit"):
                _commit(case, blob)


def _complete(execution: Execution, element: str, answers: Mapping[str, object]) -> None:
    task = next(task for task in execution.ready if task.element_id == element)
    execution.complete(task.task_id, answers)


def _commit(case: Case, blob: bytes) -> None:
    """The least that a durable step writes: one row."""
    with case.office.desk.store.transaction(case.office.agency_id) as tx:
        tx.connection.execute(_SAVE, {"own_agency": tx.agency_id, "of": case.id, "new": blob})
