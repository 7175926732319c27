"""The invented regency: units, posts and who holds them, with the people every test set needs."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle, islice
from typing import Any

from api.demo.persons import People
from api.demo.words import words
from engine.commands.organisation import Organisation
from engine.domain.people import AssignmentKind, EmployeeId, EmployeeKind, PositionId, UnitId
from engine.store.people import (
    AssignmentRow,
    DutyRow,
    EmployeeRow,
    PositionRow,
    SubstitutionRow,
    UnitRow,
)

FIRST_DAY = date(2020, 1, 1)
STAFF_A_DIVISION = 5
OTHER_KINDS = (
    EmployeeKind.PNS,
    EmployeeKind.PPPK,
    EmployeeKind.PNS,
    EmployeeKind.CPNS,
    EmployeeKind.PNS,
    EmployeeKind.PPPK_PART_TIME,
)
GRADES = {
    EmployeeKind.PNS: "III/a",
    EmployeeKind.CPNS: "III/a",
    EmployeeKind.PPPK: "IX",
    EmployeeKind.PPPK_PART_TIME: "VII",
}
Post = Mapping[str, Any]


@dataclass
class Regency:
    """What is being built: rows, who holds which post by its key, and whose plan is which."""

    people: People
    units: list[UnitRow] = field(default_factory=list)
    positions: list[PositionRow] = field(default_factory=list)
    employees: list[EmployeeRow] = field(default_factory=list)
    assignments: list[AssignmentRow] = field(default_factory=list)
    substitutions: list[SubstitutionRow] = field(default_factory=list)
    duties: list[DutyRow] = field(default_factory=list)
    holders: dict[str, EmployeeId] = field(default_factory=dict)
    plans: dict[EmployeeId, str] = field(default_factory=dict)
    posts: dict[str, PositionRow] = field(default_factory=dict)
    own_posts: dict[EmployeeId, PositionRow] = field(default_factory=dict)

    def organisation(self) -> Organisation:
        """Everything, ready for the import."""
        return Organisation(
            tuple(self.units),
            tuple(self.positions),
            tuple(self.employees),
            tuple(self.assignments),
            tuple(self.substitutions),
            tuple(self.duties),
        )

    def unit(self, key: str, name: str, kind: str, parent: str | None) -> None:
        """Add a unit."""
        self.units.append(UnitRow(UnitId(key), UnitId(parent) if parent else None, name, kind))

    def post(self, post: Post) -> None:
        """Add a post, still vacant."""
        above = post.get("above")
        row = PositionRow(
            PositionId(post["key"]),
            UnitId(post["unit"]),
            post["title"],
            PositionId(above) if above else None,
            post.get("office"),
            post.get("heads", False),
            post.get("functional"),
        )
        self.positions.append(row)
        self.posts[row.id] = row

    def fill(self, post: Post, person: EmployeeRow, since: date) -> None:
        """Add a person who holds the post, with duties and a plan."""
        self.employees.append(person)
        self.holders[post["key"]] = person.id
        self.plans[person.id] = post["plan"]
        self.own_posts[person.id] = self.posts[post["key"]]
        self.assign(person.id, post["key"], post["unit"], since)
        for function in post.get("duties", ()):
            self.duties.append(DutyRow(self.people.new_id(), person.id, function, None, FIRST_DAY))

    def assign(
        self,
        person: EmployeeId,
        post: str,
        unit: str,
        since: date,
        kind: AssignmentKind = AssignmentKind.DEFINITIVE,
    ) -> None:
        """Put a person into a post."""
        row_id = self.people.new_id()
        row = AssignmentRow(row_id, person, PositionId(post), UnitId(unit), kind, since)
        self.assignments.append(row)

    def unit_of(self, person: EmployeeId) -> UnitId:
        """The unit of a person's own post."""
        return self.own_posts[person].unit_id

    def is_rated_by(self, person: EmployeeId, posts: frozenset[str]) -> bool:
        """Whether the post above the person's own is one of `posts`."""
        return self.own_posts[person].superior_position_id in posts


