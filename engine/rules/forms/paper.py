"""What an operator adds to a form that he keys in from paper: scan, date, where the paper is."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from engine.rules.forms.form import Form, Values
from engine.rules.forms.loading import load_form

NAME = "paper_proof"
SCAN, DATED, NUMBER = "paper_scan", "paper_dated", "paper_number"


@cache
def proof_form() -> Form:
    """The questions about the paper, the same at every step."""
    here = files(__package__)
    schema, ui = (here / f"{NAME}-{kind}.json" for kind in ("schema", "uischema"))
    return load_form(NAME, schema.read_bytes(), ui.read_bytes())


def with_proof(form: Form) -> Form:
    """The form with the questions about the paper behind its own; to be shown, not to be judged."""
    proof = proof_form()
    return replace(
        form,
        ui={**form.ui, **{name: proof.ui[name] for name in proof.fields if name in proof.ui}},
        fields={**form.fields, **proof.fields},
        sections=(*form.sections, *proof.sections),
        order=(*form.order, *proof.order),
    )


def answers_and_proof(values: Mapping[str, object]) -> tuple[Values, Values]:
    """What belongs to the step's own form, and what is told of the paper."""
    asked = proof_form().fields
    return (
        {name: value for name, value in values.items() if name not in asked},
        {name: value for name, value in values.items() if name in asked},
    )
