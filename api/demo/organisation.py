"""The invented regency: its core, its departments, and who acts and stands in for whom."""

import random
from datetime import date, timedelta
from itertools import islice

from api.demo.departments import department_posts, fill_department_post
from api.demo.persons import People
from api.demo.regency import FIRST_DAY, Regency
from api.demo.words import words
from engine.domain.people import AssignmentKind, EmployeeKind
from engine.store.people import SubstitutionRow

BEFORE, AFTER = timedelta(days=3), timedelta(days=10)


def build_regency(*, employees: int, seed: int, today: date, year: int) -> Regency:
    """A regency of exactly `employees` people, at least the core of ten; same seed, same people.

    Everybody is in service at the beginning of `year`.
    """
    rng = random.Random(f"regency {seed}")  # noqa: S311 - invented people, no secret
    regency = Regency(People(rng, date(year, 1, 1)))
    for unit in words("structure")["units"]:
        regency.unit(unit["key"], unit["name"], unit["kind"], unit.get("parent"))
    _fill_core(regency, year)
    for post in islice(department_posts(regency), max(0, employees - len(regency.employees))):
        fill_department_post(regency, post, today)
    _act_in_other_posts(regency, today, year)
    _substitute(regency, today)
    return regency


def _fill_core(regency: Regency, year: int) -> None:
    for post in words("structure")["posts"]:
        regency.post(post)
        if post.get("vacant"):
            continue
        kind = EmployeeKind(post.get("kind", "pns"))
        heads = post.get("heads", False)
        person = regency.people.person(age=post["age"], kind=kind, grade=post["grade"], heads=heads)
        month = post.get("since_month")
        regency.fill(post, person, date(year, month, 1) if month else FIRST_DAY)


def _act_in_other_posts(regency: Regency, today: date, year: int) -> None:
    """Plt.: a head rates the staff of a vacant post meanwhile. Plh.: a head for a few days."""
    acting = (
        ("dinkes", AssignmentKind.ACTING_PERMANENT, (date(year, 1, 1), None)),
        ("disdik", AssignmentKind.ACTING_DAILY, (today - BEFORE, today + AFTER)),
    )
    for office, kind, days in acting:
        deputy = regency.holders.get(f"{office}_bidang_1_kepala")
        if deputy and f"{office}_bidang_2_kepala" in regency.posts:
            regency.assign(deputy, f"{office}_bidang_2_kepala", days, kind)


def _substitute(regency: Regency, today: date) -> None:
    """The two officers of HR stand in for each other, since each is appraised by the system too."""
    pair = regency.holders["hr"], regency.holders["hr_second"]
    row = SubstitutionRow(regency.people.new_id(), *pair, today, date(today.year + 1, 12, 31))
    regency.substitutions.append(row)
