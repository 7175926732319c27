"""When things happen in the demonstration, counted from the day on which it is made."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from api.demo.story import stories

YEAR_TURNS_IN = 7
LAUNCHED = timedelta(days=5)
EVENING = time(18, 30)


@dataclass(frozen=True)
class Days:
    """The days of the office: `year` is appraised, and the one before it was in January."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The local date."""
        return self.now.astimezone(self.zone).date()

    @property
    def year(self) -> int:
        """The year that is being appraised: in the first half of a year the one before."""
        return self.today.year if self.today.month >= YEAR_TURNS_IN else self.today.year - 1

    @property
    def founded(self) -> datetime:
        """When the agency began to work with the product."""
        return self.morning(date(self.year, 1, 2))

    @property
    def begun(self) -> datetime:
        """When the period of the year was opened: the day before its first case."""
        return min(story.begins(self.now) for story in stories()) - timedelta(days=1)

    @property
    def launched(self) -> datetime:
        """When HR launched the period for everybody who had no case by then."""
        return self.now - LAUNCHED

    def morning(self, day: date) -> datetime:
        """When the office opens on a day."""
        return datetime.combine(day, time(8), self.zone).astimezone(self.now.tzinfo)

    def ago(self, days: float) -> datetime:
        """So many days before now."""
        return self.now - timedelta(days=days)

    def evenings(self, first: datetime, last: datetime, *, step: int = 1) -> Iterator[datetime]:
        """An instant after work on every `step`th day between two instants."""
        day = first.astimezone(self.zone).date()
        while True:
            at = datetime.combine(day, EVENING, self.zone).astimezone(self.now.tzinfo)
            if at >= last:
                return
            if at > first:
                yield at
            day += timedelta(days=step)


def live(lives: Iterable[Iterator[datetime]]) -> Iterator[int]:
    """Let everything happen in the order of time; gives how many lives have ended by then.

    A life gives the instant of what it does next and goes on when that instant has come.
    """
    waiting: list[tuple[datetime, int, Iterator[datetime]]] = []
    ended = 0
    for place, one in enumerate(lives):
        first = next(one, None)
        if first is not None:
            waiting.append((first, place, one))
    heapq.heapify(waiting)
    while waiting:
        _, place, one = heapq.heappop(waiting)
        coming = next(one, None)
        if coming is not None:
            heapq.heappush(waiting, (coming, place, one))
        else:
            ended += 1
            yield ended
