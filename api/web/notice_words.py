"""What each kind of notice says to its reader."""

from collections.abc import Mapping

from api.i18n import N_
from engine.domain.notices import NoticeKind, Pace, Topic

TITLES: Mapping[NoticeKind, str] = {
    NoticeKind.NEW_WORK: N_("A new task waits for you"),
    NoticeKind.REMINDER: N_("A task is due soon"),
    NoticeKind.OVERDUE: N_("A task of yours is late"),
    NoticeKind.OTHERS_OVERDUE: N_("Tasks of others are late"),
    NoticeKind.NOBODY_MAY: N_(
        "Nobody in charge may do a task: reassign it to somebody who took no part"
    ),
    NoticeKind.WORK_REASSIGNED: N_("A task was given to you"),
    NoticeKind.WORK_TAKEN_AWAY: N_("A task was given to somebody else"),
    NoticeKind.DELEGATED: N_("A task was delegated to you"),
    NoticeKind.RETURNED: N_("A task came back to you"),
    NoticeKind.PREPARED: N_("A draft was prepared for you"),
    NoticeKind.KEYED_IN: N_("Your paper was keyed in for you: please check"),
    NoticeKind.DEADLINE_EXTENDED: N_("A deadline was extended"),
    NoticeKind.RESULT_DELIVERED: N_("Your result was handed over"),
    NoticeKind.RESULT_FINAL: N_("Your result is final"),
    NoticeKind.APPEAL_DECIDED: N_("Your objection was decided"),
    NoticeKind.CASE_NEWS: N_("There is news in an appraisal file"),
    NoticeKind.CYCLE_LAUNCHED: N_("An appraisal period has begun"),
    NoticeKind.INCIDENT: N_("A file is held because a step failed"),
    NoticeKind.EXPORT_READY: N_("A file is ready to be fetched"),
    NoticeKind.FOLLOW_UP_DUE: N_("A follow-up of a result is due soon"),
    NoticeKind.FOLLOW_UP_LATE: N_("A follow-up of a result is late"),
    NoticeKind.FOLLOW_UP_PASSED_ON: N_("A follow-up of a result passed to you"),
    NoticeKind.LOG_NOTE: N_("Your rater wrote about your daily log"),
    NoticeKind.LOG_RETURNED: N_("An activity of your daily log came back to be corrected"),
    NoticeKind.LOG_QUESTION: N_("Somebody whom you rate wrote in the daily log"),
    NoticeKind.LOG_ANSWER_LATE: N_("A request for your comment in a daily log waits too long"),
}
# Of several of a kind on one day.
MANY: Mapping[NoticeKind, str] = {
    NoticeKind.CASE_NEWS: N_("There is news in %(count)s appraisal files"),
}
TOPICS: Mapping[Topic, str] = {
    Topic.TASKS: N_("New, delegated and returned tasks"),
    Topic.DEADLINES: N_("Reminders and late tasks"),
    Topic.RESULTS: N_("Results and objections"),
    Topic.ADMINISTRATION: N_("Periods, late tasks of others, held files"),
}
PACES: Mapping[Pace, str] = {
    Pace.USUAL: N_("What is urgent at once, the rest once a day"),
    Pace.IMMEDIATE: N_("At once"),
    Pace.DAILY: N_("Once a day, in the morning"),
    Pace.WEEKLY: N_("Once a week, on Monday"),
    Pace.OFF: N_("Not at all"),
}
STATUSES: Mapping[str, str] = {
    "queued": N_("on its way"),
    "sent": N_("sent"),
    "failed": N_("did not arrive"),
    "suppressed": N_("not needed"),
}
STATUS_TONES: Mapping[str, str] = {"sent": "ok", "failed": "bad", "queued": "brand"}
