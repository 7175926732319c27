"""A person who has proved an address, and a sender that a test can break."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.commands.contacts import LETTER, set_address, verify_address
from engine.commands.notices import NewNotice, tell
from engine.domain.notices import Channel, NoticeKind
from engine.domain.people import EmployeeId
from engine.jobs.letters import Letter, LetterCourier, plan_letters
from engine.jobs.outbox import ByTopic, deliver_outbox
from engine.store import tables
from tests.cases import NOW
from tests.office import Office

ADDRESS = "analis@contoh.go.id"


@dataclass
class Sender:
    """Keeps letters; before that it raises what `trouble` holds."""

    sent: list[Letter] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.sent.append(letter)


def deliver(office: Office, sender: object, now: datetime) -> int:
    """One round of the outbox."""
    courier = LetterCourier(office.desk, {Channel.EMAIL: sender}, lambda: now)
    return deliver_outbox(office.desk, office.agency_id, ByTopic({LETTER: courier}), now=now)


def prove(office: Office, person: str = "analyst", *, now: datetime = NOW) -> None:
    """Give a person an address and prove it with the code that was sent there."""
    sender, actor = Sender(), office.actor(person, now)
    set_address(office.desk, actor, channel=Channel.EMAIL, address=ADDRESS, language="id", now=now)
    deliver(office, sender, now)
    code = sender.sent[0].code
    verify_address(office.desk, actor, channel=Channel.EMAIL, code=code or "", now=now)


def notify(
    office: Office, *kinds: NoticeKind, person: str = "analyst", now: datetime = NOW
) -> None:
    """Leave notices for a person, and plan letters from them."""
    new = [NewNotice(EmployeeId(person), kind, f"{kind}:{now}") for kind in kinds]
    with office.desk.store.transaction(office.agency_id) as tx:
        tell(tx, new, now=now)
    plan_letters(office.desk, office.agency_id, now=now)


def letters(office: Office) -> list[tuple[str, str | None]]:
    """Status and error of every digest, in order of its moment."""
    rows = tables.notice_delivery
    with office.desk.store.reading(office.agency_id) as tx:
        digests = rows.select().where(rows.c.slot.like("digest:%")).order_by(rows.c.due_at)
        return [(row.status, row.last_error) for row in tx.connection.execute(digests)]


MORNING = NOW.replace(hour=0) + timedelta(days=1)
