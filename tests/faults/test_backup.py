"""A copy of everything comes back whole, proved and noted, on either database, or not at all.

R20 of the fault catalogue: copy during work, restore, half and damaged copies.
"""

import json
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Event

import pytest
from sqlalchemy import select

from engine.commands.backups import KEYS_SUFFIX, keys_of, make_backup
from engine.commands.complete import complete_work_item
from engine.commands.desk import Desk
from engine.commands.evidence import store_evidence
from engine.commands.restoring import restore_backup
from engine.errors import AlurError, Conflict, InvalidFile, NotFound, SchemaMismatch
from engine.store import agencies, copies, schema, tables, verification
from engine.store.database import ANY_AGENCY, Store
from engine.store.vault import Folder
from tests.cases import NOW, Case, problems, trail
from tests.evidence import Evidence
from tests.faults.laps import answers, laps
from tests.machines import session_of
from tests.office import ROOT, Office
from tests.postgres import TestDatabase
from tests.ready import Offices
from tests.session import count

PDF = b"%PDF-1.7 bukti"
LATER = NOW + timedelta(hours=1)
NEW_THERE = {"session", "audit_event", "audit_pending", "audit_chain"}


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("laps")


@pytest.fixture
def case(office: Office) -> Case:
    """A case with a sealed submission and a stored file."""
    case = Case.start(office)
    case.complete("analyst", "lap", answers(1))
    item = case.open["lap"].id
    actor = office.actor("analyst", NOW)
    store_evidence(office.desk, actor, item_id=item, name="a.pdf", content=PDF, now=NOW)
    return case


@pytest.fixture
def elsewhere(database: TestDatabase, tmp_path: Path) -> Iterator[Desk]:
    """An empty installation on each kind of database, whatever the copy was made on."""
    store = Store(database.url, migration_url=database.migration_url)
    yield Desk(store, ROOT, Folder(tmp_path / "other-files"))
    store.close()


@pytest.fixture
def somewhere(tmp_path: Path) -> Iterator[Desk]:
    """An empty installation on SQLite, where the kind says nothing new."""
    store = Store(f"sqlite:///{tmp_path / 'somewhere.sqlite'}")
    yield Desk(store, ROOT, Folder(tmp_path / "other-files"))
    store.close()


def rows(desk: Desk) -> dict[str, list[bytes]]:
    with desk.store.reading(ANY_AGENCY) as tx:
        return {
            name: [*copies.read_table(tx, name)]
            for name in copies.table_names()
            if name not in NEW_THERE
        }


def keys(desk: Desk) -> list[bytes]:
    with desk.store.reading(ANY_AGENCY) as tx:
        return [*copies.read_keys(tx)]


def test_a_copy_comes_back_on_either_database(
    office: Office, case: Case, elsewhere: Desk, tmp_path: Path
):
    place = tmp_path / "monday.tar"
    session_of(office, "analyst")
    made = make_backup(office.desk, place, now=NOW)

    done = restore_backup(elsewhere, place, keys_of(place), now=LATER)

    there = Office(elsewhere, office.agency_id, office.cycle_id)
    assert rows(elsewhere) == rows(office.desk)
    assert keys(elsewhere) == keys(office.desk) != []
    assert [elsewhere.files.get(name) for name in elsewhere.files.names()] == [PDF]
    assert problems(there) == []
    (event,) = trail(there, f"backup/{made.digest}")
    assert (event["action"], event["values"]["files"]) == ("backup.restored", 1)
    assert done.events == event["values"]["events"] > 0
    with elsewhere.store.reading(ANY_AGENCY) as tx:
        assert tx.connection.execute(select(tables.session)).all() == []
    elsewhere.store.check_guards()
    # Work goes on where it stood.
    Case(there, case.id).complete("analyst", "lap", answers(2), now=LATER)


def test_what_stands_there_is_thrown_away_only_when_asked(
    office: Office, case: Case, offices: Offices, tmp_path: Path
):
    place = tmp_path / "monday.tar"
    desk = replace(office.desk, store=owned(offices))
    make_backup(office.desk, place, now=NOW)
    later = Case.start(office, "clerk")

    with pytest.raises(Conflict, match="--replace"):
        restore_backup(desk, place, keys_of(place), now=LATER)
    assert later.open != {}
    office.desk.store.close()
    restore_backup(desk, place, keys_of(place), replace=True, now=LATER)

    assert list(case.open) == ["lap"]
    with pytest.raises(NotFound):
        _ = later.row
    assert problems(office) == []
    desk.store.close()


def owned(offices: Offices) -> Store:
    """The newest database with its owner's address."""
    made = offices.opened[-1][1]
    return Store(made.url, migration_url=made.migration_url)


