"""Makes the whole demonstration: agency, people, system, two periods, and cases at every stage."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.demo.background import one_round, rounds
from api.demo.casting import WALK, cast, holder, in_order, units_without_achievement
from api.demo.days import Days, live
from api.demo.deeds import Deeds
from api.demo.edges import edges
from api.demo.exhibition import set_up, show
from api.demo.exhibits import exhibits, furnish, people_needed, staff_of
from api.demo.last_day import LastDay
from api.demo.organisation import build_regency
from api.demo.periods import (
    SYSTEM_KEY,
    Progress,
    bring_plans,
    open_period,
    past_period,
    set_achievements,
)
from api.demo.player import Player
from api.demo.regency import Regency
from api.demo.stage import Stage
from api.demo.words import words
from engine.commands.desk import Desk
from engine.commands.people import found_agency, founder, import_people
from engine.commands.systems import deploy_system
from engine.domain.people import AgencyId, EmployeeId

# One in so many was appraised with the product the year before already.
IN_THE_PAST, AT_LEAST, AT_MOST = 12, 2, 40
ROLES = {
    "employee": WALK[0],
    "rater": ("dinkes_bidang_1_kepala", "kepala_bappeda"),
    "rater_superior": ("dinkes_kepala", "sekda"),
    "result_in_hand": WALK[1],
    "hr": ("hr",),
    "auditor": ("auditor",),
}
AFTER_LAUNCH = timedelta(minutes=20)


@dataclass(frozen=True)
class Persona:
    """Somebody to be in the walk: `role` is a code, `name` the invented person."""

    role: str
    employee_id: EmployeeId
    name: str


@dataclass(frozen=True)
class Example:
    """Somebody special; `id` and `en` say why in each language."""

    employee_id: EmployeeId
    id: str
    en: str


@dataclass(frozen=True)
class Demonstration:
    """What was made, who to be on the first walk, and who is special."""

    agency_id: AgencyId
    cycle_id: str
    employees: int
    cases: int
    personas: tuple[Persona, ...]
    examples: tuple[Example, ...]


def make_demonstration(
    desk: Desk, *, employees: int, seed: int, now: datetime, progress: Progress
) -> Demonstration:
    """Everything through commands; the same seed and day give the same people and stories.

    `progress` is told what is being made, how much is done and of how much.
    """
    apart = people_needed(employees)
    stage = _found(desk, employees - apart, seed, now)
    furnished = furnish(stage.regency.people) if apart else None
    periods = set_up(stage, furnished, stage.days.founded) if furnished else {}
    everybody = in_order(stage.regency)
    past_period(stage, _people_of_the_past(stage, everybody))
    begun = stage.days.begun
    cycle_id = open_period(stage, stage.days.year, begun)
    bring_plans(stage, cycle_id, list(stage.regency.plans), begun, progress)
    waiting = units_without_achievement(stage.regency)
    done = [unit for unit in stage.regency.staffed_units() if unit not in waiting]
    set_achievements(stage, cycle_id, done, begun)
    for ended in live(_lives(stage, cycle_id)):
        progress("cases", min(ended, len(everybody)), len(everybody))
    if furnished:
        show(stage, furnished, periods)
    one_round(desk, stage.agency_id, now)
    LastDay(stage, cycle_id, now).pass_by()
    exhibited = _exhibited(furnished) if furnished else ()
    return Demonstration(
        stage.agency_id, cycle_id, employees, len(everybody), _personas(stage.regency),
        (*_examples(stage.regency), *exhibited),
    )  # fmt: skip


def _found(desk: Desk, employees: int, seed: int, now: datetime) -> Stage:
    structure = words("structure")
    days = Days(now, ZoneInfo(structure["zone"]))
    regency = build_regency(employees=employees, seed=seed, today=days.today, year=days.year)
    at = days.founded
    agency_id = found_agency(desk, name=structure["agency"], zone=structure["zone"], now=at)
    import_people(desk, founder(agency_id), people=regency.organisation(), now=at)
    deploy_system(desk, founder(agency_id), system=SYSTEM_KEY, now=at, plays=0)
    return Stage(desk, agency_id, regency, days, seed)


def _people_of_the_past(stage: Stage, everybody: list[EmployeeId]) -> list[EmployeeId]:
    """Those of the walk first, so that their results over two years can be seen."""
    walk = [holder(stage.regency, keys) for keys in ROLES.values()]
    there = [one for one in dict.fromkeys([*walk, *everybody]) if stage.is_in_post(one)]
    appraised = [one for one in there if one in everybody]
    return appraised[: min(max(len(everybody) // IN_THE_PAST, AT_LEAST), AT_MOST)]


def _lives(stage: Stage, cycle_id: str) -> list[Iterator[datetime]]:
    """Everything that happens in the period: deeds of the office, cases, and the evenings."""
    days = stage.days
    player = Player(
        stage.desk, stage.agency_id, stage.hr(days.begun), cycle_id, days.zone, days.now
    )
    launched = days.launched + AFTER_LAUNCH
    cases = [
        player.play(
            person, story,
            random.Random(f"case {stage.seed} {place}"),  # noqa: S311 - invented, no secret
            begins=story.begins(days.now) if story.begins(days.now) < days.launched else launched,
        )
        for place, (person, story) in enumerate(cast(stage.regency, stage.seed).items())
        if story.key != "launched"
    ]  # fmt: skip
    evenings = rounds(stage.desk, stage.agency_id, days.evenings(days.begun, days.now))
    return [*Deeds(stage, cycle_id).lives(), *cases, evenings]


def _personas(regency: Regency) -> tuple[Persona, ...]:
    names = {row.id: row.name for row in regency.employees}
    found = []
    for role, keys in ROLES.items():
        employee_id = holder(regency, keys)
        found.append(Persona(role, employee_id, names[employee_id]))
    return tuple(found)


def _exhibited(furnished: Regency) -> tuple[Example, ...]:
    """The first of each unit that another system appraises."""
    return tuple(
        Example(staff_of(furnished, exhibit)[0], exhibit.id, exhibit.en) for exhibit in exhibits()
    )


def _examples(regency: Regency) -> tuple[Example, ...]:
    return tuple(
        Example(regency.holders[edge.post], edge.id, edge.en)
        for edge in edges().values()
        if edge.post in regency.holders
    )
