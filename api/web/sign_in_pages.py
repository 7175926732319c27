"""Coming in: NIP and password, the code of the app, and the one-time code of a card."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import Submitted, TheForm, TheHouse, TheVisitor, new_door, set_cookie
from api.security import SESSION_COOKIE, token_hash
from api.web.rendering import Pages, pages
from api.web.told_errors import Refusal, status_of, told
from engine.commands.activation import NewSecrets, use_code
from engine.commands.sign_in import confirm_code, half_session, sign_in
from engine.errors import InvalidForm, NotFound, TooManyAttempts
from engine.store.sessions import Stage

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
CODE_PAGE = "/sign-in/code"


def password_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    show: Pages,
    *,
    nip: str = "",
    error: Refusal | None = None,
) -> HTMLResponse:
    """The form for NIP and password; the same for everybody who was refused."""
    page = show.render(
        request,
        visitor,
        "sign_in_password.html",
        status_of(error) if error else 200,
        nip=nip,
        providers=house.settings.oidc_providers,
        errors=told(error, visitor.language) if error else {},
        activated="activated" in request.query_params,
        kept="kept" in request.query_params,
    )
    set_cookie(house, page, SESSION_COOKIE, visitor.token)
    return page


def with_password(
    request: Request, house: TheHouse, visitor: TheVisitor, show: Pages, form: Submitted
) -> Response:
    """Check NIP and password; a new token comes with the session."""
    token, door = new_door(request, house, visitor)
    nip, password = form.one("nip"), form.raw("password")
    try:
        stage = sign_in(house.desk, nip=nip, password=password, door=door, now=visitor.now)
    except (InvalidForm, TooManyAttempts) as error:
        return password_page(request, house, visitor, show, nip=nip, error=error)
    answer = RedirectResponse("/" if stage is Stage.FULL else CODE_PAGE, 303)
    set_cookie(house, answer, SESSION_COOKIE, token)
    return answer


@router.get(CODE_PAGE)
def code_page(request: Request, house: TheHouse, visitor: TheVisitor, show: ThePages) -> Response:
    """Where the code of the app is typed, for who knew the password."""
    return _code_page(request, house, visitor, show)


@router.post(CODE_PAGE)
def with_code(
    request: Request, house: TheHouse, visitor: TheVisitor, show: ThePages, form: TheForm
) -> Response:
    """Check the code; again a new token comes with the session."""
    token, door = new_door(request, house, visitor)
    half, code = token_hash(visitor.token), form.one("code")
    try:
        confirm_code(house.desk, half_hash=half, code=code, door=door, now=visitor.now)
    except NotFound:
        return RedirectResponse("/sign-in", 303)
    except (InvalidForm, TooManyAttempts) as error:
        return _code_page(request, house, visitor, show, error)
    answer = RedirectResponse("/", 303)
    set_cookie(house, answer, SESSION_COOKIE, token)
    return answer


@router.get("/activate")
def activation_page(
    request: Request, house: TheHouse, visitor: TheVisitor, show: ThePages
) -> HTMLResponse:
    """Where a card or a reset code becomes a password."""
    return _activation_page(request, house, visitor, show, {"nip": "", "code": ""})


@router.post("/activate")
def activate(
    request: Request, house: TheHouse, visitor: TheVisitor, show: ThePages, form: TheForm
) -> Response:
    """Set the password with the code; the person signs in with it afterwards."""
    _, door = new_door(request, house, visitor)
    secrets = NewSecrets(form.raw("password"), form.raw("again"), form.one("pin"))
    typed = {"nip": form.one("nip"), "code": form.one("code")}
    try:
        use_code(house.desk, **typed, secrets=secrets, door=door, now=visitor.now)
    except (InvalidForm, TooManyAttempts) as error:
        return _activation_page(request, house, visitor, show, typed, error)
    return RedirectResponse("/sign-in?activated", 303)


def _code_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    show: Pages,
    error: Refusal | None = None,
) -> Response:
    try:
        half_session(house.desk, token_hash(visitor.token), now=visitor.now)
    except NotFound:
        return RedirectResponse("/sign-in", 303)
    status = status_of(error) if error else 200
    errors = told(error, visitor.language) if error else {}
    return show.render(request, visitor, "sign_in_code.html", status, errors=errors)


def _activation_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    show: Pages,
    typed: Mapping[str, str],
    error: Refusal | None = None,
) -> HTMLResponse:
    errors = told(error, visitor.language) if error else {}
    status = status_of(error) if error else 200
    page = show.render(request, visitor, "activate.html", status, typed=typed, errors=errors)
    set_cookie(house, page, SESSION_COOKIE, visitor.token)
    return page
