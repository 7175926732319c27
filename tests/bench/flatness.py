"""Whether work costs the same among few and among many open cases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from statistics import median
from time import process_time

from engine.commands.complete import complete_work_item
from tests.bench import launching
from tests.bench.cases import PERSON, fresh_cases
from tests.bench.offices import office
from tests.bench.serving import Line, bare, cpu_seconds, fleet_of
from tests.cases import NOW, RELAY, Case
from tests.machines import session_of
from tests.office import Office

# Tables that a case and its person fill: the column that finds the rows, the columns that tell
# the copies apart.
COPIED = (
    ("employee", "id", ("id", "nip")),
    ("instance", "id", ("id", "subject_id")),
    ("instance_state", "instance_id", ("instance_id",)),
    ("appraisal", "instance_id", ("instance_id", "employee_id")),
    ("work_item", "instance_id", ("id", "instance_id", "assignee_id")),
    ("timer", "instance_id", ("instance_id",)),
    ("audit_event", "chain_id", ("chain_id",)),
    ("audit_pending", "chain_id", ("chain_id",)),
)
# How many one person rates, and how many raters one superior has: nobody rates 100,000.
RATED = 10
OWN_ROWS = 25
PAGES_A_SAMPLE = 5
Sample = Callable[[], float]


@contextmanager
def two_offices(few: int, many: int) -> Iterator[tuple[Office, Office]]:
    """Two offices that differ in their number of open cases only."""
    with crowded(few) as quiet, crowded(many) as busy:
        yield quiet, busy


@contextmanager
def crowded(cases: int) -> Iterator[Office]:
    """An office with so many open cases; one person has a page full of them."""
    with office() as made:
        pattern = next(fresh_cases(made))
        multiply(pattern, cases)
        with made.desk.store.transaction(made.agency_id) as tx:
            tx.connection.exec_driver_sql(
                f"UPDATE work_item SET assignee_id = '{PERSON}' WHERE id IN"
                f" (SELECT id FROM work_item WHERE assignee_id LIKE '{PERSON}-%' LIMIT {OWN_ROWS})"
            )
            tx.connection.exec_driver_sql("ANALYZE")
        yield pattern.office


def taking_turns(at_few: Sample, at_many: Sample, samples: int) -> tuple[float, float]:
    """Medians of both, measured in turns so that what else the machine does meets both."""
    at_few(), at_many()  # The first calls pay for compiling statements.
    taken = [(at_few(), at_many()) for _ in range(samples)]
    few, many = zip(*taken, strict=True)
    return median(few), median(many)


def completing(made: Office) -> Sample:
    """CPU seconds of a first completion of a fresh case."""
    fresh = fresh_cases(made)
    return lambda: _first_completion(next(fresh))


def launching_people(made: Office, many: int) -> Sample:
    """CPU seconds a person of launching so many fresh people beside all the others."""
    rounds = count()

    def sample() -> float:
        launching.populate(made, launching.names(many, f"round{next(rounds)}-"))
        return launching.launch(made, many) / many

    return sample


@contextmanager
def inbox_pages(made: Office) -> Iterator[tuple[Sample, Sample, Sample]]:
    """CPU seconds of a page: of one's own list, of everything, and of the bare page."""
    with fleet_of(made) as fleet:
        served, token = fleet.serve(), session_of(made, PERSON)
        own, hr = Line(served, token), Line(served, session_of(made, "hr_officer"))
        barest = Line(bare(fleet, token), token)
        yield _pages(own, "/inbox"), _pages(hr, "/inbox?tab=all"), _pages(barest, "/inbox")


def _pages(line: Line, path: str) -> Sample:
    def sample() -> float:
        began = cpu_seconds(line.machine)
        for _ in range(PAGES_A_SAMPLE):
            line.get(path)
        return (cpu_seconds(line.machine) - began) / PAGES_A_SAMPLE

    return sample


def multiply(pattern: Case, copies: int) -> None:
    """Copy a case's rows in SQL: the commands would take minutes for as many."""
    numbers = (
        "WITH RECURSIVE counter(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM counter"
        f" WHERE k + 1 < {copies})"
    )
    with pattern.office.desk.store.transaction(pattern.office.agency_id) as tx:
        run = tx.connection.exec_driver_sql
        run("PRAGMA defer_foreign_keys = ON")
        for table, own, told_apart in COPIED:
            names = [row[1] for row in run(f"PRAGMA table_info({table})")]
            values = [_copied(name, told_apart) for name in names]
            identifier = PERSON if table == "employee" else pattern.id
            run(
                f"{numbers} INSERT INTO {table} ({', '.join(names)})"
                f" SELECT {', '.join(values)} FROM {table}, counter WHERE {own} = '{identifier}'"
            )


def _copied(name: str, told_apart: tuple[str, ...]) -> str:
    """A column of copy k in SQL; copies are rated by copies, as people are by one another."""
    if name == "rater_id":
        return f"'{PERSON}-' || k / {RATED}"
    if name == "rater_superior_id":
        return f"'{PERSON}-' || k / {RATED * RATED}"
    return f"{name} || '-' || k" if name in told_apart else name


def _first_completion(case: Case) -> float:
    element, person, answers = RELAY[0]
    desk, item, actor = case.office.desk, case.open[element], case.office.actor(person, NOW)
    began = process_time()
    complete_work_item(desk, actor, item_id=item.id, answers=answers, now=NOW)
    return process_time() - began
