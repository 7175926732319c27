"""Small processes that run beside an appraisal: a note, an idea, a request for support."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.domain.people import UnitFunction

# Of the appraisal itself: it runs beside nothing.
MAIN = ""


class Opening(StrEnum):
    """What sets such a process going: a person with a reason, each month, or many complaints.

    What complaints open a person may open, too.
    """

    ANYTIME = "anytime"
    MONTH = "month"
    COMPLAINTS = "complaints"


class Once(StrEnum):
    """How often at most it may be opened for one person."""

    MONTH = "month"
    CYCLE = "cycle"


@dataclass(frozen=True)
class Shown:
    """What everybody of the agency sees of a finished process, with the consent of its person.

    Paths are `step.field` of its forms: `when` and `consent` must both be true, and nothing but
    `fields` is shown.
    """

    title: Mapping[str, str]
    when: str
    consent: str
    fields: tuple[str, ...]

    @property
    def steps(self) -> frozenset[str]:
        """The steps whose answers it is made of."""
        paths = (self.when, self.consent, *self.fields)
        return frozenset(path.partition(".")[0] for path in paths)


@dataclass(frozen=True)
class Beside:
    """A process that may run beside the appraisal, and who may open it for whom.

    `by` are keys of roles, found for the appraised person; `confidential` is seen by that person
    and by who works in it, and by nobody else; `readers` may read it once it is over, besides
    those who read every case. One with `before_appraisal` may also be
    opened as long as the cycle is open and the appraisal was not started. One `of_head` is about
    a unit, and opened about the person who heads it. `shown` is what others see of it, if anything.
    """

    process_id: str
    title: Mapping[str, str]
    by: tuple[str, ...]
    start: Opening
    confidential: bool
    once: Once | None
    before_appraisal: bool = False
    of_head: bool = False
    readers: frozenset[UnitFunction] = frozenset()
    shown: Shown | None = None

    def turn(self, day: date, unlike: str) -> str:
        """Which of its runs for one person one opened on `day` is; two alike cannot be.

        `unlike` tells runs apart of which there may be any number.
        """
        match self.once:
            case Once.MONTH:
                return f"{day:%Y-%m}"
            case Once.CYCLE:
                return Once.CYCLE.value
            case None:
                return unlike
