"""What a result sheet says, and what somebody's results were from year to year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import and_, select

from engine.domain.access import Verb
from engine.domain.appraisal import SignatureKind
from engine.domain.code_words import SOURCES, CodeWords
from engine.domain.people import Actor
from engine.domain.place_words import PlaceWord
from engine.domain.process import InstanceId
from engine.errors import NotFound
from engine.queries.case_heads import case_head
from engine.queries.people import AnyRow, People, Person, agency_day, people
from engine.queries.steps import SettingsOf
from engine.store import agencies
from engine.store import tables as t
from engine.store.database import Transaction


@dataclass(frozen=True)
class SheetVersion:
    """One delivered version with the persons who made it official; `source` is by language."""

    version: int
    source: Mapping[str, str]
    result_rating: str
    behaviour_rating: str
    predicate: str
    local_score: Decimal | None
    decided_by: Person | None
    decided_at: datetime
    signed_by: Person | None
    signed_at: datetime | None
    signature_kind: str | None
    delivered_at: datetime
    delivery_kind: str | None


@dataclass(frozen=True)
class KeyedIn:
    """A step that was signed on paper: its name by language, who keyed it in, what it bears."""

    name: Mapping[str, str]
    by: Person | None
    signature_kind: str


@dataclass(frozen=True)
class SheetFacts:
    """All of a sheet: the last delivered version is what holds, those before are its history.

    `unit_word` is what a unit is called in the place of the system, by language.
    """

    instance_id: InstanceId
    agency: str
    unit_word: Mapping[str, str]
    period: str
    subject: Person
    versions: tuple[SheetVersion, ...]
    legal_basis: tuple[str, ...]
    under_appeal: bool
    keyed_in: tuple[KeyedIn, ...] = ()

    @property
    def present(self) -> SheetVersion:
        """The version that holds."""
        return self.versions[-1]


@dataclass(frozen=True)
class YearlyResult:
    """The result of one period as it was delivered; the local score stands apart."""

    instance_id: InstanceId
    period: str
    starts: date
    predicate: str
    result_rating: str
    behaviour_rating: str
    delivered_at: datetime
    local_score: Decimal | None = None


def sheet_facts(
    tx: Transaction, actor: Actor, instance_id: str, *, settings_of: SettingsOf, now: datetime
) -> SheetFacts:
    """The sheet of a case. Raises NotFound, also while no version was delivered."""
    head = case_head(tx, actor, instance_id, verb=Verb.READ_CASE, now=now)
    rows = tx.connection.execute(
        select(t.result_version)
        .where(
            t.result_version.c.agency_id == tx.agency_id,
            t.result_version.c.instance_id == instance_id,
            t.result_version.c.delivered_at.is_not(None),
        )
        .order_by(t.result_version.c.version)
    ).all()
    if not rows:
        raise NotFound("result", instance_id)
    papers = _from_paper(tx, instance_id)
    ids = [value for row in rows for value in (row.decided_by, row.signed_by)]
    found = people(tx, [*ids, *(row.actor_id for row in papers)], agency_day(tx, now))
    settings = settings_of(tx, head.definition_id)
    english = settings.names_in("en")
    return SheetFacts(
        head.instance_id,
        agencies.current(tx).name,
        settings.words[PlaceWord.UNIT],
        head.period,
        head.subject,
        tuple(_version(row, found, settings.codes) for row in rows),
        settings.legal_basis,
        head.appeal_open,
        tuple(
            KeyedIn(
                {"id": row.name, "en": english.get(row.element_id, row.name)},
                found.get(row.actor_id),
                row.signature_kind,
            )
            for row in papers
        ),
    )


def _from_paper(tx: Transaction, instance_id: str) -> Sequence[AnyRow]:
    """The steps of a case that were keyed in from paper and not taken back, the oldest first."""
    sent, item = t.submission, t.work_item
    of_item = and_(item.c.agency_id == sent.c.agency_id, item.c.id == sent.c.work_item_id)
    return tx.connection.execute(
        select(item.c.name, item.c.element_id, sent.c.actor_id, sent.c.signature_kind)
        .select_from(sent.join(item, of_item))
        .where(
            sent.c.agency_id == tx.agency_id,
            sent.c.instance_id == instance_id,
            sent.c.signature_kind == SignatureKind.WET_SCANNED.value,
            item.c.state == "completed",
        )
        .order_by(sent.c.at, sent.c.id)
    ).all()


def yearly_results(tx: Transaction, actor: Actor) -> tuple[YearlyResult, ...]:
    """The delivered results of the actor himself, the newest period first."""
    case, period, result = t.instance, t.cycle, t.result_version
    statement = (
        select(case.c.id, period.c.name, period.c.starts, result)
        .select_from(
            case.join(
                period,
                and_(period.c.agency_id == case.c.agency_id, period.c.id == case.c.cycle_id),
            ).join(
                result,
                and_(
                    result.c.agency_id == case.c.agency_id,
                    result.c.instance_id == case.c.id,
                    result.c.delivered_at.is_not(None),
                ),
            )
        )
        .where(case.c.agency_id == tx.agency_id, case.c.subject_id == actor.employee_id)
        .order_by(period.c.starts, case.c.id, result.c.version)
    )
    last = {row.id: _yearly(row) for row in tx.connection.execute(statement)}
    return tuple(reversed(last.values()))


def _version(row: AnyRow, found: People, words: CodeWords) -> SheetVersion:
    return SheetVersion(
        row.version,
        words.word(SOURCES, row.source),
        row.result_rating,
        row.behaviour_rating,
        row.predicate,
        Decimal(row.local_score) if row.local_score else None,
        found.get(row.decided_by),
        row.decided_at,
        found.get(row.signed_by or ""),
        row.signed_at,
        row.signature_kind,
        row.delivered_at,
        row.delivery_kind,
    )


def _yearly(row: AnyRow) -> YearlyResult:
    return YearlyResult(
        InstanceId(row.id),
        row.name,
        row.starts,
        row.predicate,
        row.result_rating,
        row.behaviour_rating,
        row.delivered_at,
        Decimal(row.local_score) if row.local_score else None,
    )
