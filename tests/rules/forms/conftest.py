"""Two forms as the national system has them, small enough to read, and what they stand in."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.rules.deadlines import Calendar
from engine.rules.forms import Form, FormContext, load_form

PLAN = [
    {
        "indicator_id": "i1", "kind": "main", "indicator": "Persentase realisasi pajak daerah",
        "target": Decimal(100), "unit": "%",
    },
    {
        "indicator_id": "i2", "kind": "main", "indicator": "Berkas keberatan selesai tepat waktu",
        "target": Decimal(120), "unit": "berkas",
    },
]  # fmt: skip
RATINGS = {
    "below": {"id": "Di bawah ekspektasi", "en": "Below expectation"},
    "as_expected": {"id": "Sesuai ekspektasi", "en": "As expected"},
    "above": {"id": "Di atas ekspektasi", "en": "Above expectation"},
}
BEHAVIOURS = ["service", "accountable", "competent"]


def text(title: str, english: str, **more: object) -> dict[str, object]:
    return {"type": "string", "title": title, "title:en": english, **more}


def number(title: str, english: str, **more: object) -> dict[str, object]:
    return {**text(title, english, **more), "type": "number"}


SELF_SCHEMA = {
    "title": "Penilaian diri", "title:en": "Self-assessment", "type": "object",
    "required": ["rows", "obstacles", "confirmed"],
    "properties": {
        "rows": {
            "type": "array", "title": "Hasil kerja", "title:en": "Results",
            "items": {
                "type": "object", "required": ["realisation"],
                "properties": {
                    "indicator_id": text("Kode", "Code", readOnly=True),
                    "indicator": text("Indikator", "Indicator", readOnly=True),
                    "target": number("Target", "Target", readOnly=True),
                    "unit": text("Satuan", "Unit", readOnly=True),
                    "realisation": number("Realisasi", "Realisation", minimum=0),
                    "achievement": number("Capaian", "Achievement", readOnly=True),
                    "evidence": {
                        "type": "array", "title": "Bukti dukung", "title:en": "Evidence",
                        "minItems": 1,
                    },
                },
            },
        },
        "obstacles": {"type": "boolean", "title": "Ada kendala", "title:en": "Obstacles"},
        "obstacle_text": text("Uraian kendala", "Obstacles in words", minLength=20, maxLength=400),
        "confirmed": {
            "type": "boolean", "const": True,
            "title": "Isian ini benar", "title:en": "These answers are true",
        },
    },
}  # fmt: skip
SELF_UI = {
    "ui:sections": [
        {"title": "Hasil kerja", "title:en": "Results", "fields": ["rows"]},
        {
            "title": "Kendala", "title:en": "Obstacles",
            "fields": ["obstacles", "obstacle_text", "confirmed"],
        },
    ],
    "rows": {
        "alur:rows": "fixed", "alur:prefill": "case.plan",
        "items": {
            "indicator_id": {"ui:widget": "hidden"},
            "achievement": {"alur:compute": "100 * row.realisation / row.target"},
            "evidence": {"ui:widget": "evidence"},
        },
    },
    "obstacle_text": {
        "ui:widget": "textarea", "ui:help": "Sebut sebab dan dampaknya.",
        "ui:help:en": "Name cause and effect.",
        "alur:showIf": "obstacles", "alur:requiredIf": "obstacles",
    },
}  # fmt: skip

REVIEW_SCHEMA = {
    "title": "Penilaian atasan", "title:en": "Review", "type": "object",
    "required": ["behaviours", "decided", "held_on"],
    "properties": {
        "behaviours": {
            "type": "array", "title": "Perilaku kerja", "title:en": "Behaviour",
            "items": {
                "type": "object", "required": ["rating"],
                "properties": {
                    "value": text("Nilai dasar", "Core value", enum=BEHAVIOURS, readOnly=True),
                    "rating": text("Penilaian", "Rating", enum=list(RATINGS)),
                    "feedback": text("Umpan balik", "Feedback", minLength=20),
                },
            },
        },
        "suggested": text("Usulan", "Suggestion", enum=list(RATINGS), readOnly=True),
        "decided": text("Penilaian akhir", "Decided rating", enum=list(RATINGS)),
        "override_reason": text("Alasan perbedaan", "Reason", minLength=50, maxLength=2000),
        "held_on": text("Tanggal dialog", "Date of dialogue", format="date"),
        "notes": {
            "type": "array", "title": "Kesepakatan", "title:en": "Agreements", "maxItems": 3,
            "items": {
                "type": "object", "required": ["text"],
                "properties": {"text": text("Kesepakatan", "Agreement", minLength=5)},
            },
        },
    },
}  # fmt: skip
REVIEW_UI = {
    "behaviours": {
        "alur:rows": "fixed",
        "alur:prefill": [{"value": value} for value in BEHAVIOURS],
        "items": {
            "value": {"alur:labels": {
                "service": {"id": "Berorientasi pelayanan", "en": "Service"},
                "accountable": {"id": "Akuntabel", "en": "Accountable"},
                "competent": {"id": "Kompeten", "en": "Competent"},
            }},
            "rating": {"alur:labels": RATINGS},
            "feedback": {"ui:widget": "textarea", "alur:requiredIf": "row.rating != 'as_expected'"},
        },
    },
    "suggested": {
        "alur:compute": "mode_lower(column(behaviours, 'rating'))", "alur:labels": RATINGS,
    },
    "decided": {"alur:labels": RATINGS},
    "override_reason": {
        "alur:showIf": "not empty(decided) and not empty(suggested) and decided != suggested",
        "alur:requiredIf": "not empty(suggested) and decided != suggested",
    },
    "alur:checks": [
        {
            "when": "held_on > today()", "field": "held_on",
            "message": {"id": "Tanggal dialog belum tiba.", "en": "That day is still to come."},
        },
        {
            "when": "row.value == 'accountable' and row.rating == 'below' and empty(row.feedback)",
            "field": "behaviours.rating",
            "message": {"id": "Jelaskan nilai ini.", "en": "Explain this rating."},
        },
    ],
    "alur:summary": ["self_assessment"],
}  # fmt: skip


def form_of(schema: object, ui: object, key: str = "national/test") -> Form:
    return load_form(key, json.dumps(schema).encode(), json.dumps(ui).encode())


def one_field(schema: object, ui: object | None = None) -> Form:
    whole = {"type": "object", "properties": {"answer": schema}}
    return form_of(whole, {"answer": ui or {}})


@pytest.fixture(scope="session")
def self_assessment() -> Form:
    return form_of(SELF_SCHEMA, SELF_UI, "national/self_assessment")


@pytest.fixture(scope="session")
def review() -> Form:
    return form_of(REVIEW_SCHEMA, REVIEW_UI, "national/supervisor_review")


@pytest.fixture(scope="session")
def context() -> Callable[..., FormContext]:
    def build(language: str = "id", **data: object) -> FormContext:
        return FormContext(
            data={"case": {"plan": PLAN}, **data},
            acting_as="employee",
            now=datetime(2026, 11, 22, 18, 0, tzinfo=UTC),
            calendar=Calendar("Asia/Jayapura", frozenset()),
            language=language,
        )

    return build
