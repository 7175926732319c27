"""Opens the answers of a case for one reader: every finished step with its form and its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.commands.answers import decoded
from engine.commands.desk import Desk
from engine.domain.access import Verb
from engine.domain.people import Actor
from engine.domain.process import WorkItemId
from engine.queries.case_heads import case_head
from engine.queries.people import Person, agency_day, people
from engine.queries.readable_answers import Reading, reading_of
from engine.queries.steps import role_title, work_rows
from engine.rules.forms import Form
from engine.store import files, papers, submissions
from engine.store.database import Transaction
from engine.store.files import AttachmentRow
from engine.store.sealing import SealingKey, get_key, open_committed, open_sealed
from engine.store.submissions import SubmissionRow


@dataclass(frozen=True)
class AnswerFile:
    """A file that was handed in with a step."""

    attachment_id: str
    name: str


@dataclass(frozen=True)
class Paper:
    """The signed paper from which a step was keyed in; `number` says where it is kept."""

    dated: date
    number: str


@dataclass(frozen=True)
class AnsweredStep:
    """One finished step; `values` is None once the texts of the case were erased."""

    item_id: WorkItemId
    element_id: str
    name: str
    role: Mapping[str, str]
    author: Person | None
    on_behalf_of: Person | None
    at: datetime
    receipt: str
    form: Form | None
    values: Mapping[str, object] | None
    signature_kind: str | None = None
    files: tuple[AnswerFile, ...] = ()
    paper: Paper | None = None


def case_answers(
    desk: Desk, actor: Actor, *, instance_id: str, language: str, now: datetime
) -> tuple[AnsweredStep, ...]:
    """The steps that this reader may read, the oldest first. Raises NotFound."""
    with desk.store.reading(actor.agency_id) as tx:
        head = case_head(tx, actor, instance_id, verb=Verb.READ_CASE, now=now)
        definition = desk.definitions.get(tx, head.definition_id)
        items = {row.id: row for row in work_rows(tx, instance_id)}
        reading = reading_of(tx, head, definition.settings, items)
        shown = _shown(tx, actor, reading, instance_id)
        ids = [person for sent in shown for person in (sent.actor_id, sent.on_behalf_of)]
        found = people(tx, ids, agency_day(tx, now))
        key, names = get_key(tx, head.sealing_key_id), definition.settings.names_in(language)
        attached = files.of_instance(tx, instance_id) if key.key else ()
        on_paper = _papers(tx, instance_id, key)
        return tuple(
            AnsweredStep(
                item_id=WorkItemId(sent.work_item_id),
                element_id=sent.element_id,
                name=names.get(sent.element_id, items[sent.work_item_id].name),
                role=role_title(definition.settings, items[sent.work_item_id].role),
                author=found.get(sent.actor_id),
                on_behalf_of=found.get(sent.on_behalf_of or ""),
                at=sent.at,
                receipt=sent.receipt,
                form=definition.form_of(definition.properties_of(sent.element_id)),
                values=decoded(open_committed(key, sent.sealed)) if key.key else None,
                signature_kind=sent.signature_kind,
                files=tuple(_files(attached, sent.work_item_id, key)),
                paper=on_paper.get(sent.work_item_id),
            )
            for sent in shown
        )


def _shown(
    tx: Transaction, actor: Actor, reading: Reading, instance_id: str
) -> list[SubmissionRow]:
    return [
        sent
        for sent in submissions.of_instance(tx, instance_id)
        if reading.may_read(
            actor, item_id=sent.work_item_id, author=sent.actor_id, at=sent.at,
            on_behalf_of=sent.on_behalf_of,
        )
    ]  # fmt: skip


def _papers(tx: Transaction, instance_id: str, key: SealingKey) -> Mapping[str, Paper]:
    """The papers by work item; where they are kept is a text that is erased with the others."""
    return {
        row.work_item_id: Paper(row.dated, open_committed(key, row.sealed).decode())
        for row in (papers.of_instance(tx, instance_id) if key.key else ())
    }


def _files(
    attached: Sequence[AttachmentRow], item_id: str, key: SealingKey
) -> Sequence[AnswerFile]:
    own = [row for row in attached if row.work_item_id == item_id]
    return [AnswerFile(row.id, open_sealed(key, row.name_sealed).decode()) for row in own]
