"""What the authors of a system's diagrams and tables called their parts, for people to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Choice:
    """One way out of a gateway: the question that the gateway asks and this way's answer."""

    gateway: str
    question: str
    answer: str = ""


@dataclass(frozen=True)
class Drawing:
    """Names of elements by id, ways out of gateways by flow id, columns of tables by key.

    The key of an output is `<table>.<name>`.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Choice] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)

    def renamed(self, names: Mapping[str, str]) -> "Drawing":
        """The same drawing in another language, as far as `names` by id go."""
        choices = {
            flow: Choice(
                way.gateway,
                names.get(way.gateway, way.question),
                names.get(flow, way.answer),
            )
            for flow, way in self.choices.items()
        }
        columns = {key: names.get(key, label) for key, label in self.columns.items()}
        return replace(self, names={**self.names, **names}, choices=choices, columns=columns)
