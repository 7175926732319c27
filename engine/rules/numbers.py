"""The one representation of numbers, from a typed `1.234,5` to stored JSON; never a float."""

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from engine.errors import Finding, Invalid, InvalidNumber

# Wide enough for every sum of scores; an argument everywhere, since the thread's own context is a
# global that a library may have changed.
ARITHMETIC = Context(
    prec=50, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow]
)
MAX_CHARACTERS = 30
MAX_DEPTH = 64
_MAX_EXPONENT = 40
_MIN_EXPONENT = -100
_TAG = "$decimal"
Path = tuple[str | int, ...]
_INDONESIAN = re.compile(r"-?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?")
_DOTTED = re.compile(r"-?[0-9][0-9.]*\.[0-9.]*(?:,[0-9]+)?")
_STORED = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def parse_number(text: str) -> Decimal:
    """The number a person typed in Indonesian notation.

    The comma is the decimal mark; a dot only separates groups of three digits, so `1.234` is 1234
    and `1.5` is refused. Raises InvalidNumber with number.empty, number.too_long,
    number.dot_is_thousands or number.not_a_number.
    """
    typed = text.strip()
    if not typed:
        raise InvalidNumber(text, "number.empty")
    if len(typed) > MAX_CHARACTERS:
        raise InvalidNumber(text, "number.too_long")
    if not _INDONESIAN.fullmatch(typed):
        dotted = _DOTTED.fullmatch(typed)
        raise InvalidNumber(text, "number.dot_is_thousands" if dotted else "number.not_a_number")
    value = Decimal(typed.replace(".", "").replace(",", "."))
    return abs(value) if value.is_zero() else value


def format_number(value: Decimal | int, places: int | None = None) -> str:
    """Indonesian notation: all digits without needless zeros, or exactly `places` decimals."""
    number = _finite(Decimal(value))
    shown = f"{number if places is None else round_half_up(number, places):f}"
    whole, _, fraction = shown.lstrip("-").partition(".")
    if places is None:
        fraction = fraction.rstrip("0")
    sign = "-" if shown.startswith("-") and (whole.strip("0") or fraction.strip("0")) else ""
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{sign}{grouped},{fraction}" if fraction else f"{sign}{grouped}"


def round_half_up(value: Decimal | int, places: int = 2) -> Decimal:
    """`value` rounded half-up (away from zero) to `places` decimals."""
    number = _finite(Decimal(value))
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_WIDE)


# Rounding keeps every digit before the comma, however many there are.
_WIDE = Context(prec=2 * _MAX_EXPONENT + MAX_CHARACTERS)


def to_jsonable(value: object) -> object:
    """`value` with each Decimal tagged as {"$decimal": "12.50"}, ready for any JSON writer.

    Raises Invalid for a float and every other type, for keys that collide with a tag and for
    nesting deeper than 64.
    """
    return _walk(value, _tagged)


def from_jsonable(value: object) -> object:
    """The opposite of `to_jsonable`. Raises Invalid for data it did not write."""
    return _walk(value, _kept, restore=True)


def check_keys(value: object) -> None:
    """Refuse untrusted data that claims a tag (`$…`) or SpiffWorkflow's `typename`.

    SpiffWorkflow 3.2 takes any object with a key `typename` for one of its own, and an instance
    that holds such data can never be loaded again.
    """
    _walk(value, _kept)


def _walk(
    value: object,
    leaf: Callable[[object, Path], object],
    path: Path = (),
    *,
    restore: bool = False,
) -> object:
    if len(path) > MAX_DEPTH:
        raise _invalid("data.too_deep", path)
    if type(value) is list:
        return [
            _walk(item, leaf, (*path, place), restore=restore) for place, item in enumerate(value)
        ]
    if type(value) is not dict:
        return leaf(value, path)
    if restore and value.keys() == {_TAG}:
        return _restored(value, path)
    for key in value:
        _check_key(key, path)
    return {key: _walk(item, leaf, (*path, key), restore=restore) for key, item in value.items()}


def _check_key(key: object, path: Path) -> None:
    if type(key) is not str or key.startswith("$") or key == "typename":
        raise _invalid("data.reserved_key", path, key=str(key)[:40])


def _tagged(value: object, path: Path) -> object:
    if type(value) is Decimal:
        return {_TAG: f"{_finite(value):f}"}
    return _kept(value, path)


def _kept(value: object, path: Path) -> object:
    if value is None or type(value) in (str, int, bool, Decimal):
        return value
    raise _invalid("data.type_refused", path, type=type(value).__name__)


def _restored(value: Mapping[str, object], path: Path) -> Decimal:
    text = value[_TAG]
    if not isinstance(text, str) or not _STORED.fullmatch(text):
        raise _invalid("data.reserved_key", path, key=_TAG)
    return Decimal(text)


def _finite(value: Decimal) -> Decimal:
    """Refuse NaN and Infinity, and exponents that would fill the memory when written out."""
    if not value.is_finite():
        raise InvalidNumber(str(value), "number.not_a_number")
    if value.adjusted() > _MAX_EXPONENT or value.as_tuple().exponent < _MIN_EXPONENT:  # type: ignore[operator]
        raise InvalidNumber(str(value), "number.too_long")
    return value


def _invalid(rule: str, path: Path, **params: str) -> Invalid:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    text = text.removeprefix(".")
    return Invalid([Finding(rule, element_id=text or None, params={"path": text, **params})])
