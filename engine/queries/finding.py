"""How people are found by what somebody typed: the beginnings of words of a name, or of a NIP."""

from sqlalchemy import ColumnElement, Select, and_, false, select

from engine.domain.name_words import name_words
from engine.store import tables as t
from engine.store.database import Transaction

NIP_LENGTH = 18
# Behind every letter, as words are compared octet by octet.
_LAST = "\U0010ffff"


def is_called(tx: Transaction, typed: str) -> ColumnElement[bool]:
    """That words of the employee's name begin with the words typed, or his NIP with the digits.

    Case and accents make no difference. Nobody is called by a text without letters or digits.
    """
    person, digits = t.employee.c, "".join(typed.split())
    if digits.isascii() and digits.isdecimal():
        return person.nip.between(digits, digits.ljust(NIP_LENGTH, "9"))
    begun = [person.id.in_(_with_word(tx, word)) for word in sorted(name_words(typed))]
    return and_(*begun) if begun else false()


def _with_word(tx: Transaction, begin: str) -> Select[tuple[str]]:
    named = t.employee_name_word.c
    return select(named.employee_id).where(
        named.agency_id == tx.agency_id, named.word.between(begin, begin + _LAST)
    )
