"""What a reader of the inbox asks for: the list, its filters, its order, and from where on."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Tab(StrEnum):
    """The lists: one's own, those of one's functions, what others have, what was sent."""

    MINE = "mine"
    ROLES = "roles"
    WAITING = "waiting"
    DONE = "done"
    ALL = "all"


class Due(StrEnum):
    """When the work is due; a day is one of the agency's calendar."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    NONE = "none"


class Held(StrEnum):
    """Whether somebody has claimed work of a function."""

    FREE = "free"
    TAKEN = "taken"


class Sort(StrEnum):
    """The order of a list."""

    DUE = "due"
    OPENED = "opened"
    NAME = "name"


@dataclass(frozen=True)
class Cursor:
    """The place of one row in the order: its value, None where it has none, and its id."""

    value: str | None
    item_id: str


@dataclass(frozen=True)
class Days:
    """The instants that the filters by date count from, in the agency's zone."""

    now: datetime
    tomorrow: datetime
    in_a_week: datetime


@dataclass(frozen=True)
class Asked:
    """One page of one list; of `after` and `before` one at most."""

    tab: Tab = Tab.MINE
    search: str = ""
    cycle_id: str = ""
    element_id: str = ""
    unit_id: str = ""
    due: Due | None = None
    held: Held | None = None
    sort: Sort = Sort.DUE
    after: Cursor | None = None
    before: Cursor | None = None

    @property
    def filtered(self) -> bool:
        """Whether something is left out on purpose."""
        plain = Asked(tab=self.tab, sort=self.sort, after=self.after, before=self.before)
        return self != plain

    @property
    def order(self) -> Sort:
        """The order that this list can give: only lists of one's own are short enough for names."""
        own = self.tab in {Tab.MINE, Tab.WAITING}
        return Sort.DUE if self.sort is Sort.NAME and not own else self.sort

    def first_page(self) -> "Asked":
        """The same list from its beginning."""
        return replace(self, after=None, before=None)
