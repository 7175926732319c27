"""Prints speed as ratios to baselines of the same run: `python -m tests.bench [--quick]`."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from engine.store import instances
from engine.store.sealing import open_sealed
from tests.bench import completion, flatness, launching, over_http, processes, weight, year
from tests.bench.cases import fresh_cases
from tests.bench.offices import office
from tests.cases import RELAY, Case
from tests.office import Office

RUNS = 5


@dataclass(frozen=True)
class Counts:
    """How much is measured."""

    cases: int
    few: int
    many: int
    samples: int
    people: int
    launched: int
    district: int


QUICK = Counts(
    cases=3, few=1_000, many=5_000, samples=5, people=500, launched=500, district=20
)  # fmt: skip
WHOLE = Counts(
    cases=15, few=1_000, many=100_000, samples=40, people=5_000, launched=60_000, district=2_000
)


@dataclass(frozen=True)
class Measured:
    """One line of the report; lower is better and `limit` is the target."""

    what: str
    value: float
    limit: float
    unit: str = "×"
    parts: str = ""


def main() -> None:
    """Measure everything and print it; a missed target is reported, not an error."""
    counts = QUICK if "--quick" in sys.argv[1:] else WHOLE
    with Progress(transient=True) as progress:
        shown = progress.add_task("measuring", total=len(MEASUREMENTS))
        lines: list[Measured] = []
        for measured in MEASUREMENTS:
            lines += measured(counts)
            progress.advance(shown)
    Console().print(report(lines))


def _completion(counts: Counts) -> Iterator[Measured]:
    """The command in this process, and the whole request at a server, by the same baselines."""
    with office() as made:
        completion.measure(made, 2)  # The first calls pay for compiling statements.
        runs = [completion.measure(made, counts.cases) for _ in range(RUNS)]
        sent = over_http.measure(made, runs=RUNS, cases=counts.cases)
    costs = {name: median(run[name] for run in runs) for name in runs[0]}
    parts = ", ".join(f"{name} {_ms(cost)}" for name, cost in costs.items())
    ratio = median(completion.ratio(run) for run in runs)
    yield Measured("completing / (step + codec + commit)", ratio, 1.6, parts=parts)
    ratios = [
        each.server / (completion.baselines(run) + each.bare)
        for run, each in zip(runs, sent, strict=True)
    ]
    middle, late = over_http.percentiles(sent)
    parts = (
        f"server {_ms(median(each.server for each in sent))},"
        f" bare handler {_ms(median(each.bare for each in sent))};"
        f" answered in {_ms(middle)} (p50), {_ms(late)} (p95)"
    )
    what = "completing over HTTP / (step + codec + commit + bare handler)"
    yield Measured(what, median(ratios), 1.6, parts=parts)


def _flatness(counts: Counts) -> Iterator[Measured]:
    ratio_of = f"with {counts.many:,} / {counts.few:,} open cases"
    with flatness.two_offices(counts.few, counts.many) as (few, many):
        pair = flatness.completing(few), flatness.completing(many)
        yield _flat(f"completing {ratio_of}", *pair, counts.samples)
        with flatness.inbox_pages(few) as at_few, flatness.inbox_pages(many) as at_many:
            for name, *pair in zip(("own list", "list of all"), at_few, at_many, strict=False):
                yield _flat(f"inbox, {name}, {ratio_of}", *pair, counts.samples)
            own, _, bare = at_many
            barest, page = flatness.taking_turns(bare, own, counts.samples)
            parts = f"{_ms(page)}, {_ms(barest)}"
            yield Measured("inbox / bare page of the same 20 rows", page / barest, 2, parts=parts)
        pair = [flatness.launching_people(each, counts.people) for each in (few, many)]
        yield _flat(f"launching a person {ratio_of}", *pair, RUNS)


def _flat(what: str, at_few: flatness.Sample, at_many: flatness.Sample, samples: int) -> Measured:
    few, many = flatness.taking_turns(at_few, at_many, samples)
    return Measured(what, many / few, 1.15, parts=f"{_ms(few)}, {_ms(many)}")


def _launch(counts: Counts) -> Iterator[Measured]:
    """A whole launch of the national system: work, timers, first events and notices."""
    runs = [launching.measure(counts.launched // RUNS) for _ in range(RUNS - 1)]
    runs.append(launching.measure(counts.launched))
    launched, inserted = (median(costs) for costs in zip(*runs, strict=True))
    ratio = median(launched / inserted for launched, inserted in runs)
    parts = f"{_ms(launched)}, {_ms(inserted)} a person"
    what = f"launching {counts.launched:,} people / inserting the rows"
    yield Measured(what, ratio, 2, parts=parts)


def _processes(counts: Counts) -> Iterator[Measured]:
    cores = processes.cores()
    with processes.office_on_postgresql() as made:
        runs = processes.measure(made, runs=RUNS, cases=counts.cases)
    cpu = [median(each.cpu for each in column) for column in zip(*runs, strict=True)]
    wall = [median(each.wall for each in column) for column in zip(*runs, strict=True)]
    parts = f"{cores} cores; CPU {_ms(cpu[0])}, {_ms(cpu[1])}; wall {_ms(wall[0])}, {_ms(wall[1])}"
    if cores >= processes.ENOUGH_CORES:
        ratio = median(two.wall / one.wall for one, two in runs)
        what = "PostgreSQL: time a completion with two processes / one"
        yield Measured(what, ratio, 1 / 1.7, parts=parts)
        return
    ratio = median(two.cpu / one.cpu for one, two in runs)
    yield Measured("PostgreSQL: CPU with two processes / one", ratio, 1.15, parts=parts)


def _district(counts: Counts) -> Iterator[Measured]:
    """A cycle of Walesi from its launch to the last end; each step beside those of the spine."""
    beside = max(counts.district // 40, 5)
    whole = year.measure("walesi", counts.district, lambda: year.spine(beside))
    dear = ", ".join(f"{kind.element} {kind.ratio:.2f} ×" for kind in whole.kinds[:3])
    parts = (
        f"{whole.ended:,} of {whole.cases:,} ended, {whole.steps / whole.wall:.0f} steps/s,"
        f" CPU {_ms(whole.cpu / whole.steps)} a step with its form,"
        f" {whole.octets / 1024:.0f} KB a case;"
        f" spine {_ms(median(kind.spine for kind in whole.kinds))}; {dear}"
    )
    what = f"a cycle of {counts.district:,} in Walesi: dearest step / step of the spine"
    yield Measured(what, whole.kinds[0].ratio, 2, parts=parts)


def _sizes(_counts: Counts) -> Iterator[Measured]:
    """Pages on the line, and the state of a finished case."""
    with flatness.crowded(flatness.OWN_ROWS) as made:
        inbox = weight.inbox(made)
    with office("national") as made:
        form = weight.form(made)
    for what, octets, limit in (
        ("inbox and all it loads, gzip", inbox.cold, 25),
        ("inbox alone, gzip", inbox.warm, 4),
        ("form and all it loads, gzip", form.cold, 25),
    ):
        yield Measured(what, octets / 1024, limit, "KB")
    with office() as made:
        sizes = list(_state_sizes(made))
    parts = f"at most {max(sizes):.1f} KB on the way"
    yield Measured("state of a finished case of 20 elements", sizes[-1], 12, "KB", parts)


def _state_sizes(made: Office) -> Iterator[float]:
    case: Case = next(fresh_cases(made))
    for element, person, answers in RELAY:
        case.complete(person, element, answers)
        with made.desk.store.reading(made.agency_id) as tx:
            loaded = instances.read(tx, case.id)
        yield len(open_sealed(loaded.key, loaded.blob)) / 1024


Measurement = Callable[[Counts], Iterator[Measured]]
MEASUREMENTS: tuple[Measurement, ...] = (
    _completion,
    _flatness,
    _launch,
    _district,
    _processes,
    _sizes,
)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


def report(lines: list[Measured]) -> Table:
    """The measurements beside their targets."""
    table = Table("measurement (CPU)", "value", "target", "", "medians")
    for line in lines:
        verdict = "[green]ok" if line.value <= line.limit else "[red]over"
        value, limit = f"{line.value:.2f} {line.unit}", f"≤ {line.limit:.3g} {line.unit}"
        table.add_row(line.what, value, limit, verdict, line.parts)
    return table


if __name__ == "__main__":
    main()
