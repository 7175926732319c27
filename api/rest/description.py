"""The OpenAPI description of the REST interface, for those who are signed in."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from api.deps import TheActor
from api.rest.examples import add_examples
from api.rest.resources import PREFIX, ProblemBody, resource_router
from api.security import SESSION_COOKIE, UNSAFE_METHODS

VERSION = "1"
SIGNING_IN = ("post", f"{PREFIX}/session")
ABOUT = (
    "The commands and queries of the pages, for programs. A session comes from POST /session "
    "and is a cookie; "
    "changing requests carry its token (GET /session) in X-CSRF-Token. Or a program brings the key "
    "that a person made for it on the page of his account, as Authorization: Bearer, and needs "
    "neither. JSON numbers are read "
    "exactly; what is not known is refused. POSTs that change something may carry an "
    "Idempotency-Key: the same request under the same key is executed once. Sentences of errors "
    "are in the language of Accept-Language (id, en)."
)
router = resource_router()


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request, _actor: TheActor) -> Response:
    """The description; it is made once."""
    state = request.app.state
    if getattr(state, "description", None) is None:
        state.description = describe(request.app.routes)
    return JSONResponse(state.description)


def describe(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the resources among these routes."""
    found = get_openapi(title="Alur Kinerja", version=VERSION, description=ABOUT, routes=routes)
    found["paths"] = {path: one for path, one in found["paths"].items() if path.startswith(PREFIX)}
    components = found.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs")
    schemas["ProblemBody"] = problem
    components["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE},
        "token": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
        "key": {"type": "http", "scheme": "bearer"},
    }
    for address, path in found["paths"].items():
        for method, operation in path.items():
            changing = method.upper() in UNSAFE_METHODS
            known: dict[str, list[str]] = {"session": [], **({"token": []} if changing else {})}
            operation["security"] = [] if (method, address) == SIGNING_IN else [known, {"key": []}]
            operation["responses"]["401"] = {"description": "Nobody is signed in"}
            operation["responses"]["503"] = {"description": "Try again later; see Retry-After"}
    add_examples(found)
    return found
