"""Departments, districts, schools and clinics of the regency, filled up one post after another."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

from api.demo.edges import Edge, edges
from api.demo.persons import appointed_on
from api.demo.regency import FIRST_DAY, Post, Regency
from api.demo.words import words
from engine.domain.people import EmployeeKind
from engine.store.people import EmployeeRow

STAFF_A_DIVISION = 5
OTHER_KINDS = (
    EmployeeKind.PNS,
    EmployeeKind.PPPK,
    EmployeeKind.PNS,
    EmployeeKind.CPNS,
    EmployeeKind.PNS,
    EmployeeKind.PPPK_PART_TIME,
)
GRADES = {
    EmployeeKind.PNS: "III/a",
    EmployeeKind.CPNS: "III/a",
    EmployeeKind.PPPK: "IX",
    EmployeeKind.PPPK_PART_TIME: "VII",
}
PLAIN = Edge("", "", "")


def department_posts(regency: Regency) -> Iterator[Post]:
    """Posts one by one, office after office; units and posts are made on the way."""
    for office in _offices():
        key, title = office["key"], office.get("head", "Kepala Dinas")
        regency.unit(key, office["name"], "department", "regency")
        head = {"unit": key, "key": f"{key}_kepala", "title": title,
                "above": office.get("above", "sekda"), "heads": True, "grade": "IV/b", "age": 49,
                "plan": "leader"}  # fmt: skip
        regency.post(head)
        yield head
        yield from _division_posts(regency, office)


def _offices() -> Iterator[Post]:
    """The departments of the regency, then the offices of its places, again and again."""
    structure = words("structure")
    yield from structure["departments"]
    for lap in count(1):
        for office in structure["places"]["offices"]:
            for number, place in enumerate(structure["places"]["names"], start=1):
                suffix = f" {lap}" if lap > 1 else ""
                name = office["name"].format(place=place) + suffix
                yield {**office, "key": f"{office['key']}_{number}_{lap}", "name": name}


def _division_posts(regency: Regency, office: Post) -> Iterator[Post]:
    sizes = office.get("sizes", (STAFF_A_DIVISION,) * len(office["divisions"]))
    for index, (name, size) in enumerate(zip(office["divisions"], sizes, strict=True)):
        unit = f"{office['key']}_bidang_{index + 1}"
        regency.unit(unit, name, "division", office["key"])
        head = {"unit": unit, "key": f"{unit}_kepala", "title": f"Kepala {name}",
                "above": f"{office['key']}_kepala", "heads": True, "grade": "III/d", "age": 43,
                "plan": office["plan"]}  # fmt: skip
        regency.post(head)
        # The post of the second division of the first department is vacant: somebody acts in it.
        if index == 0 or office["key"] != words("structure")["departments"][0]["key"]:
            yield head
        for place in range(size):
            post = _staff_post(office, unit, index, place)
            regency.post(post)
            yield post


def _staff_post(office: Post, unit: str, index: int, place: int) -> Post:
    titles, key = office["staff"], f"{unit}_staf_{place + 1}"
    post = {"unit": unit, "key": key, "title": titles[place % len(titles)],
            "above": f"{unit}_kepala", "plan": office["plan"], "place": place}  # fmt: skip
    if index == 0 and place == 0:
        post["duties"] = ["operator"]
    functional = edges().get(key, PLAIN).functional
    if place == 1 or functional:
        post["functional"] = functional or "ahli_pertama"
    return post


def fill_department_post(regency: Regency, post: Post, today: date) -> None:
    """Draw a person for a post, unusual where the post asks for it."""
    edge = edges().get(post["key"], PLAIN)
    person = _person(regency, post, edge)
    if edge.name:
        person = replace(person, name=edge.name)
    ends = edge.contract_ends_in
    until = today + timedelta(days=ends) if ends else None
    since = FIRST_DAY if "place" not in post else max(FIRST_DAY, appointed_on(person.nip))
    regency.fill(post, person, since, until=until)


def _person(regency: Regency, post: Post, edge: Edge) -> EmployeeRow:
    people = regency.people
    if "place" not in post:
        age = edge.age or post["age"]
        return people.person(age=age, kind=EmployeeKind.PNS, grade=post["grade"], heads=True)
    if edge.twin:
        return people.twin_of(regency.employees[-1])
    drawn = OTHER_KINDS[len(regency.employees) % len(OTHER_KINDS)]
    age = people.rng.randint(26, 45)
    kind = EmployeeKind(edge.kind) if edge.kind else drawn
    if edge.functional:
        kind = EmployeeKind.PNS
    return people.person(age=edge.age or age, kind=kind, grade=edge.grade or GRADES[kind])
