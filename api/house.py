"""What one server process works with, and what pages call the parts of a definition."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from api.i18n import DEFAULT_LANGUAGE, Words
from api.settings import Settings
from engine.commands.desk import Desk
from engine.domain.drawing import Drawing
from engine.domain.flowchart import Flowcharts
from engine.domain.follow_ups import FollowUpKind
from engine.domain.people import Actor
from engine.domain.process import DefinitionId
from engine.domain.settings import SystemSettings
from engine.queries.inbox_choices import TasksOf
from engine.queries.inbox_order import OpenTo
from engine.queries.separations import open_among
from engine.queries.steps import DrawingOf, NameOf
from engine.store import definitions
from engine.store.database import Transaction


@dataclass(frozen=True)
class House:
    """What one server process works with.

    Lists of many cases only name the parts of a definition: a damaged one stops none of them.
    """

    desk: Desk
    settings: Settings
    words: Mapping[str, Words]
    clock: Callable[[], datetime]

    def settings_of(self, tx: Transaction, definition_id: DefinitionId) -> SystemSettings:
        """The settings of a deployed definition."""
        return self.desk.definitions.get(tx, definition_id).settings

    def systems(self, tx: Transaction, language: str) -> Mapping[str, str]:
        """The published systems by key, as they are called in a language."""
        found = {}
        for key in definitions.published(tx):
            active = definitions.active(tx, key)
            definition = self.desk.definitions.find(tx, active.id) if active else None
            titles = definition.settings.title if definition else {}
            found[key] = titles.get(language) or titles.get(DEFAULT_LANGUAGE) or key
        return found

    def charts_of(
        self, tx: Transaction, definition_id: DefinitionId
    ) -> tuple[SystemSettings, Flowcharts]:
        """The settings of a deployed definition and its processes as drawn."""
        definition = self.desk.definitions.get(tx, definition_id)
        return definition.settings, definition.flowcharts

    def properties_of(
        self, tx: Transaction, definition_id: DefinitionId, element_id: str
    ) -> Mapping[str, str]:
        """The properties of a step of a deployed definition; none where it is damaged."""
        definition = self.desk.definitions.find(tx, definition_id)
        return definition.properties_of(element_id) if definition else {}

    def kinds_of(self, tx: Transaction, definition_id: DefinitionId) -> Mapping[str, FollowUpKind]:
        """The kinds of follow-ups of a deployed definition; none where it is damaged."""
        definition = self.desk.definitions.find(tx, definition_id)
        return definition.settings.follow_ups if definition else {}

    def open_to(self, actor: Actor) -> OpenTo:
        """Tells which of the work addressed to the actor the separation of duties leaves him."""
        return partial(open_among, actor=actor, properties_of=self.properties_of)

    def drawing_of(self, language: str) -> DrawingOf:
        """Tells what the parts of a deployed definition are called in a language."""

        def found(tx: Transaction, definition_id: DefinitionId) -> Drawing:
            definition = self.desk.definitions.find(tx, definition_id)
            if definition is None:
                return Drawing()
            return definition.drawing.renamed(definition.settings.names_in(language))

        return found

    def tasks_of(self, language: str) -> TasksOf:
        """Tells what the user tasks of a deployed definition are called in a language."""

        def found(tx: Transaction, definition_id: DefinitionId) -> Mapping[str, str]:
            definition = self.desk.definitions.find(tx, definition_id)
            if definition is None:
                return {}
            names = {**definition.drawing.names, **definition.settings.names_in(language)}
            return {key: names[key] for key in definition.properties if key in names}

        return found

    def name_of(self, language: str) -> NameOf:
        """Tells what a step is called in a language; without a word for it, as it was drawn."""

        def found(tx: Transaction, definition_id: DefinitionId, element: str, drawn: str) -> str:
            if language == DEFAULT_LANGUAGE:
                return drawn
            definition = self.desk.definitions.find(tx, definition_id)
            return (
                definition.settings.names_in(language).get(element, drawn) if definition else drawn
            )

        return found
