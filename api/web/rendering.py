"""Turns a template and values into a page; one Jinja2 environment per language."""

from collections.abc import Mapping
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from api.assets import Assets
from api.deps import Visitor
from api.i18n import Words
from api.web.navigation import links_for, section_of
from api.web.phrasing import Phrasing

TEMPLATES = Path(__file__).parent.parent / "templates"


class Pages:
    """All templates, ready in every language."""

    def __init__(self, words: Mapping[str, Words], assets: Assets) -> None:
        self._environments = {code: _environment(found, assets) for code, found in words.items()}

    def render(
        self, request: Request, visitor: Visitor, template: str, status: int = 200, **values: object
    ) -> HTMLResponse:
        """The page for this visitor; `values` are what the template names."""
        shown = {
            "visitor": visitor,
            "nav_links": links_for(visitor.seat) if visitor.seat else (),
            "say": Phrasing(visitor.words, visitor.zone, visitor.now),
            "place": request.url.path,
            "section": section_of(request.url.path),
            "back": _back(request),
            "nonce": request.scope.get("state", {}).get("nonce", ""),
            **values,
        }
        return HTMLResponse(self.template(visitor.language, template).render(shown), status)

    def template(self, language: str, name: str) -> Template:
        """One template in a language."""
        return self._environments[language].get_template(name)


def _back(request: Request) -> str:
    """Where the language switch returns to: this page, when it can be asked for again."""
    if request.method != "GET":
        return "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"


def _environment(words: Words, assets: Assets) -> Environment:
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
    environment.globals["asset"] = assets.address
    return environment


async def pages(request: Request) -> Pages:
    """The templates that this application was made with."""
    found: Pages = request.app.state.pages
    return found
