"""The ids of what one agency of a test has, and the days and words in its rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from engine.domain.people import AgencyId, EmployeeId
from engine.domain.process import InstanceId

NOW = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
START, END = date(2026, 1, 1), date(2026, 12, 31)
NIP = "19800101200501100{}"
SECRET = "Alasan yang sangat pribadi"
RATED = {"result_rating": "above", "behaviour_rating": "above", "predicate": "very_good"}
STATE = b"state that names " + SECRET.encode()


@dataclass(frozen=True)
class Ids:
    """The ids of everything that `populate` makes for one agency."""

    agency: AgencyId

    def __getattr__(self, noun: str) -> str:
        return f"{self.agency}-{noun}"

    @property
    def head(self) -> EmployeeId:
        """Who heads the unit and rates the subject."""
        return EmployeeId(f"{self.agency}-head")

    @property
    def subject(self) -> EmployeeId:
        """Whose case it is."""
        return EmployeeId(f"{self.agency}-subject")

    @property
    def case(self) -> InstanceId:
        """The instance."""
        return InstanceId(f"{self.agency}-case")
