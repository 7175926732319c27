"""Letters, short messages and webhooks over TLS: only to whoever proves the name, or they wait.

A server with a wrong certificate is told nothing, and what it was to get stays in the outbox.
"""

import ssl
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from api.outgoing import NotSent, Outgoing
from engine.domain.notices import NoticeKind
from engine.jobs.letters import Delayed
from tests.cases import NOW
from tests.couriers.certificates import Authority, authority
from tests.couriers.post_office import PostOffice, open_office, sender_at
from tests.couriers.receivers import receiving
from tests.couriers.test_gateways import LETTER as MESSAGE
from tests.couriers.test_gateways import sender_at as gateway_at
from tests.couriers.test_mail import LETTER
from tests.jobs.letter_box import deliver, letters, notify, prove
from tests.ready import Offices

HOST = "localhost"
EACH_WAY = pytest.mark.parametrize("security", ["starttls", "tls"])
Proof = Callable[[Authority], ssl.SSLContext]
WRONG: dict[str, Proof] = {
    "another name": lambda known: known.proves("surat.contoh.go.id"),
    "run out": lambda known: known.proves(HOST, ends=-timedelta(days=1)),
    "an unknown authority": lambda known: authority(known.folder / "other").proves(HOST),
}
EACH_WRONG = pytest.mark.parametrize("proof", WRONG.values(), ids=WRONG)


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority that this machine trusts."""
    made = authority(tmp_path / "authority")
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@EACH_WAY
def test_a_letter_goes_to_a_server_that_proves_its_name(known: Authority, security: str):
    box = PostOffice()

    with open_office(box, known.proves(HOST), security) as port:
        sender_at(port, host=HOST, security=security).send(LETTER)

    assert box.recipients == [LETTER.address]


@EACH_WAY
@EACH_WRONG
def test_a_server_with_a_wrong_certificate_gets_no_letter(
    known: Authority, proof: Proof, security: str
):
    box = PostOffice()

    with open_office(box, proof(known), security) as port, pytest.raises(Delayed, match="tls"):
        sender_at(port, host=HOST, security=security).send(LETTER)

    assert (box.arrived, box.recipients) == ([], [])


def test_a_server_that_offers_no_tls_gets_no_letter(known: Authority):
    box = PostOffice()

    with open_office(box) as port, pytest.raises(Delayed, match="unsupported"):
        sender_at(port, host=HOST, security="starttls").send(LETTER)

    assert box.arrived == []


def test_a_letter_waits_until_the_certificate_is_right_again(offices: Offices, known: Authority):
    office, box = offices.open("window"), PostOffice()
    prove(office)
    notify(office, NoticeKind.OVERDUE)
    soon = NOW + timedelta(minutes=5)

    for number, name in enumerate(("surat.contoh.go.id", HOST)):
        with open_office(box, known.proves(name), "starttls") as port:
            sender = sender_at(port, host=HOST, security="starttls")
            deliver(office, sender, soon + timedelta(minutes=number))
        if not number:
            assert letters(office) == [("queued", "tls")]

    assert letters(office) == [("sent", None)]
    assert len(box.arrived) == 1


def test_a_request_goes_to_a_target_that_proves_its_name(known: Authority):
    with receiving(tls=known.proves(HOST)) as receiver:
        status = Outgoing(loopback=True).post(receiver.address, b"{}", {})

    assert (status, len(receiver.received)) == (204, 1)


@EACH_WRONG
def test_a_target_with_a_wrong_certificate_is_told_nothing(known: Authority, proof: Proof):
    with receiving(tls=proof(known)) as receiver, pytest.raises(NotSent, match="tls"):
        Outgoing(loopback=True).post(receiver.address, b"{}", {"Authorization": "Bearer secret"})

    assert receiver.received == []


@EACH_WRONG
def test_a_gateway_with_a_wrong_certificate_gets_no_message_and_it_comes_again(
    known: Authority, proof: Proof
):
    with receiving(tls=proof(known)) as receiver, pytest.raises(Delayed, match="tls"):
        gateway_at(receiver.address).send(MESSAGE)

    assert receiver.received == []
