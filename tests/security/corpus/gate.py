"""The gate that every file of the corpus meets; as a program it tries one attack under limits."""

import resource
import sys

from engine.bpmn.lint import Surroundings, lint_diagram
from engine.errors import Finding, errors_of
from tests.security.corpus import code_attacks, graph_attacks, label_attacks, xml_attacks
from tests.security.corpus.drawing import FORM, LANE

ATTACKS = (
    *xml_attacks.ATTACKS,
    *code_attacks.ATTACKS,
    *graph_attacks.ATTACKS,
    *label_attacks.ATTACKS,
)
SURROUNDINGS = Surroundings(
    lanes={LANE: ("employee",), "Penilai": ("rater",)},
    roles=frozenset({"employee", "rater"}),
    deadlines=frozenset({"window"}),
    limits=frozenset({"rounds"}),
    forms={FORM: {"ok": "checkbox", "score": "decimal", "rows": "rows"}},
    operations={"noted": ("source",)},
    processes={"calls_sample": "calls_sample.bpmn"},
    calls={"calls_sample": ("sample",)},
)
CPU_SECONDS = 6
MEMORY_BYTES = 1_500_000_000


def meet(content: bytes) -> tuple[Finding, ...]:
    """The errors that refuse a file."""
    found = lint_diagram(content, file="sample.bpmn", surroundings=SURROUNDINGS)
    return errors_of(found)


def _child(wanted: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    attack = next(attack for attack in ATTACKS if attack.id == wanted)
    print("\n".join(finding.rule for finding in meet(attack.content())))


if __name__ == "__main__":
    _child(sys.argv[1])
