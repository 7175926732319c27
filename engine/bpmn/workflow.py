"""SpiffWorkflow's workflow with a faster look for waiting tasks; nothing else is changed."""

import logging
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.util.task import TaskState

# Below WARNING SpiffWorkflow lists every task and its process data for a log at each change.
for _name in ("spiff.task", "spiff.workflow"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class _SeesWaiting:
    """Looks at the list of tasks; SpiffWorkflow walks the tree, and stops at depth 1,000."""

    tasks: dict[Any, Any]

    def update_waiting_tasks(self) -> None:
        """Let every waiting task look whether it may go on."""
        for task in [found for found in self.tasks.values() if found._state == TaskState.WAITING]:
            if task._state == TaskState.WAITING:
                task.task_spec._update(task)


class SubWorkflow(_SeesWaiting, BpmnSubWorkflow):
    """A called or embedded process at run time."""


class Workflow(_SeesWaiting, BpmnWorkflow):
    """A case at run time."""

    def create_subprocess(self, my_task: Any, spec_name: str) -> SubWorkflow:
        """Open the process that the activity `my_task` calls."""
        inner = SubWorkflow(
            self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self
        )
        self.subprocesses[my_task.id] = inner
        return inner
