"""The error tree, drawn once; every error carries its fields and knows nothing of HTTP.

AlurError
├── NotFound                what was asked for does not exist, or not for this actor
├── Forbidden               the actor may not do this; `reason` is a closed code
├── TooManyAttempts         wrong tries before this one: wait
├── Unavailable             database or files cannot be reached or take no more; `reason` is closed
│   └── SchemaMismatch      the tables are older or newer than the program
├── Conflict
│   ├── StaleVersion        somebody else changed it first
│   ├── WorkItemClosed      done, withdrawn or cancelled already
│   ├── WorkItemTaken       somebody else has claimed it, or prepares it already
│   ├── NotRecallable       the case has moved on since; `reason` is a closed code
│   ├── DeadlinePassed      the time for this step is over
│   ├── KeyReused           same idempotency key, other request
│   ├── OutcomeUnknown      same idempotency key, and no answer to the first request is known
│   ├── Erased              the text was erased by destroying its key
│   ├── OtherSystem         the unit of the person is appraised by another system
│   └── InstanceHeld        the instance is an incident and waits for a retry
├── Invalid
│   ├── InvalidForm         answers break the form; `findings` name every field
│   ├── InvalidDefinition   a diagram, table, form or setting is refused whole
│   ├── InvalidImport       rows of an imported file are refused, by row and column
│   ├── InvalidNumber       text that is no number in Indonesian notation
│   └── InvalidFile         an uploaded file is refused by content, size or kind
├── ExecutionFailed         an automatic step failed; becomes an incident
│   ├── UnsafeExpression    refused at deploy: construct outside the allow-list
│   ├── ExpressionFailed    evaluation failed: missing name, wrong type, limit
│   ├── DecisionFailed      no row, several rows, or a wrong output of a table
│   ├── OperationFailed     a registered operation could not give its result
│   └── BudgetExceeded      more automatic steps, rounds or bytes than allowed
└── TrailBroken
    ├── GuardMissing        a database guard of the audit trail does not work
    └── TrailTampered       a chain, head, number or indexed copy is wrong
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is; an error refuses the whole, a warning informs."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One finding; the sentence for people is looked up by `rule` and filled with `params`."""

    rule: str
    severity: Severity = Severity.ERROR
    file: str | None = None
    element_id: str | None = None
    line: int | None = None
    params: Mapping[str, str] = field(default_factory=dict)


def errors_of(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that refuse."""
    return tuple(f for f in findings if f.severity is Severity.ERROR)


class AlurError(Exception):
    """Base of every error of the product; the docstring of a subclass explains it."""


class NotFound(AlurError):
    """What was asked for does not exist, or the actor may not know that it does."""

    def __init__(self, noun: str, identifier: str) -> None:
        super().__init__(f"{noun} {identifier} not found")
        self.noun, self.identifier = noun, identifier


class Forbidden(AlurError):
    """The actor may not do this; `reason` is a code of the access rules."""

    def __init__(self, verb: str, reason: str) -> None:
        super().__init__(f"{verb} refused: {reason}")
        self.verb, self.reason = verb, reason


class TooManyAttempts(AlurError):
    """Nothing was checked, because too many tries were wrong; `wait_s` whole seconds remain."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"too many attempts, wait {wait_s} s")
        self.wait_s = wait_s


class Unavailable(AlurError):
    """Nothing was done, because what the product stands on failed; `reason` is a closed code.

    Codes: database, full, read_only, busy, files, schema.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class SchemaMismatch(Unavailable):
    """The tables of the database are not those of this program; both versions are named."""

    def __init__(self, found: str | None, expected: str) -> None:
        if found is None or found < expected:
            advice = "run `alur migrate` with the owner's address of the database"
        else:
            advice = "start the program that brought the database up to date, or a newer one"
        super().__init__(
            "schema",
            f"the tables have version {found or 'none'}, the program needs {expected}: {advice}",
        )
        self.found, self.expected = found, expected


class Conflict(AlurError):
    """The request does not fit the present state; nothing was stored."""


class StaleVersion(Conflict):
    """Somebody else changed the object since it was read."""

    def __init__(self, noun: str, identifier: str, *, expected: int, actual: int | None) -> None:
        super().__init__(f"{noun} {identifier}: expected version {expected}, found {actual}")
        self.noun, self.identifier = noun, identifier
        self.expected, self.actual = expected, actual


class WorkItemClosed(Conflict):
    """The work item is completed, withdrawn or cancelled already."""

    def __init__(self, item_id: str, state: str, closed_at: datetime | None) -> None:
        super().__init__(f"work item {item_id} is {state}")
        self.item_id, self.state, self.closed_at = item_id, state, closed_at


class WorkItemTaken(Conflict):
    """Somebody else was faster: he has claimed the work, or prepares its answers already."""

    def __init__(self, item_id: str, by: str | None) -> None:
        super().__init__(f"work item {item_id} is with {by or 'somebody else'}")
        self.item_id, self.by = item_id, by


class NotRecallable(Conflict):
    """What was handed in cannot be taken back any more; `reason` is a closed code."""

    def __init__(self, item_id: str, reason: str) -> None:
        super().__init__(f"work item {item_id} cannot be recalled: {reason}")
        self.item_id, self.reason = item_id, reason


class DeadlinePassed(Conflict):
    """The time for this step ended before the answer arrived."""

    def __init__(self, item_id: str, due_at: datetime | None) -> None:
        super().__init__(f"the deadline of work item {item_id} has passed")
        self.item_id, self.due_at = item_id, due_at


class KeyReused(Conflict):
    """The idempotency key was used for another request."""

    def __init__(self, key: str) -> None:
        super().__init__("the idempotency key belongs to another request")
        self.key = key


class OutcomeUnknown(Conflict):
    """The first request with this key is being worked on, or broke off; it is not done again."""

    def __init__(self, key: str) -> None:
        super().__init__(f"idempotency key {key} has no answer yet")
        self.key = key


class InstanceHeld(Conflict):
    """The instance waits for the retry of a failed automatic step."""

    def __init__(self, instance_id: str) -> None:
        super().__init__(f"instance {instance_id} is held by an incident")
        self.instance_id = instance_id


class OtherSystem(Conflict):
    """The unit of the person is appraised by another system, or by none yet (`found` is None)."""

    def __init__(self, *, expected: str, found: str | None) -> None:
        super().__init__(f"the unit has the system {found or 'none'}, not {expected}")
        self.expected, self.found = expected, found


class Erased(Conflict):
    """The text was erased by destroying its key; its commitment still stands."""


class Invalid(AlurError):
    """Input that breaks rules; `findings` names every place at once."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{f.rule} {f.element_id or ''}".strip() for f in findings))
        self.findings = tuple(findings)


