"""The pages of HR: periods, achievements of the organisation, held files."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import Submitted, TheActor, TheForm, TheHouse, TheVisitor
from api.web.rendering import Pages, pages
from engine.commands.achievements import set_organisation_achievement
from engine.domain.appraisal import OrganisationAchievement
from engine.domain.people import UnitId
from engine.errors import NotFound
from engine.queries import cycle_views, overviews

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
LEVEL_FIELD = "level."


@router.get("/cycles")
def cycles_page(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """Every period with its progress."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = overviews.cycles(tx, actor, visitor.now, house.name_of(visitor.language))
        systems = cycle_views.systems(tx)
    return show.render(request, visitor, "cycles.html", cycles=found, systems=systems)


@router.get("/incidents")
def incidents_page(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """Files that wait for a retry."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = overviews.incidents(tx, actor, house.drawing_of(visitor.language))
    return show.render(request, visitor, "incidents.html", incidents=found)


@router.get("/achievements")
def achievements_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    stored: int = 0,
) -> HTMLResponse:
    """All units of the newest period on one page."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = overviews.achievements(tx, actor, visitor.now)
    levels = list(OrganisationAchievement)
    return show.render(
        request, visitor, "achievements.html", page=found, levels=levels, stored=stored
    )


@router.post("/achievements")
def set_achievements(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm
) -> Response:
    """Set the achievement of every unit whose level was changed, each in its own command."""
    with house.desk.store.reading(actor.agency_id) as tx:
        page = overviews.achievements(tx, actor, visitor.now)
    if page is None:
        raise NotFound("cycle", "")
    changed = _changed(page, form)
    for unit_id, level in changed.items():
        set_organisation_achievement(
            house.desk,
            actor,
            cycle_id=page.cycle_id,
            unit_id=UnitId(unit_id),
            level=level,
            reason=form.one("reason"),
            now=visitor.now,
        )
    return RedirectResponse(f"/achievements?stored={len(changed)}", 303)


def _changed(
    page: overviews.AchievementPage, form: Submitted
) -> dict[str, OrganisationAchievement]:
    chosen = {row.unit_id: (row.level, form.one(LEVEL_FIELD + row.unit_id)) for row in page.rows}
    levels = set(OrganisationAchievement)
    return {
        unit_id: OrganisationAchievement(new)
        for unit_id, (old, new) in chosen.items()
        if new in levels and new != old
    }
