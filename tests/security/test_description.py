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
SIGNING_OUT = "DELETE /api/v1/session"
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


def test_every_body_and_answer_has_an_example_that_its_own_schema_accepts(
    document: Mapping[str, Any],
) -> None:
    schemas = document["components"]["schemas"]
    contents = [content for _, operation in operations(document) for content in jsons(operation)]

    assert len(contents) >= 100
    for content in contents:
        jsonschema_rs.validate(whole(content["schema"], document), content["example"])
    for name in {body_schema(operation) for _, operation in operations(document)} - {""}:
        assert schemas[name]["additionalProperties"] is False


def test_every_example_sent_gets_an_answer_as_it_is_described(
    document: Mapping[str, Any], visit: Visit
) -> None:
    own = visit.city.ids["own"]
    sent = [(route, example(operation, own)) for route, operation in operations(document)]

    for (route, parts_), (_, operation) in zip(sent, operations(document), strict=True):
        method, path = route.split()
        for role in ("subject", "hr", "administrator"):
            answer = visit.ask(role, method, path.format(**own), **parts_)
            if route == SIGNING_OUT:
                visit.tokens.pop(role, None)
            described = operation["responses"].get(str(answer.status_code))
            assert described is not None, (route, role, answer.status_code, answer.text)
            assert answer.status_code < 500
            for kind, content in described.get("content", {}).items():
                if "schema" in content and answer.headers["content-type"] == kind:
                    jsonschema_rs.validate(whole(content["schema"], document), answer.json())


def operations(document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Every operation with its method and path; what reads comes before what changes."""
    found = [
        (f"{method.upper()} {path}", operation)
        for path, one in document["paths"].items()
        for method, operation in one.items()
    ]
    return sorted(found, key=lambda pair: not pair[0].startswith("GET"))


def jsons(operation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The described JSON bodies and answers of an operation."""
    parts_ = (operation.get("requestBody", {}), *operation["responses"].values())
    return [
        content
        for part in parts_
        for kind, content in part.get("content", {}).items()
        if kind.endswith("json")
    ]


def body_schema(operation: Mapping[str, Any]) -> str:
    """The name of the schema of a JSON body."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return content["schema"]["$ref"].split("/")[-1] if content else ""


def whole(schema: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """A schema with everything that it refers to."""
    return {**schema, "components": {"schemas": document["components"]["schemas"]}}


def example(operation: Mapping[str, Any], own: Mapping[str, str]) -> dict[str, Any]:
    """The example of an operation as the arguments of a request, with ids that are there."""
    contents = operation.get("requestBody", {}).get("content", {})
    query = {
        part["name"]: part["schema"].get("examples", ["x"])[0]
        for part in operation.get("parameters", ())
        if part["in"] == "query" and part["required"]
    }
    if "application/octet-stream" in contents:
        headers = {"content-type": "application/octet-stream", "upload-offset": "0"}
        return {"content": b"%PDF-1.7 x", "headers": headers, "params": query}
    if "application/json" in contents:
        return {"json": placed(contents["application/json"]["example"], own), "params": query}
    return {"params": query}


def placed(value: Any, own: Mapping[str, str]) -> Any:
    """An example with the ids of this city where a field is named after one."""
    if isinstance(value, dict):
        return {name: own.get(name) or placed(part, own) for name, part in value.items()}
    return [placed(part, own) for part in value] if isinstance(value, list) else value


def test_every_changing_request_says_that_it_needs_the_token(document: Mapping[str, Any]) -> None:
    open_to_all = [route for route, found in operations(document) if not found["security"]]

    assert open_to_all == ["POST /api/v1/session"]
    for route, operation in operations(document):
        changes = not route.startswith("GET ") and route not in open_to_all
        assert any("token" in way for way in operation["security"]) == changes
        assert {"401", "404", "422", "503"} <= operation["responses"].keys()


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
        if route == SIGNING_OUT:
            visit.tokens.pop(role, None)

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
        is_file = isinstance(case.body, bytes)
        found["content"] = case.body if is_file else json.dumps(case.body).encode()
        kind = "application/octet-stream" if is_file else "application/json"
        found["headers"]["content-type"] = kind
    return found


def can_be_sent(value: str) -> bool:
    """Whether a header may carry it."""
    return value.isascii() and value.isprintable()
