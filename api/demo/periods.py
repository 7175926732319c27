"""The two periods: one of the year before, finished and closed, and the one that runs."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from api.demo.background import one_round
from api.demo.days import live
from api.demo.plans import plan_lines
from api.demo.player import Player
from api.demo.stage import Stage
from api.demo.story import Story, story_of
from engine.commands.achievements import set_organisation_achievement
from engine.commands.closing import close_cycle
from engine.commands.cycles import open_cycle
from engine.commands.plan_sheet import PlanLine
from engine.commands.plans import store_plans
from engine.domain.appraisal import OrganisationAchievement
from engine.domain.people import EmployeeId, UnitId
from engine.store.closings import Handling

SYSTEM_KEY = "national"
LEVELS = (
    OrganisationAchievement.GOOD,
    OrganisationAchievement.GOOD,
    OrganisationAchievement.EXCEPTIONAL,
    OrganisationAchievement.NEEDS_IMPROVEMENT,
)
REASON = "Ditetapkan dari nilai capaian sasaran dan hasil evaluasi perangkat daerah."
PAST_ENDINGS = ("closed_good", "closed_very_good", "closed_good", "closed_needs_improvement")
PAST_LASTS = timedelta(days=45)
CLOSING = "Seluruh penilaian tahun ini sudah selesai dan diterima pegawai."
# So many plans are stored together.
CHUNK = 500

Progress = Callable[[str, int, int], None]


def open_period(stage: Stage, year: int, at: datetime) -> str:
    """Open the period of a year; its id."""
    return open_cycle(
        stage.desk,
        stage.hr(at),
        system=SYSTEM_KEY,
        name=f"Penilaian kinerja tahunan {year}",
        starts=date(year, 1, 1),
        ends=date(year, 12, 31),
        now=at,
    )


def bring_plans(
    stage: Stage, cycle_id: str, people: Sequence[EmployeeId], at: datetime, progress: Progress
) -> None:
    """The plans of these people, several hundred a time."""
    lines: dict[EmployeeId, Sequence[PlanLine]] = {}
    for number, employee_id in enumerate(people, start=1):
        kind = stage.regency.plans[employee_id]
        rng = random.Random(f"plan {stage.seed} {number} {cycle_id and kind}")  # noqa: S311 - no secret
        lines[employee_id] = plan_lines(kind, rng)
        if len(lines) == CHUNK or number == len(people):
            with stage.desk.store.transaction(stage.agency_id) as tx:
                store_plans(tx, stage.hr(at), cycle_id, lines, now=at)
            lines = {}
            progress("plans", number, len(people))


def set_achievements(stage: Stage, cycle_id: str, units: Sequence[UnitId], at: datetime) -> None:
    """What these units achieved; most did well."""
    for place, unit_id in enumerate(units):
        set_organisation_achievement(
            stage.desk, stage.hr(at), cycle_id=cycle_id, unit_id=unit_id,
            level=LEVELS[place % len(LEVELS)], reason=REASON, now=at,
        )  # fmt: skip


def past_period(stage: Stage, people: Sequence[EmployeeId]) -> None:
    """The year before, in which these people were the first to be appraised with the product."""
    days = stage.days
    at, ends = days.founded + timedelta(hours=2), days.founded + PAST_LASTS
    cycle_id = open_period(stage, days.year - 1, at)
    bring_plans(stage, cycle_id, people, at, lambda *_: None)
    units = dict.fromkeys(stage.regency.unit_of(person) for person in people)
    set_achievements(stage, cycle_id, tuple(units), at)
    player = Player(stage.desk, stage.agency_id, stage.hr(at), cycle_id, days.zone, ends)
    for _ended in live(_past_lives(player, people, at, stage.seed)):
        pass
    one_round(stage.desk, stage.agency_id, ends)
    close_cycle(
        stage.desk, stage.hr(ends), cycle_id=cycle_id, handling=Handling.GO_ON, reason=CLOSING,
        now=ends,
    )  # fmt: skip


def _past_lives(
    player: Player, people: Sequence[EmployeeId], at: datetime, seed: int
) -> list[Iterator[datetime]]:
    def ending(place: int) -> Story:
        return story_of(PAST_ENDINGS[place % len(PAST_ENDINGS)])

    return [
        player.play(
            person, ending(place), random.Random(f"past {seed} {place}"),  # noqa: S311 - no secret
            begins=at + timedelta(days=1),
        )
        for place, person in enumerate(people)
    ]  # fmt: skip
