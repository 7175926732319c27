"""Requests leave for public addresses only, once resolved, never redirected and never endless."""

import socket
from ipaddress import ip_address

import pytest

from api.outgoing import NotSent, Outgoing, is_public
from tests.couriers.post_office import dripping, free_port
from tests.couriers.receivers import receiving

INSIDE = Outgoing(loopback=True)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "240.0.0.1", "::1", "::",
     "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "2002:0a00:0001::",
     "64:ff9b::a00:1", "2001:0:53aa:64c::1", "2001:db8::1"],
)  # fmt: skip
def test_no_private_address_is_public(address: str):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111"])
def test_an_address_of_the_internet_is_public(address: str):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["http://contoh.go.id/", "ftp://contoh.go.id/", "https://user:secret@contoh.go.id/",
     "https://", "https:///path", "//contoh.go.id", "https://contoh.go.id:99999/",
     "https://contoh.go.id:0/", "https://[::1", "https://contoh.go.id/#part", ""],
)  # fmt: skip
def test_what_is_no_plain_https_address_is_refused(address: str):
    with pytest.raises(NotSent, match="address"):
        Outgoing().post(address, b"", {})


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_this_machine_is_reached_by_no_way_of_writing_it(host: str):
    with receiving() as receiver:
        port = receiver.address.split(":")[2].split("/")[0]
        with pytest.raises(NotSent, match=r"private_address|name"):
            Outgoing().post(f"https://{host}:{port}/hook", b"", {})

    assert receiver.received == []


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    def both(*_args, **_more):
        return [(0, 0, 0, "", ("8.8.8.8", 443)), (0, 0, 0, "", ("10.0.0.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", both)

    with pytest.raises(NotSent, match="private_address"):
        Outgoing().post("https://contoh.go.id/", b"", {})


def test_a_name_that_changes_its_address_meanwhile_leads_nowhere_else(monkeypatch):
    answers, reached = ["8.8.8.8", "127.0.0.1"], []

    def next_answer(*_args, **_more):
        return [(0, 0, 0, "", (answers.pop(0), 443))]

    def note(place, *_args, **_more):
        reached.append(place)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", next_answer)
    monkeypatch.setattr(socket, "create_connection", note)

    with pytest.raises(NotSent, match="unreachable"):
        Outgoing().post("https://contoh.go.id/", b"", {})

    assert reached == [("8.8.8.8", 443)]


def test_a_redirection_is_not_followed():
    with receiving(302) as receiver:
        status = INSIDE.post(receiver.address, b"{}", {})

    assert status == 302
    assert len(receiver.received) == 1


def test_who_does_not_listen_or_never_ends_is_left():
    with pytest.raises(NotSent, match="unreachable"):
        INSIDE.post(f"http://127.0.0.1:{free_port()}/", b"", {})
    with dripping() as port, pytest.raises(NotSent, match="unreachable"):
        Outgoing(loopback=True, whole_s=0.2).post(f"http://127.0.0.1:{port}/", b"", {})


def test_a_header_cannot_be_split():
    with receiving() as receiver, pytest.raises(NotSent):
        INSIDE.post(receiver.address, b"", {"X-Key": "a\r\nX-Other: b"})

    assert receiver.received == []
