"""Commands around the own desk: notes, files in parts, filters, notices, addresses, secrets."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import update

from engine.commands.beside import open_beside
from engine.commands.beside_unasked import open_month
from engine.commands.bulk_work import reassign_many, remind_many
from engine.commands.comments import write_comment
from engine.commands.complete import complete_work_item
from engine.commands.contacts import (
    opt_out,
    opt_out_token,
    remove_address,
    set_address,
    set_paces,
    verify_address,
)
from engine.commands.evidence import read_evidence, store_evidence
from engine.commands.kept_forms import forget_answers, keep_answers
from engine.commands.notices import NewNotice, read_all_notices, read_notice, tell
from engine.commands.recognised import end_showing
from engine.commands.result_sheets import NewSheet, new_code, record_sheet
from engine.commands.saved_filters import forget_filter, save_filter
from engine.commands.uploads import add_part, begin_upload
from engine.domain.comments import Audience
from engine.domain.notices import Channel, NoticeKind, Pace, Topic
from engine.domain.people import EmployeeId
from engine.store import contacts, tables
from tests.cases import NOW, SECRET, Case
from tests.commands.contests import RATED, WORDS, to_be_rated
from tests.commands.ideas import recognised_idea
from tests.commands.test_complete import GOOD
from tests.jobs.letter_box import Sender, deliver, prove
from tests.office import Office
from tests.ready import Offices

Deed = tuple[Office, Callable[[], object]]
IN_MARCH = datetime(2025, 3, 3, 2, tzinfo=UTC)
ADDRESS, PDF = "analis@contoh.go.id", b"%PDF-1.7 bukti"


def _by(office: Office, command: Callable[..., object], **values: object) -> Deed:
    return office, partial(command, office.desk, office.actor("analyst", NOW), **values)


def _case(offices: Offices) -> tuple[Office, Case, str]:
    case = Case.start(offices.open("window"))
    return case.office, case, case.open["answer"].id


def _comment(offices: Offices) -> Deed:
    office, case, _ = _case(offices)
    return _by(
        office, write_comment, instance_id=case.id, text=SECRET, audience=Audience.EVERYBODY,
        now=NOW,
    )  # fmt: skip


def _keep(offices: Offices) -> Deed:
    office, _, item = _case(offices)
    return _by(office, keep_answers, item_id=item, values=GOOD, revision=0, now=NOW)


def _forget(offices: Offices) -> Deed:
    office, keep = _keep(offices)
    keep()
    item = keep.keywords["item_id"]  # type: ignore[attr-defined]
    return _by(office, forget_answers, item_id=item)


def _filter(offices: Offices) -> Deed:
    return _by(offices.open("window"), save_filter, name="Terlambat", query="due=late", now=NOW)


def _forget_filter(offices: Offices) -> Deed:
    office, save = _filter(offices)
    return _by(office, forget_filter, filter_id=save())


def _begin(offices: Offices) -> Deed:
    office, _, item = _case(offices)
    return _by(office, begin_upload, item_id=item, name=f"{SECRET}.pdf", size=len(PDF), now=NOW)


def _part(offices: Offices, content: bytes) -> Deed:
    office, begin = _begin(offices)
    item, begun = begin.keywords["item_id"], begin()  # type: ignore[attr-defined]
    return _by(
        office, add_part, item_id=item, upload_id=begun.upload_id,  # type: ignore[attr-defined]
        start=0, content=content, now=NOW,
    )  # fmt: skip


def _read_file(offices: Offices) -> Deed:
    office, _, item = _case(offices)
    actor = office.actor("analyst", NOW)
    file = store_evidence(office.desk, actor, item_id=item, name="a.pdf", content=PDF, now=NOW)
    auditor = office.actor("auditor", NOW)
    return office, partial(read_evidence, office.desk, auditor, attachment_id=file, now=NOW)


def _sheet(offices: Offices) -> Deed:
    case = to_be_rated(offices.open("contest"))
    case.complete("division_head", "rate", RATED)
    delivered = update(tables.result_version).values(delivered_at=NOW)
    with case.office.desk.store.transaction(case.office.agency_id) as tx:
        tx.connection.execute(delivered)
    facts = {"nip": "1", "predicate_code": "good"}
    sheet = NewSheet(1, "id", "1", new_code(), facts, "a" * 64)
    return _by(case.office, record_sheet, instance_id=case.id, sheet=sheet, now=NOW)


def _address(offices: Offices) -> Deed:
    office = offices.open("window")
    return _by(office, set_address, channel=Channel.EMAIL, address=ADDRESS, language="id", now=NOW)


def _verify(offices: Offices) -> Deed:
    office, give = _address(offices)
    give()
    sender = Sender()
    deliver(office, sender, NOW)
    code = sender.sent[0].code or ""
    return _by(office, verify_address, channel=Channel.EMAIL, code=code, now=NOW)


def _remove(offices: Offices) -> Deed:
    office = offices.open("window")
    prove(office)
    return _by(office, remove_address, channel=Channel.EMAIL, now=NOW)


def _paces(offices: Offices) -> Deed:
    office = offices.open("window")
    return _by(office, set_paces, channel=Channel.EMAIL, paces=dict.fromkeys(Topic, Pace.OFF))


def _opt_out(offices: Offices) -> Deed:
    office = offices.open("window")
    prove(office)
    with office.desk.store.reading(office.agency_id) as tx:
        row = contacts.find(tx, EmployeeId("analyst"), Channel.EMAIL.value)
        assert row is not None
        token = opt_out_token(tx, row)
    return office, partial(opt_out, office.desk, token=token, now=NOW)


def _told(offices: Offices) -> tuple[Office, str]:
    office = offices.open("window")
    new = NewNotice(EmployeeId("analyst"), NoticeKind.REMINDER, "once")
    with office.desk.store.transaction(office.agency_id) as tx:
        tell(tx, [new], now=NOW)
        notice = tx.connection.execute(tables.notice.select()).one().id
    return office, notice


def _read_one(offices: Offices) -> Deed:
    office, notice = _told(offices)
    return _by(office, read_notice, notice_id=notice, now=NOW)


def _read_all(offices: Offices) -> Deed:
    office, _ = _told(offices)
    return _by(office, read_all_notices, now=NOW)


def _checks(offices: Offices) -> tuple[Office, list[str]]:
    office = offices.open("counter")
    cases = [Case.start(office, person) for person in ("analyst", "division_head")]
    for case, person in zip(cases, ("analyst", "division_head"), strict=True):
        case.complete(person, "report", WORDS)
    return office, [case.open["check"].id for case in cases]


def _reassign_many(offices: Offices) -> Deed:
    office, items = _checks(offices)
    hr, to = office.actor("hr_officer", NOW), EmployeeId("clerk")
    return office, partial(
        reassign_many, office.desk, hr, item_ids=items, to=to, reason=SECRET, now=NOW
    )


def _remind_many(offices: Offices) -> Deed:
    office, items = _checks(offices)
    hr = office.actor("hr_officer", NOW)
    return office, partial(remind_many, office.desk, hr, item_ids=items, now=NOW)


def _beside(offices: Offices) -> Deed:
    case = Case.start(offices.open("aside"))
    office = case.office
    return office, partial(
        open_beside, office.desk, office.actor("division_head", NOW), cycle_id=office.cycle_id,
        subject_id=EmployeeId("analyst"), process_id="note", now=NOW, key="click",
    )  # fmt: skip


def _end_showing(offices: Offices) -> Deed:
    case = recognised_idea(offices.open("salatiga"))
    return _by(case.office, end_showing, instance_id=case.id, now=NOW)


def _kept_figures(offices: Offices) -> Deed:
    office, opening = _beside(offices)
    note = Case(office, opening())
    note.complete("division_head", "observe", {"text": SECRET, "score": 4, "topic": "service"})
    item = note.open["reply"].id
    return _by(
        office, complete_work_item, item_id=item, answers={"text": SECRET}, now=NOW, key="click"
    )


def _month(offices: Offices) -> Deed:
    office = offices.open("aside")
    Case.start(office, now=IN_MARCH)
    return office, partial(
        open_month, office.desk, office.agency_id, office.cycle_id, now=IN_MARCH, limit=10
    )


WHOLE = {
    "open a process beside an appraisal": _beside,
    "no longer show an idea": _end_showing,
    "keep figures": _kept_figures,
    "open a month": _month,
    "write a note": _comment,
    "keep answers": _keep,
    "forget answers": _forget,
    "save a filter": _filter,
    "forget a filter": _forget_filter,
    "begin a file": _begin,
    "send a part": partial(_part, content=PDF[:9]),
    "send the last part": partial(_part, content=PDF),
    "open a file": _read_file,
    "record a sheet": _sheet,
    "set an address": _address,
    "prove an address": _verify,
    "remove an address": _remove,
    "choose the pace": _paces,
    "stop letters": _opt_out,
    "read a notice": _read_one,
    "read all notices": _read_all,
}
STEPWISE = {"reassign many": _reassign_many, "remind many": _remind_many}
NO_ROWS = {
    "keep answers", "forget answers", "save a filter", "forget a filter", "begin a file",
    "send a part", "open a file", "choose the pace", "stop letters", "read a notice",
    "read all notices", "no longer show an idea",
}  # fmt: skip
