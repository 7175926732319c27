"""What all resources share: the router with its answers to errors, the token, people."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path
from pydantic import BaseModel, ConfigDict

from api.deps import TheActor, TheVisitor
from api.problems import MEDIA_TYPE
from api.refusals import FormTokenWrong
from api.rest.exact_json import ExactRoute
from api.security import is_form_token
from engine.queries.people import Person

PREFIX = "/api/v1"
# Longer words are no id of anything and are refused before anything is looked up.
ID_CHARACTERS = 80
ItemId = Annotated[str, Path(max_length=ID_CHARACTERS, examples=["0199f1c2-7b3a-7c11-8c55-1d2e"])]


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


def form_token_header(
    visitor: TheVisitor, _actor: TheActor, x_csrf_token: Annotated[str, Header()] = ""
) -> None:
    """Changing requests carry the token of `/session`. Raises NotSignedIn or FormTokenWrong."""
    if not is_form_token(visitor.token, x_csrf_token):
        raise FormTokenWrong


CHANGING = [Depends(form_token_header)]


def resource_router() -> APIRouter:
    """A router for one noun."""
    return APIRouter(prefix=PREFIX, route_class=ExactRoute, responses=_problems(404, 422))


def changing_problems() -> dict[int | str, dict[str, Any]]:
    """The errors of requests that change something."""
    return _problems(403, 409, 413)


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    schema: Mapping[str, Any] = {"schema": {"$ref": "#/components/schemas/ProblemBody"}}
    return {
        status: {"description": DESCRIPTIONS[status], "content": {MEDIA_TYPE: schema}}
        for status in statuses
    }


DESCRIPTIONS = {
    403: "Not allowed, or without the session's token",
    404: "Not there, or not open to the caller",
    409: "Does not fit the present state",
    413: "More than 2 MB",
    422: "Something has to be corrected; every place is named",
}
