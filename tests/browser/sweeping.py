"""Walks every page that a person can reach by links, once for each kind of page."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from playwright.sync_api import Browser, Error, Page, Response
from starlette.routing import Mount

from tests.journeys.looking import faults

# What these say, or that these are asked at all, makes a page of another kind; other questions
# only fill it otherwise.
TELLING = frozenset({"tab", "kind"})
SHAPING = frozenset({"panel", "unit", "conflict", "person", "step"})

# Everybody may open these; what the first one leads to is opened for each person, seen or not.
SEEDS = ("/inbox", "/verify", "/my-results")


@dataclass
class Sweep:
    """The `doors` of the product, which were `walked` through, and what was `wrong` behind."""

    doors: tuple[str, ...]
    browser: Browser
    address: str
    walked: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    looked: int = 0

    def person(self, employee_id: str, *, width: int, scripts: bool, language: str) -> None:
        """Everything that one person can reach at one kind of window."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=scripts,
            base_url=self.address,
        )
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        _sit(page, employee_id, language)
        window, own, front = f"{width} {language}", set[str](), len(SEEDS)
        todo = list(SEEDS)
        for place, address in enumerate(todo):
            kind = f"{window} {self._kind(address)}"
            if kind in own or (kind in self.kinds and place > front):
                continue
            if kind in self.kinds:
                _opened(page, address)
            else:
                self._look(page, address, said, scripts)
            own.add(kind)
            self.kinds.add(kind)
            todo += _links(page, self.address)
            front = len(todo) if place == 0 else front
        context.close()

    def _look(self, page: Page, address: str, said: list[str], scripts: bool) -> None:
        said.clear()
        answer = _opened(page, address)
        self.walked.add(self._route(address))
        if answer is None:
            return
        self.walked.add(self._route(page.url))
        self.looked += 1
        self.wrong += faults(page, axe=scripts, data_in="id")
        self.wrong += [f"{page.url} says {line}" for line in said]
        if answer.status >= 400:
            self.wrong.append(f"{page.url} answers {answer.status}")

    def _kind(self, address: str) -> str:
        query = parse_qsl(urlsplit(address).query)
        told = {f"{key}={value}" for key, value in query if key in TELLING}
        asked = {key for key, _ in query if key in SHAPING}
        return "&".join([self._route(address), *sorted(told | asked)])

    def _route(self, address: str) -> str:
        path = urlsplit(address).path
        return next((door for door in self.doors if re.fullmatch(_pattern(door), path)), path)


def doors_of(app: FastAPI) -> tuple[str, ...]:
    """Every address that answers a browser, as routes write it; those with names last."""
    found = [route for route in iter_route_contexts(app.routes) if not isinstance(route, Mount)]
    paths = {str(route.path) for route in found if "GET" in (route.methods or ())}
    return tuple(sorted(path for path in paths if not path.startswith("/api/")))


def _pattern(door: str) -> str:
    return re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(door))


def _sit(page: Page, employee_id: str, language: str) -> None:
    page.goto("/sign-in")
    seat = page.locator("button[name=employee_id]").first
    seat.evaluate("(button, id) => button.value = id", employee_id)
    seat.click()
    if language != page.locator("html").get_attribute("lang"):
        page.locator(f"button[name=language][value={language}]").click()


def _opened(page: Page, address: str) -> Response | None:
    """The answer, unless it is a file to keep."""
    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" in error.message:
            return None
        raise
    is_page = answer is not None and "text/html" in answer.headers.get("content-type", "")
    return answer if is_page else None


def _links(page: Page, site: str) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    return [link.removeprefix(site).split("#")[0] for link in found if link.startswith(f"{site}/")]
