"""One agency with people and a case, as rows; ids carry the agency's letter."""

from dataclasses import replace
from datetime import datetime, timedelta

from engine.domain.actions import Action
from engine.domain.audit import AuditEvent, ChainHead
from engine.domain.bundle import Bundle
from engine.domain.people import AgencyId, EmployeeId, PositionId, UnitId
from engine.domain.process import AwaitedMessage, WaitingTimer
from engine.store import (
    agencies,
    appraisals,
    audit,
    case_records,
    command_keys,
    comments,
    contacts,
    credentials,
    cycles,
    decisions,
    definitions,
    delegations,
    drafts,
    duties,
    files,
    follow_ups,
    incidents,
    instances,
    job_runs,
    kept_forms,
    letters,
    messages,
    news,
    notices,
    one_time_codes,
    organisation,
    outbox,
    papers,
    people,
    plans,
    prepared_drafts,
    preparers,
    provider_returns,
    result_sheets,
    results,
    saved_filters,
    sealing,
    sessions,
    sheet_uploads,
    sign_in_attempts,
    submissions,
    timers,
    transfers,
    unmaskings,
    uploads,
    webhook_deliveries,
    work_items,
)
from engine.store.database import Store, Transaction
from engine.store.instances import InstanceRow
from engine.store.states import InstanceStatus
from engine.store.submissions import SubmissionRow
from engine.store.work_items import WorkItemRow
from tests.store.cycle_builders import add_cycle_work
from tests.store.ids import END, NIP, NOW, RATED, SECRET, START, STATE, Ids


def populate(store: Store, name: str) -> Ids:
    """An agency with one row at least in every table."""
    ids = Ids(AgencyId(name))
    with store.transaction(ids.agency) as tx:
        add_people(tx, ids)
        add_case(tx, ids)
        add_note_and_sheet(tx, ids)
        complete_first_item(tx, ids)
        add_unmasking(tx, ids)
        add_rest(tx, ids)
        add_cycle_work(tx, ids)
    return ids


def add_people(tx: Transaction, ids: Ids) -> None:
    """A unit with its head and one subordinate, who may act for him."""
    agencies.add(tx, agencies.AgencyRow(ids.agency, f"Kota {ids.agency}", "Asia/Jakarta", NOW))
    unit, top, below = UnitId(ids.unit), PositionId(ids.top), PositionId(ids.below)
    people.add(
        tx,
        [
            people.UnitRow(unit, None, "Dinas", "office"),
            people.PositionRow(top, unit, "Kepala", office_code="chief", heads_unit=True),
            people.PositionRow(below, unit, "Staf", superior_position_id=top),
            people.EmployeeRow(ids.head, NIP.format(1), "Budi Kepala", "pns"),
            people.EmployeeRow(ids.subject, NIP.format(2), "Siti Pegawai", "pns"),
            people.AssignmentRow(ids.a1, ids.head, top, unit, "definitive", START),
            people.AssignmentRow(ids.a2, ids.subject, below, unit, "definitive", START),
            people.SubstitutionRow(ids.s1, ids.head, ids.subject, START, END),
            people.DutyRow(ids.d1, ids.head, "hr", None, START),
        ],
    )


def add_case(tx: Transaction, ids: Ids) -> None:
    """A deployed definition, a cycle, and a running instance with two open work items."""
    bundle = Bundle("national", {"a.bpmn": b"<a/>", "b.dmn": ids.agency.encode()})
    definition = definitions.deploy(tx, bundle, deployed_by=ids.head, now=NOW)
    cycles.add(
        tx,
        cycles.CycleRow(ids.cycle, "national", "2026", START, END, "open", definition.id, NOW),
    )
    key = sealing.key_for(tx, ids.subject, period=ids.cycle, now=NOW)
    started = AuditEvent(
        Action.INSTANCE_STARTED, NOW, ids.head, instance=ids.case, definition=definition.id,
        values={"rater": ids.head, "rater_superior": None},
    )  # fmt: skip
    opened = [opened_event(ids, one) for one in (item(ids, "i1"), item(ids, "i2"), *left(ids))]
    chain = audit.append(tx, ChainHead(ids.case), [started, *opened])
    row = InstanceRow(
        ids.case,
        definition.id,
        "annual",
        ids.cycle,
        ids.subject,
        UnitId(ids.unit),
        key.id,
        NOW,
        chain.head,
        chain.count,
    )
    instances.add(tx, row, blob=sealing.seal(key, STATE))
    work_items.open_many(tx, [item(ids, "i1"), item(ids, "i2")])


