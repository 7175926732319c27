"""One element of a case at run time: passes its data on without merging them deeply."""

import time
from typing import Any

from SpiffWorkflow.task import Task as SpiffTask
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.values import copied


class CaseTask(SpiffTask):
    """SpiffWorkflow's task; what it hands on is never changed in place, so it can be shared."""

    data: dict[str, Any]
    _state: int

    def _inherit_data(self) -> None:
        held, above = self.data, self.parent.data
        self.data = {**held, **above}
        for key in held.keys() & above.keys():
            # The deep merge writes into what stood here, which other tasks may hold too.
            if held[key] is not above[key]:
                merged = DeepMerge.merge({key: copied(held[key])}, {key: above[key]})
                self.data[key] = merged[key]

    def _set_state(self, value: int) -> None:
        # Without the log, for which SpiffWorkflow gathers what nobody reads.
        if value != self._state:
            self.last_state_change = time.time()
            self._state = value

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> SpiffTask:
        if self._state & TaskState.PREDICTED_MASK and not state & TaskState.PREDICTED_MASK:
            return super()._add_child(task_spec, state)
        child = CaseTask(self.workflow, task_spec, self, state=state)
        child.thread_id = self.thread_id
        if state == TaskState.READY:
            child._ready()
        return child
