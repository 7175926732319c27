"""The page of one case, put together for one actor."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Table, and_, select

from engine.domain.access import FollowUpAccess, Verb, can
from engine.domain.code_words import SOURCES, CodeWords
from engine.domain.follow_ups import FollowUpKind
from engine.domain.people import Actor, UnitId
from engine.domain.place_words import PlaceWord
from engine.queries.case_heads import case_head
from engine.queries.case_patterns import case_patterns
from engine.queries.case_views import CaseHead, CaseView, EvidenceRow, FollowUpRow, ResultRow
from engine.queries.people import AnyRow, People, agency_day, people
from engine.queries.readable_answers import reading_of
from engine.queries.steps import SettingsOf, open_work, stage_lines, work_rows
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.sealing import SealingKey, get_key, open_sealed


def case_view(
    tx: Transaction,
    actor: Actor,
    instance_id: str,
    *,
    settings_of: SettingsOf,
    now: datetime,
    language: str = "id",
) -> CaseView:
    """The case for this actor. Raises NotFound, also where he may not know of it."""
    head = case_head(tx, actor, instance_id, verb=Verb.READ_CASE, now=now)
    settings = settings_of(tx, head.definition_id)
    rows, results = work_rows(tx, instance_id), _rows(tx, t.result_version, instance_id)
    reading = reading_of(tx, head, settings, {row.id: row for row in rows})
    files = [row for row in _files(tx, instance_id) if reading.may_read_file(actor, row)]
    actions, kinds = _rows(tx, t.follow_up, instance_id), settings.follow_ups
    found = people(tx, _named(rows, results, files, actions), agency_day(tx, now))
    key = get_key(tx, head.sealing_key_id)
    shown = [row for row in results if row.delivered_at or not _is_only_subject(actor, head)]
    stages = settings.stages_of(head.process_id)
    appeal = head.appeal_open and bool(can(actor, Verb.WITHDRAW_APPEAL, head.access))
    return CaseView(
        instance_id=head.instance_id,
        definition_id=head.definition_id,
        subject=head.subject,
        period=head.period,
        system_title=settings.title_of(head.process_id),
        unit_word=settings.words[PlaceWord.UNIT],
        state=head.state,
        steps=stage_lines(stages, rows, found, ended=head.state == "completed"),
        open_work=open_work(rows, found, settings, actor, head.access, language),
        results=tuple(_result(row, found, settings.codes) for row in shown),
        under_appeal=head.appeal_open,
        may_withdraw_appeal=appeal,
        may_read_trail=bool(can(actor, Verb.READ_TRAIL, head.access)),
        evidence=tuple(_evidence(row, found, key) for row in files),
        follow_ups=tuple(_follow_up(row, kinds, found, actor, head) for row in actions),
        patterns=case_patterns(tx, actor, head, reading.told, settings.fairness),
        is_main=head.is_main,
    )


def _is_only_subject(actor: Actor, head: CaseHead) -> bool:
    """The employee sees a result from its delivery on; before that it may still change."""
    return actor.employee_id == head.access.subject_id


def _rows(tx: Transaction, table: Table, instance_id: str) -> Sequence[AnyRow]:
    key = "version" if table is t.result_version else "created_at"
    statement = (
        select(table)
        .where(table.c.agency_id == tx.agency_id, table.c.instance_id == instance_id)
        .order_by(table.c[key])
    )
    return tx.connection.execute(statement).all()


def _files(tx: Transaction, instance_id: str) -> Sequence[AnyRow]:
    link, file = t.attachment, t.stored_file
    same = and_(file.c.agency_id == link.c.agency_id, file.c.sha256 == link.c.sha256)
    statement = (
        select(link, file.c.size, file.c.media_type)
        .select_from(link.join(file, same))
        .where(link.c.agency_id == tx.agency_id, link.c.instance_id == instance_id)
        .order_by(link.c.at, link.c.id)
    )
    return tx.connection.execute(statement).all()


def _named(
    rows: Sequence[AnyRow],
    results: Sequence[AnyRow],
    files: Sequence[AnyRow],
    actions: Sequence[AnyRow],
) -> list[str | None]:
    names = [value for row in rows for value in (row.assignee_id, row.closed_by)]
    names += [row.decided_by for row in results] + [row.uploaded_by for row in files]
    return names + [row.owner_id for row in actions]


def _result(row: AnyRow, found: People, words: CodeWords) -> ResultRow:
    return ResultRow(
        version=row.version,
        source=row.source,
        source_title=words.word(SOURCES, row.source),
        result_rating=row.result_rating,
        behaviour_rating=row.behaviour_rating,
        predicate=row.predicate,
        local_score=Decimal(row.local_score) if row.local_score else None,
        decided_by=found.get(row.decided_by),
        signed_at=row.signed_at,
        signature_kind=row.signature_kind,
        delivered_at=row.delivered_at,
        delivery_kind=row.delivery_kind,
    )


def _evidence(row: AnyRow, found: People, key: SealingKey) -> EvidenceRow:
    name = open_sealed(key, row.name_sealed).decode() if key.key else ""
    return EvidenceRow(row.id, row.media_type, row.size, row.at, found.get(row.uploaded_by), name)


def _follow_up(
    row: AnyRow, kinds: Mapping[str, FollowUpKind], found: People, actor: Actor, head: CaseHead
) -> FollowUpRow:
    owner, case = found.get(row.owner_id) if row.owner_id else None, head.access
    thing = FollowUpAccess(
        case.agency_id, case.subject_id, case.unit_id or UnitId(""), case.rater_id, row.owner_id
    )
    opened = row.id if can(actor, Verb.READ_FOLLOW_UP, thing) else ""
    title = kinds[row.kind].title if row.kind in kinds else {}
    return FollowUpRow(row.kind, title, row.state, row.created_at, row.due_on, owner, opened)