def appraisal(ids: Ids) -> appraisals.AppraisalRow:
    """The case in figures, rated already."""
    row = appraisals.AppraisalRow(ids.case, ids.cycle, ids.subject, UnitId(ids.unit), ids.head)
    return replace(row, result_version=1, **RATED)


def item(ids: Ids, name: str, **changes: object) -> WorkItemRow:
    """An open work item of the subject."""
    row = WorkItemRow(
        id=f"{ids.agency}-{name}",
        instance_id=ids.case,
        task_id=f"task-{name}",
        process_id="annual",
        element_id="self_assessment",
        name="Mengisi penilaian diri",
        role="subject",
        opened_at=NOW,
        assignee_id=ids.subject,
        unit_id=ids.unit,
        due_at=NOW + timedelta(days=3),
    )
    return replace(row, **changes)


def left(ids: Ids) -> tuple[WorkItemRow, WorkItemRow]:
    """Work of somebody who has gone, and of a function."""
    return (
        item(ids, "i3", assignee_id=EmployeeId(ids.gone), task_id="task-left", due_at=None),
        item(ids, "i4", assignee_id=None, function="hr", task_id="task-duty", due_at=None),
    )


def opened_event(ids: Ids, row: WorkItemRow) -> AuditEvent:
    """What the trail says of work that opened."""
    values = {"assignee": row.assignee_id, "function": row.function, "due_at": row.due_at}
    return AuditEvent(
        Action.WORK_OPENED, NOW, ids.head, instance=ids.case, values={"item": row.id, **values}
    )


def add_note_and_sheet(tx: Transaction, ids: Ids) -> None:
    """A note on the case and a printed sheet, each with the event that vouches for it."""
    loaded = instances.load(tx, ids.case)
    key, row = loaded.key, loaded.row
    sealed = sealing.seal_committed(key, SECRET.encode())
    note = comments.CommentRow(
        ids.note, ids.case, ids.head, "everybody", sealed.blob, sealed.commitment, NOW
    )
    comments.add(tx, note)
    sheet = result_sheets.SheetRow(
        ids.sheet, ids.case, 1, "en", "e", ids.sheet, sealing.seal(key, SECRET.encode()), "f" * 64,
        ids.head, NOW,
    )  # fmt: skip
    result_sheets.add(tx, sheet)
    record = case_records.CaseRecord(
        ids.record, ids.case, ids.cycle, ids.subject, "click", "2026-01", "{}", NOW
    )
    case_records.add_many(tx, [record])
    follow_ups.add_many(tx, [follow_up(ids)])
    entry = follow_ups.EntryRow(
        ids.fol, ids.fol, "plan", ids.head, NOW, sealed.blob, sealed.commitment
    )
    follow_ups.write(tx, entry)
    vouched = (
        (Action.COMMENT_WRITTEN, {"comment": note.id, "commitment": note.commitment}),
        (
            Action.SHEET_MADE,
            {"sheet": sheet.id, "record_sha256": result_sheets.record_sha256(sheet)},
        ),
        (Action.RESULT_VERSIONED, {"version": 1, **RATED, "decided_by": ids.head}),
        (Action.WORK_DELEGATED, {"delegation": ids.delegation, "to": ids.head}),
        (Action.RECORD_KEPT, {"record": record.id, "record_sha256": record.sha256}),
        (Action.FOLLOW_UP_NOTED, {"entry": entry.id, "commitment": entry.commitment}),
    )
    events = [
        AuditEvent(action, NOW, ids.head, instance=ids.case, values=values)
        for action, values in vouched
    ]
    instances.save_head(tx, row.chain, audit.append(tx, row.chain, events))


def complete_first_item(tx: Transaction, ids: Ids, *, now: datetime = NOW) -> None:
    """One whole step: submission, decision, events, and the saved instance."""
    step = instances.load_for_step(tx, ids.i1)
    key, row = step.instance.key, step.instance.row
    sealed = sealing.seal_committed(key, SECRET.encode())
    submission = SubmissionRow(
        ids.sub, ids.i1, ids.case, "self_assessment", ids.subject, sealed.blob,
        sealed.commitment, "receipt", now, participation="rating",
    )  # fmt: skip
    decision = decisions.DecisionRow(ids.dec, ids.case, "predicate", "t", "0" * 64, "{}", now)
    submissions.add(tx, submission)
    decisions.add_many(tx, [decision])
    work_items.complete(tx, ids.i1, by=ids.subject, now=now)
    events = [
        AuditEvent(
            Action.WORK_COMPLETED, now, ids.subject,
            instance=ids.case, item=ids.i1, values=submission.audit_values,
        ),
        AuditEvent(
            Action.DECISION_EVALUATED, now, ids.subject,
            instance=ids.case, element="predicate", values=decision.audit_values,
        ),
    ]  # fmt: skip
    chain = audit.append(tx, row.chain, events)
    blob = sealing.seal(key, STATE)
    instances.save_step(tx, row, chain=chain, status=InstanceStatus.RUNNING, blob=blob, now=now)


