"""Evidence as the page shows it: what is there, and what may still be added."""

from collections.abc import Collection, Iterator, Mapping

from api.web.form_answers import ui_word
from api.web.form_parts import EvidenceView, input_id
from engine.rules.forms.form import EVIDENCE_KEYS, MAX_EVIDENCE, Field, Form

ADDRESS = "/evidence/"


def evidence_kinds(form: Form, found: Field, value: object) -> tuple[str, ...]:
    """The kinds that may be added to the list `value`; none when it is full."""
    holder: object = form.ui
    for part in found.path.replace(".", ".items.").split("."):
        holder = holder.get(part) if isinstance(holder, Mapping) else None
    files_only = isinstance(holder, Mapping) and holder.get("ui:widget") == "file"
    most = found.schema.get("maxItems", MAX_EVIDENCE)
    if isinstance(value, list) and isinstance(most, int) and len(value) >= most:
        return ()
    return ("file",) if files_only else tuple(EVIDENCE_KEYS)


def evidence_views(
    path: str, value: object, wrong: Collection[str], language: str
) -> Iterator[EvidenceView]:
    """The pieces of evidence at `path`; `wrong` are the paths that have an error."""
    for place, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, Mapping):
            name = f"{path}.{place}"
            invalid = any(f"{at}.".startswith(f"{name}.") for at in wrong)
            yield _piece(name, item, invalid, language)


def _piece(name: str, item: Mapping[str, object], invalid: bool, language: str) -> EvidenceView:
    kind = str(item.get("kind", ""))
    key = EVIDENCE_KEYS.get(kind, "number")
    value, note = str(item.get(key, "")), str(item.get("note", ""))
    plain = value.replace("-", "")
    return EvidenceView(
        kind=kind,
        kind_label=ui_word(f"evidence_{kind if kind in EVIDENCE_KEYS else 'paper'}", language),
        name=name,
        id=input_id(f"{name}.{key}"),
        key=key,
        value=value,
        text=note or value,
        invalid=invalid,
        # Only what looks like an id of ours becomes a link; the rest is shown as text.
        href=f"{ADDRESS}{value}"
        if kind == "file" and plain.isascii() and plain.isalnum()
        else None,
    )
