"""Turns a template and values into a page; one Jinja2 environment per language."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.deps import Visitor
from api.i18n import N_, Words
from api.web.phrasing import Phrasing
from engine.domain.access import AgencyAccess, Verb, can
from engine.queries.visitors import Seat

TEMPLATES = Path(__file__).parent.parent / "templates"


@dataclass(frozen=True)
class Link:
    """One entry of the main navigation; `label` is a msgid, `verb` None where none is needed."""

    address: str
    label: str
    verb: Verb | None = None
    raters_only: bool = False


LINKS = (
    Link("/inbox", N_("My tasks")),
    Link("/my-appraisals", N_("My appraisals")),
    Link("/team", N_("My team"), raters_only=True),
    Link("/cases", N_("Appraisal files"), Verb.SEARCH_CASES),
    Link("/cycles", N_("Periods"), Verb.OPEN_CYCLE),
    Link("/achievements", N_("Achievements"), Verb.SET_ACHIEVEMENT),
    Link("/incidents", N_("Held files"), Verb.RETRY_INCIDENT),
    Link("/cards", N_("Accounts"), Verb.ISSUE_CODE),
    Link("/duties", N_("Roles and powers"), Verb.GRANT_DUTY),
)


def links_for(seat: Seat) -> tuple[Link, ...]:
    """The navigation of a person: what he may not open is not shown."""
    return tuple(link for link in LINKS if _is_open(link, seat))


def _is_open(link: Link, seat: Seat) -> bool:
    if link.raters_only:
        return seat.rates_others
    agency = AgencyAccess(seat.actor.agency_id)
    return link.verb is None or bool(can(seat.actor, link.verb, agency))


class Pages:
    """All templates, ready in every language."""

    def __init__(self, words: Mapping[str, Words]) -> None:
        self._environments = {code: _environment(found) for code, found in words.items()}

    def render(
        self, request: Request, visitor: Visitor, template: str, status: int = 200, **values: object
    ) -> HTMLResponse:
        """The page for this visitor; `values` are what the template names."""
        environment = self._environments[visitor.language]
        shown = {
            "visitor": visitor,
            "links": links_for(visitor.seat) if visitor.seat else (),
            "say": Phrasing(visitor.words, visitor.zone, visitor.now),
            "place": request.url.path,
            "back": _back(request),
            "nonce": request.scope.get("state", {}).get("nonce", ""),
            **values,
        }
        return HTMLResponse(environment.get_template(template).render(shown), status)


def _back(request: Request) -> str:
    """Where the language switch returns to: this page, when it can be asked for again."""
    if request.method != "GET":
        return "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"


def _environment(words: Words) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(  # type: ignore[attr-defined]
        words.translations, newstyle=True
    )
    return environment


def pages(request: Request) -> Pages:
    """The templates that this application was made with."""
    found: Pages = request.app.state.pages
    return found
