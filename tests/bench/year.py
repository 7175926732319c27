"""A whole cycle of a district: everybody's case from its launch to its end, by scripted people."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean, median
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import select

from engine.commands.achievements import set_organisation_achievement
from engine.commands.complete import complete_work_item
from engine.commands.work_forms import open_form
from engine.domain.appraisal import OrganisationAchievement
from engine.rules.deadlines import parse_duration
from engine.store import tables, work_items
from engine.store.states import InstanceStatus
from engine.store.work_items import WorkItemRow
from tests import surveys
from tests.bench import launching
from tests.bench.offices import office
from tests.cases import NOW
from tests.office import DIVISION, ROOT, Office
from tests.workflows.scenario import exact, overlaid, read_path

# The path that everybody follows, and the system whose steps every other one is measured by.
PATH, SPINE = "plain", "national"
_RUNNING = select(tables.instance.c.id).where(
    tables.instance.c.status == InstanceStatus.RUNNING.value
)
HR = "hr_officer"


@dataclass(frozen=True)
class Kind:
    """What one kind of step costs: CPU seconds of opening and of handing in, as medians.

    `spine` is what handing in a step of the spine cost just before and just after: the speed of a
    machine changes from one minute to the next.
    """

    element: str
    opening: float
    handing_in: float
    spine: float

    @property
    def ratio(self) -> float:
        """How many steps of the spine one of these costs."""
        return self.handing_in / self.spine


@dataclass(frozen=True)
class Year:
    """A cycle that ran to its end: its steps, how long they took, what it left in the database."""

    cases: int
    ended: int
    steps: int
    wall: float
    cpu: float
    octets: int
    kinds: tuple[Kind, ...]


def spine(cases: int) -> float:
    """CPU seconds of handing in a step of the spine now, as the mean over its kinds."""
    return mean(kind.handing_in for kind in measure(SPINE, cases, lambda: 1.0).kinds)


def measure(system: str, cases: int, beside: Callable[[], float]) -> Year:
    """The cycle of a system with so many people, launched and brought to its end.

    `beside` measures the spine; it is asked before the first step of all and after each.
    """
    with office(system) as made:
        path = read_path(ROOT / f"workflows/{system}/paths/{PATH}.json")
        _ask_citizens(made, path)
        launching.populate(made, launching.names(cases, "p"))
        before = _octets(made)
        launching.launch(made, cases)
        watch = _Watch(made, beside)
        watch.play(path["steps"])
        left = (_octets(made) - before) // cases
        return Year(cases, watch.ended, watch.steps, watch.wall, watch.cpu, left, watch.kinds())


def _ask_citizens(made: Office, path: Mapping[str, Any]) -> None:
    if path.get("survey"):
        survey = surveys.opened(made)
        for given in path["survey"]:
            surveys.answered(made, survey, **given)
        surveys.closed(made, survey)


def _octets(made: Office) -> int:
    """Bytes of the database, without pages that are free."""
    with made.desk.store.reading(made.agency_id) as tx:
        ask = tx.connection.exec_driver_sql
        pages, free, size = (
            int(ask(f"PRAGMA {name}").scalar_one())
            for name in ("page_count", "freelist_count", "page_size")
        )
    return (pages - free) * size


class _Watch:
    """Plays all cases of an office and keeps what their steps cost."""

    def __init__(self, made: Office, beside: Callable[[], float]) -> None:
        self._office, self._beside = made, beside
        self._spent: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self._spine: dict[str, list[float]] = defaultdict(list)
        self.wall = self.cpu = 0.0
        with made.desk.store.reading(made.agency_id) as tx:
            self._cases = tuple(tx.connection.execute(_RUNNING).scalars())

    @property
    def steps(self) -> int:
        """How many steps were handed in."""
        return sum(map(len, self._spent.values()))

    @property
    def ended(self) -> int:
        """How many cases have come to their end."""
        with self._office.desk.store.reading(self._office.agency_id) as tx:
            return len(self._cases) - len(tx.connection.execute(_RUNNING).all())

    def play(self, steps: Sequence[Mapping[str, Any]]) -> None:
        """Everybody does the first step, then everybody the next one."""
        now, before = NOW, self._beside()
        for step in steps:
            if "advance" in step:
                now += parse_duration(step["advance"])
            elif "message" in step:
                self._set_achievement(step["level"], now)
            elif "complete" in step:
                self._everybody(step, now)
                after = self._beside()
                self._spine[step["complete"]] += [before, after]
                before = after

    def kinds(self) -> tuple[Kind, ...]:
        """Every kind of step, the dearest first."""
        found = [
            Kind(
                element,
                *(median(column) for column in zip(*spent, strict=True)),
                mean(self._spine[element]),
            )
            for element, spent in self._spent.items()
        ]
        return tuple(sorted(found, key=lambda kind: -kind.ratio))

    def _everybody(self, step: Mapping[str, Any], now: datetime) -> None:
        began = perf_counter(), process_time()
        for case in self._cases:
            self._hand_in(case, step, now)
        self.wall += perf_counter() - began[0]
        self.cpu += process_time() - began[1]

    def _hand_in(self, case: str, step: Mapping[str, Any], now: datetime) -> None:
        office, item = self._office, self._item(case, step["complete"])
        actor = office.actor(item.assignee_id or HR, now)
        began = process_time()
        opened = open_form(office.desk, actor, item_id=item.id, language="id", now=now)
        shown = process_time()
        answers = overlaid(dict(opened.values), exact(step["with"]))
        typed = process_time()
        complete_work_item(office.desk, actor, item_id=item.id, answers=answers, now=now)
        self._spent[item.element_id].append((shown - began, process_time() - typed))

    def _item(self, case: str, element: str) -> WorkItemRow:
        with self._office.desk.store.reading(self._office.agency_id) as tx:
            waiting = work_items.open_of_instance(tx, case)
        return next(item for item in waiting if item.element_id == element)

    def _set_achievement(self, level: str, now: datetime) -> None:
        office = self._office
        set_organisation_achievement(
            office.desk, office.actor(HR, now), cycle_id=office.cycle_id, unit_id=DIVISION,
            level=OrganisationAchievement(level), reason="Capaian sesuai LKjIP.", now=now,
        )  # fmt: skip
