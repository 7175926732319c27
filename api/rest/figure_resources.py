"""Measured figures for programs: complaints, attendance and training of another system."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from api.deps import TheActor, TheHouse, TheVisitor, Visitor
from api.house import House
from api.rest.resources import ONCE, Body, changing_problems, resource_router
from engine.commands.measured_figures import Recorded, record_figures
from engine.domain.measured import FigureKind, Leave
from engine.domain.people import Actor

router = resource_router()
MAX_ROWS = 5_000
# As they are written in a sheet.
YES, NO = "ya", "tidak"
Nip = Annotated[str, Field(max_length=40, examples=["198609262015051001"])]
Text = Annotated[str, Field(max_length=500)]
Days = Annotated[int, Field(ge=0, le=31, examples=[20])]


class ComplaintRow(Body):
    """One complaint; without `closed` it is still open. `unit` by its name."""

    received: date = Field(examples=["2026-02-03"])
    unit: Text = Field(examples=["Bidang Perizinan"])
    category: Text = Field(examples=["lambat"])
    closed: date | None = Field(None, examples=["2026-02-05"])
    right_first: bool = Field(False, examples=[True])
    nip: Nip | None = None

    def cells(self) -> Mapping[str, object]:
        """The row as a sheet has it."""
        given = self.model_dump(exclude_none=True)
        return {**given, "right_first": YES if self.right_first else NO}


class AttendanceRow(Body):
    """One month of a person in days; leave lies inside the days of duty."""

    nip: Nip
    month: str = Field(pattern=r"^\d{4}-\d{2}$", examples=["2026-02"])
    duty: Days
    present: Days
    on_call: Days = 0
    leave: dict[Leave, Days] = Field(default_factory=dict, examples=[{"sick": 1}])

    def cells(self) -> Mapping[str, object]:
        """The row as a sheet has it."""
        leave = {f"leave_{kind.value}": days for kind, days in self.leave.items()}
        return {**self.model_dump(exclude={"leave"}), **leave}


class TrainingRow(Body):
    """One certificate; 0 hours take it back."""

    nip: Nip
    course: Text = Field(examples=["Komunikasi pelayanan"])
    provider: Text = Field(examples=["BKPSDM"])
    hours: Decimal = Field(ge=0, le=1000, examples=[20])
    on: date = Field(examples=["2026-02-13"])
    certificate: Text = Field(examples=["S-12/2026"])

    def cells(self) -> Mapping[str, object]:
        """The row as a sheet has it."""
        return self.model_dump()


class ComplaintRows(Body):
    """Whole months of units: they replace what was known of the same unit and month."""

    rows: list[ComplaintRow] = Field(min_length=1, max_length=MAX_ROWS)


class AttendanceRows(Body):
    """Months of people: they replace what was known of the same person and month."""

    rows: list[AttendanceRow] = Field(min_length=1, max_length=MAX_ROWS)


class TrainingRows(Body):
    """Certificates: one that is known already is replaced."""

    rows: list[TrainingRow] = Field(min_length=1, max_length=MAX_ROWS)


class FiguresStored(BaseModel):
    """What is new, what holds no longer, and the repairs of services that complaints opened."""

    stored: int = Field(examples=[120])
    replaced: int = Field(examples=[0])
    repairs_opened: int = Field(examples=[1])


@router.post("/figures/complaints", dependencies=ONCE, responses=changing_problems())
def post_complaints(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, given: ComplaintRows
) -> FiguresStored:
    """Bring in complaints; one bad row, and nothing is stored."""
    return _stored(house, visitor, actor, FigureKind.COMPLAINTS, given.rows)


@router.post("/figures/attendance", dependencies=ONCE, responses=changing_problems())
def post_attendance(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, given: AttendanceRows
) -> FiguresStored:
    """Bring in attendance; one bad row, and nothing is stored."""
    return _stored(house, visitor, actor, FigureKind.ATTENDANCE, given.rows)


@router.post("/figures/training", dependencies=ONCE, responses=changing_problems())
def post_training(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, given: TrainingRows
) -> FiguresStored:
    """Bring in training; one bad row, and nothing is stored."""
    return _stored(house, visitor, actor, FigureKind.TRAINING, given.rows)


def _stored(
    house: House,
    visitor: Visitor,
    actor: Actor,
    kind: FigureKind,
    rows: Sequence[ComplaintRow | AttendanceRow | TrainingRow],
) -> FiguresStored:
    cells = [row.cells() for row in rows]
    done: Recorded = record_figures(house.desk, actor, kind=kind, rows=cells, now=visitor.now)
    return FiguresStored(stored=done.stored, replaced=done.replaced, repairs_opened=done.opened)
