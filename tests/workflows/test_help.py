"""Every step tells who does it why it is asked, before the first question and in both languages."""

import pytest

from engine.bpmn.lint.bundle import CheckedBundle, read_checked
from engine.library import read_bundle, read_settings, systems
from engine.rules.forms import Form
from tests.office import ROOT

SYSTEMS = systems(ROOT)
# Shorter than this is a label, not a reason.
FEWEST_LETTERS = 40


def checked(system: str) -> CheckedBundle:
    """What is read of a shipped system."""
    bundle = read_bundle(ROOT, system)
    return read_checked(bundle, read_settings(bundle), {})


def asked_at(read: CheckedBundle) -> dict[str, Form]:
    """The form of each user task by its element."""
    return {
        task.id: read.forms[task.properties["formJsonSchemaFilename"]]
        for diagram in read.diagrams.values()
        for task in diagram.of_kind("userTask")
    }


def reasons(form: Form, language: str) -> list[str]:
    """What the headings of a form say of why it asks."""
    helps = [section.help for section in form.sections if section.help]
    written = [one.indonesian if language == "id" else one.english or "" for one in helps]
    return [text for text in written if len(text) >= FEWEST_LETTERS]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_user_task_says_why_it_is_asked(system: str, language: str) -> None:
    forms = asked_at(checked(system))

    silent = [element for element, form in forms.items() if not reasons(form, language)]

    assert len(forms) > 15
    assert silent == []


@pytest.mark.parametrize("system", SYSTEMS)
def test_whatever_a_form_says_it_says_in_both_languages(system: str) -> None:
    forms = checked(system).forms

    said = [
        (name, words)
        for name, form in forms.items()
        for words in (
            form.title,
            *(text for section in form.sections for text in (section.title, section.help)),
            *(text for one in form.all_fields() for text in (one.label, one.help, one.message)),
            *(rule.message for rule in form.checks),
        )
        if words is not None and words.indonesian
    ]

    assert [(name, words.indonesian) for name, words in said if not words.english] == []
