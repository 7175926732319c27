"""What a form of the citizen survey says, for citizens and for who keys in their papers."""

from datetime import date

from api.deps import Submitted
from engine.commands.survey_answers import Answer
from engine.domain.citizen_survey import ELEMENTS


def answer_in(form: Submitted) -> Answer:
    """The answers as chosen; what was left out or means nothing is None."""
    return Answer(
        {element: number_in(form, element.value) for element in ELEMENTS},
        number_in(form, "service"),
        date_in(form, "visited_on"),
        form.one("comment").replace("\r\n", "\n"),
    )


def number_in(form: Submitted, name: str) -> int | None:
    """A small whole number of a field."""
    text = form.one(name)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def date_in(form: Submitted, name: str) -> date | None:
    """The day of a field."""
    try:
        return date.fromisoformat(form.one(name))
    except ValueError:
        return None
