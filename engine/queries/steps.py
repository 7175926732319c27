"""Where a case stands: its stages, whose turn it is, until when."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from engine.domain.access import CaseAccess, Verb, can
from engine.domain.confidence import CONFIDENCE
from engine.domain.drawing import Drawing
from engine.domain.people import Actor
from engine.domain.process import DefinitionId, WorkItemId
from engine.domain.settings import Stage, SystemSettings
from engine.queries.case_heads import work_access
from engine.queries.case_views import OpenWork, StepLine, StepState
from engine.queries.people import AnyRow, People, some
from engine.store import tables as t
from engine.store.database import Transaction

SettingsOf = Callable[[Transaction, DefinitionId], SystemSettings]
DrawingOf = Callable[[Transaction, DefinitionId], Drawing]
NameOf = Callable[[Transaction, DefinitionId, str, str], str]


def as_drawn(_tx: Transaction, _definition_id: DefinitionId, _element: str, drawn: str) -> str:
    """The name of a step as its diagram gives it."""
    return drawn


def work_rows(tx: Transaction, instance_id: str) -> Sequence[AnyRow]:
    """All work items of a case in the order of their opening."""
    item = t.work_item
    statement = (
        select(item)
        .where(item.c.agency_id == tx.agency_id, item.c.instance_id == instance_id)
        .order_by(item.c.opened_at, item.c.id)
    )
    return tx.connection.execute(statement).all()


def open_work(
    rows: Sequence[AnyRow],
    found: People,
    settings: SystemSettings,
    actor: Actor,
    access: CaseAccess,
    language: str = "id",
) -> tuple[OpenWork, ...]:
    """Whose turn it is; several lines when several people have one at once."""
    names = settings.names_in(language)
    return tuple(
        replace(
            _open(row, found, settings, actor, access), name=names.get(row.element_id, row.name)
        )
        for row in _told(rows, actor)
        if row.state == "open"
    )


def _told(rows: Sequence[AnyRow], actor: Actor) -> Iterator[AnyRow]:
    """The rows, but of those asked in confidence one a step: nobody counts who still waits."""
    own = {row.element_id for row in rows if row.assignee_id == actor.employee_id}
    told: set[str] = set()
    for row in rows:
        is_other = row.participation == CONFIDENCE and row.assignee_id != actor.employee_id
        if is_other and (row.state != "open" or row.element_id in told | own):
            continue
        told |= {row.element_id} if is_other else set()
        yield row


def stage_lines(
    stages: Sequence[Stage], rows: Sequence[AnyRow], found: People, *, ended: bool
) -> tuple[StepLine, ...]:
    """The stages of the settings; those before the present one that never opened were skipped.

    The last one of an ended case is done, whether it asked anybody or ran by itself.
    """
    lines = [_line(stage, rows, found) for stage in stages]
    reached = [n for n, line in enumerate(lines) if line.state is not StepState.NEXT]
    last = len(lines) - 1 if ended else max(reached, default=0)
    return tuple(
        StepLine(line.key, line.title, StepState.SKIPPED if n < last else StepState.DONE)
        if line.state is StepState.NEXT and (ended or n < last)
        else line
        for n, line in enumerate(lines)
    )


def role_title(settings: SystemSettings, keys: str) -> Mapping[str, str]:
    """The titles of one or several roles, written with commas in a work item; empty if unknown."""
    titles = [settings.roles[key].title for key in keys.split(",") if key in settings.roles]
    languages = titles[0] if titles else ()
    return {code: ", ".join(title[code] for title in titles) for code in languages}


def _line(stage: Stage, rows: Sequence[AnyRow], found: People) -> StepLine:
    own = [row for row in rows if row.element_id in stage.elements]
    waiting = [row for row in own if row.state == "open"]
    if waiting:
        holders = some(found, [_shown_holder(row) for row in waiting])
        due_at = min((row.due_at for row in waiting if row.due_at), default=None)
        return StepLine(stage.key, stage.title, StepState.CURRENT, holders, due_at=due_at)
    done = [row for row in own if row.state == "completed"]
    if not done:
        return StepLine(stage.key, stage.title, StepState.NEXT)
    at: datetime | None = max((row.closed_at for row in done if row.closed_at), default=None)
    actors = some(found, [row.closed_by for row in done])
    return StepLine(stage.key, stage.title, StepState.DONE, actors, at)


def _shown_holder(row: AnyRow, actor: Actor | None = None) -> str | None:
    """Whose turn it is; of who was asked in confidence nobody else sees whether he still waits."""
    own = actor is not None and row.assignee_id == actor.employee_id
    hidden = row.participation == CONFIDENCE and not own
    return None if hidden else row.assignee_id


def _open(
    row: AnyRow, found: People, settings: SystemSettings, actor: Actor, access: CaseAccess
) -> OpenWork:
    may = can(actor, Verb.COMPLETE_WORK, work_access(access, row))
    return OpenWork(
        item_id=WorkItemId(row.id),
        element_id=row.element_id,
        name=row.name,
        role=role_title(settings, row.role),
        people=some(found, [_shown_holder(row, actor)]),
        due_at=row.due_at,
        mine=bool(may),
        takeover_offered=row.offered_to == actor.employee_id,
    )
