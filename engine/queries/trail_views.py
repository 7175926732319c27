"""What the trail of one case shows, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.domain.code_words import Titles
from engine.domain.drawing import Choice
from engine.domain.process import InstanceId
from engine.queries.people import Person


@dataclass(frozen=True)
class TrailRow:
    """One audit event, readable; `values` are its numbers, codes and ids, `seal` its hash.

    `people` names the persons whose ids stand in `values`, by key; `choice` is the way taken at a
    gateway; `columns` are the labels of a rule table's columns, `codes` the words for its codes or
    for the kind that an event is about.
    """

    number: int
    action: str
    at: datetime
    actor: Person | None
    seal: str
    role: Mapping[str, str] = field(default_factory=dict)
    element_id: str = ""
    element_name: str = ""
    choice: Choice | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Titles] = field(default_factory=dict)
    on_behalf_of: Person | None = None
    definition_id: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)


@dataclass(frozen=True)
class Trail:
    """The events of one case in order; `actions` are the kinds that occur in it."""

    instance_id: InstanceId
    subject: Person
    period: str
    rows: tuple[TrailRow, ...]
    actions: tuple[str, ...]
    total: int
