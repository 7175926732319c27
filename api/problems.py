"""Says an error to one reader, as a page or as an answer for programs."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi.responses import JSONResponse

from api.i18n import Words
from api.problem_table import row_of
from api.refusals import BadRequest
from engine import errors
from engine.domain.wording import finding_sentence

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """An error said to one reader; the same fields for page and machine."""

    status: int
    kind: str
    title: str
    detail: str
    safe: str
    advice: str
    findings: tuple[Mapping[str, str], ...] = ()


def problem_of(error: Exception, words: Words) -> Problem:
    """The error in the reader's language, with a sentence for each finding."""
    row = row_of(error)
    findings: tuple[Mapping[str, str], ...] = ()
    if isinstance(error, errors.Invalid):
        findings = tuple(
            {"place": f.element_id or "", "sentence": finding_sentence(f, words.language)}
            for f in error.findings
        )
    elif isinstance(error, BadRequest):
        findings = tuple({"place": p, "sentence": words(text)} for p, text in error.places)
    title, detail, safe, advice = map(words, (row.title, row.detail, row.safe, row.advice))
    if isinstance(error, errors.InvalidFile):
        detail = finding_sentence(errors.Finding(error.reason), words.language)
    return Problem(row.status, row.kind, title, detail, safe, advice, findings)


def problem_json(problem: Problem) -> JSONResponse:
    """The answer for machines, as RFC 9457 describes it."""
    body = {
        "type": f"urn:alur-kinerja:problem:{problem.kind}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "safe": problem.safe,
        "advice": problem.advice,
        "findings": list(problem.findings),
    }
    return JSONResponse(body, problem.status, media_type=MEDIA_TYPE)
