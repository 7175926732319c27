"""The caller's session: opened by signing in, who he is, the token of changing requests."""

from fastapi import Request, Response
from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor, new_door, set_cookie
from api.rest.resources import CHANGING, Body, changing_problems, resource_router
from api.security import SESSION_COOKIE, form_token, token_hash
from engine.commands.sessions import close_session
from engine.commands.sign_in import confirm_code, sign_in
from engine.store.sessions import Stage

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


class SignIn(Body):
    """What somebody signs in with; `code` is that of the own app, where one is set up."""

    nip: str = Field(min_length=1, max_length=40, examples=["198609262015051001"])
    password: str = Field(min_length=1, max_length=1000, examples=["kata sandi yang panjang"])
    code: str = Field("", max_length=20, examples=["907351"])


class SignedIn(BaseModel):
    """The token of changing requests; the session itself is the cookie of this answer."""

    csrf_token: str


@router.post("/session", responses=changing_problems(429), status_code=201)
def post_session(
    request: Request, house: TheHouse, visitor: TheVisitor, response: Response, given: SignIn
) -> SignedIn:
    """Sign in as a person; a program acts in his name and with his rights."""
    token, door = new_door(request, house, visitor)
    stage = sign_in(house.desk, nip=given.nip, password=given.password, door=door, now=visitor.now)
    if stage is Stage.CODE:
        half = token_hash(token)
        token, door = new_door(request, house, visitor)
        code = given.code
        confirm_code(house.desk, half_hash=half, code=code, door=door, now=visitor.now)
    set_cookie(house, response, SESSION_COOKIE, token)
    return SignedIn(csrf_token=form_token(token))


@router.delete("/session", dependencies=CHANGING, responses=changing_problems(), status_code=204)
def delete_session(house: TheHouse, visitor: TheVisitor, actor: TheActor) -> None:
    """Sign out; the session ends on the server."""
    digest = token_hash(visitor.token)
    close_session(house.desk, actor, token_hash=digest, now=visitor.now)


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
