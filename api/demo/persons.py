"""Invented civil servants: names from word lists, numbers that are valid and belong to nobody."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from api.demo.words import words
from engine.domain.people import EmployeeId, EmployeeKind
from engine.store.people import EmployeeRow

FIRST_CONTRACT_YEAR = 2021
DAYS_A_YEAR = 365
DECEMBER = 12


def appointed_on(nip: str) -> date:
    """The first day of the month of the appointment, of the year where a contract is counted."""
    month = int(nip[12:14])
    return date(int(nip[8:12]), month if month <= DECEMBER else 1, 1)


@dataclass
class People:
    """Draws persons from a seed; the same seed and day give the same people."""

    rng: random.Random
    today: date
    _sequences: Counter[str] = field(default_factory=Counter)
    _names: set[str] = field(default_factory=set)

    def new_id(self) -> str:
        """An id that depends on the seed alone."""
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    def person(
        self, *, age: int, kind: EmployeeKind, grade: str, heads: bool = False
    ) -> EmployeeRow:
        """A person of about this age."""
        male = self.rng.random() < 0.47
        name = self._name(male, heads)
        return EmployeeRow(EmployeeId(self.new_id()), self._nip(age, kind, male), name, kind, grade)

    def twin_of(self, other: EmployeeRow) -> EmployeeRow:
        """Somebody born and appointed on the same days: the sequence tells the two apart."""
        prefix = other.nip[:15]
        name = self._name(prefix[14] == "1", heads=False)
        person_id, nip = EmployeeId(self.new_id()), self._numbered(prefix)
        return EmployeeRow(person_id, nip, name, other.kind, other.grade)

    def _name(self, male: bool, heads: bool) -> str:
        lists = words("names")
        while True:
            first = self.rng.choice(lists["male" if male else "female"])
            title = self.rng.choice(lists["titles_of_heads" if heads else "titles_after"])
            name = f"{first} {self.rng.choice(lists['second'])}"
            if name not in self._names or len(self._names) > len(lists["second"]) * 20:
                self._names.add(name)
                return f"{name}, {title}" if title else name

    def _nip(self, age: int, kind: EmployeeKind, male: bool) -> str:
        born = self.today - timedelta(days=age * DAYS_A_YEAR + self.rng.randrange(300))
        year, month = self._appointment(born, kind)
        return self._numbered(f"{born:%Y%m%d}{year}{month:02d}{1 if male else 2}")

    def _appointment(self, born: date, kind: EmployeeKind) -> tuple[int, int]:
        """Year and month; in the number of a contract employee a contract code instead."""
        if kind in {EmployeeKind.PPPK, EmployeeKind.PPPK_PART_TIME}:
            return self.rng.randint(FIRST_CONTRACT_YEAR, self.today.year - 1), 21
        if kind is EmployeeKind.CPNS:
            return self.today.year - 1, 12
        latest = min(born.year + 30, self.today.year - 2)
        return self.rng.randint(min(born.year + 22, latest), latest), self.rng.choice((1, 3, 4, 12))

    def _numbered(self, prefix: str) -> str:
        self._sequences[prefix] += 1
        return f"{prefix}{self._sequences[prefix]:03d}"
