"""Papers from which steps were keyed in: their date, and where they are kept."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam

from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.sealing import Sealed


@dataclass(frozen=True)
class PaperRow:
    """The signed paper of one step; `number` is sealed, `commitment` stands in its audit event."""

    work_item_id: str
    instance_id: str
    dated: date
    number: bytes
    commitment: str

    @property
    def sealed(self) -> Sealed:
        """The number with its commitment, as `sealing.open_committed` takes it."""
        return Sealed(self.number, self.commitment)


_paper = tables.paper
_OF_INSTANCE = rows.selected(_paper, PaperRow).where(
    _paper.c.instance_id == bindparam("instance_id")
)
_INSERT = rows.inserted(_paper)


def add(tx: Transaction, paper: PaperRow) -> None:
    """Keep what is known of the paper of a step, for good."""
    rows.add(tx, _INSERT, [paper])


def of_instance(tx: Transaction, instance_id: str) -> tuple[PaperRow, ...]:
    """The papers of a case, those of steps that were taken back among them."""
    return rows.fetch(tx, _OF_INSTANCE, PaperRow, {"instance_id": instance_id})
