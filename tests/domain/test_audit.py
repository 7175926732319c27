"""Exact bytes of events, their hashes, and what a broken chain shows."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from unicodedata import normalize

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.actions import Action
from engine.domain.audit import (
    GENESIS,
    MAX_INTEGER,
    AuditEvent,
    ChainHead,
    NotCanonical,
    Problem,
    ProblemKind,
    canonical,
    commitment,
    commits_to,
    event_hash,
    extend,
    plain,
    verify_chain,
)
from engine.domain.people import AgencyId, EmployeeId

A = AgencyId("agency-1")
NOW = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)

keys = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: normalize("NFC", text))
scalars = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4)
)


@given(st.dictionaries(keys, values, max_size=6))
def test_the_bytes_are_those_of_rfc_8785(body):
    assert canonical(body) == rfc8785.dumps(body)


@given(st.dictionaries(keys, values, max_size=6))
def test_the_bytes_read_back_as_the_same_body(body):
    assert json.loads(canonical(body)) == body


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        Decimal("1.5"),
        MAX_INTEGER + 1,
        -MAX_INTEGER - 1,
        b"bytes",
        ("tuple",),
        {"set"},
        NOW,
        object(),
        "\ud800",
        normalize("NFD", "é"),
        {"Upper": 1},
        {"with space": 1},
        {"é": 1},
        {1: 1},
        {"": 1},
        [[1.0]],
    ],
)
def test_anything_outside_the_closed_type_set_is_refused(value):
    with pytest.raises(NotCanonical):
        canonical({"value": value})


def test_endless_nesting_is_refused_before_python_gives_up():
    value: list = []
    for _ in range(5000):
        value = [value]

    with pytest.raises(NotCanonical, match="deep"):
        canonical({"value": value})


def test_plain_values_keep_all_digits_of_a_score():
    given_values = {
        "score": Decimal("1E+2"),
        "exact": Decimal("87.50"),
        "on": date(2026, 1, 31),
        "at": datetime(2026, 1, 31, 10, 0, tzinfo=timezone(timedelta(hours=7))),
        "rows": (1, None),
        "who": normalize("NFD", "é"),
    }

    assert plain(given_values) == {
        "score": "100",
        "exact": "87.50",
        "on": "2026-01-31",
        "at": "2026-01-31T03:00:00.000000+00:00",
        "rows": [1, None],
        "who": "é",
    }


def test_hash_vectors_stay_what_they_were():
    first = event_hash(GENESIS, "case-1", 1, b'{"a":1}')

    assert first == "0bae48191085e5aeb82ca0524d297cd09d7adfa2eec4b61e92f20074413b1f1f"
    assert (
        event_hash(first, "case-1", 2, b"{}")
        == "f8530e8838c4e6a6fb0cd127cdbd359ce5d325f65f7e9b461bd28406f2a851bf"
    )
    assert (
        commitment(bytes(16), b"isi")
        == "59f4ac365d3ffea94eefe231eec2c41d8648d14c6539aced0e92bb2b304e3978"
    )


def test_moving_a_byte_between_the_parts_of_a_hash_changes_it():
    assert event_hash(GENESIS, "ab", 1, b"c") != event_hash(GENESIS, "a", 1, b"bc")
    assert commitment(bytes(17), b"") != commitment(bytes(16), b"\0")


def test_a_commitment_is_found_by_salt_and_content_together():
    salt = bytes(range(16))
    given_commitment = commitment(salt, b"alasan")

    assert commits_to(given_commitment, salt, b"alasan")
    assert not commits_to(given_commitment, salt, b"Alasan")
    assert not commits_to(given_commitment, bytes(16), b"alasan")


def test_a_short_salt_is_refused():
    with pytest.raises(ValueError, match="salt"):
        commitment(bytes(15), b"")


def event(minute: int) -> AuditEvent:
    return AuditEvent(
        Action.WORK_COMPLETED,
        NOW + timedelta(minutes=minute),
        EmployeeId("employee-1"),
        item=f"item-{minute}",
        values={"score": Decimal("87.50")},
    )


def chain_of(count: int):
    return extend(ChainHead("case-1"), A, [event(minute) for minute in range(count)])


def test_a_body_names_only_what_is_there():
    body = event(0).body(A)

    assert body == {
        "agency": "agency-1",
        "action": "work.completed",
        "at": "2026-01-15T03:00:00.000000+00:00",
        "actor": "employee-1",
        "item": "item-0",
        "values": {"score": "87.50"},
    }


def test_extending_in_one_or_two_rounds_gives_the_same_chain():
    whole, _ = chain_of(4)
    half, _ = chain_of(2)

    again, _ = extend(half, A, [event(2), event(3)])

    assert again == whole
    assert whole.count == 4


def test_an_untouched_chain_has_no_problem():
    chain, rows = chain_of(5)

    assert verify_chain(rows, chain.head, chain.count) is None
    assert verify_chain((), GENESIS, 0) is None


def resealed(row, **changes):
    """The row as an attacker writes it who knows how to hash but not how to change the head."""
    changed = replace(row, **changes)
    return replace(changed, hash=event_hash(GENESIS, row.chain_id, row.n, changed.body.encode()))


@pytest.mark.parametrize(
    ("attack", "n", "kind"),
    [
        (lambda r: [r[0], replace(r[1], body=r[1].body.replace("87", "97")), *r[2:]], 2, "hash"),
        (lambda r: [resealed(r[0], body=r[0].body.replace("87", "97")), *r[1:]], 2, "hash"),
        (lambda r: [r[0], *r[2:]], 3, "number"),
        (lambda r: r[:-1], 3, "count"),
        (lambda r: r[:0], 0, "count"),
        (lambda r: [replace(r[1], n=1), replace(r[0], n=2), *r[2:]], 1, "hash"),
        (lambda r: [r[0], r[0], *r[1:]], 1, "number"),
        (lambda r: [*r, replace(r[0], n=5)], 5, "hash"),
        (lambda r: [replace(r[0], actor_id="other"), *r[1:]], 1, "copy"),
        (lambda r: [replace(r[0], action="work.opened"), *r[1:]], 1, "copy"),
        (lambda r: [replace(r[0], at=NOW + timedelta(microseconds=1)), *r[1:]], 1, "copy"),
        (lambda r: [replace(r[0], agency_id="agency-2"), *r[1:]], 1, "copy"),
        (lambda r: [replace(r[0], format=2), *r[1:]], 1, "format"),
        (lambda r: [replace(r[0], chain_id="case-2"), *r[1:]], 1, "hash"),
        (lambda r: [resealed(r[0], body="no JSON"), *r[1:]], 1, "copy"),
        (lambda r: [resealed(r[0], body="[]"), *r[1:]], 1, "copy"),
    ],
)
def test_what_was_touched_is_named(attack, n, kind):
    chain, rows = chain_of(4)

    problem = verify_chain(attack(list(rows)), chain.head, chain.count)

    assert problem is not None
    assert (problem.n, problem.kind) == (n, ProblemKind(kind))


def test_a_chain_rewritten_whole_does_not_end_in_the_known_head():
    chain, _ = chain_of(3)
    _, forged = extend(ChainHead("case-1"), A, [event(minute) for minute in (7, 8, 9)])

    problem = verify_chain(forged, chain.head, chain.count)

    assert problem == Problem("case-1", 3, ProblemKind.HEAD)
