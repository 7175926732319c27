"""What the table over many staff posts: the answers of each row, saved or sent row by row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from api.deps import House, Submitted, Typed, Visitor
from api.refusals import FormTokenWrong, TypedBefore
from api.security import token_hash
from api.web.opened_work import number, opened
from api.web.unsent import Refused
from engine.commands.complete import CompletedStep
from engine.commands.drafts import save_draft
from engine.commands.kept_forms import keep_answers, kept_answers, writer_of
from engine.commands.team_ratings import RowAnswers, complete_rows
from engine.commands.work_forms import OpenForm
from engine.domain.people import Actor
from engine.errors import AlurError, Conflict, Forbidden, InvalidForm, NotFound, StaleVersion
from engine.queries.team_ratings import PAGE
from engine.rules.forms import apply_row_operation, parse_fields, shown_values

SEND, SEND_ALL, SAVE, OPEN = "send", "send-complete", "save", "open"
Values = Mapping[str, object]
Gone = Conflict | Forbidden | NotFound


@dataclass(frozen=True)
class PostedRow:
    """One row as it came: the fields of its form and what the page knew of it."""

    item_id: str
    fields: Mapping[str, list[str]]

    @property
    def form(self) -> Submitted:
        """The fields under the names that the form itself gives them."""
        return Submitted(self.fields)

    @property
    def ready(self) -> bool:
        """Whether the rater says that he has looked at this person."""
        return self.form.one("_ready") == "true"


@dataclass(frozen=True)
class TriedRow:
    """A row after its button: what was typed, and why it was not stored or sent, if so."""

    item_id: str
    key: str
    ready: bool
    opened: OpenForm | None = None
    values: Values | None = None
    refused: Refused | None = None
    sent: CompletedStep | None = None
    gone: Gone | None = None

    @property
    def failed(self) -> bool:
        """Whether the row has to be shown again with its reason."""
        return self.refused is not None or self.gone is not None


@dataclass(frozen=True)
class Desk:
    """Somebody's posted page with the button that was pressed: its verb, its row and the rest."""

    house: House
    visitor: Visitor
    actor: Actor
    form: Submitted

    @property
    def verb(self) -> str:
        """What the button does."""
        return (self.form.one("_op") or SAVE).partition(":")[0]

    @property
    def item_id(self) -> str:
        """The row of the button, if it belongs to one."""
        return self.form.one("_op").partition(":")[2].partition(":")[0]

    def operation(self, item_id: str) -> str:
        """The button as the form of the row knows it, if it changes lines of this row."""
        verb, _, rest = self.form.one("_op").partition(":")
        own, _, path = rest.partition(":")
        return f"{verb}:{path}" if verb in ("add", "del") and own == item_id else ""


def posted_rows(form: Submitted) -> tuple[PostedRow, ...]:
    """The rows of a page, at most as many as a page has."""
    rows: dict[str, dict[str, list[str]]] = {}
    for name, values in form.fields.items():
        item_id, mark, path = name.partition(":")
        if mark:
            rows.setdefault(item_id, {})[path] = values
    known = (PostedRow(key, fields) for key, fields in rows.items() if "_version" in fields)
    return tuple(known)[:PAGE]


def stepped(desk: Desk, rows: Sequence[PostedRow], *, trusted: bool) -> tuple[TriedRow, ...]:
    """Every row after the button. Raises InvalidForm for a wrong PIN or code; nothing is sent."""
    tried = tuple(_read(desk, row, trusted=trusted) for row in rows)
    if not trusted:
        return tried
    if desk.verb in (SEND, SEND_ALL):
        tried = _sent(desk, rows, tried)
    return tuple(_saved(desk, row, found) for row, found in zip(rows, tried, strict=True))


def kept_row(desk: Desk, found: OpenForm, key: str) -> TriedRow:
    """A row as it opens: with the words that were kept when a sign-in had ended, if any."""
    item_id = found.item.id
    kept = kept_answers(desk.house.desk, desk.actor, item_id=item_id)
    if kept is None:
        return TriedRow(item_id, key, False, found, found.values)
    overtaken = kept.revision != found.revision
    refused = Refused(kept.values, "", TypedBefore(), overtaken=overtaken)
    return TriedRow(item_id, key, False, found, kept.values, refused)


