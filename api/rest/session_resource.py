"""The caller's session: who he is, and the token that his changing requests carry."""

from pydantic import BaseModel, Field

from api.deps import TheActor, TheVisitor
from api.rest.resources import resource_router

router = resource_router()


class Session(BaseModel):
    """Who calls; `csrf_token` goes into the header X-CSRF-Token."""

    employee_id: str
    name: str
    agency_id: str
    agency_name: str
    language: str = Field(examples=["id"])
    duties: list[str] = Field(examples=[["hr"]])
    csrf_token: str


@router.get("/session")
def get_session(visitor: TheVisitor, actor: TheActor) -> Session:
    """The session behind the cookie of this request."""
    return Session(
        employee_id=actor.employee_id,
        name=visitor.name,
        agency_id=actor.agency_id,
        agency_name=visitor.agency_name,
        language=visitor.language,
        duties=sorted({duty.function.value for duty in actor.duties}),
        csrf_token=visitor.form_token,
    )
