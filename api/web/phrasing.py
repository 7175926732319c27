"""How instants, numbers, names and codes are said to one reader, in his language and zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date

from api.i18n import N_, Words
from api.problem_table import row_of
from api.web import labels
from engine.domain.wording import finding_sentence, sentence
from engine.errors import Finding
from engine.queries.inbox import COUNTED, Count, Inbox
from engine.queries.inbox_asked import Tab
from engine.queries.inbox_choices import Choices
from engine.queries.overviews import IncidentRow
from engine.rules.numbers import format_number

SOON_DAYS = 3
_NIP_LENGTH = 18
_HIDDEN = "•"
_KILO = 1024
YES, NO = N_("yes"), N_("no")
_TITLES = frozenset({"dr", "drs", "dra", "ir", "prof", "h", "hj"})


@dataclass(frozen=True)
class Phrasing:
    """One reader's language, the zone of his agency and the present instant."""

    words: Words
    zone: str
    now: datetime

    def date(self, day: date) -> str:
        """A date in words, as in "Senin, 23 November 2026"."""
        return format_date(day, "EEEE, d MMMM y", locale=self.words.language)

    def month(self, day: date) -> str:
        """The month of a day, as in "November 2026"."""
        return format_date(day, "MMMM y", locale=self.words.language)

    def short_date(self, day: date) -> str:
        """A date for tables, as in "23 Nov 2026"."""
        return format_date(day, "d MMM y", locale=self.words.language)

    def day_and_month(self, day: date) -> str:
        """A date for an axis, as in "23 Nov"."""
        return format_date(day, "d MMM", locale=self.words.language)

    def time(self, at: datetime) -> str:
        """The local time of day, as in "10.42" ("10:42" in English)."""
        separator = "." if self.words.language == "id" else ":"
        return self._local(at).strftime(f"%H{separator}%M")

    def instant(self, at: datetime, seconds: bool = False) -> str:
        """A local instant with its zone, as in "23 Nov 2026 10.42 WIT"."""
        local = self._local(at)
        second = local.strftime(".%S" if self.words.language == "id" else ":%S") if seconds else ""
        return f"{self.short_date(local.date())} {self.time(at)}{second} {local.tzname()}"

    def last_day(self, due_at: datetime) -> str:
        """The last day on which the work is in time, in words; `due_at` itself is too late."""
        return self.date(self._last_day(due_at))

    def short_last_day(self, due_at: datetime) -> str:
        """The last day for tables."""
        return self.short_date(self._last_day(due_at))

    def due(self, due_at: datetime) -> str:
        """The due date as people say it: today, tomorrow, days left or days late."""
        _ = self.words
        days = self._days_left(due_at)
        if days < 0:
            return _.ngettext("%(count)s day late", "%(count)s days late", -days)
        if days == 0:
            return _("today")
        if days == 1:
            return _("tomorrow")
        return _.ngettext("%(count)s day left", "%(count)s days left", days)

    def due_tone(self, due_at: datetime) -> str:
        """The class of the tag beside the words: bad when late, warn when near."""
        days = self._days_left(due_at)
        return "bad" if days < 0 else "warn" if days <= SOON_DAYS else ""

    def until(self, due_at: datetime) -> str:
        """The last day after the word for "until"."""
        return self.until_day(self._last_day(due_at))

    def until_day(self, day: date) -> str:
        """The same for a day."""
        _ = self.words
        return _("until %(date)s", date=self.date(day))

    def number(self, value: Decimal | int) -> str:
        """A number in Indonesian notation in both languages, as in "1.234,5"."""
        return format_number(value)

    def figure(self, value: Decimal) -> str:
        """A computed figure with both its decimals, as in "75,00"."""
        return format_number(value, 2)

    def size(self, octets: int) -> str:
        """A file size in KB or MB."""
        if octets < _KILO * _KILO:
            return f"{format_number(max(1, octets // _KILO))} KB"
        return f"{format_number(Decimal(octets) / (_KILO * _KILO), 1)} MB"

    def nip(self, nip: str) -> str:
        """A NIP without the birth date, as in "•••••••• 201001 2 003"."""
        if len(nip) != _NIP_LENGTH:
            return _HIDDEN * max(0, len(nip) - 4) + nip[-4:]
        return f"{_HIDDEN * 8} {nip[8:14]} {nip[14]} {nip[15:]}"

    def initials(self, name: str) -> str:
        """Up to two letters for the round picture; academic titles are left out."""
        parts = [part for part in name.split(",", maxsplit=1)[0].split() if part[:1].isalpha()]
        plain = [part for part in parts if part.rstrip(".").lower() not in _TITLES] or parts
        return "".join(part[0] for part in (plain[:1] + plain[-1:] if plain[1:] else plain)).upper()

    def label(self, kind: str, code: str | None) -> str:
        """The word for a code; an empty code is a dash."""
        return self.words(labels.msgid(kind, str(code))) if code else "–"

    def changed(self, field: str, value: str) -> str:
        """What a field of the organisation was: dates, zones and ticks in words."""
        if not value:
            return "–"
        if field == "closed_on":
            return self.short_date(date.fromisoformat(value))
        if field == "heads_unit":
            return self.words(YES if value == "True" else NO)
        return self.label("zone", value) if field == "zone" else value

    def title(self, title: Mapping[str, str]) -> str:
        """The reader's language of a text written in both."""
        return title.get(self.words.language) or title.get("id", "")

    def unit(self, word: Mapping[str, str], name: str) -> str:
        """A unit behind the word of its place, as in "Distrik: Bagian Umum".

        The word is not said twice where the name begins with it.
        """
        said = self.title(word)
        return name if name.casefold().startswith(said.casefold()) else f"{said}: {name}"

    def cause(self, incident: IncidentRow) -> str:
        """Why a case is held, in the sentence of its code."""
        return sentence(incident.code, self.words.language, incident.params)

    def finding_in_row(self, found: Finding) -> str:
        """The sentence of a finding whose row stands beside it."""
        params = {name: value for name, value in found.params.items() if name != "row"}
        return sentence(found.rule, self.words.language, params)

    def finding(self, found: Finding) -> str:
        """The sentence of a finding."""
        return finding_sentence(found, self.words.language)

    def code(self, code: str) -> str:
        """The sentence of a code."""
        return sentence(code, self.words.language)

    def state_tone(self, state: str) -> str:
        """The class of the tag of a case state."""
        return {"completed": "ok", "held": "bad", "running": "brand"}.get(state, "")

    def standing_tone(self, standing: str) -> str:
        """The class of a step of a diagram, as the step list has it."""
        return {"ahead": "next", "passed": "skipped"}.get(standing, standing)

    def day_of(self, at: datetime) -> date:
        """The local date of an instant."""
        return self._local(at).date()

    def counted_tasks(self, count: int) -> str:
        """How many tasks, as in "3 tasks"."""
        return self.words.ngettext("%(count)s task", "%(count)s tasks", count)

    def waiting(self, inbox: Inbox) -> str:
        """The line below the title of the inbox."""
        _ = self.words
        mine = inbox.counts.get(Tab.MINE, Count())
        if not mine.number:
            return _("No task waits for you")
        waiting = _.ngettext(
            "%(count)s task waits for you", "%(count)s tasks wait for you", mine.number
        )
        if mine.capped:
            waiting = _("More than %(count)s tasks wait for you", count=mine.number - 1)
        if not mine.overdue:
            return waiting
        late = _("%(count)s overdue", count=self.count(mine.overdue))
        return f"{waiting}, {late}"

    def count(self, number: int) -> str:
        """A number of rows; beyond what was looked at as "99+"."""
        return f"{COUNTED - 1}+" if number >= COUNTED else str(number)

    def labels(self, kind: str) -> list[tuple[str, str]]:
        """Every code of a kind with its word, for lists to choose from."""
        return [(code, self.words(text)) for code, text in labels.LABELS[kind].items()]

    def filter(self, name: str, value: str, choices: Choices | None) -> str:
        """A filter that is on, in words."""
        if name in {"due", "held"}:
            return self.label(f"inbox_{name}", value)
        named = {
            "period": choices.periods if choices else {},
            "task": choices.tasks if choices else {},
            "unit": choices.units if choices else {},
        }.get(name, {})
        return named.get(value, f"“{value}”")

    def refusal(self, error: Exception) -> str:
        """Why an order was not carried out, in the sentence of the error."""
        return self.words(row_of(error).detail)

    def events(self, count: int) -> str:
        """How many events, as in "12 events."."""
        return self.words.ngettext("%(count)s event.", "%(count)s events.", count)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.zone))

    def _last_day(self, due_at: datetime) -> date:
        return self._local(due_at - timedelta(microseconds=1)).date()

    def _days_left(self, due_at: datetime) -> int:
        return (self._last_day(due_at) - self._local(self.now).date()).days
