"""Timers of a diagram: a moment or a duration that can come, at most two years ahead."""

from collections.abc import Iterator
from typing import Final

from engine.bpmn.lint.diagram import Diagram, Node
from engine.bpmn.lint.sites import duration_days, is_plain_duration, timer_texts
from engine.errors import Finding

MAX_DAYS: Final = 731


def check_timers(diagram: Diagram) -> Iterator[Finding]:
    """Exactly one date or duration each; no cycles, nothing at once, nothing beyond two years."""
    for node in diagram.nodes.values():
        if node.event != "timer":
            continue
        texts = list(timer_texts(node))
        if len(texts) != 1 or not texts[0][1]:
            yield diagram.finding("diagram.timer_empty", node)
        for kind, text in texts:
            yield from _check_timer(diagram, node, kind, text)


def _check_timer(diagram: Diagram, node: Node, kind: str, text: str) -> Iterator[Finding]:
    if kind == "cycle":
        yield diagram.finding("diagram.timer_cycle", node, text=text[:40])
    elif is_plain_duration(text):
        days = duration_days(text)
        if kind == "date" or (days is None and not _is_too_long(text)):
            yield diagram.finding("diagram.timer_form", node, text=text[:40])
        elif days is None or days > MAX_DAYS:
            yield diagram.finding("diagram.timer_too_long", node, text=text[:40])


def _is_too_long(text: str) -> bool:
    """Whole years or months, or a number of days beyond every limit: a length, but too much."""
    head = text.partition("T")[0]
    return any(unit in head for unit in "YM") or (
        head[1:-1].isdigit() and len(head) > len("P9999D")
    )
