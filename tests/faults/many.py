"""A cycle of as many people as wanted, launched as the product does it."""

from engine.commands.launch import request_launch
from engine.jobs.launching import continue_launches
from tests.bench.launching import populate
from tests.cases import NOW
from tests.office import Office


def add_people(office: Office, many: int) -> None:
    """So many more people, each with a post and a plan."""
    populate(office, [f"p{number:06}" for number in range(many)])


def launch_everybody(office: Office, many: int) -> None:
    """Add so many people, and start the cycle for them and those of the office."""
    add_people(office, many)
    hr = office.actor("hr_officer", NOW)
    request_launch(office.desk, hr, cycle_id=office.cycle_id, expected=many, now=NOW)
    while continue_launches(office.desk, office.agency_id, now=NOW):
        pass
