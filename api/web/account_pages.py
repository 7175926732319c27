"""My account: password, signing PIN, authenticator app, signed-in devices, what happened."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import TheActor, TheForm, TheHouse, TheVisitor, new_door, set_cookie
from api.security import SESSION_COOKIE, new_token, token_hash
from api.web.qr import qr_picture
from api.web.rendering import Pages, pages
from api.web.told_errors import Refusal, status_of, told
from api.web.trail_words import WORDS
from engine.commands.activation import NewSecrets
from engine.commands.credentials import (
    change_password,
    confirm_app,
    pending_secret,
    remove_app,
    set_pin,
    start_app,
)
from engine.commands.program_keys import give_key
from engine.commands.sessions import close_other_sessions, close_own_session
from engine.domain.people import Actor
from engine.domain.totp import provisioning_address, readable
from engine.errors import InvalidForm, TooManyAttempts
from engine.queries.accounts import account

router = APIRouter(prefix="/account")
ThePages = Annotated[Pages, Depends(pages)]
ISSUER = "Alur Kinerja"
MAX_DIGITS = 5


@router.get("")
def account_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    done: str = "",
) -> HTMLResponse:
    """The own account."""
    return _page(request, house, visitor, actor, show, done=done)


@router.post("/password")
def new_password(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Change the password; every other device is signed out and this one gets a new token."""
    token, door = new_door(request, house, visitor)
    secrets, current = NewSecrets(form.raw("password"), form.raw("again")), form.raw("current")

    def change() -> None:
        change_password(
            house.desk, actor, current=current, secrets=secrets, door=door, now=visitor.now
        )

    refused = _tried(request, house, visitor, actor, show, "password", change)
    if refused:
        return refused
    answer = RedirectResponse("/account?done=password", 303)
    set_cookie(house, answer, SESSION_COOKIE, token)
    return answer


@router.post("/pin")
def new_pin(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Set the PIN that signs."""
    pin, password = form.one("pin"), form.raw("current")

    def change() -> None:
        set_pin(house.desk, actor, pin=pin, password=password, now=visitor.now)

    refused = _tried(request, house, visitor, actor, show, "pin", change)
    return refused or RedirectResponse("/account?done=pin", 303)


@router.post("/app")
def change_app(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Begin to set up the app, or do without it again."""
    removing, password = form.one("op") == "remove", form.raw("current")

    def change() -> None:
        if removing:
            remove_app(house.desk, actor, password=password, now=visitor.now)
        else:
            start_app(house.desk, actor, password=password, now=visitor.now)

    refused = _tried(request, house, visitor, actor, show, "app", change)
    place = "/account?done=app_removed" if removing else "/account/app"
    return refused or RedirectResponse(place, 303)


@router.get("/app")
def app_page(
    request: Request, house: TheHouse, visitor: TheVisitor, actor: TheActor, show: ThePages
) -> Response:
    """The secret as a QR code, and the field for the first code."""
    return _app_page(request, house, visitor, actor, show)


@router.post("/app/confirm")
def first_code(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """The app shows the right codes: from now on signing in asks for one."""
    try:
        confirm_app(house.desk, actor, code=form.one("code"), now=visitor.now)
    except (InvalidForm, TooManyAttempts) as error:
        return _app_page(request, house, visitor, actor, show, error)
    return RedirectResponse("/account?done=app", 303)


@router.post("/keys")
def new_key(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Make a key for a program; it is shown this once."""
    key, days = new_token(), form.one("days")

    def give() -> None:
        give_key(
            house.desk,
            actor,
            token_hash=token_hash(key),
            name=form.one("name"),
            days=int(days) if days.isdecimal() and len(days) < MAX_DIGITS else None,
            password=form.raw("current"),
            language=visitor.language,
            now=visitor.now,
        )

    refused = _tried(request, house, visitor, actor, show, "key", give)
    return refused or _page(request, house, visitor, actor, show, done="key", key=key)


@router.post("/sessions")
def sign_out_elsewhere(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm
) -> Response:
    """Sign out of one device, or of all but this one."""
    session_id = form.one("session")
    if session_id:
        close_own_session(house.desk, actor, session_id=session_id, now=visitor.now)
    else:
        own = token_hash(visitor.token)
        close_other_sessions(house.desk, actor, token_hash=own, now=visitor.now)
    return RedirectResponse("/account?done=sessions", 303)


def _tried(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: Actor,
    show: Pages,
    part: str,
    change: Callable[[], None],
) -> HTMLResponse | None:
    """The page with what was refused; None when it went through."""
    try:
        change()
    except (InvalidForm, TooManyAttempts) as error:
        return _page(request, house, visitor, actor, show, part=part, error=error)
    return None


def _page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: Actor,
    show: Pages,
    *,
    done: str = "",
    part: str = "",
    key: str = "",
    error: Refusal | None = None,
) -> HTMLResponse:
    with house.desk.store.reading(actor.agency_id) as tx:
        found = account(tx, actor, visitor.now)
    return show.render(
        request,
        visitor,
        "account.html",
        status_of(error) if error else 200,
        account=found,
        own=token_hash(visitor.token),
        done=done,
        part=part,
        key=key,
        errors=told(error, visitor.language) if error else {},
        words=WORDS,
    )


def _app_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: Actor,
    show: Pages,
    error: Refusal | None = None,
) -> Response:
    secret = pending_secret(house.desk, actor)
    if secret is None:
        return RedirectResponse("/account", 303)
    address = provisioning_address(secret, account=visitor.name, issuer=ISSUER)
    return show.render(
        request,
        visitor,
        "account_app.html",
        status_of(error) if error else 200,
        picture=qr_picture(address),
        secret=readable(secret),
        errors=told(error, visitor.language) if error else {},
    )
