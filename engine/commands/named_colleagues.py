"""Checks the rows of a form in which somebody names colleagues, each with its own sentence."""

from collections.abc import Iterator, Mapping, Sequence

from engine.commands.colleagues import Company
from engine.commands.steps import Step
from engine.domain.colleagues import Unfit, limits_of
from engine.errors import Finding
from engine.rules.deadlines import local_date
from engine.rules.forms import Form

PROPERTY = "alur:colleagues"


def unfit_colleagues(step: Step, form: Form, values: Mapping[str, object]) -> Iterator[Finding]:
    """A finding for each row of colleagues in whom one may not be asked, at his NIP."""
    tables = [
        name for name, ui in form.ui.items() if isinstance(ui, Mapping) and ui.get(PROPERTY) is True
    ]
    limits = limits_of(step.definition.settings.other)
    if not tables or limits is None:
        return
    on, began = (local_date(at, step.calendar) for at in (step.now, step.row.started_at))
    company = Company(step.tx, step.row, limits, on, began)
    for name in tables:
        rows = values.get(name)
        yield from _of_rows(company, name, rows if isinstance(rows, list) else [])


def _of_rows(
    company: Company, name: str, rows: Sequence[Mapping[str, object]]
) -> Iterator[Finding]:
    limits = {"months": str(company.limits.months), "reviews": str(company.limits.reviews)}
    seen: set[str] = set()
    for place, row in enumerate(rows):
        nip = str(row.get("nip", ""))
        wrong = Unfit.TWICE if nip in seen else company.unfit(nip, str(row.get("relation", "")))
        seen.add(nip)
        if wrong:
            yield Finding(wrong.value, element_id=f"{name}.{place}.nip", params=limits)
