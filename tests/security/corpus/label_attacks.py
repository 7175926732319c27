"""Attacks on the reader: texts that run, hide, pretend to be something else or become formulas."""

from tests.security.corpus.attack import Attack
from tests.security.corpus.drawing import chain, drawn, end, start, user


def _named(name: str) -> bytes:
    return drawn(start(), user("a", name=name), end(), chain("start", "a", "end"))


def _noted(text: str) -> bytes:
    task = user("a").replace(
        "<bpmn:extensionElements>",
        f"<bpmn:documentation>{text}</bpmn:documentation><bpmn:extensionElements>",
    )
    return drawn(start(), task, end(), chain("start", "a", "end"))


def _twins() -> bytes:
    return drawn(start(), user("a", name="Terima"), user("b", name="Te\u200brima"), end(),
                 chain("start", "a", "b", "end"))  # fmt: skip


def _same_names() -> bytes:
    return drawn(start(), user("a", name="Terima"), user("b", name="Ｔerima"), end(),
                 chain("start", "a", "b", "end"))  # fmt: skip


def _path_id() -> bytes:
    return drawn(start(), user("a"), end(), chain("start", "a", "end")).replace(
        b'"a"', b'"../../etc/passwd"'
    )


ATTACKS = (
    Attack("l01_script", lambda: _named("<script>alert(1)</script>"), "diagram.label_markup"),
    Attack("l02_attribute", lambda: _named('" onmouseover="alert(1)" <x'), "diagram.label_markup"),
    Attack("l03_template", lambda: _named("{{ config }}"), "diagram.label_markup"),
    Attack("l04_right_to_left", lambda: _named("Setujui \u202etakadit"), "diagram.label_unseen"),
    Attack("l05_zero_width", _twins, "diagram.label_unseen"),
    Attack("l05_same_names", _same_names, "diagram.label_twin"),
    Attack("l06_formula", lambda: _named('=HYPERLINK("http://x")'), "diagram.label_formula"),
    Attack("l06_wide_formula", lambda: _named("＝1+1"), "diagram.label_formula"),
    Attack("l07_path_id", _path_id, "diagram.id_form"),
    Attack("l08_script_link", lambda: _noted("Lihat javascript:alert(1)"),
           "diagram.label_script_link"),
    Attack("l08_markup_note", lambda: _noted("&lt;img src=x onerror=alert(1)&gt;"),
           "diagram.label_markup"),
)  # fmt: skip
