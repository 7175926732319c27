"""The pages that a person finds his way to: everyday ones, and those for settings on one hub."""

from dataclasses import dataclass
from enum import StrEnum

from api.i18n import N_
from engine.domain.access import AgencyAccess, Verb, can
from engine.queries.visitors import Seat

HUB = "/administration"


class Group(StrEnum):
    """Where a page is listed: in the main navigation, or under a heading of the hub."""

    EVERYDAY = "everyday"
    PEOPLE = "people"
    PERIODS = "periods"
    OPERATION = "operation"


GROUP_TITLES = {
    Group.PEOPLE: N_("People and organisation"),
    Group.PERIODS: N_("Appraisal"),
    Group.OPERATION: N_("Operation"),
}


@dataclass(frozen=True)
class Link:
    """One page; `label` and the sentence `about` are msgids, `verb` None where none is needed."""

    group: Group
    address: str
    label: str
    verb: Verb | None = None
    about: str = ""
    raters_only: bool = False
    with_log_only: bool = False


LINKS = (
    Link(Group.EVERYDAY, "/inbox", N_("My tasks")),
    Link(Group.EVERYDAY, "/my-appraisals", N_("My appraisals")),
    Link(Group.EVERYDAY, "/daily-log", N_("Daily log"), with_log_only=True),
    Link(Group.EVERYDAY, "/team", N_("My team"), raters_only=True),
    Link(Group.EVERYDAY, "/overview", N_("Overview"), Verb.READ_OVERVIEW),
    Link(Group.EVERYDAY, "/cases", N_("Appraisal files"), Verb.SEARCH_CASES),
    Link(Group.EVERYDAY, "/cycles", N_("Periods"), Verb.OPEN_CYCLE),
    Link(
        Group.PEOPLE,
        "/employees",
        N_("Employees"),
        Verb.READ_ORGANISATION,
        N_("Find a person: posts over time, substitutes, duties and account."),
    ),
    Link(
        Group.PEOPLE,
        "/organisation",
        N_("Organisation"),
        Verb.READ_ORGANISATION,
        N_("The agency, its units and positions, and who holds them from when to when."),
    ),
    Link(
        Group.PEOPLE,
        "/people/transfers",
        N_("Transfers"),
        Verb.TRANSFER_PEOPLE,
        N_("Move people or let them leave, and see first what becomes of their open work."),
    ),
    Link(
        Group.PEOPLE,
        "/imports",
        N_("Import from sheets"),
        Verb.IMPORT_PEOPLE,
        N_("Bring in people, plans and transfers from XLSX or CSV."),
    ),
    Link(
        Group.PEOPLE,
        "/cards",
        N_("Accounts"),
        Verb.ISSUE_CODE,
        N_("Print activation cards and give out new codes, unit by unit."),
    ),
    Link(
        Group.PEOPLE,
        "/duties",
        N_("Roles and powers"),
        Verb.GRANT_DUTY,
        N_("See who has which duty; give one with a second person, or end it."),
    ),
    Link(
        Group.PERIODS,
        "/achievements",
        N_("Achievements"),
        Verb.SET_ACHIEVEMENT,
        N_("Set what each unit achieved; predicates wait for it."),
    ),
    Link(
        Group.PEOPLE,
        "/notices/unit-list",
        N_("List of a unit"),
        Verb.REMIND_WORK,
        N_("Who of a unit has how many tasks, to be printed where there is no network."),
    ),
    Link(
        Group.PERIODS,
        "/follow-ups",
        N_("Follow-ups"),
        Verb.READ_FOLLOW_UP,
        N_("What follows results: recognition, training, coaching and plans, until they are done."),
    ),
    Link(
        Group.PERIODS,
        "/recap",
        N_("Monthly recap"),
        Verb.MANAGE_RECAP,
        N_("Data for those who compute allowances: look at a month, freeze it, see corrections."),
    ),
    Link(
        Group.PERIODS,
        "/surveys",
        N_("Citizen survey"),
        Verb.READ_SURVEY,
        N_("Ask the users of a service, watch how many answer, and read what they said."),
    ),
    Link(
        Group.PERIODS,
        "/fairness",
        N_("Rating patterns"),
        Verb.READ_FAIRNESS,
        N_("Predicates by unit, raters beside each other, gaps between views: to talk about."),
    ),
    Link(
        Group.PERIODS,
        "/identities",
        N_("Identities"),
        Verb.READ_IDENTITIES,
        N_("Who said something in confidence: asked by the team, granted by the inspectorate."),
    ),
    Link(
        Group.PERIODS,
        "/preparing",
        N_("Prepare for raters"),
        Verb.REMIND_WORK,
        N_("Fill in facts and evidence for raters who have named you."),
    ),
    Link(
        Group.PERIODS,
        "/keying-in",
        N_("Key in from paper"),
        Verb.KEY_IN_WORK,
        N_("Key in what employees of your unit filled in and signed on paper, with its scan."),
    ),
    Link(
        Group.OPERATION,
        "/administration/webhooks",
        N_("Other programs"),
        Verb.READ_DELIVERIES,
        N_("See what other programs were told, and what did not arrive."),
    ),
    Link(
        Group.OPERATION,
        "/incidents",
        N_("Held files"),
        Verb.RETRY_INCIDENT,
        N_("Try automatic steps again that could not be finished."),
    ),
)
_TO_HUB = Link(Group.EVERYDAY, HUB, N_("Settings"))


def links_for(seat: Seat) -> tuple[Link, ...]:
    """The main navigation of a person; the hub is in it when anything stands there for him."""
    everyday = tuple(link for link in _open_to(seat) if link.group is Group.EVERYDAY)
    return (*everyday, _TO_HUB) if hub_for(seat) else everyday


def hub_for(seat: Seat) -> dict[Group, tuple[Link, ...]]:
    """The pages of the hub by heading: what he may not open is not shown."""
    open_links = _open_to(seat)
    listed = {
        group: tuple(link for link in open_links if link.group is group) for group in GROUP_TITLES
    }
    return {group: links for group, links in listed.items() if links}


def section_of(place: str) -> str:
    """The address in the main navigation that a page belongs to; nothing when none."""
    found = (link for link in (*LINKS, _TO_HUB) if _is_within(place, link.address))
    link = max(found, key=lambda link: len(link.address), default=None)
    if link is None:
        return ""
    return link.address if link.group is Group.EVERYDAY else HUB


def _is_within(place: str, address: str) -> bool:
    return place == address or place.startswith(f"{address}/")


def _open_to(seat: Seat) -> tuple[Link, ...]:
    return tuple(link for link in LINKS if _is_open(link, seat))


def _is_open(link: Link, seat: Seat) -> bool:
    if link.raters_only:
        return seat.rates_others
    if link.with_log_only:
        return seat.has_logs
    agency = AgencyAccess(seat.actor.agency_id)
    return link.verb is None or bool(can(seat.actor, link.verb, agency))
