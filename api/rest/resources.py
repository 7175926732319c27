"""What all resources share: the router with its answers to errors, the token, people."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.deps import signed_in, visitor
from api.problems import MEDIA_TYPE
from api.refusals import BadRequest, FormTokenWrong, PreconditionFailed
from api.rest.bad_requests import NO_BODY, NOT_A_FILE, NOT_ALLOWED
from api.rest.exact_json import ExactRoute, Handler, as_exact
from api.rest.keys import guarded, once
from engine.errors import StaleVersion
from engine.queries.people import Person

PREFIX = "/api/v1"
# Longer words are no id of anything and are refused before anything is looked up.
ID_CHARACTERS = 80
MAX_VERSION_DIGITS = 10
FILE = "application/octet-stream"
IF_MATCH = "if-match"
ItemId = Annotated[str, Path(max_length=ID_CHARACTERS, examples=["0199f1c2-7b3a-7c11-8c55-1d2e"])]
# Ids in bodies and answers.
Id = Annotated[
    str, Field(max_length=ID_CHARACTERS, examples=["0199f1c2-7b3a-7c11-8c55-1d2e00000001"])
]
PersonId = Annotated[
    str, Field(max_length=ID_CHARACTERS, examples=["0199f1c2-7b3a-7c11-8c55-3f4a00000001"])
]
Reason = Annotated[
    str, Field(min_length=1, max_length=2000, examples=["Pejabat penilai sedang tugas belajar."])
]


class Finding(BaseModel):
    """One place of the request and what is wrong there."""

    place: str
    sentence: str


class ProblemBody(BaseModel):
    """An error as RFC 9457 describes it, with what is safe and what to do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:alur-kinerja:problem:not-found",
                    "title": "Halaman ini tidak ada",
                    "status": 404,
                    "detail": "Yang diminta tidak ada, atau tidak terbuka bagi Anda.",
                    "safe": "Tidak ada yang berubah.",
                    "advice": "Kembali ke tugas Anda.",
                    "findings": [],
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    safe: str
    advice: str
    findings: list[Finding]


class PersonName(BaseModel):
    """A person; the NIP is not given."""

    id: str
    name: str
    position: str = ""
    unit: str = ""


class Body(BaseModel):
    """A request body: what is not known is refused, so that no field is assigned by the way."""

    model_config = ConfigDict(extra="forbid")


def person_name(person: Person) -> PersonName:
    """The person as programs see him."""
    return PersonName(id=person.id, name=person.name, position=person.position, unit=person.unit)


async def form_token_header(
    request: Request,
    x_csrf_token: Annotated[str, Header(description="`csrf_token` of GET /session.")] = "",
) -> None:
    """Changing requests carry the token of `/session` or a key; a body only where one is described.

    Raises NotSignedIn, FormTokenWrong or BadRequest.
    """
    await signed_in(request)
    if not (await visitor(request)).meant(x_csrf_token):
        raise FormTokenWrong
    route = request.scope["route"]
    takes_body = route.body_field or (route.openapi_extra or {}).get("requestBody")
    if not takes_body and await request.body() not in {b"", b"{}"}:
        raise BadRequest(("body", NO_BODY))


async def file_content(request: Request) -> bytes:
    """The file in the body, counted by the outer guard. Raises BadRequest."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != FILE:
        raise BadRequest(("header.content-type", NOT_A_FILE))
    return await request.body()


def version_of(if_match: str | None) -> int | None:
    """The version of an entity tag such as "3". Raises BadRequest otherwise."""
    if if_match is None:
        return None
    digits = if_match.strip().strip('"')
    if not (digits.isascii() and digits.isdecimal() and len(digits) < MAX_VERSION_DIGITS):
        raise BadRequest(("header.if-match", NOT_ALLOWED))
    return int(digits)


TheContent = Annotated[bytes, Depends(file_content)]
IfMatch = Annotated[
    str | None,
    Header(
        max_length=40,
        description="The version that the decision rests on, as the ETag gave it; 412 when it is "
        "not the stored one.",
    ),
]
# Requests that change something: the second kind may be sent again under a key.
CHANGING = [Depends(form_token_header)]
ONCE = [Depends(form_token_header), Depends(guarded)]


class ResourceRoute(ExactRoute):
    """A route of the resources: exact JSON, keys, and 412 for what If-Match names wrongly."""

    def get_route_handler(self) -> Handler:
        """The handler with what all resources have in common around it."""
        handler = super().get_route_handler()
        is_guarded = any(one.dependency is guarded for one in self.dependencies)

        async def answered(request: Request) -> Response:
            exact = as_exact(request)
            try:
                return await (once(exact, handler) if is_guarded else handler(exact))
            except StaleVersion as error:
                if IF_MATCH in request.headers:
                    raise PreconditionFailed(error.actual) from error
                raise

        return answered


def resource_router() -> APIRouter:
    """A router for one noun."""
    return APIRouter(prefix=PREFIX, route_class=ResourceRoute, responses=problems(404, 422))


def changing_problems(*more: int) -> dict[int | str, dict[str, Any]]:
    """The errors of requests that change something."""
    return problems(403, 409, 413, *more)


def file_body(example: str) -> dict[str, Any]:
    """The description of a body that is a file; `example` says what it is."""
    schema = {"type": "string", "format": "binary", "description": example}
    return {"requestBody": {"required": True, "content": {FILE: {"schema": schema}}}}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors with these statuses, as the description of a route names them."""
    schema: Mapping[str, Any] = {"schema": {"$ref": "#/components/schemas/ProblemBody"}}
    return {
        status: {"description": DESCRIPTIONS[status], "content": {MEDIA_TYPE: schema}}
        for status in statuses
    }


DESCRIPTIONS = {
    403: "Not allowed, or without the session's token",
    404: "Not there, or not open to the caller",
    409: "Does not fit the present state; or the key was used for another request",
    410: "Erased by a decision",
    412: "Another version is stored than the one named in If-Match",
    413: "More than 2 MB; files 10 MB",
    422: "Something has to be corrected; every place is named",
    429: "Too many wrong tries; wait",
}
