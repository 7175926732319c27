"""How the places of a form are called in sentences: "Baris 2: Realisasi"."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.domain.wording import sentence
from engine.errors import Finding
from engine.rules.forms.form import Form, Kind, field_at


def in_language(form: Form, findings: Sequence[Finding], language: str) -> tuple[Finding, ...]:
    """The findings in the words of `language`, whatever language they were found in.

    Their params then hold `label` (row and question), `field`, `place` and any own `message`.
    """
    return tuple(
        replace(found, params={**found.params, **_words_of(form, found, language)})
        for found in findings
    )


def _words_of(form: Form, found: Finding, language: str) -> Mapping[str, str]:
    path = found.element_id or ""
    place = place_of(form, path, language)
    told = {
        "label": label_of(form, path, language),
        "field": short_label(form, path, language),
        "place": f"{place}: " if place else "",
    }
    own = found.params.get(f"message_{language}")
    return {**told, "message": own} if own is not None else told


def label_of(form: Form, path: str, language: str) -> str:
    """What people call the place `path`, with its row; the path itself when nothing is there."""
    place, short = place_of(form, path, language), short_label(form, path, language)
    return f"{place}: {short}" if place and place != short else short


def place_of(form: Form, path: str, language: str) -> str:
    """The row that `path` lies in; empty outside of tables. Names the table when there are two."""
    parts = path.split(".")
    table = form.fields.get(parts[0])
    if table is None or table.kind is not Kind.ROWS or len(parts) == 1 or not parts[1].isdecimal():
        return ""
    tables = [found for found in form.fields.values() if found.kind is Kind.ROWS]
    code = "form.place.row" if len(tables) == 1 else "form.place.row_of_table"
    params = {"number": str(int(parts[1]) + 1), "table": table.label.in_(language)}
    return sentence(code, language, params)


def short_label(form: Form, path: str, language: str) -> str:
    """The name of the field alone, as it stands beside its input."""
    found = field_at(form, path)
    if found is None:
        return path
    parts = path.split(".")
    if found.kind is Kind.ROWS and len(parts) == 2 and parts[1].isdecimal():
        return place_of(form, path, language)
    label = found.label.in_(language) or found.name
    if found.kind is not Kind.EVIDENCE:
        return label
    numbers = [part for part in parts if part.isdecimal()]
    inside = numbers[1:] if form.fields[parts[0]].kind is Kind.ROWS else numbers
    return f"{label} {int(inside[0]) + 1}" if inside else label
