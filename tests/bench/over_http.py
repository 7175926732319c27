"""What completing a task costs the server: durable, signed in, over a real connection."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from statistics import quantiles
from uuid import uuid4

import orjson

from engine.rules.numbers import to_jsonable
from tests.bench.cases import PERSON, fresh_cases
from tests.bench.serving import Line, bare, cpu_seconds, fleet_of, lines_of
from tests.cases import RELAY, REPORT, Case
from tests.office import Office

PEOPLE = frozenset(person for _, person, _ in RELAY)
BARE_CALLS = 60


@dataclass(frozen=True)
class Sent:
    """One run: CPU seconds of the server and of the bare one a call, and how long answers took."""

    server: float
    bare: float
    waits: tuple[float, ...]


def measure(office: Office, *, runs: int, cases: int) -> list[Sent]:
    """So many runs of whole cases on one server, beside the bare one under the same calls."""
    with fleet_of(office) as made:
        served = made.serve()
        lines = lines_of(office, served, PEOPLE)
        barest = Line(bare(made, lines[PERSON].token), lines[PERSON].token)
        _run(office, lines, barest, cases=2)  # The first calls pay for compiling statements.
        return [_run(office, lines, barest, cases=cases) for _ in range(runs)]


def percentiles(found: list[Sent]) -> tuple[float, float]:
    """The middle wait and the one that 95 of 100 do not exceed, in seconds."""
    waits = quantiles([wait for sent in found for wait in sent.waits], n=20)
    return waits[9], waits[18]


def _run(office: Office, lines: Mapping[str, Line], barest: Line, *, cases: int) -> Sent:
    spent, waits = 0.0, []
    for case in islice(fresh_cases(office, now=None), cases):
        for step in RELAY:
            cpu, wait = completed(case, lines, *step)
            spent += cpu
            waits.append(wait)
    began, body = cpu_seconds(barest.machine), content(REPORT)
    for _ in range(BARE_CALLS):
        barest.post("/complete", body)
    idle = (cpu_seconds(barest.machine) - began) / BARE_CALLS
    return Sent(spent / len(waits), idle, tuple(waits))


def completed(
    case: Case, lines: Mapping[str, Line], element: str, person: str, answers: Mapping[str, object]
) -> tuple[float, float]:
    """Complete one step; CPU seconds of the server and seconds until its answer was here."""
    item, line, body = case.open[element], lines[person], content(answers)
    headers = {"Idempotency_Key": uuid4().hex, "If_Match": f'"{item.version}"'}
    before, began = cpu_seconds(line.machine), time.perf_counter()
    line.post(f"/api/v1/work-items/{item.id}/completion", body, **headers)
    wait = time.perf_counter() - began
    return cpu_seconds(line.machine) - before, wait


def content(answers: Mapping[str, object]) -> bytes:
    """Answers as a program sends them."""
    return orjson.dumps({"answers": to_jsonable(answers)})
