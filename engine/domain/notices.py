"""What people are told: the kinds of notices, where they go and how often."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class NoticeKind(StrEnum):
    """Everything that a notice can say; the words for it belong to the pages."""

    NEW_WORK = "new_work"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    OTHERS_OVERDUE = "others_overdue"
    NOBODY_MAY = "nobody_may"
    WORK_REASSIGNED = "work_reassigned"
    WORK_TAKEN_AWAY = "work_taken_away"
    DELEGATED = "delegated"
    RETURNED = "returned"
    PREPARED = "prepared"
    KEYED_IN = "keyed_in"
    DEADLINE_EXTENDED = "deadline_extended"
    RESULT_DELIVERED = "result_delivered"
    RESULT_FINAL = "result_final"
    APPEAL_DECIDED = "appeal_decided"
    CASE_NEWS = "case_news"
    CYCLE_LAUNCHED = "cycle_launched"
    INCIDENT = "incident"
    EXPORT_READY = "export_ready"
    FOLLOW_UP_DUE = "follow_up_due"
    FOLLOW_UP_LATE = "follow_up_late"
    FOLLOW_UP_PASSED_ON = "follow_up_passed_on"
    LOG_NOTE = "log_note"
    LOG_RETURNED = "log_returned"
    LOG_QUESTION = "log_question"
    LOG_ANSWER_LATE = "log_answer_late"


class Topic(StrEnum):
    """Kinds that a person wants to hear of equally often."""

    TASKS = "tasks"
    DEADLINES = "deadlines"
    RESULTS = "results"
    ADMINISTRATION = "administration"


class Channel(StrEnum):
    """Ways out of the product."""

    EMAIL = "email"
    MESSAGE = "message"


class Pace(StrEnum):
    """How often a topic goes out; USUAL sends what is urgent at once and the rest once a day."""

    USUAL = "usual"
    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


class DeliveryStatus(StrEnum):
    """How far something on its way out has come; SUPPRESSED was not needed any more."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


TOPICS: Mapping[NoticeKind, Topic] = {
    NoticeKind.NEW_WORK: Topic.TASKS,
    NoticeKind.REMINDER: Topic.DEADLINES,
    NoticeKind.OVERDUE: Topic.DEADLINES,
    NoticeKind.OTHERS_OVERDUE: Topic.ADMINISTRATION,
    NoticeKind.NOBODY_MAY: Topic.ADMINISTRATION,
    NoticeKind.WORK_REASSIGNED: Topic.TASKS,
    NoticeKind.WORK_TAKEN_AWAY: Topic.TASKS,
    NoticeKind.DELEGATED: Topic.TASKS,
    NoticeKind.RETURNED: Topic.TASKS,
    NoticeKind.PREPARED: Topic.TASKS,
    NoticeKind.KEYED_IN: Topic.TASKS,
    NoticeKind.DEADLINE_EXTENDED: Topic.DEADLINES,
    NoticeKind.RESULT_DELIVERED: Topic.RESULTS,
    NoticeKind.RESULT_FINAL: Topic.RESULTS,
    NoticeKind.APPEAL_DECIDED: Topic.RESULTS,
    NoticeKind.CASE_NEWS: Topic.RESULTS,
    NoticeKind.CYCLE_LAUNCHED: Topic.ADMINISTRATION,
    NoticeKind.INCIDENT: Topic.ADMINISTRATION,
    NoticeKind.EXPORT_READY: Topic.ADMINISTRATION,
    NoticeKind.FOLLOW_UP_DUE: Topic.DEADLINES,
    NoticeKind.FOLLOW_UP_LATE: Topic.DEADLINES,
    NoticeKind.FOLLOW_UP_PASSED_ON: Topic.TASKS,
    NoticeKind.LOG_NOTE: Topic.TASKS,
    NoticeKind.LOG_RETURNED: Topic.TASKS,
    NoticeKind.LOG_QUESTION: Topic.TASKS,
    NoticeKind.LOG_ANSWER_LATE: Topic.DEADLINES,
}
URGENT = frozenset(
    {
        NoticeKind.OVERDUE,
        NoticeKind.RETURNED,
        NoticeKind.KEYED_IN,
        NoticeKind.LOG_NOTE,
        NoticeKind.LOG_RETURNED,
        NoticeKind.RESULT_DELIVERED,
        NoticeKind.RESULT_FINAL,
        NoticeKind.APPEAL_DECIDED,
    }
)
# Notices of the same minutes go out together.
WINDOW = timedelta(minutes=5)
MORNING = time(7)
WEEK = timedelta(days=7)


def sending_time(kind: NoticeKind, pace: Pace, created_at: datetime, zone: str) -> datetime | None:
    """When a notice goes out; it depends on nothing else, so that asking twice says the same.

    None when the person does not want it.
    """
    if pace is Pace.USUAL:
        pace = Pace.IMMEDIATE if kind in URGENT else Pace.DAILY
    match pace:
        case Pace.IMMEDIATE:
            return _end_of_window(created_at)
        case Pace.DAILY:
            return _morning_after(created_at, ZoneInfo(zone))
        case Pace.WEEKLY:
            return _monday_after(created_at, ZoneInfo(zone))
    return None


def _end_of_window(at: datetime) -> datetime:
    seconds = WINDOW.total_seconds()
    return datetime.fromtimestamp((at.timestamp() // seconds + 1) * seconds, tz=at.tzinfo)


def _morning_after(at: datetime, zone: ZoneInfo) -> datetime:
    today = _morning_of(at.astimezone(zone).date(), zone)
    if at < today:
        return today
    return _morning_of(at.astimezone(zone).date() + timedelta(days=1), zone)


def _monday_after(at: datetime, zone: ZoneInfo) -> datetime:
    day = at.astimezone(zone).date()
    monday = _morning_of(day - timedelta(days=day.weekday()), zone)
    return monday if at < monday else _morning_of(monday.astimezone(zone).date() + WEEK, zone)


def _morning_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, MORNING, zone)
