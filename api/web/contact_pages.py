"""How somebody wants to be told outside the product, and the link that stops it."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.couriers import channels_of
from api.deps import House, TheActor, TheForm, TheHouse, TheVisitor, Visitor
from api.refusals import FormTokenWrong
from api.web import notice_words
from api.web.rendering import Pages, pages
from api.web.told_errors import Refusal, status_of, told
from engine.commands.contacts import (
    check_opt_out,
    opt_out,
    remove_address,
    set_address,
    set_paces,
    verify_address,
)
from engine.domain.notices import Channel, Pace, Topic
from engine.domain.people import Actor
from engine.errors import InvalidForm, NotFound, TooManyAttempts
from engine.queries.deliveries import ways_of

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
PLACE = "/account/notices"


@router.get(PLACE)
def contacts_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    done: str = "",
) -> HTMLResponse:
    """The own addresses, what arrived there lately, and how often."""
    return _page(request, house, visitor, actor, show, done=done)


@router.post(f"{PLACE}/address")
def change_address(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """Give an address, or take it back."""
    channel, address = _channel(house, form.one("channel")), form.one("address")
    removing = form.one("op") == "remove"

    def change() -> None:
        if removing:
            remove_address(house.desk, actor, channel=channel, now=visitor.now)
        else:
            set_address(
                house.desk, actor, channel=channel, address=address, language=visitor.language,
                now=visitor.now,
            )  # fmt: skip

    refused = _tried(request, house, visitor, actor, show, {channel.value: address}, change)
    return refused or RedirectResponse(f"{PLACE}?done={'removed' if removing else 'code'}", 303)


@router.post(f"{PLACE}/code")
def prove_address(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    form: TheForm,
) -> Response:
    """The code that was sent to the address."""
    channel, code = _channel(house, form.one("channel")), form.one("code")

    def prove() -> None:
        verify_address(house.desk, actor, channel=channel, code=code, now=visitor.now)

    refused = _tried(request, house, visitor, actor, show, {}, prove)
    return refused or RedirectResponse(f"{PLACE}?done=proved", 303)


@router.post(f"{PLACE}/paces")
def change_paces(house: TheHouse, actor: TheActor, form: TheForm) -> Response:
    """How often each topic goes out; what is no pace stays as it was."""
    channel = _channel(house, form.one("channel"))
    chosen = {topic: form.one(topic.value) for topic in Topic}
    paces = {topic: Pace(pace) for topic, pace in chosen.items() if pace in set(Pace)}
    set_paces(house.desk, actor, channel=channel, paces=paces)
    return RedirectResponse(f"{PLACE}?done=paces", 303)


@router.get("/notices/stop")
def stop_page(
    request: Request, house: TheHouse, visitor: TheVisitor, show: ThePages, token: str = ""
) -> HTMLResponse:
    """Asks once whether letters shall stop; nobody needs to sign in. Raises NotFound."""
    check_opt_out(house.desk, token=token)
    return show.render(request, visitor, "stop_letters.html", token=token, done=False)


@router.post("/notices/stop")
def stop(
    request: Request, house: TheHouse, visitor: TheVisitor, show: ThePages, token: str = ""
) -> HTMLResponse:
    """Stop letters: by the button, or by one click in a mail program (RFC 8058).

    The token proves that the link was ours, so no token of a form is asked for.
    """
    try:
        opt_out(house.desk, token=token, now=visitor.now)
    except NotFound as error:
        raise FormTokenWrong from error
    return show.render(request, visitor, "stop_letters.html", token=token, done=True)


def _channel(house: House, code: str) -> Channel:
    """A channel that the installation has switched on. Raises NotFound."""
    if code not in channels_of(house.settings):
        raise NotFound("channel", code)
    return Channel(code)


def _tried(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    typed: dict[str, str],
    change: Callable[[], None],
) -> HTMLResponse | None:
    """The page with what was refused and typed; None when it went through."""
    try:
        change()
    except (InvalidForm, TooManyAttempts) as error:
        return _page(request, house, visitor, actor, show, typed=typed, error=error)
    return None


def _page(
    request: Request,
    house: House,
    visitor: Visitor,
    actor: Actor,
    show: Pages,
    *,
    done: str = "",
    typed: dict[str, str] | None = None,
    error: Refusal | None = None,
) -> HTMLResponse:
    with house.desk.store.reading(actor.agency_id) as tx:
        ways = ways_of(tx, actor, channels_of(house.settings))
    return show.render(
        request,
        visitor,
        "account_notices.html",
        status_of(error) if error else 200,
        ways=ways,
        done=done,
        typed=typed or {},
        errors=told(error, visitor.language) if error else {},
        words=notice_words,
        topics=tuple(Topic),
        choices=tuple(Pace),
    )
