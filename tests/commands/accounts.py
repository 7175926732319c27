"""A small agency whose people have passwords, for tests of signing in."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from engine.commands.activation import NewSecrets, issue_code, use_code
from engine.commands.credentials import confirm_app, set_pin, start_app
from engine.commands.desk import Desk
from engine.commands.people import found_agency, founder, import_people
from engine.commands.sessions import Door, Stay
from engine.commands.sign_in import sign_in
from engine.domain.people import Actor, AgencyId, EmployeeId
from engine.domain.totp import code_at, step_at
from engine.queries.visitors import seat_of_session
from engine.rules.deadlines import local_date
from engine.store import audit, staffing
from engine.store.database import ANY_AGENCY
from engine.store.sessions import Stage
from tests.commands.organisations import HEAD, STAFF, office

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
PASSWORD, OTHER, PIN = "kopi pahit di teras", "hujan di bulan juni", "907351"
NIP = {HEAD: "197001011995011001", STAFF: "199002022015022001"}
STAY = Stay(timedelta(hours=12), timedelta(hours=2))
NUMBERS = count()


def door(address: str = "10.0.0.1") -> Door:
    """A browser with a token of its own."""
    token = sha256(f"token {next(NUMBERS)}".encode()).hexdigest()
    return Door(token, address, "Firefox, Linux", "id", STAY)


@dataclass
class Accounts:
    """The agency, and what its people do about their accounts."""

    desk: Desk
    agency_id: AgencyId = field(init=False)

    def __post_init__(self) -> None:
        self.agency_id = found_agency(self.desk, name="Kota Uji", zone="Asia/Jakarta", now=NOW)
        import_people(self.desk, founder(self.agency_id), people=office(), now=NOW)

    def actor(self, who: EmployeeId = STAFF, *, now: datetime = NOW) -> Actor:
        """A person as he acts today."""
        with self.desk.store.reading(self.agency_id) as tx:
            return staffing.actor(tx, who, local_date(now, self.desk.calendar(tx, now)))

    def code(self, who: EmployeeId = STAFF, *, now: datetime = NOW, **more: Any) -> str:
        """A one-time code, issued from the command line."""
        return issue_code(self.desk, founder(self.agency_id), employee_id=who, now=now, **more).code

    def activate(self, who: EmployeeId = STAFF, *, now: datetime = NOW, pin: str = "") -> None:
        """Set the first password."""
        secrets = NewSecrets(PASSWORD, PASSWORD, pin)
        use_code(
            self.desk, nip=NIP[who], code=self.code(who, now=now), secrets=secrets,
            door=door(), now=now,
        )  # fmt: skip

    def enter(
        self,
        who: EmployeeId = STAFF,
        password: str = PASSWORD,
        *,
        at: Door | None = None,
        now: datetime = NOW,
    ) -> Stage:
        """Sign in."""
        return sign_in(
            self.desk, nip=NIP.get(who, who), password=password, door=at or door(), now=now
        )

    def is_in(self, at: Door, *, now: datetime = NOW) -> bool:
        """Whether a browser sees pages."""
        with self.desk.store.reading(ANY_AGENCY) as tx:
            return seat_of_session(tx, at.token_hash, now) is not None

    def set_app(self, who: EmployeeId = STAFF, *, now: datetime = NOW) -> bytes:
        """Set up the app; its secret."""
        secret = start_app(self.desk, self.actor(who), password=PASSWORD, now=now)
        confirm_app(self.desk, self.actor(who), code=code_at(secret, step_at(now)), now=now)
        return secret

    def set_pin(self, who: EmployeeId = STAFF, *, now: datetime = NOW) -> None:
        """Set the PIN for signing."""
        set_pin(self.desk, self.actor(who), pin=PIN, password=PASSWORD, now=now)

    def trail(self, who: EmployeeId = STAFF, *, now: datetime = NOW) -> list[dict[str, Any]]:
        """What the person's chain of the day tells."""
        with self.desk.store.reading(self.agency_id) as tx:
            day = local_date(now, self.desk.calendar(tx, now))
            events = audit.events_of(tx, audit.actor_day(who, day))
        return [json.loads(event.body) for event in events]

    def actions(self, who: EmployeeId = STAFF) -> list[str]:
        """What happened to the account today."""
        return [event["action"] for event in self.trail(who)]