def keep_for_writer(house: House, visitor: Visitor, typed: Typed) -> bool:
    """Keep the changed rows of a sign-in that ended by itself for whoever typed them."""
    now = visitor.now
    writer = writer_of(house.desk, token_hash(visitor.token), now=now) if typed.trusted else None
    if writer is None:
        return False
    desk = Desk(house, visitor, writer, typed.form)
    for row in posted_rows(typed.form):
        found = _read(desk, row, trusted=True)
        if found.gone:
            return False
        if found.opened and found.values is not None and changed(found.opened, found.values):
            keep_answers(
                house.desk, writer, item_id=row.item_id, values=found.values,
                revision=number(row.form.one("_revision")) or 0, now=now,
            )  # fmt: skip
    return True


def changed(found: OpenForm, values: Values) -> bool:
    """Whether `values` say anything else than what is stored."""
    shown, _ = shown_values(found.form, values, found.context)
    known, _ = shown_values(found.form, found.values, found.context)
    return shown != known


def _read(desk: Desk, row: PostedRow, *, trusted: bool) -> TriedRow:
    plain = TriedRow(row.item_id, row.form.one("_key"), row.ready)
    try:
        found = opened(desk.house, desk.visitor, desk.actor, row.item_id)
    except (Conflict, Forbidden, NotFound) as error:
        return replace(plain, gone=error)
    values = parse_fields(found.form, row.fields)
    read = replace(plain, opened=found, values=values)
    if not trusted:
        return replace(read, refused=Refused(values, plain.key, FormTokenWrong()))
    operation = desk.operation(row.item_id)
    if not operation:
        return read
    try:
        return replace(read, values=apply_row_operation(found.form, values, operation))
    except InvalidForm as error:
        return replace(read, refused=Refused(values, plain.key, error))


def _sent(desk: Desk, rows: Sequence[PostedRow], tried: Sequence[TriedRow]) -> tuple[TriedRow, ...]:
    """The rows that were chosen, handed in; those that are gone were sent before or never."""
    chosen = {
        row.item_id
        for row in rows
        if row.item_id == desk.item_id or (desk.verb == SEND_ALL and row.ready)
    }
    answers = [
        RowAnswers(
            found.item_id, found.values or {}, number(row.form.one("_version")), found.key or None
        )
        for row, found in zip(rows, tried, strict=True)
        if found.item_id in chosen and found.opened is not None
    ]
    code = desk.form.one("_signature")
    done = {
        result.item_id: result
        for result in complete_rows(
            desk.house.desk, desk.actor, rows=answers, signature_code=code, now=desk.visitor.now
        )
    }
    return tuple(
        _after(found, done[found.item_id].sent, done[found.item_id].refused)
        if found.item_id in done
        else found
        for found in tried
    )


def _after(found: TriedRow, sent: CompletedStep | None, error: AlurError | None) -> TriedRow:
    if sent is not None:
        return replace(found, sent=sent)
    if isinstance(error, InvalidForm):
        return replace(found, refused=Refused(found.values or {}, found.key, error))
    if isinstance(error, StaleVersion):
        # The step itself was changed meanwhile, by more time or another holder.
        return replace(found, refused=Refused(found.values or {}, "", error))
    return replace(found, gone=error if isinstance(error, Gone) else None)


def _saved(desk: Desk, row: PostedRow, found: TriedRow) -> TriedRow:
    """The draft of a row that was typed in; what was sent or is gone has none."""
    if found.opened is None or found.values is None or found.sent or found.gone:
        return found
    if not changed(found.opened, found.values):
        return found
    try:
        save_draft(
            desk.house.desk,
            desk.actor,
            item_id=found.item_id,
            values=found.values,
            revision=number(row.form.one("_revision")) or 0,
            page=found.key,
            edits=number(row.form.one("_edits")) or 0,
            now=desk.visitor.now,
        )
    except StaleVersion as error:
        overtaken = error.noun == "draft"
        return replace(found, refused=Refused(found.values, found.key, error, overtaken))
    except (Conflict, Forbidden, NotFound) as error:
        return replace(found, gone=error)
    return found


def sent_rows(tried: Sequence[TriedRow]) -> Iterator[TriedRow]:
    """Those that were handed in."""
    return (found for found in tried if found.sent)
