"""Lines that are slow, cut or silent, between people, the application and its database.

R9 (sent again because the answer was lost) and R13 (slow or cut network) of the fault catalogue.
"""

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.cases import problems
from tests.evidence import Evidence
from tests.faults.crowd import PEOPLE, crowd
from tests.faults.forked import Server, serving
from tests.faults.laps import answers, laps
from tests.faults.test_crashes import check
from tests.faults.test_kill import completed, submitted
from tests.faults.wire import CARRY, CUT, LATE, LOSE, SILENT, TRICKLE, Wire, wire_to
from tests.machines import Answer, ask, lives, session_of
from tests.office import Office
from tests.postgres import PostgresServer
from tests.ready import Offices
from tests.session import count

# Of the server under test; on a real installation a minute.
ANSWER_S = 0.5
LONGEST_FAULT_S = 0.4
AT_ONCE = 8
Ask = Callable[[int], Answer]


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("laps")


@pytest.fixture
def server(office: Office, offices: Offices, tmp_path: Path) -> Iterator[Server]:
    with serving(offices.url, tmp_path, system="laps") as made:
        yield made


def test_what_is_sent_up_to_fifty_times_happens_once(
    office: Office, server: Server, offices: Offices, rng: random.Random, evidence: Evidence
):
    clicked, sent, lost = count(6, 200), 0, 0
    tokens = {person: session_of(office, person) for person in PEOPLE}

    with wire_to(("127.0.0.1", server.port)) as wire, ThreadPoolExecutor(AT_ONCE) as pool:
        for item, lap in islice(laps(office), clicked):
            token, times = tokens[item.assignee_id or ""], rng.randint(2, 50)

            def click(port: int, item=item, lap=lap, token=token) -> Answer:
                path, body = f"/api/v1/work-items/{item.id}/completion", {"answers": answers(lap)}
                return ask(port, "POST", path, token=token, body=body, Idempotency_Key=item.id)

            lost += losing(wire, click)
            told = [*pool.map(lambda _, click=click: until_taken(click, wire.port), range(times))]
            sent += times + 1
            assert len({answer.text for answer in told}) == 1

    assert set(completed(office).values()) == {1}
    assert len(submitted(office)) == clicked
    assert problems(office) == []
    assert lost == clicked
    evidence.record(f"sent_again.{offices.kind}.clicks", clicked)
    evidence.record(f"sent_again.{offices.kind}.requests", sent)
    evidence.record(f"sent_again.{offices.kind}.answers_lost_on_the_way", lost)
    evidence.record(f"sent_again.{offices.kind}.done_twice", 0)


def losing(wire: Wire, click: Ask) -> int:
    """The first click, whose answer never arrives."""
    wire.turn(LOSE)
    try:
        click(wire.port)
    except OSError:
        return 1
    finally:
        wire.turn(CARRY)
    return 0


def until_taken(click: Ask, port: int) -> Answer:
    """A click of the same key; while the first one is still worked on, it comes again."""
    for _ in range(200):
        answer = click(port)
        if answer.status == 200:
            return answer
        assert answer.status in {409, 503}, answer.text
        time.sleep(0.02)
    raise AssertionError(answer.text)


@dataclass
class Far:
    """A server whose database stands at the other end of a line."""

    server: Server
    wire: Wire


@pytest.fixture
def far(
    office: Office, offices: Offices, postgres_server: PostgresServer, tmp_path: Path
) -> Iterator[Far]:
    socket_file = f"{postgres_server.folder}/.s.PGSQL.5432"
    with wire_to(socket_file) as wire:
        through = make_url(offices.url).set(host="127.0.0.1", port=wire.port, query={})
        address = through.render_as_string(hide_password=False)
        with serving(address, tmp_path, system="laps", answer_s=ANSWER_S) as made:
            yield Far(made, wire)


