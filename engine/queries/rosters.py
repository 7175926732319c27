"""Who holds which post, and who stands above whom, for many people in a few statements.

The same answers as `store.staffing` gives for one person: tests compare the two.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, or_, select

from engine.domain.people import AssignmentKind, EmployeeId, PositionId, UnitId
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.staffing import MAX_LEVELS

# SQLite allows 32,766 bound values in one statement.
MAX_ASKED = 5_000
Raters = tuple[EmployeeId | None, EmployeeId | None]


@dataclass(frozen=True)
class Post:
    """A post that somebody holds."""

    position_id: PositionId
    unit_id: UnitId
    kind: str


@dataclass(frozen=True)
class Place:
    """A position in the tree of superiors."""

    superior_id: PositionId | None
    heads_unit: bool
    functional_level: str | None


@dataclass(frozen=True)
class Roster:
    """Posts and superiors on one day; `posts` may be those of an earlier day, own ones first.

    `rivals` hold a position in the same way as its holder does.
    """

    posts: Mapping[EmployeeId, Sequence[Post]]
    places: Mapping[PositionId, Place]
    holders: Mapping[PositionId, EmployeeId]
    leading: frozenset[PositionId]
    appointed: Mapping[EmployeeId, EmployeeId] = field(default_factory=dict)
    rivals: Mapping[PositionId, EmployeeId] = field(default_factory=dict)

    def post_of(self, employee_id: EmployeeId) -> Post | None:
        """The own post; a definitive one before one that is only acted in."""
        return next(iter(self.posts.get(employee_id, ())), None)

    def place_of(self, employee_id: EmployeeId) -> Place | None:
        """The position of the own post."""
        post = self.post_of(employee_id)
        return self.places.get(post.position_id) if post else None

    def above(self, employee_id: EmployeeId) -> tuple[EmployeeId, ...]:
        """The people above somebody, the nearest first; never himself."""
        return self._above(employee_id, self.place_of(employee_id))

    def _above(self, employee_id: EmployeeId, place: Place | None) -> tuple[EmployeeId, ...]:
        found: dict[EmployeeId, None] = {}
        for _ in range(MAX_LEVELS):
            if place is None or place.superior_id is None:
                break
            holder = self.holders.get(place.superior_id)
            if holder and holder != employee_id:
                found.setdefault(holder)
            place = self.places.get(place.superior_id)
        return tuple(found)

    def raters_of(self, employee_id: EmployeeId) -> Raters:
        """Rater and rater's superior: whom HR named, or the next two people above.

        Source: PP 30/2019 art. 4, the direct superior or an official with delegated authority.
        """
        above = self.above(employee_id)
        named = self.appointed.get(employee_id)
        if named is None:
            first, second, *_ = [*above, None, None]
            return first, second
        own = above[above.index(named) + 1 :] if named in above else ()
        higher = (*own, *self.above(named), *above)
        return named, next((p for p in higher if p not in {named, employee_id}), None)

    def possible_raters(self, employee_id: EmployeeId) -> tuple[EmployeeId, ...]:
        """Everybody who could be meant by the direct superior, the one that counts first.

        More than one where somebody has two definitive posts, or two hold the post above, and HR
        has named nobody. Needs the whole roster.
        """
        if employee_id in self.appointed:
            return (self.appointed[employee_id],)
        found: dict[EmployeeId, None] = {}
        held = self.posts.get(employee_id, ())
        for post in held:
            if post is not held[0] and post.kind != AssignmentKind.DEFINITIVE:
                continue
            place = self.places.get(post.position_id)
            found |= dict.fromkeys(self._above(employee_id, place)[:1])
            rival = self.rivals.get(place.superior_id) if place and place.superior_id else None
            if rival and rival != employee_id:
                found.setdefault(rival)
        return tuple(found)


_post, _position = t.assignment, t.position
_DAY: Any = bindparam("day")
_VALID = and_(_post.c.starts <= _DAY, or_(_post.c.ends.is_(None), _post.c.ends >= _DAY))
_ACTING_FIRST = case(
    (_post.c.kind == AssignmentKind.ACTING_DAILY.value, 0),
    (_post.c.kind == AssignmentKind.ACTING_PERMANENT.value, 1),
    else_=2,
)
_OWN = _post.c.agency_id == bindparam("own_agency")
_POSTS = (
    select(_post.c.employee_id, _post.c.position_id, _post.c.unit_id, _post.c.kind)
    .where(_OWN, _VALID)
    .order_by(_ACTING_FIRST.desc(), _post.c.starts, _post.c.id)
)
_HOLDERS = (
    select(_post.c.position_id, _post.c.employee_id, _post.c.kind)
    .where(_OWN, _VALID)
    .order_by(_ACTING_FIRST, _post.c.starts.desc(), _post.c.id)
)
_PLACES = select(
    _position.c.id,
    _position.c.superior_position_id,
    _position.c.heads_unit,
    _position.c.functional_level,
).where(_position.c.agency_id == bindparam("own_agency"))
_LEADING = (
    select(_position.c.superior_position_id)
    .join(
        _post,
        and_(_post.c.agency_id == _position.c.agency_id, _post.c.position_id == _position.c.id),
    )
    .where(_OWN, _VALID, _position.c.superior_position_id.is_not(None))
    .distinct()
)
_named = t.rater_appointment
_APPOINTED = (
    select(_named.c.employee_id, _named.c.rater_id)
    .where(
        _named.c.agency_id == bindparam("own_agency"),
        _named.c.starts <= _DAY,
        or_(_named.c.ends.is_(None), _named.c.ends >= _DAY),
    )
    .order_by(_named.c.named_at, _named.c.id)
)


def _among(statement: Select[Any], column: Any) -> Select[Any]:
    return statement.where(column.in_(bindparam("ids", expanding=True)))


_POSTS_OF = _among(_POSTS, _post.c.employee_id)
_HOLDERS_OF = _among(_HOLDERS, _post.c.position_id)
_PLACES_OF = _among(_PLACES, _position.c.id)
_LEADING_OF = _among(_LEADING, _position.c.superior_position_id)
_APPOINTED_OF = _among(_APPOINTED, _named.c.employee_id)


def whole_roster(tx: Transaction, *, on: date, began: date) -> Roster:
    """Everybody of the agency: superiors on `on`, posts as they were on `began`."""
    day, earlier = _asked(tx, on), _asked(tx, began)
    holders, rivals = _held(tx.connection.execute(_HOLDERS, day))
    return Roster(
        _by_person(tx.connection.execute(_POSTS, earlier)),
        _by_position(tx.connection.execute(_PLACES, _asked(tx, None))),
        holders,
        frozenset(tx.connection.execute(_LEADING, day).scalars()),
        dict(tx.connection.execute(_APPOINTED, day).all()),
        rivals,
    )


def roster_of(
    tx: Transaction, employee_ids: Sequence[EmployeeId], *, on: date, began: date
) -> Roster:
    """Some people with everybody above them, exact within the transaction; at most 5,000 people."""
    asked = {"ids": list(employee_ids)}
    appointed: dict[EmployeeId, EmployeeId] = dict(
        tx.connection.execute(_APPOINTED_OF, _asked(tx, on) | asked).all()
    )
    everybody = {"ids": sorted({*employee_ids, *appointed.values()})[:MAX_ASKED]}
    posts = _by_person(tx.connection.execute(_POSTS_OF, _asked(tx, began) | everybody))
    held = {post.position_id for own in posts.values() for post in own[:1]}
    places = _chain(tx, held)
    day = _asked(tx, on)
    holders, rivals = _held(tx.connection.execute(_HOLDERS_OF, day | {"ids": sorted(places)}))
    leading = tx.connection.execute(_LEADING_OF, day | {"ids": sorted(held)})
    return Roster(posts, places, holders, frozenset(leading.scalars()), appointed, rivals)


def _chain(tx: Transaction, positions: Iterable[PositionId]) -> dict[PositionId, Place]:
    """The positions with all above them, level by level."""
    places: dict[PositionId, Place] = {}
    wanted = set(positions)
    while wanted:
        asked = _asked(tx, None) | {"ids": sorted(wanted)}
        places |= _by_position(tx.connection.execute(_PLACES_OF, asked))
        above = {place.superior_id for place in places.values() if place.superior_id}
        wanted = above - set(places)
    return places


def _asked(tx: Transaction, day: date | None) -> dict[str, Any]:
    values: dict[str, Any] = {"own_agency": tx.agency_id}
    return values if day is None else values | {"day": day}


def _by_person(found: Iterable[Any]) -> dict[EmployeeId, list[Post]]:
    posts: dict[EmployeeId, list[Post]] = {}
    for person, position, unit, kind in found:
        posts.setdefault(person, []).append(Post(position, unit, kind))
    return posts


def _by_position(found: Iterable[Any]) -> dict[PositionId, Place]:
    return {key: Place(superior, bool(heads), level) for key, superior, heads, level in found}


def _held(
    found: Iterable[Any],
) -> tuple[dict[PositionId, EmployeeId], dict[PositionId, EmployeeId]]:
    """Who holds each position, and who else holds it in the same way."""
    holders: dict[PositionId, EmployeeId] = {}
    rivals: dict[PositionId, EmployeeId] = {}
    kinds: dict[PositionId, str] = {}
    for position, person, kind in found:
        first = holders.setdefault(position, person)
        if kinds.setdefault(position, kind) == kind and person != first:
            rivals.setdefault(position, person)
    return holders, rivals
