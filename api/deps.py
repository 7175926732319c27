"""What handlers ask for: the desk, the visitor with his session, the checked form."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.devices import device_name, network_of
from api.house import House
from api.i18n import DEFAULT_LANGUAGE, LANGUAGES, Words
from api.refusals import FormTokenWrong, NotSignedIn
from api.security import SESSION_COOKIE, form_token, is_form_token, new_token, token_hash
from engine.commands.sessions import SEEN_EVERY, Door, Stay, see_session
from engine.domain.people import Actor
from engine.errors import Conflict, Unavailable
from engine.queries.visitors import Seat, seat_of_session
from engine.store.database import ANY_AGENCY

LANGUAGE_COOKIE = "alur_language"
DEFAULT_ZONE = "Asia/Jakarta"
MAX_FIELDS = 5_000
MAX_FILES = 1
PROGRAMS = "/api/"
MAX_LANGUAGES = 200


@dataclass(frozen=True)
class Visitor:
    """Who asks, in which language; without a seat nobody is signed in."""

    token: str
    words: Words
    now: datetime
    demo: bool
    seat: Seat | None = None

    @property
    def language(self) -> str:
        """The language of the pages."""
        return self.words.language

    @property
    def form_token(self) -> str:
        """What every form of this session must carry."""
        return form_token(self.token)

    def meant(self, form_token: str) -> bool:
        """Whether a change is the visitor's own will: it carries his form token, or came by a key.

        No browser sends a key by itself.
        """
        by_key = self.seat is not None and self.seat.is_program
        return by_key or is_form_token(self.token, form_token)

    @property
    def actor(self) -> Actor | None:
        """The acting person, if signed in."""
        return self.seat.actor if self.seat else None

    @property
    def zone(self) -> str:
        """The zone in which instants are shown."""
        return self.seat.zone if self.seat else DEFAULT_ZONE

    @property
    def name(self) -> str:
        """The visitor's name."""
        return self.seat.person.name if self.seat else ""

    @property
    def position(self) -> str:
        """The visitor's position."""
        return self.seat.person.position if self.seat else ""

    @property
    def agency_name(self) -> str:
        """The agency whose data are shown."""
        return self.seat.agency_name if self.seat else ""


# What only looks at the request is async: a thread of its own would cost more than the look.
async def house(request: Request) -> House:
    """The house that this application was made with."""
    found: House = request.app.state.house
    return found


# Neither this nor what needs it asks for a dependency: each is walked through at every request.
async def visitor(request: Request) -> Visitor:
    """The visitor of this request; one short read, closed before the handler runs."""
    kept: Visitor | None = getattr(request.state, "visitor", None)
    if kept is None:
        kept = await run_in_threadpool(recognise, request, request.app.state.house)
    return kept


def recognise(request: Request, house: House) -> Visitor:
    """Find the session of the request's cookie or key and remember it on the request."""
    key, now = _key_of(request), house.clock()
    token = key or request.cookies.get(SESSION_COOKIE)
    seat = None
    if token:
        with house.desk.store.reading(ANY_AGENCY) as tx:
            seat = seat_of_session(tx, token_hash(token), now)
        if seat and seat.is_program != bool(key):
            seat = None
    chosen = seat.language if seat else request.cookies.get(LANGUAGE_COOKIE)
    chosen = _asked_language(request) or chosen
    language = chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE
    if seat and token and not house.settings.demo:
        _see(house, seat, token, now)
    found = Visitor(token or new_token(), house.words[language], now, house.settings.demo, seat)
    request.state.visitor = found
    return found


def _key_of(request: Request) -> str:
    """The key that a program sends; pages know none."""
    if not request.scope["path"].startswith(PROGRAMS):
        return ""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _asked_language(request: Request) -> str | None:
    """The first language of Accept-Language that is known; only programs choose by it."""
    if not request.scope["path"].startswith(PROGRAMS):
        return None
    wanted = request.headers.get("accept-language", "")[:MAX_LANGUAGES].split(",")
    tags = (part.partition(";")[0].strip().lower().partition("-")[0] for part in wanted)
    return next((tag for tag in tags if tag in LANGUAGES), None)


