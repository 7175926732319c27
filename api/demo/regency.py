"""The invented regency while it is being built: rows, and who holds which post."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from api.demo.persons import People
from engine.commands.organisation import Organisation
from engine.domain.people import AssignmentKind, EmployeeId, PositionId, UnitId
from engine.store.people import (
    AssignmentRow,
    DutyRow,
    EmployeeRow,
    PositionRow,
    SubstitutionRow,
    UnitRow,
)

FIRST_DAY = date(2020, 1, 1)
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

    def fill(
        self, post: Post, person: EmployeeRow, since: date, *, until: date | None = None
    ) -> None:
        """Add a person who holds the post, with duties and a plan."""
        self.employees.append(person)
        self.holders[post["key"]] = person.id
        self.plans[person.id] = post["plan"]
        self.own_posts[person.id] = self.posts[post["key"]]
        self.assign(person.id, post["key"], (since, until))
        for function in post.get("duties", ()):
            self.duties.append(DutyRow(self.people.new_id(), person.id, function, None, FIRST_DAY))

    def assign(
        self,
        person: EmployeeId,
        post: str,
        days: tuple[date, date | None],
        kind: AssignmentKind = AssignmentKind.DEFINITIVE,
    ) -> None:
        """Put a person into a post from the first to the last of `days`."""
        row_id, position = self.people.new_id(), self.posts[post]
        row = AssignmentRow(row_id, person, position.id, position.unit_id, kind, *days)
        self.assignments.append(row)

    def unit_of(self, person: EmployeeId) -> UnitId:
        """The unit of a person's own post."""
        return self.own_posts[person].unit_id

    def is_rated_by(self, person: EmployeeId, posts: frozenset[str]) -> bool:
        """Whether the post above the person's own is one of `posts`."""
        return self.own_posts[person].superior_position_id in posts

    def staffed_units(self) -> list[UnitId]:
        """The units in which somebody works, in the order of the regency."""
        return list(dict.fromkeys(row.unit_id for row in self.assignments))
