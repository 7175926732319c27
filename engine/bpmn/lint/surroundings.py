"""What a diagram may refer to: the lanes, forms, tables and names of the system around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.rules.dmn import DecisionTable

# What the start of every case provides under `case`.
CASE_FIELDS: Final = (
    "subject_id", "cycle_id", "cycle_ends", "unit_id", "is_unit_head", "has_subordinates",
    "is_functional", "coefficient", "months", "consecutive_low", "failed_improvement_plan",
    "correlation", "plan",
)  # fmt: skip
# A value of which the fields below are not known before it arrives.
ANY: Final = "*"
AT_START: Final = frozenset(f"case.{name}" for name in CASE_FIELDS)
# And the start of what runs beside an appraisal: the month of its opening with its last day, and
# who opened it.
BESIDE_FIELDS: Final = (
    "subject_id", "cycle_id", "cycle_ends", "unit_id", "correlation", "plan", "period",
    "period_ends", "opened_by", "leader_results", "category", "complaints",
)  # fmt: skip
AT_START_BESIDE: Final = frozenset(f"case.{name}" for name in BESIDE_FIELDS)


# Process, its outcome, and a name that is then known.
Given = tuple[str, str, str]


@dataclass(frozen=True)
class DataFlow:
    """What a process finds when it starts and leaves when it ends, as dotted names.

    `always` is written on every path, `maybe` on at least one; a name ending in `.*` stands for
    every field below it. `given` says what else is written when a process ended with an outcome,
    `outcomes` which outcomes (process, outcome) there are.
    """

    always: frozenset[str]
    maybe: frozenset[str]
    given: frozenset[Given] = frozenset()
    outcomes: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Surroundings:
    """The system around a diagram; built by the library from the folders of the system.

    `lanes` lane name -> role keys; `deadlines` and `limits` names in system.toml; `forms` schema
    file name -> field -> type; `operations` id -> parameter names; `processes` process id -> file;
    `calls` process id -> ids that it calls; `entries` and `leaves` data of processes at start and
    end.
    """

    lanes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    deadlines: frozenset[str] = frozenset()
    limits: frozenset[str] = frozenset()
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ui_files: frozenset[str] | None = None
    tables: Mapping[str, DecisionTable] = field(default_factory=dict)
    operations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    processes: Mapping[str, str] = field(default_factory=dict)
    calls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    entries: Mapping[str, DataFlow] = field(default_factory=dict)
    leaves: Mapping[str, DataFlow] = field(default_factory=dict)
