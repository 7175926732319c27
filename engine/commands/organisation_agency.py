"""The agency's own name and time zone."""

from datetime import datetime

from engine.commands.desk import Desk, calendar_of
from engine.commands.organisation_changes import changing, checked_name, refuse
from engine.domain.actions import Action
from engine.domain.people import Actor
from engine.store import agencies, cycles
from engine.store.agencies import AgencyRow

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


def change_agency(desk: Desk, actor: Actor, *, name: str, zone: str, now: datetime) -> None:
    """Rename the agency, or correct its zone as long as no period was opened.

    Deadlines of cases are instants counted in the zone: later it cannot move under them. Raises
    InvalidForm or Forbidden.
    """
    with changing(desk, actor, target="agency", now=now) as office:
        known = agencies.current(office.tx)
        new = AgencyRow(known.id, checked_name(name), zone, known.created_at)
        if zone not in ZONES:
            refuse({"zone": "organisation.zone"})
        if zone != known.zone and cycles.every(office.tx):
            refuse({"zone": "organisation.zone_fixed"})
        calendar_of(zone, now.year)
        agencies.change(office.tx, name=new.name, zone=zone)
        changed = office.remember("agency", known.id, known, new)
        if changed:
            office.note(Action.AGENCY_CHANGED, agency_id=known.id, zone=zone, fields=changed)
