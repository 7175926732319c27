"""Forms of JSON Schema and uiSchema: loaded, checked, prefilled, settled and validated."""

from engine.rules.forms.checking import check_form
from engine.rules.forms.form import Field, Form, FormContext, Kind, Settled
from engine.rules.forms.loading import load_form
from engine.rules.forms.posted import add_evidence, apply_row_operation, parse_fields
from engine.rules.forms.ratings import answered_ratings, asks_ratings, facts_only, without_ratings
from engine.rules.forms.settling import initial_values, settle, shown_values
from engine.rules.forms.validating import validate
from engine.rules.forms.wording import in_language

__all__ = [
    "Field", "Form", "FormContext", "Kind", "Settled", "add_evidence", "answered_ratings",
    "apply_row_operation", "asks_ratings",
    "check_form", "facts_only", "in_language", "initial_values", "load_form", "parse_fields",
    "settle", "shown_values", "validate", "without_ratings",
]  # fmt: skip
