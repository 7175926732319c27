"""What was recognised beside appraisals: everybody sees it while its person agrees."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.commands.answers import decoded
from engine.commands.definitions import LoadedDefinition
from engine.commands.desk import Desk
from engine.commands.permissions import case_access, demand, refusals_audited
from engine.commands.trail import Scribe
from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.beside import Shown
from engine.domain.people import Actor
from engine.domain.process import InstanceId
from engine.errors import NotFound
from engine.queries.people import AnyRow, Person, agency_day, people
from engine.queries.shown_cases import answers_of, finished, is_ended
from engine.rules.forms import Form
from engine.store import audit, cycles, instances
from engine.store.database import Transaction
from engine.store.sealing import Sealed, SealingKey, open_committed

# Finished cases that are looked at for one page; those without consent among them are left out.
PAGE = 20
Values = Mapping[str, object]


@dataclass(frozen=True)
class Recognised:
    """One of them: who, since when, and the answers that may be shown, by the form that asked."""

    instance_id: InstanceId
    title: Mapping[str, str]
    person: Person
    at: datetime
    answers: tuple[tuple[Form, Values], ...]


@dataclass(frozen=True)
class RecognisedPage:
    """Some of them, the newest first; `after` is where older ones begin, empty at the end."""

    titles: tuple[Mapping[str, str], ...]
    rows: tuple[Recognised, ...]
    after: str = ""


def recognised(
    desk: Desk, actor: Actor, *, before: str = "", size: int = PAGE, now: datetime
) -> RecognisedPage:
    """A page for anybody of the agency; `before` is `after` of the page before.

    At most `size` finished cases are opened for it.
    """
    with desk.store.reading(actor.agency_id) as tx:
        shown = _shown_here(desk, tx)
        cases = finished(tx, shown, before=before, limit=size + 1) if shown else ()
        page = cases[:size]
        answers = answers_of(tx, [case.id for case in page])
        persons = people(tx, [case.subject_id for case in page], agency_day(tx, now))
        rows = tuple(
            found
            for case in page
            for found in _recognised(desk, tx, case, answers.get(case.id, ()), persons)
        )
    after = page[-1].id if len(cases) > size else ""
    return RecognisedPage(tuple(found.title for found in shown.values()), rows, after)


def recognised_titles(desk: Desk, tx: Transaction) -> tuple[Mapping[str, str], ...]:
    """What such things are called here; empty where no system shows any."""
    return tuple(found.title for found in _shown_here(desk, tx).values())


def end_showing(desk: Desk, actor: Actor, *, instance_id: str, now: datetime) -> None:
    """The person takes the consent back for good; nobody sees it from now on.

    Doing it again changes nothing. Raises NotFound, also where nothing would ever be shown, or
    Forbidden for anybody else.
    """
    with (
        refusals_audited(desk, actor, Verb.END_SHOWING, target=instance_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        row = instances.load(tx, instance_id).row
        demand(actor, Verb.END_SHOWING, case_access(tx, row))
        beside = desk.definitions.get(tx, row.definition_id).settings.beside.get(row.process_id)
        if beside is None or beside.shown is None:
            raise NotFound("case shown to others", instance_id)
        if is_ended(tx, instance_id):
            return
        event = Scribe(row.id, row.definition_id, now, actor.employee_id).event(
            Action.SHOWING_ENDED
        )
        instances.save_head(tx, row.chain, audit.append(tx, row.chain, [event]))


def _shown_here(desk: Desk, tx: Transaction) -> Mapping[str, Shown]:
    """What the systems of the cycles show, by process; the newest cycle wins."""
    found: dict[str, Shown] = {}
    for definition_id in dict.fromkeys(cycle.definition_id for cycle in cycles.every(tx)):
        definition = desk.definitions.find(tx, definition_id)
        for beside in definition.settings.beside.values() if definition else ():
            if beside.shown:
                found.setdefault(beside.process_id, beside.shown)
    return found


def _recognised(
    desk: Desk,
    tx: Transaction,
    case: AnyRow,
    sent: Iterable[AnyRow],
    persons: Mapping[str, Person],
) -> Iterator[Recognised]:
    """The case as others see it; nothing without consent, by the settings it was begun under."""
    definition = desk.definitions.find(tx, case.definition_id)
    beside = definition.settings.beside.get(case.process_id) if definition else None
    if definition is None or beside is None or beside.shown is None:
        return
    shown = beside.shown
    values = _opened(case, [row for row in sent if row.element_id in shown.steps])
    if _value(values, shown.when) is True and _value(values, shown.consent) is True:
        answers = tuple(_answers(definition, shown, values))
        person = persons[case.subject_id]
        yield Recognised(InstanceId(case.id), shown.title, person, case.ended_at, answers)


def _opened(case: AnyRow, sent: Iterable[AnyRow]) -> Mapping[str, Values]:
    """The answers by step; of a step that was done again the last."""
    key = SealingKey(case.key_id, case.employee_id, case.period, case.key, case.created_at)
    return {
        row.element_id: decoded(open_committed(key, Sealed(row.payload, row.commitment)))
        for row in sent
    }


def _value(values: Mapping[str, Values], path: str) -> object:
    step, _, name = path.partition(".")
    return values.get(step, {}).get(name)


def _answers(
    definition: LoadedDefinition, shown: Shown, values: Mapping[str, Values]
) -> Iterator[tuple[Form, Values]]:
    """The answers named in the settings, and no other, step by step."""
    paths = [path.partition(".") for path in shown.fields]
    for step in dict.fromkeys(step for step, _, _ in paths):
        form = definition.form_of(definition.properties_of(step))
        if form and step in values:
            names = {name for of_step, _, name in paths if of_step == step}
            yield form, {key: value for key, value in values[step].items() if key in names}