class InvalidForm(Invalid):
    """Answers break the form; each finding's `element_id` is the field path."""


class InvalidDefinition(Invalid):
    """A diagram, table, form or setting is refused whole."""


class InvalidImport(Invalid):
    """Rows of an imported file are refused; `element_id` is "row:column"."""


class InvalidNumber(AlurError):
    """Text that is no number in Indonesian notation; `reason` is a closed code."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"not a number ({reason})")
        self.text, self.reason = text, reason


class InvalidFile(AlurError):
    """An uploaded file is refused by content, size or kind; `reason` is a closed code."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"file refused: {reason}")
        self.name, self.reason = name, reason


class ExecutionFailed(AlurError):
    """An automatic step failed; `code` is closed, `place` the element id when known."""

    def __init__(self, code: str, *, place: str | None = None, **params: str) -> None:
        detail = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(
            f"{code} at {place or 'unknown place'}" + (f" ({detail})" if detail else "")
        )
        self.code, self.place, self.params = code, place, params


class UnsafeExpression(ExecutionFailed):
    """The expression uses a construct outside the allow-list."""


class ExpressionFailed(ExecutionFailed):
    """The evaluation failed: missing name, wrong type or limit."""


class DecisionFailed(ExecutionFailed):
    """No row, several rows, or a wrong output of a decision table."""


class OperationFailed(ExecutionFailed):
    """A registered operation could not give its result."""


class BudgetExceeded(ExecutionFailed):
    """More automatic steps, rounds or bytes than one command may use."""


class TrailBroken(AlurError):
    """The audit trail cannot be trusted; the product refuses to go on."""


class DefinitionDamaged(TrailBroken):
    """Files of a definition are lost, or others than those that its cases began with."""

    def __init__(self, definition_id: str) -> None:
        super().__init__(f"definition {definition_id} is not what was deployed")
        self.definition_id = definition_id


class GuardMissing(TrailBroken):
    """A database guard of the audit trail does not work."""

    def __init__(self, guard: str) -> None:
        super().__init__(f"audit guard does not work: {guard}")
        self.guard = guard


class TrailTampered(TrailBroken):
    """A chain, head, number or indexed copy is wrong; names the first bad event."""

    def __init__(self, chain_id: str, number: int, kind: str) -> None:
        super().__init__(f"{kind} in chain {chain_id} at event {number}")
        self.chain_id, self.number, self.kind = chain_id, number, kind