def stranger(request: Request, house: House) -> Visitor:
    """Whoever asks while nobody can be recognised; only his language is known."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    language = chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE
    words = house.words[language]
    found = Visitor(new_token(), words, house.clock(), house.settings.demo)
    request.state.visitor = found
    return found


def _see(house: House, seat: Seat, token: str, now: datetime) -> None:
    """Keep a session open that is in use; written down every few minutes only."""
    if seat.seen_at is None or now - seat.seen_at >= SEEN_EVERY:
        idle, digest = timedelta(minutes=house.settings.idle_minutes), token_hash(token)
        # Who only reads must be able to do so while nothing can be written.
        with suppress(Unavailable, Conflict):
            see_session(house.desk, seat.actor, token_hash=digest, idle=idle, now=now)


def new_door(request: Request, house: House, visitor: "Visitor") -> tuple[str, Door]:
    """A fresh token with the door that it opens: sessions are never carried over."""
    token, settings = new_token(), house.settings
    stay = Stay(timedelta(hours=settings.session_hours), timedelta(minutes=settings.idle_minutes))
    address = network_of(request.client.host if request.client else "")
    device = device_name(request.headers.get("user-agent", ""))
    return token, Door(token_hash(token), address, device, visitor.language, stay)


def set_cookie(
    house: House, answer: Response, name: str, value: str, max_age: int | None = None
) -> None:
    """Set a cookie that scripts cannot read and other sites do not send."""
    secure = house.settings.secure_cookies
    answer.set_cookie(
        name, value, max_age=max_age, httponly=True, samesite="lax", secure=secure, path="/"
    )


async def signed_in(request: Request) -> Actor:
    """The acting person. Raises NotSignedIn."""
    actor = (await visitor(request)).actor
    if actor is None:
        raise NotSignedIn
    return actor


@dataclass(frozen=True)
class Upload:
    """One uploaded file, read within the limit."""

    field: str
    name: str
    content: bytes


@dataclass(frozen=True)
class Submitted:
    """A checked form: all values of every field, and the file if one was chosen."""

    fields: Mapping[str, list[str]]
    upload: Upload | None = field(default=None)

    def one(self, name: str) -> str:
        """The first value of a field, or nothing."""
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        """The first value as it was typed: blanks of a password are part of it."""
        return (self.fields.get(name) or [""])[0]


@dataclass(frozen=True)
class Typed:
    """A form as it came; `trusted` when it carries the session's token. Only words are in it."""

    form: Submitted
    trusted: bool


async def typed(request: Request) -> Typed:
    """The form of a POST for the few doors that give words back instead of losing them."""
    token, form = (await visitor(request)).token, await _read_form(request)
    return Typed(form, is_form_token(token, form.raw("csrf_token")))


async def submitted(request: Request) -> Submitted:
    """The form of a POST. Raises FormTokenWrong unless it carries the session's token."""
    found = await typed(request)
    if not found.trusted:
        raise FormTokenWrong
    return found.form


async def _read_form(request: Request) -> Submitted:
    fields: dict[str, list[str]] = {}
    upload: Upload | None = None
    async with request.form(max_fields=MAX_FIELDS, max_files=20) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                content = await value.read()
                if content:
                    upload = Upload(name, value.filename or "", content)
            else:
                # PostgreSQL takes no NUL; whoever sends one means nothing by it.
                fields.setdefault(name, []).append(value.replace("\0", ""))
    return Submitted(fields, upload)


TheHouse = Annotated[House, Depends(house)]
TheVisitor = Annotated[Visitor, Depends(visitor)]
TheActor = Annotated[Actor, Depends(signed_in)]
TheForm = Annotated[Submitted, Depends(submitted)]
TheTyped = Annotated[Typed, Depends(typed)]
