"""Checks answers against the form of a work item and keeps them sealed, with their receipt."""

from collections.abc import Iterator, Mapping, Sequence
from secrets import token_bytes

import orjson

from engine.commands.named_colleagues import unfit_colleagues
from engine.commands.opening_figures import opening_figures
from engine.commands.steps import Step
from engine.domain.appraisal import SignatureKind
from engine.domain.people import Actor, EmployeeId
from engine.domain.process import ReadyTask
from engine.domain.settings import RoleKind
from engine.errors import Finding, InvalidForm
from engine.rules.deadlines import last_day
from engine.rules.forms import FormContext, validate
from engine.rules.numbers import from_jsonable, to_jsonable
from engine.store import files, submissions
from engine.store.ids import new_id
from engine.store.sealing import Sealed, SealingKey, open_committed, seal_committed
from engine.store.submissions import SubmissionRow
from engine.store.work_items import WorkItemRow

# Crockford's base 32: no letter is mistaken for a digit when a receipt is read out.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def acting_role(step: Step, actor: Actor, item: WorkItemRow) -> str:
    """The role in which the actor does this work: the subject acts as himself, always."""
    roles = [step.definition.settings.roles[key] for key in item.role.split(",") if key]
    subject = next((role for role in roles if role.kind is RoleKind.SUBJECT), None)
    if subject and actor.employee_id == step.row.subject_id:
        return subject.key
    others = [role for role in roles if role is not subject]
    return (others or roles)[0].key if roles else (item.function or "")


def form_context(step: Step, task: ReadyTask, item: WorkItemRow, acting_as: str) -> FormContext:
    """What the form of a task is filled in; `work.due_on` is the last day that is on time."""
    due_on = last_day(item.due_at, step.calendar).isoformat() if item.due_at else None
    data = {
        **step.execution.data(task.task_id),
        **opening_figures(step, task),
        "work": {"due_on": due_on},
    }
    return FormContext(data, acting_as, step.now, step.calendar)


def checked_answers(
    step: Step,
    task: ReadyTask,
    answers: Mapping[str, object],
    context: FormContext,
    also: Sequence[Finding] = (),
) -> Mapping[str, object]:
    """The settled answers. Raises InvalidForm with every finding at once, `also` among them."""
    form = step.definition.form_of_task(task)
    if form is None:
        return {}
    values, findings = validate(form, answers, context)
    found = (
        *findings,
        *_foreign_files(step, values),
        *unfit_colleagues(step, form, values),
        *also,
    )
    if found:
        raise InvalidForm(found)
    return values


def _foreign_files(step: Step, values: Mapping[str, object]) -> list[Finding]:
    """Files that are named as evidence but were never attached to this case."""
    named = list(_named_files(values, ""))
    if not named:
        return []
    known = {attachment.id for attachment in files.of_instance(step.tx, step.row.id)}
    return [
        Finding("evidence.file_unknown", element_id=path)
        for path, file_id in named
        if not (isinstance(file_id, str) and file_id in known)
    ]


def _named_files(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        if value.get("kind") == "file" and "file_id" in value:
            yield path, value["file_id"]
        for name, inner in value.items():
            yield from _named_files(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _named_files(inner, f"{path}.{place}")


def keep_submission(
    step: Step,
    item: WorkItemRow,
    values: Mapping[str, object],
    *,
    actor: Actor,
    on_behalf_of: EmployeeId | None,
    signed_by: SignatureKind | None = None,
) -> SubmissionRow:
    """Store the answers for good, sealed under the key of the case; `signed_by` what, if at all."""
    sealed = seal_committed(step.key, encoded(values))
    row = SubmissionRow(
        id=new_id(),
        work_item_id=item.id,
        instance_id=item.instance_id,
        element_id=item.element_id,
        actor_id=actor.employee_id,
        payload=sealed.blob,
        commitment=sealed.commitment,
        receipt=receipt_number(),
        at=step.now,
        on_behalf_of=on_behalf_of,
        participation=item.participation,
        signature_kind=signed_by.value if signed_by else None,
    )
    submissions.add(step.tx, row)
    return row


def receipt_number() -> str:
    """Eight characters by chance; a byte holds the 32 letters a whole number of times."""
    return "".join(ALPHABET[octet % len(ALPHABET)] for octet in token_bytes(8))


def opened_submission(key: SealingKey, row: SubmissionRow) -> Mapping[str, object]:
    """The answers of a stored submission."""
    return decoded(open_committed(key, Sealed(row.payload, row.commitment)))


def encoded(values: Mapping[str, object]) -> bytes:
    """Answers as bytes; numbers stay exact."""
    return orjson.dumps(to_jsonable(values), option=orjson.OPT_SORT_KEYS)


def decoded(content: bytes) -> Mapping[str, object]:
    """Answers from bytes."""
    values = from_jsonable(orjson.loads(content))
    return values if isinstance(values, Mapping) else {}