def add_unmasking(tx: Transaction, ids: Ids) -> None:
    """Somebody asks who said something in confidence."""
    sealed = sealing.seal(instances.load(tx, ids.case).key, SECRET.encode())
    row = unmaskings.UnmaskingRow(ids.unmasking, ids.case, ids.sub, ids.head, NOW, sealed)
    unmaskings.add(tx, row)


def add_rest(tx: Transaction, ids: Ids) -> None:
    """A row in every table that a plain step does not touch."""
    key = sealing.key_for(tx, ids.subject, period=ids.cycle, now=NOW)
    plans.put(tx, (plans.PlanRow(ids.cycle, ids.subject, "{}", "0" * 64, NOW),))
    achievement = cycles.AchievementRow(ids.cycle, UnitId(ids.unit), "good", ids.head, NOW)
    cycles.set_achievement(tx, achievement)
    appraisals.add(tx, appraisal(ids))
    result = results.ResultRow(ids.case, 1, "review", decided_by=ids.head, decided_at=NOW, **RATED)
    results.add(tx, result)
    payload = sealing.seal(key, SECRET.encode())
    first = drafts.Edition(0)
    drafts.save(tx, ids.i2, actor_id=ids.subject, payload=payload, edition=first, now=NOW)
    timers.replace(tx, ids.case, [WaitingTimer("t1", "window", NOW)])
    messages.replace(tx, ids.case, [AwaitedMessage("m1", "catch", "withdrawn", "u/c")])
    name = sealing.seal(key, b"surat.pdf")
    files.attach(
        tx,
        files.FileRow("f" * 64, 3, "application/pdf", NOW),
        files.AttachmentRow(ids.att, ids.case, ids.i1, "f" * 64, name, ids.subject, NOW),
    )
    add_page_of_work(tx, ids, key)
    add_transfers(tx, ids, key)
    add_administration(tx, ids)
    answer = command_keys.CommandKeyRow(ids.subject, "key", "0" * 64, "{}", NOW)
    command_keys.keep_answer(tx, answer)
    outbox.put(tx, [outbox.OutboxRow(ids.out, "notice", "{}", "once", NOW)])
    job_runs.note(tx, job_runs.JobRunRow("fire_due_timers", NOW, 5, 1))
    incidents.add(tx, incidents.IncidentRow(ids.inc, ids.case, "gate", "failed", "{}", NOW))
    delegations.add(
        tx, delegations.DelegationRow(ids.delegation, ids.i2, ids.case, ids.head, ids.subject, NOW)
    )
    unit = UnitId(ids.unit)
    preparers.add(
        tx,
        preparers.PreparerRow(ids.preparer, ids.subject, ids.head, unit, START, END, NOW),
    )
    drafted = prepared_drafts.PreparedRow(ids.i2, ids.case, ids.head, payload, 1, "", 0, NOW)
    prepared_drafts.save(tx, drafted, edition=first)
    kept = sealing.seal_committed(key, b"045/2026")
    papers.add(tx, papers.PaperRow(ids.i2, ids.case, START, kept.blob, kept.commitment))
    mine = saved_filters.SavedFilterRow(ids.mine, ids.subject, "Terlambat", "due=overdue", NOW)
    shared = saved_filters.SavedFilterRow(ids.filter, ids.head, "Semua", "tab=all", NOW, "hr")
    for saved in (mine, shared):
        saved_filters.add(tx, saved)
    day = NOW + timedelta(days=1)
    sessions.add(tx, sessions.SessionRow(ids.token, ids.agency, ids.head, NOW, NOW, day, day))
    add_credentials(tx, ids)
    add_notices(tx, ids)
    viewed = AuditEvent(Action.ACCESS_VIEWED, NOW, ids.head, instance=ids.case)
    audit.append_to_chain(tx, audit.actor_day(ids.head, NOW.date()), [viewed])


def follow_up(ids: Ids) -> follow_ups.FollowUpRow:
    """An action of the case that is still to be done."""
    return follow_ups.FollowUpRow(ids.fol, ids.case, "training", NOW, ids.head, END)


def closed_follow_up(ids: Ids) -> follow_ups.FollowUpRow:
    """The same, cancelled."""
    return replace(follow_up(ids), state="cancelled", closed_at=NOW, closed_by=ids.head)