def test_a_copy_made_during_work_is_of_one_moment(
    office: Office, offices: Offices, tmp_path: Path, evidence: Evidence
):
    place, stop = tmp_path / "busy.tar", Event()

    def work() -> int:
        done = 0
        for item, lap in laps(office):
            if stop.is_set():
                return done
            actor = office.actor(item.assignee_id or "", NOW)
            complete_work_item(office.desk, actor, item_id=item.id, answers=answers(lap), now=NOW)
            done += 1
        return done

    copied = count(2, 20)
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        for number in range(copied):
            make_backup(office.desk, place.with_name(f"busy-{number}.tar"), now=NOW)
        stop.set()
        done = working.result()
    found = [
        restored_problems(place.with_name(f"busy-{number}.tar"), tmp_path / f"back-{number}")
        for number in range(copied)
    ]

    assert done > 0
    assert found == [0] * copied
    evidence.record(f"backup.during_work.{offices.kind}.copies", copied)
    evidence.record(f"backup.during_work.{offices.kind}.broken_trails", sum(map(bool, found)))


def restored_problems(place: Path, folder: Path) -> int:
    """What is wrong with the trail of a copy that was brought back to an empty installation."""
    folder.mkdir()
    desk = Desk(Store(f"sqlite:///{folder / 'back.sqlite'}"), ROOT, Folder(folder / "files"))
    restored = restore_backup(desk, place, keys_of(place), now=LATER)
    assert restored.events > 0
    with desk.store.reading(ANY_AGENCY) as tx:
        every = agencies.every_id(tx)
    found = 0
    for agency_id in every:
        with desk.store.reading(agency_id) as tx:
            found += len([*verification.verify(tx)])
    desk.store.close()
    return found


def test_no_copy_that_ended_too_early_is_taken_for_a_whole_one(
    office: Office, case: Case, offices: Offices, tmp_path: Path, rng: Random, evidence: Evidence
):
    cuts, place = count(4, 20), tmp_path / "whole.tar"
    make_backup(office.desk, place, now=NOW)
    content = place.read_bytes()
    # What an archive ends with is padding.
    end = len(content.rstrip(b"\0"))

    for _ in range(cuts):
        place.write_bytes(content[: rng.randrange(end)])
        store = Store(f"sqlite:///{tmp_path / f'cut-{rng.random()}.sqlite'}")
        with pytest.raises(InvalidFile):
            restore_backup(
                Desk(store, ROOT, Folder(tmp_path / "cut")), place, keys_of(place), now=LATER
            )
        with store.as_owner() as tx:
            assert schema.version(tx.connection) is None
        store.close()
    evidence.record(f"backup.{offices.kind}.half_copies_refused", cuts)


def test_the_archive_opens_no_text_without_its_keys(office: Office, case: Case, tmp_path: Path):
    place = tmp_path / "monday.tar"
    make_backup(office.desk, place, now=NOW)

    with office.desk.store.reading(office.agency_id) as tx:
        listed = [json.loads(line) for line in copies.read_table(tx, "sealing_key")]

    assert listed != []
    assert {row[[c.name for c in copies.KEYS.columns].index("key")] for row in listed} == {None}
    assert place.stat().st_mode & 0o077 == keys_of(place).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", ["cut", "other bytes", "no manifest", "other keys"])
def test_a_broken_copy_changes_nothing(
    office: Office, case: Case, somewhere: Desk, tmp_path: Path, damage: str
):
    place = tmp_path / "monday.tar"
    make_backup(office.desk, place, now=NOW)
    spoil(place, damage)

    with pytest.raises(InvalidFile):
        restore_backup(somewhere, place, keys_of(place), now=LATER)

    with somewhere.store.as_owner() as tx:
        assert schema.version(tx.connection) is None


def spoil(place: Path, damage: str) -> None:
    content = place.read_bytes()
    if damage == "cut":
        place.write_bytes(content[: len(content) // 2])
    elif damage == "other bytes":
        at = content.index(b"\x28\xb5\x2f\xfd") + 20
        place.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    elif damage == "no manifest":
        with tarfile.open(place, "w"):
            pass
    else:
        keys_of(place).write_bytes(b"\x28\xb5\x2f\xfd nothing")


def test_a_copy_with_other_tables_is_refused_with_both_versions(
    office: Office, somewhere: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    place = tmp_path / "old.tar"
    with monkeypatch.context() as patched:
        patched.setattr(schema, "expected", lambda: "0002")
        make_backup(office.desk, place, now=NOW)

    with pytest.raises(SchemaMismatch, match="0002"):
        restore_backup(somewhere, place, keys_of(place), now=LATER)

    assert place.with_name(place.name + KEYS_SUFFIX).exists()


def test_a_trail_that_was_changed_before_the_copy_is_not_taken_back(
    office: Office, case: Case, offices: Offices, somewhere: Desk, tmp_path: Path
):
    place = tmp_path / "tampered.tar"
    instance = tables.instance
    with office.desk.store.transaction(office.agency_id) as tx:
        tx.connection.execute(instance.update().values(audit_head="0" * 64))
    make_backup(office.desk, place, now=NOW)

    with pytest.raises(AlurError, match="head"):
        restore_backup(somewhere, place, keys_of(place), now=LATER)

    with somewhere.store.as_owner() as tx:
        assert schema.version(tx.connection) is None
