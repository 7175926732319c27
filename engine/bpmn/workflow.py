"""SpiffWorkflow's workflow with tasks of our own and a faster look for waiting ones."""

import logging
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnBaseWorkflow, BpmnSubWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.task import CaseTask

# Below WARNING SpiffWorkflow lists every task and its process data for a log at each change.
for _name in ("spiff.task", "spiff.workflow"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class _OwnTasks(BpmnBaseWorkflow):
    """Begins with a task of our own, whose children are made by itself.

    Looks at the list of tasks; SpiffWorkflow walks the tree, and stops at depth 1,000.
    """

    def __init__(self, spec: Any, *args: Any, deserializing: bool = False, **kwargs: Any) -> None:
        super().__init__(spec, *args, deserializing=True, **kwargs)
        if not deserializing:
            self.task_tree = CaseTask(self, spec.start, state=TaskState.FUTURE)
            spec.start._predict(self.task_tree, mask=TaskState.NOT_FINISHED_MASK)
            self.task_tree._ready()

    def update_waiting_tasks(self) -> None:
        """Let every waiting task look whether it may go on."""
        for task in [found for found in self.tasks.values() if found._state == TaskState.WAITING]:
            if task._state == TaskState.WAITING:
                task.task_spec._update(task)


class SubWorkflow(_OwnTasks, BpmnSubWorkflow):
    """A called or embedded process at run time."""


class Workflow(_OwnTasks, BpmnWorkflow):
    """A case at run time."""

    def create_subprocess(self, my_task: Any, spec_name: str) -> SubWorkflow:
        """Open the process that the activity `my_task` calls."""
        inner = SubWorkflow(
            self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self
        )
        self.subprocesses[my_task.id] = inner
        return inner
