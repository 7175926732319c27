"""Steps that several people do: each answer becomes one element of a list."""

from typing import Any

from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from SpiffWorkflow.spiff.specs import defaults
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.values import copied
from engine.errors import BudgetExceeded

MAX_INSTANCES = 200


class DataPath(TaskDataReference):
    """A collection that may lie inside an answer: `nominate_peers.rows`."""

    def get(self, my_task: Any) -> Any:
        """The collection; None where the path leads nowhere."""
        value: Any = my_task.data
        for name in self.bpmn_id.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def exists(self, my_task: Any) -> bool:
        """Does the path lead to a list?"""
        return isinstance(self.get(my_task), list)


class Collects(MultiInstanceTask):
    """The list of answers of a repeated step, in the order in which they were given.

    It lies under the drawn output collection, else under the id of the element itself, and is a
    new list in every round. SpiffWorkflow would merge the answers of all people into one object.
    """

    def __init__(
        self,
        *args: Any,
        data_input: Any = None,
        data_output: Any = None,
        output_item: Any = None,
        **kwargs: Any,
    ) -> None:
        """Keep the drawn output to ourselves, so that SpiffWorkflow does not merge by it."""
        path = DataPath(data_input.bpmn_id) if data_input else None
        super().__init__(*args, data_input=path, **kwargs)
        self.collection = data_output.bpmn_id if data_output else self.name
        self.item = output_item.bpmn_id if output_item else self.name

    def _update_hook(self, my_task: Any) -> Any:
        if my_task.has_state(TaskState.PREDICTED_MASK):
            # Reached over a deadline that passed: SpiffWorkflow still takes it for a mere maybe,
            # under which no instance can be opened.
            my_task._set_state(TaskState.FUTURE)
        result = super()._update_hook(my_task)
        my_task.data[self.collection] = []
        return result

    def create_child(self, my_task: Any, item: Any, key_or_index: Any = None) -> None:
        """Open one instance. Raises BudgetExceeded beyond 200."""
        if len(my_task._children) > MAX_INSTANCES:
            raise BudgetExceeded(
                "bpmn.too_many_instances", place=self.bpmn_id, limit=str(MAX_INSTANCES)
            )
        super().create_child(my_task, item, key_or_index)

    def merge_child(self, workflow: Any, child: Any) -> None:
        """Add the answer of one instance."""
        my_task = child.parent
        # A new list, never an append: the other instances may hold the same object.
        given = my_task.data[self.collection]
        my_task.data[self.collection] = [*given, copied(child.data.get(self.item))]
        my_task.internal_data["merged"].append(str(child.id))


class ParallelRepeat(defaults.ParallelMultiInstanceTask, Collects):
    """Everybody at the same time."""


class SequentialRepeat(defaults.SequentialMultiInstanceTask, Collects):
    """One after the other."""
