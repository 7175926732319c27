"""Everything that works in the background stands in the closed list of it."""

import inspect
from importlib import import_module
from pkgutil import iter_modules

import engine.jobs
from engine.jobs.outbox import LogCourier
from engine.jobs.registry import jobs_with

PARAMETERS = ["desk", "agency_id"]


def batches() -> set[str]:
    """Every public function of the jobs that does a round for an agency."""
    found = set()
    for module in iter_modules(engine.jobs.__path__):
        loaded = import_module(f"engine.jobs.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            own = function.__module__ == loaded.__name__ and not name.startswith("_")
            parameters = inspect.signature(function).parameters
            if own and list(parameters)[:2] == PARAMETERS and "now" in parameters:
                found.add(name)
    return found


def test_no_batch_is_left_out() -> None:
    listed = [job.name for job in jobs_with(LogCourier())]

    assert set(listed) == batches()
    assert len(set(listed)) == len(listed)