def build_regency(*, employees: int, seed: int, today: date, year: int) -> Regency:
    """A regency of exactly `employees` people, at least the core of ten; same seed, same people."""
    rng = random.Random(f"regency {seed}")  # noqa: S311 - invented people, no secret
    regency = Regency(People(rng, today))
    for unit in words("structure")["units"]:
        regency.unit(unit["key"], unit["name"], unit["kind"], unit.get("parent"))
    _fill_core(regency, year)
    for post in islice(_department_posts(regency), max(0, employees - len(regency.employees))):
        _fill_department_post(regency, post)
    _act_in_vacant_post(regency, today)
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


def _department_posts(regency: Regency) -> Iterator[Post]:
    """Posts one by one, department after department; units and posts are made on the way."""
    for number, department in enumerate(cycle(words("structure")["departments"])):
        copy = number // len(words("structure")["departments"])
        suffix = f"_{copy + 1}" if copy else ""
        key = f"{department['key']}{suffix}"
        name = f"{department['name']} Wilayah {copy + 1}" if copy else department["name"]
        regency.unit(key, name, "department", "regency")
        head = {"unit": key, "key": f"{key}_kepala", "title": "Kepala Dinas", "above": "sekda",
                "heads": True, "grade": "IV/b", "age": 49, "plan": "leader"}  # fmt: skip
        regency.post(head)
        yield head
        yield from _division_posts(regency, department, key)


def _division_posts(regency: Regency, department: Post, key: str) -> Iterator[Post]:
    for index, name in enumerate(department["divisions"]):
        unit = f"{key}_bidang_{index + 1}"
        regency.unit(unit, name, "division", key)
        head = {"unit": unit, "key": f"{unit}_kepala", "title": f"Kepala {name}",
                "above": f"{key}_kepala", "heads": True, "grade": "III/d", "age": 43,
                "plan": department["plan"]}  # fmt: skip
        regency.post(head)
        # The post of the second division of the first department is vacant: somebody acts in it.
        if index == 0 or key != words("structure")["departments"][0]["key"]:
            yield head
        for place in range(STAFF_A_DIVISION):
            titles = department["staff"]
            post = {"unit": unit, "key": f"{unit}_staf_{place + 1}",
                    "title": titles[place % len(titles)], "above": f"{unit}_kepala",
                    "plan": department["plan"], "place": place}  # fmt: skip
            if index == 0 and place == 0:
                post["duties"] = ["operator"]
            if place == 1:
                post["functional"] = "ahli_pertama"
            regency.post(post)
            yield post


def _fill_department_post(regency: Regency, post: Post) -> None:
    people, place = regency.people, post.get("place")
    if place is None:
        person = people.person(
            age=post["age"], kind=EmployeeKind.PNS, grade=post["grade"], heads=True
        )
        regency.fill(post, person, FIRST_DAY)
        return
    kind = OTHER_KINDS[len(regency.employees) % len(OTHER_KINDS)]
    before = regency.employees[-1]
    if place == 3 and before.kind == EmployeeKind.PNS:
        kind = EmployeeKind.PNS
        person = people.twin_of(before, kind, GRADES[kind])
    else:
        age = people.rng.randint(26, 45)
        person = people.person(age=age, kind=kind, grade=GRADES[kind], edge=place == 2)
    regency.fill(post, person, FIRST_DAY)


def _act_in_vacant_post(regency: Regency, today: date) -> None:
    """The head of the first division acts (Plt) in the second, whose staff he rates meanwhile."""
    first = words("structure")["departments"][0]["key"]
    deputy = regency.holders.get(f"{first}_bidang_1_kepala")
    if deputy and f"{first}_bidang_2_kepala" in regency.posts:
        regency.assign(
            deputy,
            f"{first}_bidang_2_kepala",
            f"{first}_bidang_2",
            date(today.year, 1, 1),
            AssignmentKind.ACTING_PERMANENT,
        )


def _substitute(regency: Regency, today: date) -> None:
    """The two officers of HR stand in for each other, since each is appraised by the system too."""
    pair = regency.holders["hr"], regency.holders["hr_second"]
    row = SubstitutionRow(regency.people.new_id(), *pair, today, date(today.year + 1, 12, 31))
    regency.substitutions.append(row)
