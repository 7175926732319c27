"""What the organisations achieved: all units of a period in one form, saved at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import House, Submitted, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.web.cycle_forms import given_back, text_of
from api.web.organisation_forms import NOTHING_REFUSED, Refused
from api.web.rendering import Pages, pages
from engine.commands.achievements import UnitLevel, set_achievements
from engine.domain.appraisal import OrganisationAchievement
from engine.domain.people import Actor, UnitId
from engine.domain.wording import finding_sentence
from engine.errors import Finding, InvalidForm, NotFound
from engine.queries import overviews
from engine.queries.overviews import AchievementPage, UnitAchievement
from engine.queries.unit_proposals import Proposals, proposals
from engine.store import cycles

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
LEVEL_FIELD, SEEN_FIELD = "level.", "seen."


@dataclass(frozen=True)
class Asked:
    """Which units are listed: of a period, with words in their name, or only those not set yet."""

    words: str = ""
    unset: bool = False
    cycle: str = ""

    def takes(self, row: UnitAchievement) -> bool:
        """Whether a unit is listed."""
        named = all(word in row.unit_name.casefold() for word in self.words.casefold().split())
        return named and not (self.unset and row.level)

    @property
    def query(self) -> str:
        """The question as the end of an address."""
        asked = {"cycle": self.cycle, "q": self.words, "unset": "1" if self.unset else ""}
        return urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True)
class Attempt:
    """What was sent and could not be stored: by unit the chosen level and a sentence."""

    told: Refused = NOTHING_REFUSED
    levels: Mapping[str, str] = field(default_factory=dict)
    sentences: Mapping[str, str] = field(default_factory=dict)
    stored: int = 0

    @property
    def status(self) -> int:
        """422 when something was refused, else 200."""
        return 422 if self.told.errors or self.sentences else 200


NOTHING_SENT = Attempt()


@router.get("/achievements")
def achievements_page(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> HTMLResponse:
    """All units of the newest period on one page."""
    found = request.query_params
    asked = Asked(found.get("q", "")[:100], "unset" in found, found.get("cycle", ""))
    stored = found.get("stored", "")
    attempt = Attempt(stored=int(stored) if stored.isdecimal() and len(stored) < 6 else 0)
    return _shown(request, house, visitor, actor, show, asked, attempt)


@router.post("/achievements")
def save_achievements(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Store every unit whose level was changed, then list what is looked for."""
    asked = Asked(form.one("q")[:100], bool(form.one("unset")), form.one("cycle"))
    page = _page(house, visitor, actor, asked)
    if page is None:
        raise NotFound("cycle", "")
    changed = changes(page, form)
    try:
        reason = text_of(form, "reason") if changed else ""
    except InvalidForm as error:
        levels = {change.unit_id: change.level.value for change in changed}
        attempt = Attempt(given_back("achievements", error, form, visitor.language), levels)
        return _shown(request, house, visitor, actor, show, asked, attempt)
    done = set_achievements(
        house.desk, actor, cycle_id=page.cycle_id, levels=changed, reason=reason, now=visitor.now
    )
    refused = {
        outcome.unit_id: finding_sentence(Finding(outcome.refusal), visitor.language)
        for outcome in done
        if outcome.refusal
    }
    stored = len(done) - len(refused)
    if refused:
        attempt = Attempt(sentences=refused, stored=stored)
        return _shown(request, house, visitor, actor, show, asked, attempt)
    address = f"/achievements?{asked.query}"
    return RedirectResponse(f"{address}{'&' if asked.query else ''}stored={stored}", 303)


def changes(page: AchievementPage, form: Submitted) -> list[UnitLevel]:
    """The units of the form that show another level than the one they were opened with.

    Which level that was says the form, not the database: what a colleague has changed since is
    not changed back.
    """
    levels = set(OrganisationAchievement)
    found = []
    for row in page.rows:
        chosen = form.one(LEVEL_FIELD + row.unit_id)
        was, _, version = form.one(SEEN_FIELD + row.unit_id).partition(".")
        if chosen in levels and chosen != was:
            seen = int(version) if version.isdecimal() and len(version) < 9 else 0
            level = OrganisationAchievement(chosen)
            found.append(UnitLevel(UnitId(row.unit_id), level, seen))
    return found


def _page(house: House, visitor: Visitor, actor: Actor, asked: Asked) -> AchievementPage | None:
    with house.desk.store.reading(actor.agency_id) as tx:
        return overviews.achievements(tx, actor, visitor.now, asked.cycle)


def _advised(house: House, visitor: Visitor, actor: Actor, cycle_id: str) -> Proposals | None:
    """The proposals of a period whose system has a process for them, as `[achievement]` says."""
    with house.desk.store.reading(actor.agency_id) as tx:
        definition_id = cycles.get(tx, cycle_id).definition_id
        named = house.settings_of(tx, definition_id).other.get("achievement")
        process = named.get("process") if isinstance(named, Mapping) else None
        return proposals(tx, cycle_id, str(process), visitor.now) if process else None


def _shown(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    asked: Asked,
    attempt: Attempt,
) -> HTMLResponse:
    page = _page(house, visitor, actor, asked)
    kept = attempt.levels.keys() | attempt.sentences.keys()
    rows = [r for r in page.rows if asked.takes(r) or r.unit_id in kept] if page else []
    advised = _advised(house, visitor, actor, page.cycle_id) if page else None
    return show.render(
        request, visitor, "achievements.html", attempt.status, page=page, rows=rows, asked=asked,
        levels=list(OrganisationAchievement), attempt=attempt, refused=attempt.told,
        advised=advised,
        unset=sum(not row.level for row in page.rows) if page else 0,
    )  # fmt: skip
