"""The authorisation matrix: every route, every role, every kind of object, against one table."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from api.app import create_app
from api.settings import Settings
from tests.evidence import Evidence
from tests.security.city import ANONYMOUS, MISSING, ROLES, Visit

TABLE = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text())
ROUTES: Mapping[str, Any] = TABLE["routes"]
OBJECTS = ("own", "other_unit", "closed", "foreign", "missing")
EVERYBODY = (ANONYMOUS, *ROLES)
STATIC = "/static"
# Both tests of a route run in one worker, which asks each cell once.
GROUPED = [pytest.param(route, marks=pytest.mark.xdist_group(route)) for route in ROUTES]


@dataclass(frozen=True)
class Seen:
    """All that a visitor can see of an answer."""

    status: int
    text: str
    headers: tuple[tuple[str, str], ...]


Cells = Mapping[tuple[str, str], Seen]


def routes_of(app: Any) -> set[str]:
    """Every method and path that the application answers, but for the public files."""
    found = [route for route in iter_route_contexts(app.routes) if not isinstance(route, Mount)]
    pairs = [(method, route.path) for route in found for method in route.methods or {"*"}]
    return {f"{method} {path}" for method, path in pairs if path != STATIC}


def objects_of(route: str) -> tuple[str, ...]:
    """The objects that a route can be asked for: by its path, or by ids in its body."""
    asked = route + json.dumps(ROUTES[route].get("json", ""))
    return OBJECTS if re.search(r"\{\w+_id\}", asked) else ("agency",)


def expected(route: str, role: str, thing: str) -> list[int]:
    """What the table says; several where it depends on what was asked before."""
    row = ROUTES[route]
    if is_let_in(route, role, thing):
        ok = row["ok"][thing] if isinstance(row["ok"], dict) else row["ok"]
        return ok if isinstance(ok, list) else [ok]
    if role == ANONYMOUS:
        return [row.get("anonymous", 401 if "/api/" in route else 303)]
    return [404]


def is_let_in(route: str, role: str, thing: str) -> bool:
    """Whether the rule of the route names the role for the object."""
    return role in TABLE["rules"][ROUTES[route]["rule"]].get(thing, ())


def ask(visit: Visit, route: str, role: str, thing: str):
    """One cell of the matrix, as it answers."""
    row, (method, path) = ROUTES[route], route.split()
    ids = ids_of(visit, thing)
    ids = {**ids, **{name: ids[other] for name, other in row.get("ids", {}).items()}}
    body = sent(row)
    if "json" in row:
        text = json.dumps(row["json"])
        body["json"] = json.loads(re.sub(r"\{(\w+_id)\}", lambda name: ids[name[1]], text))
    elif method != "GET" and "/api/" not in path:
        body["data"] = visit.form(role, **row.get("form", {}))
    answer = visit.ask(role, method, path.format(**ids), **body)
    if row.get("ends_session"):
        visit.tokens.pop(role, None)
    return answer


def sent(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the table sends beside ids and forms: a JSON text, a query, headers, a file."""
    found = {name: row[name] for name in ("json", "params", "headers") if name in row}
    if "file" in row:
        found["content"] = row["file"].encode()
        found["headers"] = {"content-type": "application/octet-stream", **row.get("headers", {})}
    return found


def ids_of(visit: Visit, thing: str) -> Mapping[str, str]:
    """The ids of an object; for one that is not there, ids of the same form."""
    return visit.city.ids.get(thing) or dict.fromkeys(visit.city.ids["own"], MISSING)


def seen(visit: Visit, answer: Any, thing: str) -> Seen:
    """An answer without the ids that were asked for, its nonce and the mask of its form tokens."""
    text, headers = answer.text, dict(answer.headers)
    nonce = re.search(r"nonce-([^']+)", headers.pop("content-security-policy"))
    text = text.replace(nonce[1], "") if nonce else text
    text = re.sub(r'(name="csrf_token" value=")[0-9a-f]{128}', r"\1", text)
    for identifier in ids_of(visit, thing).values():
        # Names of people are made of their ids; a page shows them whatever was asked for.
        text = re.sub(rf"(?<!KANARI )(?<!LUAR ){re.escape(identifier)}", MISSING, text)
    headers["content-length"] = str(len(text))
    headers.pop("x-request-id", None)
    return Seen(answer.status_code, text, tuple(sorted(headers.items())))


