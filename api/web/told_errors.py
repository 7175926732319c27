"""Errors of short forms, each sentence at its field."""

from collections.abc import Mapping

from engine.domain.wording import finding_sentence
from engine.errors import Finding, InvalidForm, TooManyAttempts

Refusal = InvalidForm | TooManyAttempts


def told(error: Refusal, language: str) -> Mapping[str, str]:
    """The sentence of each field; that of a delay stands under no field."""
    if isinstance(error, TooManyAttempts):
        params = {"wait": str(error.wait_s)}
        return {"": finding_sentence(Finding("sign_in.wait", params=params), language)}
    found: dict[str, str] = {}
    for finding in error.findings:
        place = finding.element_id or ""
        sentence = finding_sentence(finding, language)
        found[place] = f"{found[place]} {sentence}" if place in found else sentence
    return found


def status_of(error: Refusal) -> int:
    """429 while the next try has to wait, else 422."""
    return 429 if isinstance(error, TooManyAttempts) else 422
