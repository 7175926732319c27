"""An appraisal system is checked, played and deployed, or refused whole with every finding."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Self, cast

from engine.bpmn.deploy import check
from engine.bpmn.environment import OperationResult
from engine.bpmn.playing import PlayOrder
from engine.bpmn.simulate import BEGIN
from engine.commands.definitions import load_definition
from engine.commands.desk import Desk
from engine.commands.permissions import demand, refusals_audited
from engine.commands.retained import ORGANISATION_ACHIEVEMENT
from engine.domain.access import AgencyAccess, Verb
from engine.domain.actions import Action
from engine.domain.appraisal import OrganisationAchievement, Predicate
from engine.domain.audit import AuditEvent
from engine.domain.bundle import Bundle
from engine.domain.citizen_survey import ELEMENTS, FLOOR, OF_PERSON, Element, Tally
from engine.domain.fairness import Limits, RaterFigures
from engine.domain.local_score import Scoring
from engine.domain.measured import FigureKind
from engine.domain.people import Actor, EmployeeId
from engine.domain.process import DefinitionId, OperationCall
from engine.domain.scoring import HUNDRED
from engine.domain.settings import SystemSettings
from engine.errors import Finding, InvalidDefinition
from engine.library import read_bundle, read_settings
from engine.operations import OPERATIONS
from engine.operations.records import KEEP
from engine.operations.registry import (
    Candidate,
    CandidateKind,
    EarlierYears,
    Logged,
    Measured,
    Peer,
    Record,
)
from engine.store import audit, definitions
from engine.store.states import DefinitionStatus

PLAYS = 200
NAMED = EmployeeId("named")
SUPERIORS = (
    Candidate(EmployeeId("rater_superior"), CandidateKind.RATER_SUPERIOR),
    Candidate(EmployeeId("secretary"), CandidateKind.FINAL_AUTHORITY),
)
SOME_DAY = date(2026, 3, 2)
_COMPLAINT = {"category": "lambat", "closed": "2026-03-05", "right_first": True}
_ATTENDANCE = {"duty": Decimal(21), "present": Decimal(19), "on_call": Decimal(0)}
_TRAINING = {"course": "Pelatihan", "provider": "BKPSDM", "hours": Decimal(20)}
PLAYED: Mapping[FigureKind, Measured] = {
    FigureKind.COMPLAINTS: Measured(SOME_DAY, NAMED, _COMPLAINT),
    FigureKind.ATTENDANCE: Measured(SOME_DAY, NAMED, _ATTENDANCE),
    FigureKind.TRAINING: Measured(SOME_DAY, NAMED, _TRAINING),
}


@dataclass(frozen=True)
class PlayedFacts:
    """The people and figures that operations meet in a play."""

    candidates: tuple[Candidate, ...]
    took_part: frozenset[EmployeeId]
    scoring: Scoring | None
    survey: Tally | None = None
    kept: tuple[OperationCall, ...] = ()

    @property
    def subject_id(self) -> EmployeeId:
        """The appraised person."""
        return EmployeeId("subject")

    def authorities(self) -> tuple[Candidate, ...]:
        """Those who may decide, perhaps nobody."""
        return self.candidates

    def participants(self) -> frozenset[EmployeeId]:
        """Those who cannot decide any more."""
        return self.took_part

    def handed_in(self, _element_id: str) -> frozenset[EmployeeId]:
        """Nobody names himself."""
        return frozenset()

    def employee_by_nip(self, _nip: str) -> EmployeeId | None:
        """Everybody is found."""
        return NAMED

    def unit_predicates(self) -> Mapping[Predicate, int]:
        """A unit without results so far."""
        return {}

    def records(self, kind: str) -> tuple[Record, ...]:
        """What earlier plays kept about the person, or some of it."""
        return _records(self.kept, kind, about_rater=False)

    def rater_records(self, kind: str, _within: str) -> tuple[Record, ...]:
        """What earlier plays kept about the rater, however long ago."""
        return _records(self.kept, kind, about_rater=True)

    def earlier_answers(self, _element_id: str) -> None:
        """A person who was never appraised."""

    def earlier_years(self) -> EarlierYears:
        """Two low years and a plan that was not met, or a first year."""
        return EarlierYears(2 if self.took_part else 0, bool(self.took_part))

    def noted_rows(self, _element_id: str, _field: str) -> tuple[Mapping[str, object], ...]:
        """Nothing was noted: what a form opens with changes no path."""
        return ()

    def peers(self, nips: Sequence[str]) -> tuple[Peer | None, ...]:
        """Each is another colleague, perhaps none of them may be asked."""
        named = (Peer(EmployeeId(f"peer-{n}"), f"Rekan {n}") for n, _ in enumerate(nips))
        return tuple(named) if self.candidates else (None,) * len(nips)

    def ratings_in_confidence(
        self, _element_id: str, _questions: Sequence[str], *, at_least: int, floor: int
    ) -> tuple[tuple[Decimal, ...], ...]:
        """Enough colleagues, or too few."""
        return ((Decimal(at_least),) * floor,) if self.took_part else ()

    def suggested_peers(self) -> list[dict[str, object]]:
        """Nobody: whom the system suggests changes no path."""
        return []

    def is_mutual(self, _element_id: str, _questions: Sequence[str], _border: Decimal) -> bool:
        """Nobody was rated by whom he rated."""
        return False

    @property
    def limits(self) -> Limits:
        """The usual ones."""
        return Limits()

    def rater_patterns(self, _data: Mapping[str, object]) -> RaterFigures | None:
        """A rater of too few people, or one whose people are all rated alike."""
        alike = RaterFigures(FLOOR, Decimal(3), Decimal(3), Decimal(0), HUNDRED, HUNDRED)
        return alike if self.took_part else None

    def is_rater_related(self) -> bool:
        """Nobody declared a conflict to HR."""
        return False

    @property
    def person_elements(self) -> tuple[Element, ...]:
        """Which elements count changes no path."""
        return OF_PERSON

    def unit_survey(self) -> Tally | None:
        """What citizens answered, perhaps nothing."""
        return self.survey

    def logged(self) -> Logged:
        """A log of which more was verified than planned, or none."""
        return Logged(20, 21) if self.took_part else Logged(0, 0)

    @property
    def today(self) -> date:
        """A day like any other."""
        return SOME_DAY

    def measured(
        self, kind: FigureKind, *, of_unit: bool = False, since: date | None = None
    ) -> tuple[Measured, ...]:
        """A figure of each kind, or none."""
        return (PLAYED[kind],) if self.took_part and (of_unit or since is None) else ()


def _records(
    kept: tuple[OperationCall, ...], kind: str, *, about_rater: bool
) -> tuple[Record, ...]:
    """Records as `keep_record` asked for them."""
    found = (effect.params for effect in kept)
    return tuple(
        Record(str(params["period"]), BEGIN, cast("Mapping[str, object]", params["figures"]))
        for params in found
        if params["kind"] == kind and params["about"] is about_rater
    )


@dataclass(frozen=True)
class PlayedOperations:
    """The registered operations themselves, on made-up people and what earlier plays kept."""

    scoring: Scoring | None = None
    seed: int = 1
    kept: tuple[OperationCall, ...] = ()

    def among(self, left: tuple[OperationCall, ...]) -> Self:
        """The same on people about whom plays have kept something."""
        return replace(self, kept=tuple(effect for effect in left if effect.operation == KEEP))

    def __call__(
        self, operation: str, params: Mapping[str, object], data: Mapping[str, object]
    ) -> OperationResult:
        """What the operation gives; who may decide differs from play to play."""
        rng = random.Random(f"{self.seed} {operation} {params} {data}")  # noqa: S311 - a play
        candidates = rng.choice([(), SUPERIORS[:1], SUPERIORS])
        took_part = rng.choice([frozenset[EmployeeId](), frozenset({NAMED})])
        kept = tuple(rng.sample(self.kept, rng.randint(0, len(self.kept))))
        facts = PlayedFacts(candidates, took_part, self.scoring, _answered(rng), kept)
        return OPERATIONS[operation].run(params, data, facts)


def _answered(rng: random.Random) -> Tally | None:
    """No survey, one that too few answered, or an index from 25 to 100."""
    responses = rng.choice([None, 4, 5, 80])
    if responses is None:
        return None
    return Tally(responses, {e: rng.randint(responses, 4 * responses) for e in ELEMENTS})


def check_system(library: Path, system: str, *, plays: int = PLAYS) -> tuple[Finding, ...]:
    """All findings about a system below `library`; `plays` 0 checks without playing it."""
    try:
        return _check_bundle(read_bundle(library, system), plays)
    except InvalidDefinition as refused:
        return refused.findings


def deploy_system(
    desk: Desk,
    actor: Actor,
    *,
    system: str,
    now: datetime,
    checked: Callable[[tuple[Finding, ...]], None] | None = None,
    plays: int = PLAYS,
) -> DefinitionId:
    """Make the files of the library the version that new cycles use; the same files change nothing.

    `checked` is told the warnings. Raises Forbidden, or InvalidDefinition with every finding.
    """
    with refusals_audited(desk, actor, Verb.DEPLOY_SYSTEM, target=system, now=now):
        demand(actor, Verb.DEPLOY_SYSTEM, AgencyAccess(actor.agency_id))
    bundle = read_bundle(desk.library, system)
    if _is_active(desk, actor, bundle):
        return bundle.definition_id
    warnings = _check_bundle(bundle, plays)
    load_definition(bundle)
    if checked:
        checked(warnings)
    _deploy(desk, actor, bundle, now)
    return bundle.definition_id


def _check_bundle(bundle: Bundle, plays: int) -> tuple[Finding, ...]:
    settings = read_settings(bundle)
    # The appraisal last: it meets what the processes beside it keep.
    played = reversed(settings.processes) if plays else ()
    orders = [_order(bundle, settings, process, plays) for process in played]
    operations = {key: operation.params for key, operation in OPERATIONS.items()}
    return check(bundle, settings, operations=operations, orders=orders).warnings


def _order(bundle: Bundle, settings: SystemSettings, process: str, plays: int) -> PlayOrder:
    levels = tuple({"level": level.value} for level in OrganisationAchievement)
    return PlayOrder(
        bundle,
        process,
        plays=plays,
        deadlines={key: deadline.days for key, deadline in settings.deadlines.items()},
        limits=settings.limits,
        operations=PlayedOperations(settings.scoring),
        messages={ORGANISATION_ACHIEVEMENT: levels},
    )


def _is_active(desk: Desk, actor: Actor, bundle: Bundle) -> bool:
    with desk.store.reading(actor.agency_id) as tx:
        found = definitions.find(tx, bundle.definition_id)
    return found is not None and found.status == DefinitionStatus.ACTIVE


def _deploy(desk: Desk, actor: Actor, bundle: Bundle, now: datetime) -> None:
    with desk.store.transaction(actor.agency_id) as tx:
        row = definitions.deploy(tx, bundle, deployed_by=actor.employee_id, now=now)
        event = AuditEvent(
            Action.DEFINITION_DEPLOYED,
            now,
            actor.employee_id,
            definition=row.id,
            values={"system": bundle.system, "number": row.number, "files": len(bundle.files)},
        )
        audit.append_to_chain(tx, audit.object_chain("system", bundle.system), [event])