@pytest.mark.parametrize("offices", ["postgresql"], indirect=True)
def test_a_bad_line_to_the_database_is_outlived(
    office: Office, far: Far, rng: random.Random, evidence: Evidence
):
    faults, slowest = count(6, 100), 0.0
    kinds = [CUT, SILENT, TRICKLE, LATE, LOSE]

    with crowd(office, lambda: far.server.port) as people:
        for number in range(faults):
            people.bring_in_more()
            far.wire.turn(kinds[number % len(kinds)])
            time.sleep(rng.uniform(0.05, LONGEST_FAULT_S))
            # Whatever became of the database's line: nobody waits for a thread.
            asked = time.monotonic()
            assert lives(far.server.port)
            slowest = max(slowest, time.monotonic() - asked)
            far.wire.turn(CARRY)
            people.bring_in_more()

    lost, doubled = check(office, people)
    figures = {
        "faults": faults, "acknowledged": len(people.receipts), "lost": lost, "doubled": doubled,
        "told_to_wait": people.statuses[503], "slowest_sign_of_life_s": round(slowest, 2),
    }  # fmt: skip
    for name, figure in figures.items():
        evidence.record(f"bad_line.to_the_database.{name}", figure)


@pytest.mark.parametrize("offices", ["postgresql"], indirect=True)
def test_a_silent_database_keeps_nobody_waiting_for_long(office: Office, far: Far):
    token = session_of(office, "analyst")
    ask(far.server.port, "GET", "/inbox", token=token)

    far.wire.turn(SILENT)
    with ThreadPoolExecutor(50) as pool:
        told = [*pool.map(lambda _: ask(far.server.port, "GET", "/inbox", token=token), range(50))]
    far.wire.turn(CARRY)
    after = ask(far.server.port, "GET", "/inbox", token=token)

    assert {answer.status for answer in told} == {503}
    assert after.status == 200


def test_people_on_bad_lines_keep_nobody_else_waiting(
    office: Office, server: Server, offices: Offices, rng: random.Random, evidence: Evidence
):
    bad, ending, slowest = count(20, 100), threading.Event(), 0.0
    token = session_of(office, "analyst")
    lines = [bad_line(server.port, token, ending, rng.choice(BAD)) for _ in range(bad)]

    with crowd(office, lambda: server.port, many=4) as people:
        for _ in range(5):
            asked = time.monotonic()
            assert ask(server.port, "GET", "/inbox", token=token).status == 200
            slowest = max(slowest, time.monotonic() - asked)
            people.bring_in_more()
    ending.set()
    for line in lines:
        line.join()

    check(office, people)
    evidence.record(f"bad_line.of_people.{offices.kind}.lines", bad)
    evidence.record(f"bad_line.of_people.{offices.kind}.slowest_page_s", round(slowest, 2))


HALF = b"POST /inbox HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n"
BAD = ("headers by the byte", "body by the byte", "reads nothing", "is gone in the middle")


def bad_line(port: int, token: str, ending: threading.Event, kind: str) -> threading.Thread:
    """Somebody whose line is bad, in a thread of his own."""
    thread = threading.Thread(target=suffer, args=(port, token, ending, kind), daemon=True)
    thread.start()
    return thread


def suffer(port: int, token: str, ending: threading.Event, kind: str) -> None:
    """Send or read hardly anything until the end."""
    cookie = f"Cookie: alur_session={token}\r\n".encode()
    with socket.create_connection(("127.0.0.1", port)) as line:
        try:
            if kind == "reads nothing":
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
                line.sendall(b"GET /inbox HTTP/1.1\r\nHost: 127.0.0.1\r\n" + cookie + b"\r\n")
                ending.wait()
                return
            line.sendall(HALF + (b"" if kind == "headers by the byte" else cookie + b"\r\n"))
            if kind == "is gone in the middle":
                return
            while not ending.wait(0.05):
                line.sendall(b"x")
        except OSError:
            return
