"""Personal text is sealed, bound to its key, and erased with it."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from engine.domain.audit import canonical
from engine.errors import NotFound, TrailBroken
from engine.store import instances, sealing, submissions, tables
from engine.store.database import Store
from engine.store.sealing import Erased, Sealed, SealingKey
from engine.store.verification import verify
from tests.store.builders import NIP, NOW, SECRET, populate

KEY = SealingKey("key-1", "employee-1", "2026", bytes(range(32)), NOW)


def test_what_was_sealed_opens_again_and_never_looks_the_same_twice():
    first, second = sealing.seal(KEY, b"isi"), sealing.seal(KEY, b"isi")

    assert sealing.open_sealed(KEY, first) == b"isi"
    assert first != second
    assert b"isi" not in first


@pytest.mark.parametrize("position", [0, 1, 12, 13, -1])
def test_a_changed_byte_anywhere_is_noticed(position: int):
    blob = bytearray(sealing.seal(KEY, b"isi"))
    blob[position] ^= 1

    with pytest.raises(TrailBroken):
        sealing.open_sealed(KEY, bytes(blob))


@pytest.mark.parametrize("blob", [b"", b"\x01", b"\x01" + bytes(12)])
def test_a_cut_blob_is_noticed(blob: bytes):
    with pytest.raises(TrailBroken):
        sealing.open_sealed(KEY, blob)


def test_content_cannot_be_passed_off_under_another_keys_name():
    renamed = SealingKey("key-2", KEY.employee_id, KEY.period, KEY.key, NOW)

    with pytest.raises(TrailBroken):
        sealing.open_sealed(renamed, sealing.seal(KEY, b"isi"))


def test_a_commitment_belongs_to_one_sealed_content():
    sealed, other = sealing.seal_committed(KEY, b"isi"), sealing.seal_committed(KEY, b"isi")

    assert sealing.open_committed(KEY, sealed) == b"isi"
    assert sealed.commitment != other.commitment
    with pytest.raises(TrailBroken, match="committed"):
        sealing.open_committed(KEY, Sealed(sealed.blob, other.commitment))


def test_a_person_has_one_key_a_period(store: Store):
    ids = populate(store, "a")

    with store.transaction(ids.agency) as tx:
        first = sealing.key_for(tx, ids.subject, period=ids.cycle, now=NOW)
        again = sealing.key_for(tx, ids.subject, period=ids.cycle, now=NOW)
        other = sealing.key_for(tx, ids.subject, period="2027", now=NOW)

    assert first == again
    assert first.key != other.key
    assert len(first.key) == 32


def test_destroying_a_key_erases_the_text_and_keeps_every_proof(store: Store):
    ids = populate(store, "a")
    with store.transaction(ids.agency) as tx:
        key = instances.load(tx, ids.case).key
        sealing.destroy_key(tx, key.id, now=NOW)

    with store.reading(ids.agency) as tx:
        destroyed = sealing.get_key(tx, key.id)
        submission = submissions.of_item(tx, ids.i1)
        problems = list(verify(tx))
    assert (destroyed.key, destroyed.destroyed_at) == (None, NOW)
    assert problems == []
    with pytest.raises(Erased):
        sealing.open_committed(destroyed, submission.sealed)
    with pytest.raises(Erased):
        sealing.seal(destroyed, b"new")
    with pytest.raises(NotFound), store.transaction(ids.agency) as tx:
        sealing.destroy_key(tx, key.id, now=NOW)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_destroyed_key_is_gone_from_the_file(store: Store, database):
    ids = populate(store, "a")
    with store.transaction(ids.agency) as tx:
        key = instances.load(tx, ids.case).key
    file = Path(make_url(database.url).database)
    checkpoint(store)
    assert key.key in file.read_bytes()

    with store.transaction(ids.agency) as tx:
        sealing.destroy_key(tx, key.id, now=NOW)
    checkpoint(store)

    written = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
    assert key.key not in written


def checkpoint(store: Store) -> None:
    with store._writing.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")


PLANTED = (SECRET, "Budi Kepala", "Siti Pegawai", NIP.format(1), NIP.format(2), "surat.pdf")
MAY_NAME_PEOPLE = {"agency", "employee", "org_unit", "position", "work_item"}


def test_no_name_number_or_text_stands_in_clear_outside_the_register_of_people(store: Store):
    ids = populate(store, "a")
    found = []

    with store.reading(ids.agency) as tx:
        for table in tables.metadata.sorted_tables:
            if table.name in MAY_NAME_PEOPLE:
                continue
            for row in tx.connection.execute(select(table)):
                whole = b"\0".join(as_bytes(value) for value in row)
                found += [(table.name, text) for text in PLANTED if text.encode() in whole]

    assert found == []
    assert canonical({"text": SECRET}).find(SECRET.encode()) > 0


def as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes) else str(value).encode()
