"""Makes the whole demonstration: agency, people, system, cycle, plans, and cases at every stage."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from api.demo.organisation import Regency, build_regency
from api.demo.plans import plan_lines
from api.demo.player import Player
from api.demo.story import Story, stories
from api.demo.words import words
from engine.commands.achievements import set_organisation_achievement
from engine.commands.cycles import open_cycle
from engine.commands.desk import Desk
from engine.commands.people import found_agency, founder, import_people
from engine.commands.plans import import_plan
from engine.commands.systems import deploy_system
from engine.domain.appraisal import OrganisationAchievement
from engine.domain.people import Actor, AgencyId, EmployeeId, UnitId
from engine.jobs.notices import escalate_overdue, send_reminders
from engine.jobs.outbox import Parcel, deliver_outbox
from engine.store import staffing

SYSTEM_KEY = "national"
LEVELS = (
    OrganisationAchievement.GOOD,
    OrganisationAchievement.GOOD,
    OrganisationAchievement.EXCEPTIONAL,
    OrganisationAchievement.NEEDS_IMPROVEMENT,
)
# Every unit but the last two has its achievement; HR sets those on the page.
UNITS_WITHOUT_ACHIEVEMENT = 2
# The person at the top of the line has no superior among civil servants: the regent rates him.
NOT_APPRAISED = frozenset({"sekda"})
YEAR_TURNS_IN = 7

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Persona:
    """Somebody to be in the walk: `role` is a code, `name` the invented person."""

    role: str
    employee_id: EmployeeId
    name: str


@dataclass(frozen=True)
class Demonstration:
    """What was made, and who to be on the first walk."""

    agency_id: AgencyId
    cycle_id: str
    employees: int
    cases: int
    personas: tuple[Persona, ...]


def make_demonstration(
    desk: Desk, *, employees: int, seed: int, now: datetime, progress: Progress
) -> Demonstration:
    """Everything through commands; the same seed and day give the same people and stories.

    `progress` is told what is being made, how much is done and of how much.
    """
    zone = ZoneInfo(words("structure")["zone"])
    year = _cycle_year(now.astimezone(zone).date())
    regency = build_regency(
        employees=employees, seed=seed, today=now.astimezone(zone).date(), year=year
    )
    begun = min(story.begins(now) for story in stories())
    agency_id = found_agency(desk, name=words("structure")["agency"], zone=zone.key, now=begun)
    import_people(desk, founder(agency_id), people=regency.organisation(), now=begun)
    deploy_system(desk, founder(agency_id), system=SYSTEM_KEY, now=begun, plays=0)
    hr = _actor(desk, agency_id, regency.holders["hr"], begun.astimezone(zone).date())
    cycle_id = open_cycle(
        desk,
        hr,
        system=SYSTEM_KEY,
        name=f"Penilaian kinerja tahunan {year}",
        starts=date(year, 1, 1),
        ends=date(year, 12, 31),
        now=begun,
    )
    player = Player(desk, agency_id, hr, cycle_id, zone, now)
    _import_plans(player, regency, seed, begun, progress)
    _set_achievements(player, regency, begun)
    cases = _play_all(player, regency, seed, progress)
    _carry_out(desk, agency_id, now)
    return Demonstration(agency_id, cycle_id, len(regency.employees), cases, _personas(regency))


class _Kept:
    """A courier for notices of days gone by: nobody is to get them now."""

    def deliver(self, parcel: Parcel) -> None:
        """Nothing leaves the product."""


def _carry_out(desk: Desk, agency_id: AgencyId, now: datetime) -> None:
    """What background work would have done by now."""
    send_reminders(desk, agency_id, now=now)
    escalate_overdue(desk, agency_id, now=now)
    while deliver_outbox(desk, agency_id, _Kept(), now=now):
        pass


def _cycle_year(today: date) -> int:
    """The year that is being appraised: in the first half of a year the one before."""
    return today.year if today.month >= YEAR_TURNS_IN else today.year - 1


def _actor(desk: Desk, agency_id: AgencyId, employee_id: EmployeeId, on: date) -> Actor:
    with desk.store.reading(agency_id) as tx:
        return staffing.actor(tx, employee_id, on)


def _import_plans(
    player: Player, regency: Regency, seed: int, at: datetime, progress: Progress
) -> None:
    for done, (employee_id, kind) in enumerate(regency.plans.items(), start=1):
        rng = random.Random(f"plan {seed} {done}")  # noqa: S311 - invented plans, no secret
        lines = plan_lines(kind, rng)
        import_plan(
            player.desk, player.hr,
            cycle_id=player.cycle_id, employee_id=employee_id, lines=lines, now=at,
        )  # fmt: skip
        progress("plans", done, len(regency.plans))


def _set_achievements(player: Player, regency: Regency, at: datetime) -> None:
    ready = _staffed_units(regency)[:-UNITS_WITHOUT_ACHIEVEMENT]
    for place, unit_id in enumerate(ready):
        set_organisation_achievement(
            player.desk,
            player.hr,
            cycle_id=player.cycle_id,
            unit_id=unit_id,
            level=LEVELS[place % len(LEVELS)],
            reason="Ditetapkan dari nilai capaian sasaran dan hasil evaluasi perangkat daerah.",
            now=at,
        )


def _play_all(player: Player, regency: Regency, seed: int, progress: Progress) -> int:
    appraised, waiting = _in_order(regency), _units_without_achievement(regency)
    for done, (employee_id, told) in enumerate(zip(appraised, _told(seed), strict=False)):
        story = _fitting(told, employee_id, regency, waiting)
        rng = random.Random(f"case {seed} {done}")  # noqa: S311 - invented answers, no secret
        player.play(employee_id, story, rng)
        progress("cases", done + 1, len(appraised))
    return len(appraised)


def _told(seed: int) -> Iterator[Story]:
    """Every story once, then as often as its weight says."""
    yield from stories()
    rng = random.Random(f"stories {seed}")  # noqa: S311 - invented cases, no secret
    weights = [story.weight for story in stories()]
    while True:
        yield from rng.choices(stories(), weights)


def _fitting(
    story: Story, employee_id: EmployeeId, regency: Regency, waiting: frozenset[UnitId]
) -> Story:
    """The story as far as it can come for this person; `waiting` units have no achievement yet."""
    if regency.unit_of(employee_id) in waiting:
        # The predicate waits for the achievement: nothing after the rating has happened.
        return story.ending_after("supervisor_review", waits_days=4)
    if regency.is_rated_by(employee_id, NOT_APPRAISED):
        # Nobody stands above this rater: HR is to name who decides the appeal.
        return story.ending_after("file_appeal", waits_days=1)
    return story


def _in_order(regency: Regency) -> list[EmployeeId]:
    """The people of the walk get the first stories, then those whose appeal has an authority."""
    walk = [_holder(regency, keys) for keys in WALK]
    others = sorted(regency.plans, key=lambda p: regency.is_rated_by(p, NOT_APPRAISED))
    left_out = {regency.holders[key] for key in NOT_APPRAISED}
    return [person for person in dict.fromkeys([*walk, *others]) if person not in left_out]


def _units_without_achievement(regency: Regency) -> frozenset[UnitId]:
    return frozenset(_staffed_units(regency)[-UNITS_WITHOUT_ACHIEVEMENT:])


def _staffed_units(regency: Regency) -> list[UnitId]:
    return list(dict.fromkeys(row.unit_id for row in regency.assignments))


# One begins his self-assessment, one has the result in hand; later posts are for small regencies.
WALK = (("dinkes_bidang_1_staf_2", "planner"), ("dinkes_bidang_1_staf_3", "hr_second"))
ROLES = {
    "employee": WALK[0],
    "rater": ("dinkes_bidang_1_kepala", "kepala_bappeda"),
    "rater_superior": ("dinkes_kepala", "sekda"),
    "result_in_hand": WALK[1],
    "hr": ("hr",),
    "auditor": ("auditor",),
}


def _holder(regency: Regency, keys: tuple[str, ...]) -> EmployeeId:
    return next(regency.holders[key] for key in keys if key in regency.holders)


def _personas(regency: Regency) -> tuple[Persona, ...]:
    names = {row.id: row.name for row in regency.employees}
    found = []
    for role, keys in ROLES.items():
        employee_id = _holder(regency, keys)
        found.append(Persona(role, employee_id, names[employee_id]))
    return tuple(found)
