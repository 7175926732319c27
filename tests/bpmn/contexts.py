"""The outside of a process for tests: a fixed clock, three deadlines, a number, two operations."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from engine.bpmn.environment import OperationResult, StepContext
from engine.bpmn.run import Execution
from engine.bpmn.specs import ProcessFiles, Specs, build_specs
from engine.domain.process import OperationCall, ReadyTask
from engine.rules.deadlines import Calendar, DeadlineRule, resolve

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)
CALENDAR = Calendar("Asia/Jakarta", frozenset())
LIMITS = {"rounds": Decimal(3)}
DAYS = {"self_assessment": 7, "appeal_window": 14, "review": 21}


def later(**span: float) -> datetime:
    """An instant after `NOW`."""
    return NOW + timedelta(**span)


def context(now: datetime = NOW, budget: int = 500) -> StepContext:
    """The context of one command at `now`."""

    def deadline(name: str, anchor: datetime | None) -> datetime:
        return resolve(DeadlineRule(name, DAYS[name]), anchor or now, CALENDAR)

    return StepContext(now, deadline, CALENDAR, operation, budget, LIMITS)


def operation(
    name: str, params: Mapping[str, object], data: Mapping[str, object]
) -> OperationResult:
    """`echo` computes, `notify` is an effect."""
    if name == "notify":
        return OperationResult({}, (OperationCall(name, "notice", params),))
    return OperationResult({"given": dict(params), "keys": sorted(data)}, (), {"operation": name})


def specs_of(*diagrams: bytes, **tables: object) -> Specs:
    """The definition of some diagrams and tables."""
    named = {f"{place}.bpmn": content for place, content in enumerate(diagrams)}
    return build_specs(ProcessFiles(named, tables))


def started(specs: Specs, process_id: str = "main", **data: object) -> Execution:
    """A new case, advanced to its first waiting place."""
    case = Execution.start(specs, process_id, data, context())
    case.advance()
    return case


def reloaded(specs: Specs, case: Execution, now: datetime = NOW) -> Execution:
    """The case as another command sees it at `now`."""
    return Execution.load(specs, case.dump(), context(now))


def work(case: Execution, element_id: str) -> ReadyTask:
    """The only open work item of an element, or the first of several."""
    return next(found for found in case.ready if found.element_id == element_id)


def finish(case: Execution, element_id: str, **answers: object) -> None:
    """Hand in the answers of an open user task."""
    case.complete(work(case, element_id).task_id, answers)


def open_work(case: Execution) -> list[str]:
    """The element ids that wait for people."""
    return [found.element_id for found in case.ready]


def facts(case: Execution) -> list[tuple[str, str, dict[str, object]]]:
    """The records of a case as kind, element and values."""
    return [(found.kind.value, found.element_id, dict(found.values)) for found in case.records]
