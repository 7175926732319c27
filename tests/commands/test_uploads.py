"""A file that comes in parts over a broken line arrives whole, once, and only for its sender."""

from datetime import timedelta

import pytest

from engine.commands.evidence import MAX_BYTES, read_evidence
from engine.commands.uploads import (
    KEPT,
    MAX_AT_ONCE,
    MAX_PART,
    Received,
    add_part,
    begin_upload,
    upload_state,
)
from engine.errors import Forbidden, InvalidFile, NotFound, StaleVersion, WorkItemClosed
from engine.jobs.forgetting import forget_expired
from tests.cases import NOW, SECRET, Case
from tests.commands.test_complete import GOOD
from tests.ready import Offices

FILE = b"%PDF-1.7\n" + SECRET.encode() * 100
NAME = f"{SECRET}.pdf"


@pytest.fixture
def case(offices: Offices) -> Case:
    """A case that waits for one answer of the analyst."""
    return Case.start(offices.open("window"))


def begin(
    case: Case, person: str = "analyst", *, size: int = len(FILE), mark: str = ""
) -> Received:
    office = case.office
    return begin_upload(
        office.desk, office.actor(person, NOW), item_id=case.open["answer"].id,
        name=NAME, size=size, mark=mark, now=NOW,
    )  # fmt: skip


def part(
    case: Case, upload_id: str, start: int, content: bytes, person: str = "analyst"
) -> Received:
    office = case.office
    return add_part(
        office.desk, office.actor(person, NOW), item_id=case.open["answer"].id,
        upload_id=upload_id, start=start, content=content, now=NOW,
    )  # fmt: skip


def test_a_file_in_parts_becomes_one_piece_of_evidence(case: Case):
    upload = begin(case).upload_id

    part(case, upload, 0, FILE[:300])
    done = part(case, upload, 300, FILE[300:])

    actor = case.office.actor("analyst", NOW)
    stored = read_evidence(case.office.desk, actor, attachment_id=done.attachment_id, now=NOW)
    assert (stored.content, stored.name) == (FILE, NAME)
    assert case.actions.count("file.added") == 1


def test_a_sender_whose_answer_was_lost_learns_where_to_go_on(case: Case):
    upload = begin(case).upload_id
    part(case, upload, 0, FILE[:300])

    with pytest.raises(StaleVersion) as stale:
        part(case, upload, 0, FILE[:300])
    again = begin(case)

    assert stale.value.actual == 300
    assert (again.upload_id, again.received) == (upload, 300)


def test_the_last_part_sent_twice_is_stored_once(case: Case):
    upload = begin(case).upload_id

    first = part(case, upload, 0, FILE)
    second = part(case, upload, 0, FILE)

    assert first.attachment_id == second.attachment_id
    assert case.actions.count("file.added") == 1


def test_a_file_that_was_changed_meanwhile_begins_anew(case: Case):
    first, second = begin(case, mark="monday"), begin(case, mark="tuesday")

    assert first.upload_id != second.upload_id


@pytest.mark.parametrize(
    ("size", "reason"),
    [(0, "evidence.empty"), (-1, "evidence.empty"), (MAX_BYTES + 1, "evidence.too_large")],
)
def test_a_size_is_refused_before_anything_is_sent(case: Case, size: int, reason: str):
    with pytest.raises(InvalidFile) as refused:
        begin(case, size=size)

    assert refused.value.reason == reason


def test_a_file_of_another_kind_is_refused_with_its_first_part(case: Case):
    upload = begin(case).upload_id

    with pytest.raises(InvalidFile) as refused:
        part(case, upload, 0, b"MZ\x90\x00")

    assert refused.value.reason == "evidence.kind"


def test_no_part_is_longer_than_the_file_or_the_limit(case: Case):
    short, long = begin(case, size=20).upload_id, begin(case, size=MAX_BYTES).upload_id

    for upload, content in ((short, FILE), (long, FILE + b"x" * MAX_PART), (short, b"")):
        with pytest.raises(InvalidFile):
            part(case, upload, 0, content)


def test_the_upload_of_another_looks_like_one_that_is_not_there(case: Case):
    upload, office = begin(case).upload_id, case.office
    item = case.open["answer"].id

    with pytest.raises(Forbidden):
        begin(case, "division_head")
    for person, wanted in (("division_head", upload), ("analyst", "made-up")):
        with pytest.raises(NotFound):
            part(case, wanted, 0, FILE, person)
        actor = office.actor(person, NOW)
        with pytest.raises(NotFound):
            upload_state(office.desk, actor, item_id=item, upload_id=wanted)


def test_a_task_that_was_sent_takes_no_more_parts(case: Case):
    upload, item = begin(case).upload_id, case.open["answer"].id
    actor = case.office.actor("analyst", NOW)
    case.complete("analyst", "answer", GOOD)

    with pytest.raises(WorkItemClosed):
        add_part(
            case.office.desk, actor, item_id=item, upload_id=upload, start=0, content=FILE, now=NOW
        )


def test_who_begins_too_many_files_lets_go_of_the_oldest(case: Case):
    first = begin(case, mark="0").upload_id
    for number in range(1, MAX_AT_ONCE + 1):
        begin(case, mark=str(number))

    with pytest.raises(NotFound):
        part(case, first, 0, FILE)


def test_half_files_are_forgotten_after_a_day(case: Case):
    upload, office = begin(case).upload_id, case.office
    part(case, upload, 0, FILE[:300])

    forget_expired(office.desk, office.agency_id, now=NOW + KEPT - timedelta(seconds=1))
    assert begin(case).received == 300
    forget_expired(office.desk, office.agency_id, now=NOW + KEPT)

    with pytest.raises(NotFound):
        part(case, upload, 300, FILE[300:])
