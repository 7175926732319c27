"""What runs beside an appraisal: the part of its page, and the buttons that open it."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.deps import House, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from engine.commands.beside import open_beside, openable
from engine.domain.access import Verb
from engine.domain.beside import Beside
from engine.domain.people import Actor
from engine.errors import NotFound
from engine.queries.beside import BesideRow, appraisal_of, ran_beside
from engine.queries.case_heads import case_head
from engine.queries.cases import case_view
from engine.store.ids import new_id

router = APIRouter()
MAX_KEY = 60


@dataclass(frozen=True)
class BesidePart:
    """What ran and what may be opened, each with the key that keeps a second click from a second.

    `case_id` is the case of the page, `appraisal_id` the appraisal beside which it runs, if any.
    """

    case_id: str
    rows: tuple[BesideRow, ...]
    offers: Mapping[str, Beside]
    appraisal_id: str | None = None


def beside_part(house: House, visitor: Visitor, actor: Actor, instance_id: str) -> BesidePart:
    """The part of the page of a case; empty for what is itself beside an appraisal."""
    with house.desk.store.reading(actor.agency_id) as tx:
        rows = ran_beside(tx, actor, instance_id, settings_of=house.settings_of, now=visitor.now)
        offers = openable(house.desk, tx, actor, instance_id, now=visitor.now)
        main = appraisal_of(tx, actor, instance_id, settings_of=house.settings_of, now=visitor.now)
    return BesidePart(instance_id, rows, {new_id(): offer for offer in offers}, main)


@router.post("/cases/{instance_id}/beside")
def open_one(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm, instance_id: str
) -> Response:
    """Open a process beside the appraisal and go to its first step, where it is the actor's."""
    with house.desk.store.reading(actor.agency_id) as tx:
        head = case_head(tx, actor, instance_id, verb=Verb.READ_CASE, now=visitor.now)
    opened = open_beside(
        house.desk,
        actor,
        cycle_id=head.cycle_id,
        subject_id=head.access.subject_id,
        process_id=form.one("process"),
        now=visitor.now,
        key=form.one("key")[:MAX_KEY],
    )
    return RedirectResponse(
        first_place(house, visitor, actor, opened) or f"/cases/{instance_id}", 303
    )


def first_place(house: House, visitor: Visitor, actor: Actor, instance_id: str) -> str | None:
    """The actor's own step of the new case, or its page; None where he may not read it."""
    with house.desk.store.reading(actor.agency_id) as tx:
        try:
            case = case_view(tx, actor, instance_id, settings_of=house.settings_of, now=visitor.now)
        except NotFound:
            return None
    own = next((work.item_id for work in case.open_work if work.mine), None)
    return f"/work-items/{own}" if own else f"/cases/{instance_id}"
