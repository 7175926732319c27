"""Which answers of a case one reader may open, and which files: both follow one rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.domain.access import CaseAccess
from engine.domain.confidence import CONFIDENCE
from engine.domain.people import Actor, EmployeeId
from engine.domain.settings import SystemSettings
from engine.domain.visibility import Answer, Told, may_read_answer
from engine.queries.case_views import CaseHead
from engine.queries.people import AnyRow
from engine.store import results
from engine.store.database import Transaction

APPEAL = "appeal"


@dataclass(frozen=True)
class Reading:
    """What decides it: who stands where in the case, and what the employee was told."""

    access: CaseAccess
    told: Told
    appeal: frozenset[str]
    items: Mapping[str, AnyRow]

    def may_read(
        self,
        actor: Actor,
        *,
        item_id: str,
        author: EmployeeId,
        at: datetime,
        on_behalf_of: str | None,
    ) -> bool:
        """Whether the actor, who may read the case, may read what came with a work item."""
        item = self.items[item_id]
        behalf = EmployeeId(on_behalf_of) if on_behalf_of else None
        answer = Answer(
            author, str(item.role), at, item.element_id in self.appeal, behalf,
            sealed=item.participation == CONFIDENCE,
        )  # fmt: skip
        return may_read_answer(actor, self.access, answer, self.told)

    def may_read_file(self, actor: Actor, row: AnyRow) -> bool:
        """The same for a file, sent or not yet; it is its owner's, whoever keyed it in."""
        return self.may_read(
            actor,
            item_id=row.work_item_id,
            author=row.uploaded_by,
            at=row.at,
            on_behalf_of=self.items[row.work_item_id].assignee_id,
        )


def reading_of(
    tx: Transaction, head: CaseHead, settings: SystemSettings, items: Mapping[str, AnyRow]
) -> Reading:
    """The reading of one case; `items` are its work items by id."""
    elements = {e for stage in settings.stages if stage.key == APPEAL for e in stage.elements}
    appeal = frozenset(elements)
    return Reading(head.access, _told(tx, head, appeal, items), appeal, items)


def _told(
    tx: Transaction, head: CaseHead, appeal: frozenset[str], items: Mapping[str, AnyRow]
) -> Told:
    versions = results.of_instance(tx, head.instance_id)
    delivered = [row.delivered_at for row in versions if row.delivered_at]
    hearing = frozenset(
        EmployeeId(person)
        for row in items.values()
        if row.element_id in appeal
        for person in (row.assignee_id, row.closed_by)
        if person and person not in {head.access.subject_id, head.access.rater_id}
    )
    return Told(
        max(delivered, default=None),
        not head.is_main or (bool(versions) and len(delivered) == len(versions)),
        head.appeal_open,
        hearing,
    )
