"""The answers of the finished steps of a case, as far as one reader may see them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.commands.answers import opened_submission
from engine.commands.definitions import LoadedDefinition
from engine.commands.desk import Desk
from engine.commands.permissions import case_access, demand
from engine.domain.access import CaseAccess, Verb
from engine.domain.people import Actor, EmployeeId, UnitFunction
from engine.queries.people import Person, agency_day, people
from engine.rules.forms import Form
from engine.store import instances, results, submissions
from engine.store.submissions import SubmissionRow

CONFIDENTIALITY = "alur:confidentiality"
# An appeal goes past the rater: he gives a statement of his own and learns the decision.
OF_APPEALS = frozenset({"appeal", "statement"})
# They look at whole cases; HR learns of an appeal only that there is one.
WHOLE = frozenset({UnitFunction.TEAM, UnitFunction.AUDITOR})


@dataclass(frozen=True)
class AnsweredStep:
    """One finished step: who answered what in which form, when, under which number."""

    element_id: str
    name: str
    form: Form
    values: Mapping[str, object]
    receipt: str
    at: datetime
    person: Person | None = None
    on_behalf_of: Person | None = None
    signature_kind: str | None = None


def case_answers(
    desk: Desk,
    actor: Actor,
    *,
    instance_id: str,
    shown: Collection[str] = (),
    language: str,
    now: datetime,
) -> tuple[AnsweredStep, ...]:
    """The steps in order. `shown` are elements whose answers the reader's own form shows him.

    Everybody reads what he sent himself. The appraised person reads what others sent once the
    result was delivered that came of it. Sealed answers and erased ones are nobody's to read.
    Raises NotFound or Forbidden.
    """
    with desk.store.reading(actor.agency_id) as tx:
        loaded = instances.read(tx, instance_id)
        access = case_access(tx, loaded.row)
        demand(actor, Verb.READ_CASE, access)
        definition = desk.definitions.get(tx, loaded.row.definition_id)
        told_until = max(
            (row.delivered_at for row in results.of_instance(tx, instance_id) if row.delivered_at),
            default=loaded.row.started_at,
        )
        rows = [
            row
            for row in submissions.of_instance(tx, instance_id)
            if loaded.key.key and _may_read(actor, access, row, definition, told_until, shown)
        ]
        who = [person for row in rows for person in (row.actor_id, row.on_behalf_of)]
        found = people(tx, who, agency_day(tx, now))
        names = {**definition.drawing.names, **definition.settings.names_in(language)}
        return tuple(
            AnsweredStep(
                row.element_id,
                names.get(row.element_id, row.element_id),
                form,
                opened_submission(loaded.key, row),
                row.receipt,
                row.at,
                found.get(row.actor_id),
                found.get(row.on_behalf_of or ""),
                row.signature_kind,
            )
            for row in rows
            if (form := definition.form_of(definition.properties_of(row.element_id)))
        )


def _may_read(
    actor: Actor,
    access: CaseAccess,
    row: SubmissionRow,
    definition: LoadedDefinition,
    told_until: datetime,
    shown: Collection[str],
) -> bool:
    properties = definition.properties_of(row.element_id)
    if actor.employee_id == row.actor_id:
        return True
    if CONFIDENTIALITY in properties:
        return False
    if row.element_id in shown:
        return True
    if actor.employee_id == access.subject_id:
        return row.at <= told_until
    form = definition.form_of(properties)
    return _reads_whole(actor, access) or bool(
        form and form.key not in OF_APPEALS and _reads_ratings(actor, access)
    )


def _reads_whole(actor: Actor, access: CaseAccess) -> bool:
    """The superior, the performance team and auditors read appeals as well."""
    above = access.rater_superior_id in actor.effective_persons()
    return above or any(actor.holds(function, access.unit_id) for function in WHOLE)


def _reads_ratings(actor: Actor, access: CaseAccess) -> bool:
    """Peers and others who had one task in the case read nothing of it but their own answers."""
    rates: EmployeeId | None = access.rater_id
    return rates in actor.effective_persons() or actor.holds(UnitFunction.HR, access.unit_id)
