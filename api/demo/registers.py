"""The register that somebody hands in as a file: a small workbook with invented rows."""

import random
from datetime import datetime, timedelta

from api.demo.words import words
from api.workbooks import Column, SheetTable, workbook

ROWS = 12
COLUMNS = (Column("Tanggal", 14), Column("Kegiatan", 48), Column("Jumlah", 10))


def register(at: datetime) -> bytes:
    """A dozen lines of the weeks before; the same day gives the same register."""
    rng = random.Random(f"register {at.date()}")  # noqa: S311 - invented lines, no secret
    days = [(at - timedelta(weeks=ROWS - n)).date() for n in range(ROWS)]
    rows = [[day, rng.choice(words("texts")["realisation"]), rng.randint(3, 40)] for day in days]
    return workbook([SheetTable("Register", COLUMNS, rows)], made_at=at)
