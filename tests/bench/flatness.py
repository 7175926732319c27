"""Whether a completion costs the same among 100 and among 10,000 open cases."""

from itertools import islice
from statistics import median
from time import process_time

from engine.commands.complete import complete_work_item
from tests.bench.cases import PERSON, fresh_cases
from tests.cases import NOW, RELAY, Case
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


def measure(office: Office, *, few: int, many: int, samples: int) -> tuple[float, float]:
    """Median CPU seconds of a first completion with `few` and with `many` open cases."""
    fresh = fresh_cases(office)
    pattern = next(fresh)
    multiply(pattern, few)
    at_few = [_first_completion(case) for case in islice(fresh, samples)]
    multiply(pattern, many - few, start=few)
    at_many = [_first_completion(case) for case in islice(fresh, samples)]
    return median(at_few), median(at_many)


def multiply(pattern: Case, copies: int, *, start: int = 0) -> None:
    """Copy a case's rows in SQL: the commands would take minutes for as many."""
    numbers = (
        f"WITH RECURSIVE counter(k) AS (SELECT {start} UNION ALL SELECT k + 1 FROM counter"
        f" WHERE k + 1 < {start + copies})"
    )
    with pattern.office.desk.store.transaction(pattern.office.agency_id) as tx:
        run = tx.connection.exec_driver_sql
        run("PRAGMA defer_foreign_keys = ON")
        for table, own, told_apart in COPIED:
            names = [row[1] for row in run(f"PRAGMA table_info({table})")]
            values = [f"{name} || '-' || k" if name in told_apart else name for name in names]
            identifier = PERSON if table == "employee" else pattern.id
            run(
                f"{numbers} INSERT INTO {table} ({', '.join(names)})"
                f" SELECT {', '.join(values)} FROM {table}, counter WHERE {own} = '{identifier}'"
            )


def _first_completion(case: Case) -> float:
    element, person, answers = RELAY[0]
    desk, item, actor = case.office.desk, case.open[element], case.office.actor(person, NOW)
    began = process_time()
    complete_work_item(desk, actor, item_id=item.id, answers=answers, now=NOW)
    return process_time() - began
