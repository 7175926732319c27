"""Workbooks made by hand, so that reading them is not tested against a writer of ours."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def xlsx(rows: Sequence[Sequence[str | float]]) -> bytes:
    """One sheet with texts as inline strings and numbers as numbers."""
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        for name, content in _parts(rows).items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return book.getvalue()


def _parts(rows: Sequence[Sequence[str | float]]) -> dict[str, str]:
    return {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sheet.xml" ContentType="{KIND}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship '
        f'Id="r1" Type="{OFFICE}/worksheet" Target="sheet.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Rencana" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/sheet.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{_rows(rows)}'
        "</sheetData></worksheet>",
    }


def _rows(rows: Sequence[Sequence[str | float]]) -> str:
    found = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            _cell(f"{'ABCDEFGHIJ'[place]}{number}", value) for place, value in enumerate(row)
        )
        found.append(f'<row r="{number}">{cells}</row>')
    return "".join(found)


def _cell(place: str, value: str | float) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'
