"""Settings of one appraisal system as HR wrote them in `system.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from engine.domain.beside import Beside
from engine.domain.citizen_survey import OF_PERSON, Element
from engine.domain.code_words import CodeWords
from engine.domain.daily_log import LogRules
from engine.domain.fairness_settings import Fairness
from engine.domain.follow_ups import FollowUpKind
from engine.domain.local_score import Scoring
from engine.domain.measured import Threshold
from engine.domain.monthly_recap import RecapSettings
from engine.domain.people import UnitFunction
from engine.domain.place_words import USUAL, PlaceWord, Titles


class RoleKind(StrEnum):
    """How the holder of a role is found for one case."""

    SUBJECT = "subject"
    RELATION = "relation"
    HEAD_OF_UNIT = "head_of_unit"
    UNIT_FUNCTION = "unit_function"
    OFFICE = "office"
    NOMINATED = "nominated"


# Who holds a role of these kinds answers as an official, by name.
OFFICIAL = frozenset(
    {RoleKind.RELATION, RoleKind.HEAD_OF_UNIT, RoleKind.OFFICE, RoleKind.NOMINATED}
)


class Relation(StrEnum):
    """Relations of others to the appraised person."""

    RATER = "rater"
    RATER_SUPERIOR = "rater_superior"
    ABOVE_RATER = "above_rater"
    PEER = "peer"
    SUBORDINATE = "subordinate"
    ANYONE = "anyone"


# Several people stand so to one person: they may open a process, and no lane is theirs.
OF_MANY = frozenset({Relation.PEER, Relation.SUBORDINATE, Relation.ANYONE})


class Counting(StrEnum):
    """How the days of a deadline are counted."""

    CALENDAR = "calendar"
    WORKING = "working"


@dataclass(frozen=True)
class Role:
    """One role of a system; `argument` is the relation, office code or data path its kind needs."""

    key: str
    kind: RoleKind
    title: Mapping[str, str]
    relation: Relation | None = None
    function: UnitFunction | None = None
    office: str | None = None
    path: str | None = None


@dataclass(frozen=True)
class DeadlineSetting:
    """A named deadline in days after its anchor."""

    key: str
    days: int
    counting: Counting


@dataclass(frozen=True)
class Stage:
    """One line of the step list people see; `elements` are diagram element ids."""

    key: str
    title: Mapping[str, str]
    elements: tuple[str, ...]


@dataclass(frozen=True)
class SystemSettings:
    """All settings of one system.

    `beside` are the processes that may run beside the appraisal, by id; `limits` are the numbers
    that diagrams name;
    paths point into the process data; `hearing` names the activities in which an appeal is open;
    `legal_basis` are the regulations that a result sheet names; `scoring` is None for a system
    without local score;
    `person_elements` of the citizen survey count for a person, while all nine count for a unit;
    `complaints` says when they come too often, None where nothing follows from them;
    `fairness` says from where on a pattern is one;
    `daily_log` are the limits of the log that its people keep, None where they keep none;
    `follow_ups` are the kinds of what follows a result, by key; `recap` is what payroll is told
    each month, None for a system that tells it nothing;
    `names_en` are English names of elements and of answers, by id of element or flow, and of lanes
    that are nobody's, by name; `codes` are the words for codes of tables and records,
    `words` those that differ from place to place.
    """

    key: str
    title: Mapping[str, str]
    main_process: str
    deadlines: Mapping[str, DeadlineSetting]
    roles: Mapping[str, Role]
    lanes: Mapping[str, tuple[str, ...]]
    beside: Mapping[str, Beside] = field(default_factory=dict)
    limits: Mapping[str, Decimal] = field(default_factory=dict)
    needs_plan: bool = False
    needs_rater: bool = False
    stages: tuple[Stage, ...] = ()
    final_authority: str | None = None
    appeal_may_lower: bool = False
    result_path: str = "result"
    predicate_path: str = "official_predicate.predicate"
    delivery_path: str = "delivery"
    hearing: frozenset[str] = frozenset()
    legal_basis: tuple[str, ...] = ()
    scoring: Scoring | None = None
    score_path: str = "score.local"
    person_elements: tuple[Element, ...] = OF_PERSON
    complaints: Threshold | None = None
    fairness: Fairness = field(default_factory=Fairness)
    daily_log: LogRules | None = None
    follow_ups: Mapping[str, FollowUpKind] = field(default_factory=dict)
    recap: RecapSettings | None = None
    names_en: Mapping[str, str] = field(default_factory=dict)
    codes: CodeWords = field(default_factory=CodeWords)
    words: Mapping[PlaceWord, Titles] = field(default_factory=lambda: USUAL)
    other: Mapping[str, object] = field(default_factory=dict)

    @property
    def processes(self) -> tuple[str, ...]:
        """Ids of all processes that start a case: the appraisal first."""
        return (self.main_process, *self.beside)

    def title_of(self, process_id: str) -> Mapping[str, str]:
        """What a case of this process is called: as the system, or as what runs beside it."""
        found = self.beside.get(process_id)
        return found.title if found else self.title

    def stages_of(self, process_id: str) -> tuple[Stage, ...]:
        """The step list of a case of this process; only the appraisal has one."""
        return self.stages if process_id == self.main_process else ()

    def names_in(self, language: str) -> Mapping[str, str]:
        """Names that differ from those in the diagrams, which are Indonesian."""
        return self.names_en if language == "en" else {}

    def lanes_in(self, language: str) -> Mapping[str, str]:
        """Names of the lanes that differ from those in the diagrams: those of their roles."""
        if language == "id":
            return {}
        named = {
            key: [role.title.get(language, key) for role in self.roles_of_lane(key)]
            for key in self.lanes
        }
        return {
            key: ", ".join(titles) or self.names_in(language).get(key, key)
            for key, titles in named.items()
        }

    def roles_of_lane(self, lane: str) -> tuple[Role, ...]:
        """The roles that may work in a lane; empty when the lane is not mapped."""
        return tuple(self.roles[key] for key in self.lanes.get(lane, ()))
