"""The OpenAPI description, and what random requests made from it do to the server: never a 5xx."""

import json
from collections.abc import Mapping
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.security.city import ANONYMOUS, Visit
from tests.security.test_matrix import ROUTES
from tests.session import count

DESCRIPTION = "/api/v1/openapi.json"
RESOURCES = [route for route in ROUTES if "/api/" in route and DESCRIPTION not in route]
QUIET = settings(
    max_examples=count(8, 300),
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def document(visit: Visit) -> Mapping[str, Any]:
    """The description as a program gets it."""
    return visit.ask("auditor", "GET", DESCRIPTION).json()


def test_the_description_is_of_openapi_3_1_and_names_every_resource(
    document: Mapping[str, Any],
) -> None:
    described = {
        f"{method.upper()} {path}" for path, one in document["paths"].items() for method in one
    }

    assert document["openapi"].startswith("3.1")
    assert described == set(RESOURCES)


def test_only_those_who_are_signed_in_read_the_description(visit: Visit) -> None:
    assert visit.ask(ANONYMOUS, "GET", DESCRIPTION).status_code == 401


def test_every_body_has_examples_that_its_own_schema_accepts(document: Mapping[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    bodies = [
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
        for path in document["paths"].values()
        for operation in path.values()
        if "requestBody" in operation
    ]

    assert len(bodies) >= 5
    for name in bodies:
        parts = schemas[name]["properties"]
        example = {field: part["examples"][0] for field, part in parts.items()}
        jsonschema_rs.validate({**schemas[name], "components": {"schemas": schemas}}, example)
        assert schemas[name]["additionalProperties"] is False


def test_every_changing_request_says_that_it_needs_the_token(document: Mapping[str, Any]) -> None:
    for path in document["paths"].values():
        for method, operation in path.items():
            assert ("token" in operation["security"][0]) == (method != "get")
            assert {"401", "404", "422"} <= operation["responses"].keys()


@pytest.mark.parametrize("route", RESOURCES)
@pytest.mark.filterwarnings("ignore")
def test_no_request_made_from_the_description_breaks_the_server(
    route: str, visit: Visit, document: Mapping[str, Any]
) -> None:
    method, path = route.split()
    operation = schemathesis.openapi.from_dict(dict(document))[path][method]

    @QUIET
    @given(data=st.data())
    def sent(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy())
        role = data.draw(st.sampled_from(["subject", "hr", "auditor"]))
        if data.draw(st.booleans()):
            case.path_parameters = {**(case.path_parameters or {}), **known(visit, path)}
        answer = visit.ask(role, method, case.formatted_path, **parts(case))
        assert answer.status_code < 500, (answer.status_code, case)

    sent()


def known(visit: Visit, path: str) -> dict[str, str]:
    """Ids that are there, so that requests come further than the door."""
    return {name: word for name, word in visit.city.ids["own"].items() if f"{{{name}}}" in path}


def parts(case: Any) -> dict[str, Any]:
    """A generated case as the arguments of a request; what HTTP cannot carry is left out."""
    found: dict[str, Any] = {}
    headers = {k: str(v) for k, v in (case.headers or {}).items() if can_be_sent(str(v))}
    found["headers"] = {k: v for k, v in headers.items() if k.lower() != "x-csrf-token"}
    if case.query:
        found["params"] = {k: v for k, v in case.query.items() if isinstance(v, str | int | list)}
    if case.body.__class__.__name__ != "NotSet":
        found["content"] = json.dumps(case.body).encode()
        found["headers"]["content-type"] = "application/json"
    return found


def can_be_sent(value: str) -> bool:
    """Whether a header may carry it."""
    return value.isascii() and value.isprintable()
