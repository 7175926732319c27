"""What operations may ask about a case, read in the command's own transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine.domain.appraisal import Predicate
from engine.domain.people import EmployeeId
from engine.domain.settings import SystemSettings
from engine.operations.registry import Candidate, CandidateKind
from engine.store import appraisals, people, staffing, submissions
from engine.store.database import Transaction
from engine.store.instances import InstanceRow
from engine.store.staffing import Superior


@dataclass(frozen=True)
class CaseFacts:
    """Facts of one case on one day."""

    tx: Transaction
    instance: InstanceRow
    settings: SystemSettings
    now: datetime
    on: date

    @property
    def subject_id(self) -> EmployeeId:
        """The appraised person."""
        return self.instance.subject_id

    def authorities(self) -> tuple[Candidate, ...]:
        """From the rater's superior upwards, ending at the office of last resort.

        The rater himself is the first superior and never among them.
        Source: PP 30/2019 art. 59.
        """
        above = [superior for superior in self._superiors() if superior.level >= 2]
        found = [
            Candidate(superior.employee_id, _kind(superior, self.settings.final_authority))
            for superior in _up_to_office(above, self.settings.final_authority)
            if superior.employee_id is not None
        ]
        return (*found, *self._final(found))

    def _superiors(self) -> tuple[Superior, ...]:
        post = staffing.assignment_on(self.tx, self.subject_id, self.on)
        return staffing.superiors(self.tx, post.position_id, self.on) if post else ()

    def _final(self, found: list[Candidate]) -> tuple[Candidate, ...]:
        office = self.settings.final_authority
        holder = staffing.office_holder(self.tx, office, self.on) if office else None
        if holder is None or any(candidate.employee_id == holder for candidate in found):
            return ()
        return (Candidate(holder, CandidateKind.FINAL_AUTHORITY),)

    def participants(self) -> frozenset[EmployeeId]:
        """Everybody who took part in the case, also those in whose name somebody did."""
        return participants(self.tx, self.instance.id)

    def employee_by_nip(self, nip: str) -> EmployeeId | None:
        """The person with this NIP (18 digits)."""
        found = people.employee_by_nip(self.tx, nip)
        return found.id if found else None

    def unit_predicates(self) -> Mapping[Predicate, int]:
        """Predicates of the unit in this cycle so far."""
        counts = appraisals.count_predicates(
            self.tx, cycle_id=self.instance.cycle_id, unit_id=self.instance.unit_id
        )
        return {Predicate(code): count for code, count in counts.items()}


def participants(tx: Transaction, instance_id: str) -> frozenset[EmployeeId]:
    """Who rated, mediated, explained, moderated, advised or took over in a case."""
    return frozenset(
        person
        for part in submissions.participations(tx, instance_id)
        for person in (part.employee_id, part.on_behalf_of)
        if person
    )


def _up_to_office(superiors: list[Superior], office: str | None) -> list[Superior]:
    """Nobody above the office of last resort decides."""
    for place, superior in enumerate(superiors):
        if office and superior.office_code == office:
            return superiors[: place + 1]
    return superiors


def _kind(superior: Superior, office: str | None) -> CandidateKind:
    if office and superior.office_code == office:
        return CandidateKind.FINAL_AUTHORITY
    return CandidateKind.RATER_SUPERIOR if superior.level == 2 else CandidateKind.NEXT_SUPERIOR