def test_every_route_of_the_application_has_a_row_and_no_row_is_left_over(visit: Visit) -> None:
    app = create_app(visit.desk, Settings(demo=True))

    assert routes_of(app) == set(ROUTES)


def test_a_new_route_is_noticed(visit: Visit) -> None:
    app = create_app(visit.desk, Settings(demo=True))
    app.get("/forgotten")(lambda: None)

    assert routes_of(app) - set(ROUTES) == {"GET /forgotten"}


@pytest.fixture(scope="module")
def answers(visit: Visit, rebuild: Callable[[], None]) -> Callable[[str], Cells]:
    """All cells of a route, asked once for both tests, in a city where nobody asked before."""

    @cache
    def cells(route: str) -> Cells:
        rebuild()
        pairs = [(role, thing) for thing in objects_of(route) for role in EVERYBODY]
        if earlier := ROUTES[route].get("after"):
            for role, thing in [pair for pair in pairs if is_let_in(earlier, *pair)]:
                ask(visit, earlier, role, thing)
        return {pair: seen(visit, ask(visit, route, *pair), pair[1]) for pair in pairs}

    return cells


@pytest.mark.parametrize("route", GROUPED)
def test_a_door_opens_for_whom_the_table_says(
    route: str, answers: Callable[[str], Cells], evidence: Evidence
) -> None:
    got = {pair: answer.status for pair, answer in answers(route).items()}

    wrong = {pair: status for pair, status in got.items() if status not in expected(route, *pair)}
    evidence.record(f"matrix.cells.{route}", len(got))
    evidence.record(f"matrix.cells_right.{route}", len(got) - len(wrong))
    assert wrong == {}


@pytest.mark.parametrize("route", GROUPED)
def test_what_is_not_ones_own_looks_exactly_like_what_is_not_there(
    route: str, answers: Callable[[str], Cells]
) -> None:
    cells = answers(route)

    shut = [pair for pair in cells if not is_let_in(route, *pair) and pair[1] != "agency"]

    assert [pair for pair in shut if cells[pair] != cells[pair[0], "missing"]] == []
    assert shut or objects_of(route) == ("agency",)


@pytest.mark.parametrize(
    "trick",
    ["{path};x", "/{path}", "{path}/", "{path}/.", "{path}%2f", "{path}%00", "/./{path}",
     "/static/..{path}", "/static/%2e%2e{path}", "{path}?role=hr", "{path}#hr"],
)  # fmt: skip
def test_no_way_of_writing_an_address_opens_a_door(visit: Visit, trick: str) -> None:
    path = f"/cases/{visit.city.ids['own']['instance_id']}"

    answer = visit.ask("uninvolved", "GET", trick.format(path=path))

    assert answer.status_code in (307, 400, 404)
    assert "KANARI analyst" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [{"x-http-method-override": "GET"}, {"x-original-url": "/inbox"}, {"x-rewrite-url": "/inbox"},
     {"x-forwarded-for": "127.0.0.1"}, {"x-forwarded-host": "localhost"}, {"forwarded": "for=_hr"}],
)  # fmt: skip
def test_no_header_opens_a_door(visit: Visit, headers: dict[str, str]) -> None:
    path = f"/cases/{visit.city.ids['own']['instance_id']}"

    plain = visit.ask("uninvolved", "GET", path)
    tricked = visit.ask("uninvolved", "GET", path, headers=headers)

    assert tricked.status_code == plain.status_code == 404


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PATCH", "DELETE", "PROPFIND"])
def test_no_other_method_says_more(visit: Visit, method: str) -> None:
    path = f"/cases/{visit.city.ids['own']['instance_id']}"

    answers = [visit.ask(role, method, path) for role in ("uninvolved", "subject")]

    assert {answer.status_code for answer in answers} <= {404, 405}
    assert all("allow" not in answer.headers for answer in answers)
