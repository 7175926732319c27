"""Records what follows a result when the diagram says so, and takes back what no longer does."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.commands.follow_up_work import kind_of
from engine.commands.roles import CasePeople, Placement, place_roles
from engine.commands.steps import Step
from engine.domain.actions import Action
from engine.domain.people import SYSTEM
from engine.domain.process import OperationCall
from engine.store import follow_ups
from engine.store.follow_ups import FollowUpRow
from engine.store.ids import new_id
from engine.store.states import FollowUpState


def record_follow_ups(step: Step, effect: OperationCall) -> None:
    """One row for each action that this step of the diagram asks for and has not asked for yet.

    Run again after the result was changed, it cancels what is still open and follows no longer;
    what was done stays done.
    """
    actions = effect.params.get("actions")
    kinds = dict.fromkeys(str(kind) for kind in actions) if isinstance(actions, list) else {}
    before = [
        row
        for row in follow_ups.of_instance(step.tx, step.row.id)
        if row.element_id == effect.element_id and row.state != FollowUpState.CANCELLED
    ]
    _cancel(step, [row for row in before if row.kind not in kinds])
    known = {row.kind for row in before}
    _add(step, effect, [kind for kind in kinds if kind not in known])


def _cancel(step: Step, rows: Sequence[FollowUpRow]) -> None:
    system = step.scribe.by_system()
    for row in rows:
        if row.state == FollowUpState.OPEN:
            state = FollowUpState.CANCELLED.value
            ended = replace(row, state=state, closed_at=step.now, closed_by=SYSTEM)
            follow_ups.close(step.tx, ended)
            event = system.event(
                Action.FOLLOW_UP_CANCELLED, kind=row.kind, id=row.id, cause="result_changed"
            )
            step.events.append(event)


def _add(step: Step, effect: OperationCall, kinds: Iterable[str]) -> None:
    rows = [_row(step, effect, kind) for kind in kinds]
    follow_ups.add_many(step.tx, rows)
    system = step.scribe.by_system()
    for row in rows:
        event = system.event(
            Action.FOLLOW_UP_CREATED, kind=row.kind, id=row.id, owner=row.owner_id,
            due_on=row.due_on.isoformat() if row.due_on else None,
        )  # fmt: skip
        step.events.append(event)


def _row(step: Step, effect: OperationCall, key: str) -> FollowUpRow:
    kind = kind_of(step.definition.settings, key)
    placed = _placed(step, kind.owner)
    return FollowUpRow(
        id=new_id(),
        instance_id=step.row.id,
        kind=key,
        created_at=step.now,
        owner_id=placed.assignee_id,
        due_on=kind.due_on(step.today),
        element_id=effect.element_id,
        function=placed.function,
    )


def _placed(step: Step, owner: str) -> Placement:
    """Who holds the role of the owner; HR where nobody does."""
    appraisal = step.appraisal
    case = CasePeople(
        step.row.subject_id, step.row.unit_id, appraisal.rater_id, appraisal.rater_superior_id,
        appraisal.subject_left,
    )  # fmt: skip
    known = step.definition.settings.roles.get(owner)
    roles = (known,) if known else ()
    data = step.execution.last_data
    return place_roles(step.tx, roles, case=case, data=data, on=step.today)
