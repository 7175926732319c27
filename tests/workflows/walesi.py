"""What tests of Walesi share: its criteria, its forms and tables, its paths."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest

from tests.office import ROOT
from tests.ready import Offices
from tests.workflows import regions
from tests.workflows.scenario import Scenario, read_path

FOLDER = ROOT / "workflows/walesi"
CRITERIA = [
    {"indicator_id": "productivity", "title": "Produktivitas", "weight": Decimal(40)},
    {"indicator_id": "service_quality", "title": "Kualitas layanan", "weight": Decimal(30)},
    {"indicator_id": "communication", "title": "Komunikasi", "weight": Decimal(30)},
]
REASON = "Setiap keputusan kampung dijelaskan terbuka sepanjang tahun, juga kepada yang menolak."

Begun = Callable[[str], Scenario]
refused = partial(regions.refused, "walesi")
decide = partial(regions.decide, "walesi")


@pytest.fixture
def begun(offices: Offices) -> Begun:
    """Begins a named path of Walesi."""
    office = offices.open("walesi")
    return lambda name: Scenario(office, read_path(FOLDER / f"paths/{name}.json"))