def add_transfers(tx: Transaction, ids: Ids, key: sealing.SealingKey) -> None:
    """A sheet on its way in, a saved matching, a transfer that waits, work that somebody left."""
    gone, later = EmployeeId(ids.gone), NOW.replace(year=2030)
    people.add(tx, [people.EmployeeRow(gone, NIP.format(3), "Pergi", "pns", active=False)])
    work_items.open_many(tx, left(ids))
    sealed = sealing.seal(key, SECRET.encode())
    sheet_uploads.add(
        tx,
        sheet_uploads.SheetUploadRow(
            ids.sheet, "plans", ids.cycle, key.id, sealed, "f" * 64, 3, 0, "{}", ids.head, NOW,
            later,
        ),
    )  # fmt: skip
    mapping = sheet_uploads.MappingRow("click", "e-Kinerja", "[]", "{}", ids.head, NOW)
    sheet_uploads.save_mapping(tx, mapping)
    row = transfers.TransferRow(
        ids.transfer, ids.batch, 1, ids.subject, "retirement", START, state="waiting"
    )
    transfers.plan(tx, transfers.BatchRow(ids.batch, ids.head, NOW, NOW), [row])
    open_batch = transfers.BatchRow(f"{ids.batch}-open", ids.head, NOW)
    planned = replace(row, id=f"{row.id}-open", batch_id=open_batch.id, state="planned")
    transfers.plan(tx, open_batch, [planned])


def add_administration(tx: Transaction, ids: Ids) -> None:
    """What the unit was called before, and a return from a sign-in provider."""
    change = organisation.ChangeRow(
        ids.change, "unit", ids.unit, "name", "Badan", "Dinas", ids.head, NOW
    )
    organisation.keep_changes(tx, [change])
    used = provider_returns.ReturnRow("0" * 64, NOW + timedelta(days=1))
    provider_returns.use(tx, used)


def add_page_of_work(tx: Transaction, ids: Ids, key: sealing.SealingKey) -> None:
    """Half a file and answers that came too late."""
    day, secret = NOW + timedelta(days=1), sealing.seal(key, SECRET.encode())
    file = uploads.UploadRow(ids.upload, ids.i2, ids.subject, secret, 9, NOW, day)
    uploads.start(tx, file)
    uploads.add_part(tx, file, secret, length=3, until=day)
    kept_forms.keep(tx, kept_forms.KeptRow(ids.i2, ids.subject, secret, 1, NOW))


def add_credentials(tx: Transaction, ids: Ids) -> None:
    """What the head proves himself with, and a duty that waits for a second person."""
    known = replace(credentials.lock(tx, ids.head), password_hash="h", pin_hash="h", totp_step=1)
    credentials.save(tx, credentials.with_totp(tx, known, SECRET.encode(), now=NOW))
    code = one_time_codes.CodeRow(
        ids.code, ids.head, "0" * 64, "reset", ids.subject, NOW, NOW.replace(year=2030)
    )
    one_time_codes.issue(tx, code)
    sign_in_attempts.lock(tx, "someone", now=NOW)
    duties.propose(
        tx, duties.ProposalRow(ids.proposal, ids.head, "hr", None, END, ids.subject, NOW)
    )


def letter(ids: Ids) -> letters.LetterRow:
    """A letter to the subject that went out."""
    return letters.LetterRow(
        ids.letter, ids.subject, "email", "slot", NOW, NOW, "sent", 1, None, "{}", NOW
    )


def webhook(ids: Ids) -> webhook_deliveries.WebhookRow:
    """An event on its way to another program."""
    return webhook_deliveries.WebhookRow(ids.hook, "target", "case.completed", "s", "{}", NOW, NOW)


def add_notices(tx: Transaction, ids: Ids) -> None:
    """An unread notice to the subject, how he is reached, and what other programs are told."""
    key = sealing.key_for(tx, ids.subject, period="contact", now=NOW)
    address = sealing.seal(key, b"subject@example.go.id")
    found = notices.NoticeRow(ids.notice, ids.subject, "new_work", NOW, "once", ids.i2, ids.case)
    notices.add(tx, [found])
    contact = contacts.ContactRow(ids.subject, "email", address, key.id, "id", NOW, verified_at=NOW)
    contacts.put(tx, contact)
    contacts.prefer(tx, [contacts.PreferenceRow(ids.subject, "email", "tasks", "daily")])
    letters.plan(tx, [letter(ids)])
    webhook_deliveries.plan(tx, [webhook(ids)])
    news.advance(tx, "withdrawn", "0")
