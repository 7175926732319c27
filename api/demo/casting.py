"""Which story is told of whom."""

import random
from collections.abc import Iterator, Mapping

from api.demo.edges import edges
from api.demo.regency import Regency
from api.demo.story import Story, stories, story_of
from api.demo.words import words
from engine.domain.people import EmployeeId, UnitId

# The person at the top of the line has no superior among civil servants: the regent rates him.
NOT_APPRAISED = frozenset({"sekda"})
# HR has still to set what these units achieved; in a small regency, which lacks them, the last two.
WITHOUT_ACHIEVEMENT = ("diskominfo_bidang_1", "diskominfo_bidang_2")
# One begins his self-assessment, one has the result in hand; later posts are for small regencies.
WALK = (("dinkes_bidang_1_staf_2", "planner"), ("dinkes_bidang_1_staf_3", "hr_second"))
# So many have a story of their own, and one in so many of all; the others come with the launch.
OWN_STORIES, ONE_IN = 100, 20
ASSESSED = 0.4


def cast(regency: Regency, seed: int) -> Mapping[EmployeeId, Story]:
    """A story for everybody who is appraised, the people of the walk first."""
    waiting = frozenset(units_without_achievement(regency))
    told, fixed = _told(seed, OWN_STORIES + len(regency.employees) // ONE_IN), _fixed(regency)
    found = {}
    for employee_id in in_order(regency):
        story = fixed.get(employee_id) or next(told)
        found[employee_id] = _fitting(story, employee_id, regency, waiting)
    return found


def in_order(regency: Regency) -> list[EmployeeId]:
    """The people of the walk get the first stories, then those whose appeal has an authority."""
    walk = [holder(regency, keys) for keys in WALK]
    others = sorted(regency.plans, key=lambda p: regency.is_rated_by(p, NOT_APPRAISED))
    left_out = {regency.holders[key] for key in NOT_APPRAISED}
    return [person for person in dict.fromkeys([*walk, *others]) if person not in left_out]


def holder(regency: Regency, keys: tuple[str, ...]) -> EmployeeId:
    """Who holds the first of these posts that there is."""
    return next(regency.holders[key] for key in keys if key in regency.holders)


def units_without_achievement(regency: Regency) -> list[UnitId]:
    """Units whose cases wait for HR."""
    units = regency.staffed_units()
    return [unit for unit in units if unit in WITHOUT_ACHIEVEMENT] or units[-2:]


def _fixed(regency: Regency) -> Mapping[EmployeeId, Story]:
    """Stories of chosen people and of whole units."""
    found: dict[EmployeeId, Story] = {}
    for unit_id, keys in words("stories")["units"].items():
        people = [person for person in regency.plans if regency.unit_of(person) == unit_id]
        found |= {p: story_of(key) for p, key in zip(people, keys, strict=False)}
    for edge in edges().values():
        if edge.story and edge.post in regency.holders:
            found[regency.holders[edge.post]] = story_of(edge.story)
    return found


def _told(seed: int, own: int) -> Iterator[Story]:
    """Every story once, then as often as its weight says; in the end only what a launch begins."""
    yield from stories()
    rng = random.Random(f"stories {seed}")  # noqa: S311 - invented cases, no secret
    weights = [story.weight for story in stories()]
    for _ in range(own - len(stories())):
        yield from rng.choices(stories(), weights)
    while True:
        yield story_of("launched_and_assessed" if rng.random() < ASSESSED else "launched")


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
