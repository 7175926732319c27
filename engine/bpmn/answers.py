"""Made-up answers for plays of a diagram: of the right kind for each field, not of good sense."""

import random
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from engine.rules.deadlines import local_date
from engine.rules.forms import Field, Form, FormContext, Kind, initial_values, settle

_NUMBERS = ("0", "1", "49.99", "50", "75", "89.99", "90", "100", "109.99", "110", "120")
_LONG_TEXT = "Keterangan yang cukup panjang untuk setiap isian, ditulis oleh permainan diagram. "


def random_answers(form: Form, context: FormContext, rng: random.Random) -> Mapping[str, object]:
    """Answers for every field that people fill, settled as the form itself would."""
    values = initial_values(form, context)
    for name, found in form.fields.items():
        if not found.read_only and found.compute is None:
            values[name] = _answer(found, values.get(name), context, rng)
    return settle(form, values, context).values


def random_case(rng: random.Random) -> Mapping[str, object]:
    """The start data of a made-up case, with one to three planned results."""
    return {
        "case": {
            "subject_id": "subject",
            "cycle_id": "cycle",
            "cycle_ends": "2026-12-31",
            "unit_id": "unit",
            "correlation": "unit/cycle",
            "period": "2026-03",
            "period_ends": "2026-03-31",
            "opened_by": "rater",
            "leader_results": [{"result_plan": "Layanan cepat dan pasti"}],
            "category": rng.choice([None, "lambat"]),
            "complaints": rng.choice([None, 12]),
            "is_unit_head": rng.random() < 0.5,
            "has_subordinates": rng.random() < 0.5,
            "is_functional": rng.random() < 0.5,
            "coefficient": rng.choice([None, Decimal("12.5"), Decimal(25)]),
            "months": Decimal(12),
            "consecutive_low": Decimal(rng.randrange(3)),
            "failed_improvement_plan": rng.random() < 0.5,
            "plan": [_planned(number, rng) for number in range(rng.randrange(1, 4))],
        }
    }


def _planned(number: int, rng: random.Random) -> Mapping[str, object]:
    target = rng.choice([None, Decimal(100), Decimal(12)])
    return {
        "indicator_id": f"indicator-{number}",
        "result_id": f"result-{number}",
        "kind": "main" if number == 0 else rng.choice(["main", "additional"]),
        "result_plan": "Layanan selesai tepat waktu",
        "indicator": "Jumlah layanan",
        "target": target,
        "target_text": "100 layanan",
        "unit": "layanan",
        "inverse": rng.random() < 0.5,
    }


def _answer(found: Field, given: object, context: FormContext, rng: random.Random) -> object:
    match found.kind:
        case Kind.TEXT | Kind.TEXTAREA:
            return _text(found, rng)
        case Kind.DECIMAL | Kind.INTEGER:
            return _number(found, rng)
        case Kind.CHECKBOX:
            return rng.random() < 0.5
        case Kind.DATE:
            day = local_date(context.now, context.calendar) - timedelta(days=rng.randrange(30))
            return day.isoformat()
        case Kind.RADIO | Kind.SELECT:
            return rng.choice(found.options).value if found.options else None
        case Kind.CHECKBOXES:
            chosen = [option.value for option in found.options if rng.random() < 0.5]
            return chosen or [option.value for option in found.options[:1]]
        case Kind.ROWS:
            return _rows(found, given, context, rng)
        case Kind.EVIDENCE:
            return [{"kind": "paper", "number": "000/1", "note": ""}]


def _text(found: Field, rng: random.Random) -> str:
    least = found.schema.get("minLength")
    length = max(int(least) if isinstance(least, int) else 0, rng.choice([1, 60]))
    most = found.schema.get("maxLength")
    length = min(length, int(most)) if isinstance(most, int) else length
    return (_LONG_TEXT * (length // len(_LONG_TEXT) + 1))[:length]


def _number(found: Field, rng: random.Random) -> Decimal | int:
    low, high = (found.schema.get(name) for name in ("minimum", "maximum"))
    fitting = [
        Decimal(text)
        for text in _NUMBERS
        if (not isinstance(low, int | Decimal) or Decimal(text) >= low)
        and (not isinstance(high, int | Decimal) or Decimal(text) <= high)
    ]
    chosen = rng.choice(fitting or [Decimal(1)])
    return Decimal(int(chosen)) if found.kind is Kind.INTEGER else chosen


def _rows(found: Field, given: object, context: FormContext, rng: random.Random) -> object:
    rows = (
        [dict(row) for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
    )
    if not found.fixed_rows:
        rows = rows or [{} for _ in range(rng.randrange(1, 4))]
    for row in rows:
        for column in found.columns:
            if not column.read_only and column.compute is None:
                row[column.name] = _answer(column, row.get(column.name), context, rng)
    return rows
