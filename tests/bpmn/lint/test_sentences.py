"""Every rule of the lint and of the plays speaks both languages and fills its gaps."""

import re
from pathlib import Path

import pytest

from engine.bpmn.lint import lint_diagram
from engine.domain.wording import catalogue, finding_sentence
from tests.security.corpus.attack import Attack
from tests.security.corpus.gate import ATTACKS, SURROUNDINGS

SOURCES = Path(__file__).parents[3] / "engine" / "bpmn"
QUICK = [attack for attack in ATTACKS if not attack.limited]


def test_every_rule_has_a_sentence_in_both_languages() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    rules = set(re.findall(r'"((?:diagram|play)\.[a-z_]+)"', code))

    written = catalogue()

    assert len(rules) > 80
    assert [rule for rule in sorted(rules) if set(written.get(rule, ())) != {"id", "en"}] == []


def test_no_sentence_is_left_without_a_rule() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))

    sentences = {rule for rule in catalogue() if rule.startswith(("diagram.", "play."))}

    assert [rule for rule in sorted(sentences) if f'"{rule}"' not in code] == []


@pytest.mark.parametrize("attack", QUICK, ids=[attack.id for attack in QUICK])
def test_a_sentence_fills_all_its_gaps(attack: Attack) -> None:
    findings = lint_diagram(attack.content(), file="a.bpmn", surroundings=SURROUNDINGS)

    assert findings
    for finding in findings:
        gaps = set(re.findall(r"\{(\w+)\}", catalogue()[finding.rule]["id"]))
        assert gaps <= set(finding.params), finding.rule
        assert finding_sentence(finding, "id") != finding_sentence(finding, "en")
