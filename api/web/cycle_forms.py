"""What the pages of a period make of their forms; a refused field is named."""

from datetime import date

from api.deps import Submitted
from api.web.organisation_forms import Refused, refused
from engine.domain.passwords import digits
from engine.domain.people import EmployeeId, EmployeeKind, UnitId
from engine.domain.population import Filters, PostKind
from engine.errors import Conflict, Finding, InvalidForm, NotFound
from engine.queries.accounts import person_by_nip
from engine.store.database import Transaction

MAX_REASON = 1_000
MAX_NAME = 120


def given_back(name: str, error: InvalidForm | Conflict, form: Submitted, language: str) -> Refused:
    """A form that was refused, filled as it was; a conflict is told above it, not at a field."""
    if isinstance(error, Conflict):
        error = InvalidForm([Finding("cycle.changed_meanwhile")])
    return refused(name, error, form, language)


def day_of(form: Submitted, name: str) -> date:
    """The day in a field. Raises InvalidForm."""
    try:
        return date.fromisoformat(form.one(name))
    except ValueError:
        raise InvalidForm([Finding("organisation.day", element_id=name)]) from None


def text_of(form: Submitted, name: str, *, longest: int = MAX_REASON) -> str:
    """The text in a field that must be filled. Raises InvalidForm."""
    text = form.one(name)
    if not text:
        raise InvalidForm([Finding("cycle.text_missing", element_id=name)])
    if len(text) > longest:
        params = {"longest": str(longest)}
        raise InvalidForm([Finding("cycle.text_too_long", element_id=name, params=params)])
    return text


def person_of_nip(tx: Transaction, form: Submitted, name: str) -> EmployeeId:
    """The person whose NIP stands in a field. Raises InvalidForm."""
    text_of(form, name)
    try:
        return person_by_nip(tx, digits(form.one(name)))
    except NotFound:
        raise InvalidForm([Finding("cycle.nobody_with_nip", element_id=name)]) from None


def filters_in(form: Submitted) -> Filters:
    """Who is to be appraised, as the form says; what is in no closed list is left out."""
    kinds, posts = set(EmployeeKind), set(PostKind)
    return Filters(
        frozenset(UnitId(unit) for unit in form.fields.get("unit", ()) if unit),
        frozenset(EmployeeKind(kind) for kind in form.fields.get("kind", ()) if kind in kinds),
        frozenset(PostKind(post) for post in form.fields.get("post", ()) if post in posts),
    )
