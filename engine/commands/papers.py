"""Steps that an operator keys in from paper: who may and what proves them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from engine.commands.answers import checked_answers, form_context, keep_submission
from engine.commands.permissions import work_access
from engine.commands.steps import Step
from engine.domain.access import WorkAccess
from engine.domain.appraisal import SignatureKind
from engine.domain.people import Actor
from engine.domain.process import ReadyTask
from engine.domain.separation import KEYED_IN, OPERATOR, PAPER
from engine.domain.settings import RoleKind
from engine.errors import Finding
from engine.rules.forms import validate
from engine.rules.forms.paper import DATED, NUMBER, SCAN, answers_and_proof, proof_form
from engine.store import appraisals, files, papers
from engine.store.database import Transaction
from engine.store.instances import InstanceRow
from engine.store.papers import PaperRow
from engine.store.sealing import seal_committed
from engine.store.submissions import SubmissionRow
from engine.store.work_items import WorkItemRow

Answers = Mapping[str, object]
CONFIDENTIALITY = "alur:confidentiality"
SIGNED_BY = SignatureKind.WET_SCANNED
SCANS = frozenset({"application/pdf", "image/png", "image/jpeg"})


def paper_access(
    tx: Transaction, row: InstanceRow, item: WorkItemRow, properties: Mapping[str, str]
) -> WorkAccess:
    """A work item with its raters and with what the diagram says of paper.

    Never a step by which somebody takes part in the case, nor one whose texts are sealed.
    """
    work, known = work_access(tx, row, item, properties), appraisals.find(tx, row.id)
    case = replace(
        work.case,
        rater_id=known.rater_id if known else None,
        rater_superior_id=known.rater_superior_id if known else None,
    )
    open_to_paper = properties.get(PAPER) == OPERATOR and CONFIDENTIALITY not in properties
    return replace(work, case=case, on_paper=open_to_paper and item.participation is None)


def paper_role(step: Step, item: WorkItemRow) -> str:
    """As whom the form is filled in from paper: as the employee, where only he is asked.

    Where the lane names others too, the form asks them other questions: then as the operator.
    """
    roles = [step.definition.settings.roles[key] for key in item.role.split(",") if key]
    others = [role for role in roles if role.kind is not RoleKind.SUBJECT]
    return OPERATOR if others or not roles else roles[0].key


def keep_from_paper(
    step: Step, task: ReadyTask, item: WorkItemRow, actor: Actor, answers: Answers
) -> tuple[Answers, SubmissionRow, Mapping[str, object]]:
    """Keep what the operator typed as the employee's answers, with the paper that proves them.

    The settled answers, their submission, and what the trail says of the paper. The operator takes
    part in the case by that. Raises InvalidForm with every finding at once.
    """
    step.scribe = replace(step.scribe, role=OPERATOR)
    values, proof = _checked(step, task, item, answers)
    subject, keyed_in = step.row.subject_id, replace(item, participation=KEYED_IN)
    submission = keep_submission(
        step, keyed_in, values, actor=actor, on_behalf_of=subject, signed_by=SIGNED_BY
    )
    return values, submission, _keep_proof(step, item, proof)


def _checked(
    step: Step, task: ReadyTask, item: WorkItemRow, answers: Answers
) -> tuple[Answers, Answers]:
    """The settled answers of the step, and what is told of the paper."""
    own, told = answers_and_proof(answers)
    context = form_context(step, task, item, paper_role(step, item))
    proof, wrong = validate(proof_form(), told, context)
    also = (*wrong, *_no_scans(step, item, proof))
    return checked_answers(step, task, own, context, also), proof


def _no_scans(step: Step, item: WorkItemRow, proof: Answers) -> Iterator[Finding]:
    """Files that were never attached to this very step, or that show no paper."""
    attached = {found.id: found.sha256 for found in files.of_item(step.tx, item.id)}
    for place, scan in enumerate(_scans(proof)):
        stored = files.find(step.tx, attached.get(scan, ""))
        if stored is None:
            yield Finding("evidence.file_unknown", element_id=f"{SCAN}.{place}")
        elif stored.media_type not in SCANS:
            yield Finding("paper.no_scan", element_id=f"{SCAN}.{place}")


def _scans(proof: Answers) -> list[str]:
    given = proof.get(SCAN)
    found = given if isinstance(given, list) else []
    return [str(scan.get("file_id", "")) for scan in found if isinstance(scan, Mapping)]


def _keep_proof(step: Step, item: WorkItemRow, proof: Answers) -> Mapping[str, object]:
    dated = date.fromisoformat(str(proof[DATED]))
    number = seal_committed(step.key, str(proof[NUMBER]).encode())
    papers.add(step.tx, PaperRow(item.id, step.row.id, dated, number.blob, number.commitment))
    return {
        "signature_kind": SIGNED_BY.value,
        "scans": _scans(proof),
        "paper_dated": dated.isoformat(),
        "paper_commitment": number.commitment,
    }
