"""What an operator prepared, as the rater sees it before he takes it into his own draft."""

from dataclasses import dataclass
from datetime import datetime

from api.deps import House, Visitor
from api.web.form_answers import answers_view
from api.web.form_parts import AnswersView
from engine.commands.prepared_drafts import prepared_facts
from engine.domain.people import Actor
from engine.errors import Forbidden
from engine.queries.people import Person, agency_day, people


@dataclass(frozen=True)
class PreparedView:
    """Who prepared what, and whether the rater has taken it over."""

    by: Person
    at: datetime
    taken: bool
    answers: AnswersView


def prepared_view(
    house: House, visitor: Visitor, actor: Actor, item_id: str
) -> PreparedView | None:
    """What was handed over for this work item; nothing for whoever does not hold it."""
    try:
        found = prepared_facts(house.desk, actor, item_id=item_id, now=visitor.now)
    except Forbidden:
        return None
    if found is None:
        return None
    with house.desk.store.reading(actor.agency_id) as tx:
        names = people(tx, [found.operator_id], agency_day(tx, visitor.now))
    return PreparedView(
        names[found.operator_id],
        found.handed_at,
        found.taken_at is not None,
        answers_view(found.form, found.values, visitor.language),
    )
