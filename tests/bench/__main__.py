"""Prints speed as ratios to baselines of the same run: `python -m tests.bench [--quick]`."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from engine.store import instances
from engine.store.sealing import open_sealed
from tests.bench import completion, flatness, launching
from tests.bench.cases import fresh_cases
from tests.bench.offices import office
from tests.cases import RELAY, Case
from tests.office import Office

RUNS = 5
FEW, MANY = 100, 10_000


@dataclass(frozen=True)
class Measured:
    """One line of the report; lower is better and `limit` is the target."""

    what: str
    value: float
    limit: float
    unit: str
    parts: str = ""


def main() -> None:
    """Measure everything and print it; a missed target is reported, not an error."""
    quick = "--quick" in sys.argv[1:]
    with Progress(transient=True) as progress:
        task = progress.add_task("measuring", total=4)
        lines = []
        for line in measured(quick):
            lines.append(line)
            progress.advance(task)
    Console().print(report(lines))


def measured(quick: bool) -> Iterator[Measured]:
    """All measurements, each in an office of its own."""
    with office() as made:
        yield _completion(made, cases=3 if quick else 15)
    with office() as made:
        yield _flatness(made, many=1_000 if quick else MANY, samples=5 if quick else 40)
    yield _launch(many=500 if quick else 5_000)
    with office() as made:
        yield _state(made)


def _completion(made: Office, *, cases: int) -> Measured:
    completion.measure(made, 2)  # The first calls pay for compiling statements.
    runs = [completion.measure(made, cases) for _ in range(RUNS)]
    costs = {name: median(run[name] for run in runs) * 1000 for name in runs[0]}
    parts = ", ".join(f"{name} {cost:.2f} ms" for name, cost in costs.items())
    ratio = median(completion.ratio(run) for run in runs)
    return Measured("completing a task / (step + codec + commit), CPU", ratio, 1.6, "×", parts)


def _flatness(made: Office, *, many: int, samples: int) -> Measured:
    at_few, at_many = flatness.measure(made, few=FEW, many=many, samples=samples)
    parts = f"{at_few * 1000:.2f} ms, {at_many * 1000:.2f} ms"
    what = f"completing a task with {many:,} / {FEW} open cases, CPU"
    return Measured(what, at_many / at_few, 1.15, "×", parts)


def _launch(*, many: int) -> Measured:
    """A whole launch of the national system: plans, timers, first events and notices."""
    runs = [launching.measure(many) for _ in range(RUNS)]
    launched, inserted = (median(costs) for costs in zip(*runs, strict=True))
    ratio = median(launched / inserted for launched, inserted in runs)
    parts = f"{launched * 1000:.2f} ms, {inserted * 1000:.2f} ms a person"
    return Measured(f"launching {many:,} people / inserting the rows", ratio, 2.0, "×", parts)


def _state(made: Office) -> Measured:
    """Bytes of the state of a finished case."""
    case: Case = next(fresh_cases(made))
    sizes = []
    for element, person, answers in RELAY:
        case.complete(person, element, answers)
        with made.desk.store.reading(made.agency_id) as tx:
            loaded = instances.read(tx, case.id)
        sizes.append(len(open_sealed(loaded.key, loaded.blob)))
    parts = f"at most {max(sizes) / 1024:.1f} KB on the way"
    return Measured("state of a finished case of 20 elements", sizes[-1] / 1024, 12, "KB", parts)


def report(lines: list[Measured]) -> Table:
    """The measurements beside their targets."""
    table = Table("measurement", "value", "target", "", "medians")
    for line in lines:
        verdict = "[green]ok" if line.value <= line.limit else "[red]over"
        value, limit = f"{line.value:.2f} {line.unit}", f"≤ {line.limit:g} {line.unit}"
        table.add_row(line.what, value, limit, verdict, line.parts)
    return table


if __name__ == "__main__":
    main()
