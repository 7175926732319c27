"""Short messages leave through the gateway that the installation chose."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.couriers import channels_of, senders_of
from api.gateways import HttpJsonGateway, MessageSender, gateway_of
from api.outgoing import Outgoing
from api.settings import GatewaySettings, MailSettings, Settings
from engine.domain.notices import Channel
from engine.jobs.letters import Delayed, Letter, Undeliverable
from tests.couriers.post_office import PUBLIC, WORDS
from tests.couriers.receivers import receiving

LETTER = Letter(
    "0199f1c2", "+628123456789", "id", datetime(2026, 1, 6, tzinfo=UTC), {"open": 2}, "token"
)


def sender_at(address: str, secret: Path | None = None) -> MessageSender:
    settings = GatewaySettings(
        name="http-json", address=address, to_field="target", secret_file=secret
    )
    return MessageSender(HttpJsonGateway(settings, Outgoing(loopback=True)), WORDS, PUBLIC)


def test_a_message_carries_a_count_and_a_link(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n")

    with receiving() as receiver:
        sender_at(receiver.address, secret).send(LETTER)

    (found,) = receiver.received
    assert json.loads(found.body) == {
        "target": "+628123456789",
        "text": f"Alur Kinerja: Anda punya 2 tugas. {PUBLIC}/inbox",
    }
    assert found.headers["authorization"] == "Bearer s3cret"
    assert found.headers["idempotency-key"] == LETTER.id


def test_a_code_comes_as_a_message_too():
    with receiving() as receiver:
        sender_at(receiver.address).send(replace(LETTER, code="123456"))

    assert "123456" in json.loads(receiver.received[0].body)["text"]


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, Undeliverable), (422, Undeliverable), (429, Delayed), (500, Delayed)],
)
def test_a_wrong_number_is_left_and_everything_else_tried_again(
    status: int, error: type[Exception]
):
    with receiving(status) as receiver, pytest.raises(error, match=f"http_{status}"):
        sender_at(receiver.address).send(LETTER)


def test_nothing_leaves_until_the_installation_switches_it_on():
    assert channels_of(Settings()) == ()
    assert senders_of(Settings(), WORDS) == {}


def test_each_channel_is_switched_on_by_itself():
    mail, gateway = MailSettings(host="mail"), GatewaySettings(name="http-json")

    assert channels_of(Settings(mail=mail)) == (Channel.EMAIL,)
    assert set(senders_of(Settings(mail=mail, gateway=gateway), WORDS)) == set(Channel)


def test_a_gateway_that_nobody_brings_is_named():
    with pytest.raises(LookupError, match="carrier-pigeon"):
        gateway_of(GatewaySettings(name="carrier-pigeon"))


def test_the_gateway_of_a_package_is_found_by_its_name(tmp_path: Path, monkeypatch):
    (tmp_path / "pigeon.py").write_text("def make(settings):\n    return settings.name\n")
    described = tmp_path / "pigeon-1.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeon\nVersion: 1\n")
    (described / "entry_points.txt").write_text("[alur.gateways]\npigeon = pigeon:make\n")
    monkeypatch.syspath_prepend(tmp_path)

    assert gateway_of(GatewaySettings(name="pigeon")) == "pigeon"
