"""Builds decision tables as dmn-js writes them, from short rows."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from engine.rules.dmn import DecisionTable, parse_table

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
Column = tuple[str, str, str]  # label or name, type, allowed values


def table_xml(
    rows: Sequence[tuple[Sequence[str], Sequence[str]]],
    *,
    inputs: Sequence[Column],
    outputs: Sequence[Column] = (("rating", "string", ""),),
    policy: str = "UNIQUE",
    aggregation: str = "",
) -> bytes:
    """The bytes of a DMN 1.3 file; element ids are in_1, out_1, row_1, row_1_in_1, …"""
    aggregated = f' aggregation="{aggregation}"' if aggregation else ""
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<definitions xmlns="{DMN}" id="definitions_1" name="t" namespace="n">',
            '<decision id="rating_table" name="Rating">',
            f'<decisionTable id="table_1" hitPolicy="{policy}"{aggregated}>',
            *(_input(place, *column) for place, column in enumerate(inputs, 1)),
            *(_output(place, *column) for place, column in enumerate(outputs, 1)),
            *(_row(place, *row) for place, row in enumerate(rows, 1)),
            "</decisionTable></decision></definitions>",
        ]
    ).encode()


def table_of(
    rows: Sequence[tuple[Sequence[str], Sequence[str]]],
    *,
    inputs: Sequence[Column],
    outputs: Sequence[Column] = (("rating", "string", ""),),
    policy: str = "UNIQUE",
    aggregation: str = "",
) -> DecisionTable:
    """The parsed table of `table_xml`."""
    content = table_xml(
        rows, inputs=inputs, outputs=outputs, policy=policy, aggregation=aggregation
    )
    return parse_table(content, file="rating_table.dmn")


def _input(place: int, name: str, kind: str, allowed: str) -> str:
    values = f'<inputValues id="in_{place}_values"><text>{escape(allowed)}</text></inputValues>'
    return (
        f'<input id="in_{place}" label={quoteattr(name)}>'
        f'<inputExpression id="in_{place}_expression" typeRef="{kind}">'
        f"<text>{escape(name)}</text></inputExpression>{values if allowed else ''}</input>"
    )


def _output(place: int, name: str, kind: str, allowed: str) -> str:
    values = f'<outputValues id="out_{place}_values"><text>{escape(allowed)}</text></outputValues>'
    return (
        f'<output id="out_{place}" name={quoteattr(name)} typeRef="{kind}">'
        f"{values if allowed else ''}</output>"
    )


def _row(place: int, cells: Sequence[str], results: Sequence[str]) -> str:
    def entries(kind: str, texts: Sequence[str]) -> str:
        return "".join(
            f'<{kind}putEntry id="row_{place}_{kind}_{number}"><text>{escape(text)}</text>'
            f"</{kind}putEntry>"
            for number, text in enumerate(texts, 1)
        )

    return (
        f'<rule id="row_{place}"><description>baris {place}</description>'
        f"{entries('in', cells)}{entries('out', results)}</rule>"
    )
