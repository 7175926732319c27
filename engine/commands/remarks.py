"""What several people wrote in confidence, for who may read the case, once the result is told."""

from dataclasses import dataclass
from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.heard import said
from engine.domain.access import Verb
from engine.domain.confidence import remarks
from engine.domain.people import Actor
from engine.queries.case_heads import case_head
from engine.rules.forms import Kind
from engine.store import results
from engine.store.sealing import get_key

_IN_WORDS = frozenset({Kind.TEXT, Kind.TEXTAREA})


@dataclass(frozen=True)
class Remarks:
    """The texts to one question, by their letters; `step` names the step that asked it."""

    step: str
    question: str
    texts: tuple[str, ...]


def confidential_remarks(
    desk: Desk, actor: Actor, *, instance_id: str, language: str, now: datetime
) -> tuple[Remarks, ...]:
    """The texts of three people or more to each question, from the first delivery on.

    Never a text beside another of the same person, an author or a time. Raises NotFound.
    """
    with desk.store.reading(actor.agency_id) as tx:
        head = case_head(tx, actor, instance_id, verb=Verb.READ_CASE, now=now)
        if not any(row.delivered_at for row in results.of_instance(tx, instance_id)):
            return ()
        definition = desk.definitions.get(tx, head.definition_id)
        names = {**definition.drawing.names, **definition.settings.names_in(language)}
        key = get_key(tx, head.sealing_key_id)
        found = []
        for element, answers in sorted(said(tx, key, instance_id).items()):
            form = definition.form_of(definition.properties_of(element))
            for field in form.fields.values() if form else ():
                texts = remarks(answers, field.name) if field.kind in _IN_WORDS else ()
                if texts:
                    found.append(Remarks(names.get(element, ""), field.label.in_(language), texts))
        return tuple(found)
