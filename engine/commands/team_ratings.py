"""Sending the answers of one step for many people: each in its own transaction, each its result.

Nothing has to be remembered between them: whoever was stopped in the middle sends again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.commands.complete import CompletedStep, complete_work_item
from engine.commands.desk import Desk
from engine.commands.proofs import Proof
from engine.commands.signing import prove_batch
from engine.domain.people import Actor
from engine.errors import Conflict, Forbidden, InvalidForm, NotFound


@dataclass(frozen=True)
class RowAnswers:
    """The answers about one person; `key` is that of the page, pressed twice it sends once."""

    item_id: str
    answers: Mapping[str, object]
    version: int | None
    key: str | None


@dataclass(frozen=True)
class RowResult:
    """What became of one row: sent with its number, or refused with the reason."""

    item_id: str
    sent: CompletedStep | None = None
    refused: Conflict | Forbidden | NotFound | InvalidForm | None = None


def complete_rows(
    desk: Desk, actor: Actor, *, rows: Sequence[RowAnswers], signature_code: str, now: datetime
) -> tuple[RowResult, ...]:
    """Hand in every row. A wrong PIN or code raises InvalidForm, and nothing is sent then."""
    items = [row.item_id for row in rows]
    proof = prove_batch(desk, actor, item_ids=items, code=signature_code, now=now)
    return tuple(_completed(desk, actor, row, proof, now) for row in rows)


def _completed(desk: Desk, actor: Actor, row: RowAnswers, proof: Proof, now: datetime) -> RowResult:
    try:
        sent = complete_work_item(
            desk,
            actor,
            item_id=row.item_id,
            answers=row.answers,
            expected_version=row.version,
            key=row.key,
            signature_code=proof,
            now=now,
        )
    except (Conflict, Forbidden, NotFound, InvalidForm) as error:
        return RowResult(row.item_id, refused=error)
    return RowResult(row.item_id, sent)
