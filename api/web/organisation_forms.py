"""What the pages of the organisation make of a form, and what they tell when it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from api.deps import Submitted
from api.web.told_errors import told
from engine.commands.organisation_positions import PositionDetails
from engine.domain.people import PositionId
from engine.errors import Finding, InvalidForm


@dataclass(frozen=True)
class Refused:
    """The one form of a page that was refused: its name, sentences by field, what was typed."""

    form: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """422 when a form was refused, else 200."""
        return 422 if self.errors else 200

    def errors_of(self, form: str) -> Mapping[str, str]:
        """The sentences for one form of the page."""
        return self.errors if form == self.form else {}

    def typed_in(self, form: str, name: str, known: object = "") -> str:
        """What a field shows: what was typed, else what is known."""
        given = self.typed.get(name, "") if form == self.form else known
        return "" if given is None else str(given)


NOTHING_REFUSED = Refused()


def refused(form_name: str, error: InvalidForm, form: Submitted, language: str) -> Refused:
    """A form that was refused, with the text that stays in its fields."""
    typed = {name: values[0] for name, values in form.fields.items() if values}
    return Refused(form_name, told(error, language), typed)


def day_in(form: Submitted, name: str) -> date:
    """The date of a field. Raises InvalidForm."""
    try:
        return date.fromisoformat(form.one(name))
    except ValueError:
        raise InvalidForm([Finding("organisation.day", element_id=name)]) from None


def position_in(form: Submitted) -> PositionDetails:
    """A position as the form describes it."""
    return PositionDetails(
        form.one("title"),
        PositionId(form.one("superior")) if form.one("superior") else None,
        heads_unit=form.one("heads_unit") == "yes",
        office_code=form.one("office_code"),
        functional_level=form.one("functional_level"),
    )


def page_after(address: str, after: tuple[str, str] | None, **kept: str) -> str:
    """The address of the next page of a list by name, or nothing."""
    if after is None:
        return ""
    query = {name: value for name, value in kept.items() if value}
    return f"{address}?{urlencode({**query, 'name': after[0], 'after': after[1]})}"
