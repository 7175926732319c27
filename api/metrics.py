"""Figures for Prometheus: no personal data, and labels from closed lists only."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from engine.commands.desk import Desk
from engine.errors import AlurError
from engine.queries.standing import Standing, standing
from engine.store import agencies
from engine.store.database import ANY_AGENCY

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# Where work is completed: the page's form and the resource for programs.
COMPLETING = frozenset({"/work-items/{item_id}", "/api/v1/work-items/{item_id}/completion"})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Metrics:
    """What one server process counts about its requests."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Counter = field(init=False)
    durations: Histogram = field(init=False)
    completions: Counter = field(init=False)

    def __post_init__(self) -> None:
        """Each process has figures of its own."""
        made = {
            "requests": Counter(
                "alur_requests", "Requests answered.", ("method", "route", "status"),
                registry=self.registry,
            ),
            "durations": Histogram(
                "alur_request_seconds", "From the first byte asked to the last answered.",
                ("route",), buckets=BUCKETS, registry=self.registry,
            ),
            "completions": Counter(
                "alur_completions", "Work items completed over HTTP.", registry=self.registry
            ),
        }  # fmt: skip
        for name, metric in made.items():
            object.__setattr__(self, name, metric)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; `route` is the template of its address."""
        known = method if method in METHODS else "other"
        self.requests.labels(known, route, str(status)).inc()
        self.durations.labels(route).observe(seconds)
        if method == "POST" and route in COMPLETING and status in {200, 201, 303}:
            self.completions.inc()


# The library keeps its collectors in a dict, so they are told apart by identity.
@dataclass(frozen=True, eq=False)
class StandingCollector(Collector):
    """What the database knows, asked at each look; all agencies in one sum."""

    desk: Desk
    clock: Callable[[], datetime]

    def describe(self) -> Iterator[Metric]:
        """Nothing in advance: registering asks no database."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """The present figures; `alur_up` is 0 while the database cannot be asked."""
        try:
            found = self._every()
        except AlurError:
            found = None
        yield GaugeMetricFamily(
            "alur_up", "Whether the database answers.", value=int(found is not None)
        )
        yield from _families(found or [])

    def _every(self) -> list[Standing]:
        store, now = self.desk.store, self.clock()
        with store.reading(ANY_AGENCY) as tx:
            ids = agencies.every_id(tx)
        every = []
        for agency_id in ids:
            with store.reading(agency_id) as tx:
                every.append(standing(tx, now=now))
        return every


def _families(every: list[Standing]) -> Iterator[Metric]:
    for name, text in (
        ("open_incidents", "Cases that wait for a retry."),
        ("overdue_timers", "Deadlines that should have fired minutes ago."),
        ("waiting_effects", "Effects in the outbox that are not carried out yet."),
        ("stuck_effects", "Effects in the outbox that failed several times."),
    ):
        yield GaugeMetricFamily(
            f"alur_{name}", text, value=sum(getattr(each, name) for each in every)
        )
    last = GaugeMetricFamily(
        "alur_job_last_run_seconds", "When the agency served last had a round.", labels=("job",)
    )
    done = CounterMetricFamily("alur_job_done", "Things done by a job.", labels=("job",))
    runs = [run for each in every for run in each.jobs]
    for job in sorted({run.job for run in runs}):
        own = [run for run in runs if run.job == job]
        last.add_metric([job], min(run.ran_at for run in own).timestamp())
        done.add_metric([job], sum(run.done for run in own))
    yield last
    yield done
