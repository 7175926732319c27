"""Coming in through a sign-in provider: sent there, and back with its word."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.deps import House, TheHouse, TheVisitor, Visitor, new_door, set_cookie
from api.i18n import N_
from api.oidc import ProviderTrouble, Trouble, Try, nip_of, provider_address, state_hash
from api.security import SESSION_COOKIE
from api.settings import Provider
from api.web.rendering import Pages, pages
from api.web.sign_in_pages import CODE_PAGE
from engine.commands.sessions import Door
from engine.commands.sign_in_elsewhere import (
    agency_of_provider,
    refuse_return,
    sign_in_with_nip,
    use_return,
)
from engine.domain.people import AgencyId
from engine.errors import Conflict, NotFound
from engine.store.provider_returns import ReturnRow
from engine.store.sessions import Stage

router = APIRouter(prefix="/sign-in/with")
ThePages = Annotated[Pages, Depends(pages)]
log = structlog.get_logger(__name__)
# What happened and what to do; that nothing was changed is said of all of them.
WORDS = {
    Trouble.UNREACHABLE: (
        503,
        N_("The sign-in service does not answer at the moment."),
        N_("Try again in a few minutes, or sign in with NIP and password here."),
    ),
    Trouble.REFUSED: (
        403,
        N_("The sign-in service did not confirm who you are."),
        N_("Begin again and confirm there, or sign in with NIP and password here."),
    ),
    Trouble.UNTRUSTED: (
        502,
        N_("What the sign-in service sent could not be verified, so it was not used."),
        N_("Sign in with NIP and password here, and tell the administrator of the product."),
    ),
    Trouble.STALE: (
        400,
        N_("This return from the sign-in service is too old, was used, or began elsewhere."),
        N_("Begin again in this window."),
    ),
    Trouble.UNKNOWN_PERSON: (
        403,
        N_("The sign-in service knows you, but no employee in service here has its NIP."),
        N_("Ask your HR unit to check the NIP in both places, or sign in with your card."),
    ),
    Trouble.SET_UP: (
        503,
        N_("This sign-in service is not set up completely."),
        N_("Sign in with NIP and password here, and tell the administrator of the product."),
    ),
}


@router.get("/{provider_key}")
def to_provider(
    request: Request, house: TheHouse, visitor: TheVisitor, show: ThePages, provider_key: str
) -> Response:
    """Send the browser to the provider; only from a page of ours, never from another site."""
    provider = _provider(house, provider_key)
    if visitor.seat:
        return RedirectResponse("/inbox", 303)
    if request.headers.get("sec-fetch-site", "none") == "cross-site":
        return RedirectResponse("/sign-in", 303)
    attempt = _attempt(house, provider, visitor)
    try:
        address = provider_address(attempt, attempt.new_state(visitor.now))
    except (ProviderTrouble, OSError) as error:
        return _trouble(request, visitor, show, provider, error)
    answer = RedirectResponse(address, 303)
    set_cookie(house, answer, SESSION_COOKIE, visitor.token)
    return answer


@router.get("/{provider_key}/return")
def from_provider(
    request: Request, house: TheHouse, visitor: TheVisitor, show: ThePages, provider_key: str
) -> Response:
    """Check what the provider says, once, for the browser that began; a new token comes with it."""
    provider = _provider(house, provider_key)
    token, door = new_door(request, house, visitor)
    try:
        agency_id = _agency(house, provider)
        nip = _vouched(request, house, visitor, provider, agency_id)
        stage = _enter(house, agency_id, nip, door, visitor.now)
    except (ProviderTrouble, OSError) as error:
        return _trouble(request, visitor, show, provider, error)
    answer = RedirectResponse("/inbox" if stage is Stage.FULL else CODE_PAGE, 303)
    set_cookie(house, answer, SESSION_COOKIE, token)
    return answer


def _provider(house: House, key: str) -> Provider:
    """The provider of an address. Raises NotFound; the demonstration has none."""
    offered = () if house.settings.demo else house.settings.oidc_providers
    found = next((provider for provider in offered if provider.key == key), None)
    if found is None:
        raise NotFound("provider", key)
    return found


def _attempt(house: House, provider: Provider, visitor: Visitor) -> Try:
    """The return address is a setting: what a request says of its host is not believed."""
    own = house.settings.public_address.rstrip("/")
    return Try(provider, visitor.token, f"{own}/sign-in/with/{provider.key}/return")


def _agency(house: House, provider: Provider) -> AgencyId:
    try:
        return agency_of_provider(house.desk, provider.agency)
    except NotFound as error:
        raise ProviderTrouble(Trouble.SET_UP, "no such agency") from error


def _vouched(
    request: Request, house: House, visitor: Visitor, provider: Provider, agency_id: AgencyId
) -> str:
    """The NIP behind a return that this browser brings back for the first time."""
    asked, attempt = request.query_params, _attempt(house, provider, visitor)
    state = asked.get("state", "")
    try:
        expires = attempt.check_state(state, visitor.now)
        used = ReturnRow(state_hash(state), expires)
        use_return(house.desk, agency_id, used=used, now=visitor.now)
        return nip_of(attempt, state, _code(asked), visitor.now)
    except Conflict as error:
        raise ProviderTrouble(Trouble.STALE, "state used before") from error
    except ProviderTrouble as error:
        if error.trouble is Trouble.UNTRUSTED:
            refuse_return(house.desk, agency_id, reason="oidc_untrusted", now=visitor.now)
        raise


def _code(asked: Mapping[str, str]) -> str:
    """The code of a return, unless the provider or the person said no."""
    if asked.get("error") or not asked.get("code"):
        raise ProviderTrouble(Trouble.REFUSED, "no code")
    return asked["code"]


def _enter(house: House, agency_id: AgencyId, nip: str, door: Door, now: datetime) -> Stage:
    try:
        return sign_in_with_nip(house.desk, agency_id, nip=nip, door=door, now=now)
    except NotFound as error:
        raise ProviderTrouble(Trouble.UNKNOWN_PERSON, "not in service here") from error


def _trouble(
    request: Request,
    visitor: Visitor,
    show: Pages,
    provider: Provider,
    error: ProviderTrouble | OSError,
) -> Response:
    """What happened, what is safe, what to do; a secret that cannot be read is a fault of ours."""
    trouble = error.trouble if isinstance(error, ProviderTrouble) else Trouble.SET_UP
    detail = error.detail if isinstance(error, ProviderTrouble) else type(error).__name__
    log.warning("sign-in provider", provider=provider.key, trouble=trouble.value, detail=detail)
    status, happened, advice = WORDS[trouble]
    return show.render(
        request,
        visitor,
        "sign_in_provider.html",
        status,
        provider=provider,
        happened=happened,
        advice=advice,
    )
