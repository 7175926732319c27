"""Evidence is judged by its content, kept sealed and once, and read by who reads the case."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from engine.commands.evidence import (
    MAX_BYTES,
    MAX_PER_ITEM,
    media_type_of,
    read_evidence,
    shown_name,
    store_evidence,
)
from engine.errors import Forbidden, InvalidFile, NotFound, WorkItemClosed
from engine.queries.cases import case_view
from tests.cases import NOW, SECRET, Case, refusals
from tests.commands.contests import to_be_rated
from tests.commands.test_complete import GOOD
from tests.ready import Offices

PDF = b"%PDF-1.7\n" + SECRET.encode()
NAME = f"{SECRET} izin.pdf"


def archive(**members: bytes) -> bytes:
    """A ZIP archive; double underscores in names stand for slashes, single ones for dots."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "/").replace("_", "."), content)
    return buffer.getvalue()


DOCX = archive(word__document_xml=b"<w/>")
ACCEPTED = {
    "pdf": (PDF, "application/pdf"),
    "png": (b"\x89PNG\r\n\x1a\n....", "image/png"),
    "jpeg": (b"\xff\xd8\xff....", "image/jpeg"),
    "docx": (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (
        archive(xl__workbook_xml=b"<x/>"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
REFUSED = {
    "nothing": (b"", "evidence.empty"),
    "one byte too many": (b"%PDF-" + b" " * (MAX_BYTES - 4), "evidence.too_large"),
    "a page of a browser": (b"<html><script>alert(1)</script>", "evidence.kind"),
    "a picture with scripts": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "evidence.kind"),
    "a program": (b"MZ\x90\x00", "evidence.kind"),
    "macros in a document": (
        archive(word__document_xml=b"", word__vbaProject_bin=b"x"), "evidence.macros",
    ),
    "any other archive": (archive(notes_txt=b"x"), "evidence.kind"),
    "a broken archive": (b"PK\x03\x04" + b"x" * 60, "evidence.broken"),
    "an old document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "evidence.kind"),
}  # fmt: skip


@pytest.fixture
def case(offices: Offices) -> Case:
    """A case that waits for one answer of the analyst."""
    return Case.start(offices.open("window"))


def store(
    case: Case,
    content: bytes = PDF,
    person: str = "analyst",
    *,
    name: str = NAME,
    item_id: str = "",
) -> str:
    return store_evidence(
        case.office.desk, case.office.actor(person, NOW),
        item_id=item_id or case.open["answer"].id, name=name, content=content, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(("content", "media_type"), ACCEPTED.values(), ids=list(ACCEPTED))
def test_the_content_decides_the_kind_whatever_the_name_says(content: bytes, media_type: str):
    assert media_type_of("foto.exe", content)[0] == media_type


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_other_content_is_refused_with_its_reason(content: bytes, reason: str):
    with pytest.raises(InvalidFile) as refused:
        media_type_of("laporan.pdf", content)

    assert refused.value.reason == reason


def test_an_archive_bomb_is_never_unpacked():
    bomb = archive(word__document_xml=b"0" * 60_000_000)

    assert len(bomb) < 100_000
    assert media_type_of("bom.docx", bomb)[1] == ".docx"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Dokumen\\hasil.docx", "hasil.pdf"),
        ("hasil.pdf.exe", "hasil.pdf.pdf"),
        ("\u202egnp.exe", "gnp.pdf"),
        ("a\x00b\nc.pdf", "abc.pdf"),
        ('"><script>.pdf', "script.pdf"),
        ("   ...   ", "bukti.pdf"),
        ("", "bukti.pdf"),
        ("x" * 300, "x" * 110 + ".pdf"),
    ],
)
def test_names_are_shown_without_tricks(given: str, shown: str):
    assert shown_name(given, ".pdf") == shown


def test_a_stored_file_comes_back_with_its_name_and_kind(case: Case):
    attachment = store(case)

    actor = case.office.actor("division_head", NOW)
    found = read_evidence(case.office.desk, actor, attachment_id=attachment, now=NOW)

    assert (found.name, found.media_type, found.content) == (NAME, "application/pdf", PDF)
    assert case.actions[-2:] == ["file.added", "file.viewed"]


def test_the_owner_reads_the_own_file_without_a_note(case: Case):
    attachment = store(case)

    actor = case.office.actor("analyst", NOW)
    read_evidence(case.office.desk, actor, attachment_id=attachment, now=NOW)

    assert "file.viewed" not in case.actions


def test_the_same_bytes_are_kept_once(case: Case):
    first, second = store(case), store(case, name="salinan.pdf")

    assert first != second
    assert len(list(case.office.desk.files.path.iterdir())) == 1


def test_a_refused_file_leaves_nothing(case: Case):
    with pytest.raises(InvalidFile):
        store(case, b"MZ\x90\x00")

    assert not case.office.desk.files.path.exists()
    assert "file.added" not in case.actions


def test_files_of_one_step_are_counted(case: Case):
    for number in range(MAX_PER_ITEM):
        store(case, PDF + str(number).encode())

    with pytest.raises(InvalidFile) as refused:
        store(case)

    assert refused.value.reason == "evidence.too_many"


def test_nobody_attaches_files_to_the_work_of_others(case: Case):
    with pytest.raises(Forbidden):
        store(case, person="division_head")

    assert not case.office.desk.files.path.exists()


def test_finished_work_takes_no_more_files(case: Case):
    item = case.open["answer"].id
    case.complete("analyst", "answer", GOOD)

    with pytest.raises(WorkItemClosed):
        store(case, item_id=item)


def test_the_file_of_an_answer_is_open_to_whom_the_answer_is(offices: Offices):
    case = to_be_rated(offices.open("contest"))
    desk, item = case.office.desk, case.open["rate"].id
    attachment = store(case, person="division_head", item_id=item)

    def listed(person: str) -> list[str]:
        with desk.store.reading(case.office.agency_id) as tx:
            page = case_view(
                tx, case.office.actor(person, NOW), case.id, now=NOW,
                settings_of=lambda tx, found: desk.definitions.get(tx, found).settings,
            )  # fmt: skip
        return [file.attachment_id for file in page.evidence]

    assert listed("division_head") == [attachment]
    assert listed("analyst") == []
    subject = case.office.actor("analyst", NOW)
    with pytest.raises(NotFound):
        read_evidence(desk, subject, attachment_id=attachment, now=NOW)


def test_who_may_not_read_the_case_may_not_read_its_files(case: Case):
    attachment, desk = store(case), case.office.desk
    actor = case.office.actor("clerk", NOW)

    with pytest.raises(Forbidden):
        read_evidence(desk, actor, attachment_id=attachment, now=NOW)
    with pytest.raises(NotFound):
        read_evidence(desk, actor, attachment_id="made-up", now=NOW)

    assert refusals(case.office, "clerk") == ["not_yours"]
