"""What was written beside an appraisal in its period, for a form that shows it."""

from collections.abc import Iterator
from datetime import datetime

from engine.commands.case_answers import AnsweredStep, case_answers
from engine.commands.desk import Desk
from engine.domain.people import Actor
from engine.errors import NotFound
from engine.queries.beside import open_runs
from engine.queries.case_heads import any_case_head
from engine.rules.forms import Form


def answers_beside(
    desk: Desk, actor: Actor, form: Form, *, instance_id: str, language: str, now: datetime
) -> tuple[AnsweredStep, ...]:
    """The steps that `alur:beside` of the form names, of the same person and period.

    The oldest run first; only what the actor may read in the case that it belongs to.
    """
    wanted = {tuple(path.split("/", 1)) for path in form.beside}
    if not wanted:
        return ()
    with desk.store.reading(actor.agency_id) as tx:
        head = any_case_head(tx, instance_id, now)
        processes = {process for process, *_ in wanted}
        runs = open_runs(tx, head.cycle_id, head.subject.id, processes)
    return tuple(
        step
        for run in runs
        if run.id != instance_id
        for step in _readable(desk, actor, run.id, language, now)
        if (run.process_id, step.element_id) in wanted
    )


def _readable(
    desk: Desk, actor: Actor, instance_id: str, language: str, now: datetime
) -> Iterator[AnsweredStep]:
    """What the actor may read of one run; nothing where he may not know of it."""
    try:
        yield from case_answers(desk, actor, instance_id=instance_id, language=language, now=now)
    except NotFound:
        return
