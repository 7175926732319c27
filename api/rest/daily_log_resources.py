"""Daily logs for programs: enter, correct, verify, and what is said of an activity."""

from typing import Annotated

from fastapi import Path, Query, Response

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.daily_log_bodies import (
    Correction,
    EntryId,
    GivenBack,
    Log,
    LogQuery,
    Logs,
    NewEntryBody,
    NewNote,
    NoteId,
    Revision,
    Verification,
    Verified,
    line_of,
    log_of,
    new_entry,
)
from api.rest.evidence_resources import FileName
from api.rest.resources import (
    CHANGING,
    FILE,
    ID_CHARACTERS,
    ONCE,
    ItemId,
    TheContent,
    changing_problems,
    file_body,
    resource_router,
)
from engine.commands.daily_log import (
    add_log_file,
    correct_activity,
    enter_activity,
    read_log_evidence,
)
from engine.commands.log_keeping import limits_of
from engine.commands.log_notes import return_entry, verify_entries, write_log_note
from engine.commands.log_views import record_log_view
from engine.domain.people import EmployeeId
from engine.errors import NotFound
from engine.queries.daily_logs import log_page
from engine.queries.staff_logs import staff_logs
from engine.store import daily_logs

router = resource_router()
ENTRIES, LOG = "/daily-log/entries", "/daily-log/staff/{cycle_id}/{employee_id}"
Place = Annotated[str, Path(max_length=ID_CHARACTERS, examples=["0"])]


@router.get("/daily-log")
def get_own_log(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, asked: Annotated[LogQuery, Query()]
) -> list[Log]:
    """A week of each own log, that of the newest period first."""
    with house.desk.store.reading(actor.agency_id) as tx:
        found = [
            log_page(
                tx, actor, log, limits_of(house.desk, tx, log), week_of=asked.week, now=visitor.now
            )
            for log in daily_logs.logs_of(tx, actor.employee_id)
        ]
    return [log_of(page) for page in found]


@router.post(ENTRIES, dependencies=ONCE, responses=changing_problems(), status_code=201)
def post_entry(house: TheHouse, visitor: TheVisitor, actor: TheActor, new: NewEntryBody) -> EntryId:
    """Enter an activity in the own log."""
    made = enter_activity(
        house.desk, actor, cycle_id=new.cycle_id, new=new_entry(new), now=visitor.now
    )
    return EntryId(id=made)


@router.post(f"{ENTRIES}/{{entry_id}}/correction", dependencies=ONCE, responses=changing_problems())
def post_correction(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, entry_id: ItemId, new: Correction
) -> Revision:
    """Correct an own activity that is not verified and whose month is not locked."""
    correct_activity(
        house.desk, actor, entry_id=entry_id, revision=new.revision,
        new=new_entry(new, frozenset(new.dropped)), now=visitor.now,
    )  # fmt: skip
    return Revision(revision=new.revision + 1)


@router.post(
    f"{ENTRIES}/{{entry_id}}/evidence",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=201,
    openapi_extra=file_body("PDF, PNG, JPEG, DOCX or XLSX, up to 10 MB"),
)
def post_log_file(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    entry_id: ItemId,
    content: TheContent,
    name: FileName,
) -> Revision:
    """Put a file to an own activity."""
    file = (name, content)
    return Revision(
        revision=add_log_file(house.desk, actor, entry_id=entry_id, file=file, now=visitor.now)
    )


@router.get(
    f"{ENTRIES}/{{entry_id}}/evidence/{{place}}",
    response_class=Response,
    responses={200: {"content": {FILE: {}}}},
)
def get_log_file(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, entry_id: ItemId, place: Place
) -> Response:
    """A file of an activity, by its place counted from 0; a look by others is recorded."""
    if not (place.isascii() and place.isdecimal()):
        raise NotFound("evidence", entry_id)
    found = read_log_evidence(
        house.desk, actor, entry_id=entry_id, place=int(place), now=visitor.now
    )
    return Response(found.content, media_type=FILE)


@router.post(
    f"{ENTRIES}/{{entry_id}}/notes",
    dependencies=ONCE,
    responses=changing_problems(),
    status_code=201,
)
def post_log_note(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, entry_id: ItemId, new: NewNote
) -> NoteId:
    """Say something of an activity; the other one is told."""
    made = write_log_note(
        house.desk, actor, entry_id=entry_id, kind=new.kind, text=new.text, now=visitor.now
    )
    return NoteId(id=made)


@router.post(
    f"{ENTRIES}/{{entry_id}}/return",
    dependencies=CHANGING,
    responses=changing_problems(),
    status_code=204,
)
def post_return(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, entry_id: ItemId, why: GivenBack
) -> None:
    """Give an activity back to be corrected."""
    return_entry(
        house.desk, actor, entry_id=entry_id, revision=why.revision, text=why.text, now=visitor.now
    )


@router.get("/daily-log/staff")
def list_logs(house: TheHouse, visitor: TheVisitor, actor: TheActor) -> Logs:
    """Whose logs are kept under the caller."""
    with house.desk.store.reading(actor.agency_id) as tx:
        lines = staff_logs(tx, actor, now=visitor.now)
    return Logs(items=[line_of(line) for line in lines])


@router.get(LOG)
def get_log(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    cycle_id: ItemId,
    employee_id: ItemId,
    asked: Annotated[LogQuery, Query()],
) -> Log:
    """A week of somebody's log; a look from outside is recorded."""
    with house.desk.store.reading(actor.agency_id) as tx:
        log = daily_logs.get(tx, cycle_id, EmployeeId(employee_id))
        limits = limits_of(house.desk, tx, log)
        found = log_page(tx, actor, log, limits, week_of=asked.week, now=visitor.now)
    record_log_view(house.desk, actor, log=log, now=visitor.now)
    return log_of(found)


@router.post(f"{LOG}/verification", dependencies=ONCE, responses=changing_problems())
def post_verification(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    cycle_id: ItemId,
    employee_id: ItemId,
    looked_at: Verification,
) -> Verified:
    """Verify activities of somebody's log."""
    entries = {one.id: one.revision for one in looked_at.entries}
    count = verify_entries(
        house.desk, actor, cycle_id=cycle_id, employee_id=EmployeeId(employee_id),
        entries=entries, now=visitor.now,
    )  # fmt: skip
    return Verified(count=count)
