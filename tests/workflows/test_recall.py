"""Taking a step back and doing it again leaves a case as if it had been done once."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import zstandard

from engine.bpmn.state import HEADER
from engine.commands.recall import recall
from engine.errors import Forbidden, NotRecallable
from engine.store import appraisals, instances, messages, results, timers
from engine.store.sealing import open_sealed
from tests.cases import problems
from tests.evidence import Evidence
from tests.ready import Offices
from tests.session import count
from tests.workflows.scenario import Scenario, read_path
from tests.workflows.test_paths import PATHS

TASK_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def test_a_step_that_was_taken_back_and_done_again_was_done_once(
    offices: Offices, rng: random.Random, evidence: Evidence
) -> None:
    recalled = kept = 0

    for file in rng.sample(PATHS, count(3, len(PATHS))):
        scenario = Hesitant(offices.open(file.parts[-3]), read_path(file))
        scenario.run()
        assert problems(scenario.office) == []
        recalled, kept = recalled + scenario.recalled, kept + scenario.kept

    assert recalled > 0
    assert kept > 0
    evidence.record(f"recall.{offices.kind}.steps_repeated", recalled)
    evidence.record(f"recall.{offices.kind}.steps_not_recallable", kept)


@dataclass
class Hesitant(Scenario):
    """Everybody takes back what he sent, where he can, and sends it again."""

    recalled: int = field(default=0, init=False)
    kept: int = field(default=0, init=False)

    def _complete(self, step: Mapping[str, Any]) -> None:
        before, item = seen(self), self._item(step["complete"], step["as"])
        super()._complete(step)
        after = seen(self)
        actor = self._actor(self._person(step["as"], item))
        try:
            recall(self.office.desk, actor, item_id=item.id, now=self.now)
        except NotRecallable:
            self.kept += 1
            return
        except Forbidden:
            # What was said in confidence belongs to nobody any more.
            assert item.participation == "confidence"
            self.kept += 1
            return
        assert seen(self) == before
        super()._complete(step)
        assert seen(self) == after
        self.recalled += 1


def seen(scenario: Scenario) -> dict[str, object]:
    """Everything about a case that anybody can notice, without ids that chance gives."""
    case = scenario.instance_id
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        loaded = instances.read(tx, case)
        waits = [(t.element_id, t.due_at) for t in timers.of_instance(tx, case)]
        awaited = [(m.element_id, m.name) for m in messages.of_instance(tx, case)]
        figures, versions = appraisals.get(tx, case), results.of_instance(tx, case)
    work = [
        (i.element_id, i.assignee_id, i.function, i.due_at, i.opened_at, i.mi_index)
        for i in scenario._open()
    ]
    state = open_sealed(loaded.key, loaded.blob).removeprefix(HEADER)
    text = zstandard.ZstdDecompressor().decompress(state).decode()
    return {
        "work": sorted(work, key=str),
        "waits": sorted(waits),
        "awaited": sorted(awaited),
        "figures": figures,
        "versions": versions,
        "state": numbered(text),
    }


def numbered(state: str) -> str:
    """A state with its task ids replaced by the order in which they are named."""
    names: dict[str, str] = {}
    return TASK_ID.sub(lambda found: names.setdefault(found[0], f"task {len(names)}"), state)
