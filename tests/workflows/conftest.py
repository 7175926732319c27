"""Offices on both databases, and named paths begun in them."""

from collections.abc import Callable

import pytest

from tests.office import Office
from tests.ready import Offices, offices, session_folder
from tests.workflows.promises import path_of
from tests.workflows.scenario import Scenario

__all__ = ["offices", "session_folder"]


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office with the national system."""
    return offices.open("national")


@pytest.fixture
def begun(office: Office) -> Callable[[str], Scenario]:
    """Begins a named path of the national system."""
    return lambda name: Scenario(office, path_of(name))
