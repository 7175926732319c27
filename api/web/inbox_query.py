"""The address of one page of the inbox: read from closed lists, and written for its links."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from engine.domain.people import Actor
from engine.queries.inbox import tabs
from engine.queries.inbox_asked import Asked, Cursor, Due, Held, Sort, Tab

MAX_SEARCH, MAX_ID, MAX_CURSOR = 60, 80, 200
Choice = TypeVar("Choice", bound=StrEnum)


def asked_in(values: Mapping[str, str], actor: Actor) -> Asked:
    """What an address asks for; whatever is in no list is left out."""
    tab = _choice(Tab, values.get("tab")) or Tab.MINE
    sort = _choice(Sort, values.get("sort")) or Sort.DUE
    asked = Asked(
        tab=tab if tab in tabs(actor) else Tab.MINE,
        search=_text(values.get("q"), MAX_SEARCH),
        cycle_id=_text(values.get("period"), MAX_ID),
        element_id=_text(values.get("task"), MAX_ID),
        unit_id=_text(values.get("unit"), MAX_ID),
        due=_choice(Due, values.get("due")),
        held=_choice(Held, values.get("held")),
        sort=sort,
    )
    after = _cursor(values.get("after"), asked)
    before = None if after else _cursor(values.get("before"), asked)
    return replace(asked, after=after, before=before)


def asked_again(query: str, actor: Actor) -> Asked:
    """What a kept address asked for, from its first page on."""
    return asked_in(dict(parse_qsl(query[: MAX_CURSOR * 4])), actor).first_page()


def _choice(kind: type[Choice], value: str | None) -> Choice | None:
    return next((one for one in kind if one.value == value), None)


def _text(value: str | None, longest: int) -> str:
    """What databases can look for: no control characters, and not without end."""
    return "".join(char for char in value or "" if char.isprintable()).strip()[:longest]


def _cursor(text: str | None, asked: Asked) -> Cursor | None:
    value, mark, item_id = _text(text, MAX_CURSOR).rpartition("~")
    if not mark:
        return None
    named = asked.order is Sort.NAME and asked.tab is not Tab.DONE
    if not value:
        by_due = asked.order is Sort.DUE and asked.tab is not Tab.DONE
        return Cursor(None, item_id) if by_due else None
    return Cursor(value, item_id) if named or _is_instant(value) else None


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


@dataclass(frozen=True)
class Links:
    """The addresses around one page of the inbox."""

    asked: Asked

    def to(self, **changes: object) -> str:
        """The first page with something else chosen; an empty value chooses nothing."""
        return _address(replace(self.asked.first_page(), **_plain(changes)))

    def tab(self, tab: Tab) -> str:
        """Another list, without the filters of this one."""
        return _address(Asked(tab=tab))

    def behind(self, cursor: Cursor) -> str:
        """The page behind a row."""
        return _address(replace(self.asked, after=cursor, before=None))

    def ahead(self, cursor: Cursor) -> str:
        """The page before a row."""
        return _address(replace(self.asked, before=cursor, after=None))

    @property
    def here(self) -> str:
        """This list from its first page."""
        return _address(self.asked.first_page())

    @property
    def query(self) -> str:
        """This list as it is kept: everything behind the question mark."""
        return self.here.partition("?")[2]

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """The filters that are on, by their name in the address."""
        asked = self.asked
        found = [
            ("q", asked.search), ("period", asked.cycle_id), ("task", asked.element_id),
            ("unit", asked.unit_id), ("due", asked.due or ""), ("held", asked.held or ""),
        ]  # fmt: skip
        return [(name, value) for name, value in found if value]


FIELDS = {
    "q": "search",
    "period": "cycle_id",
    "task": "element_id",
    "unit": "unit_id",
    "due": "due",
    "held": "held",
}


def _plain(changes: Mapping[str, object]) -> dict[str, object]:
    """Names of the address as fields; an enum that is not chosen is None."""
    named = {FIELDS.get(name, name): value for name, value in changes.items()}
    return {
        name: (value or None) if name in {"due", "held"} else value for name, value in named.items()
    }


def _address(asked: Asked) -> str:
    values = {
        "tab": asked.tab if asked.tab is not Tab.MINE else "",
        "q": asked.search,
        "period": asked.cycle_id,
        "task": asked.element_id,
        "unit": asked.unit_id,
        "due": asked.due or "",
        "held": asked.held or "",
        "sort": asked.sort if asked.sort is not Sort.DUE else "",
        "after": _written(asked.after),
        "before": _written(asked.before),
    }
    query = urlencode({name: str(value) for name, value in values.items() if value})
    return f"/inbox?{query}" if query else "/inbox"


def _written(cursor: Cursor | None) -> str:
    return f"{cursor.value or ''}~{cursor.item_id}" if cursor else ""
