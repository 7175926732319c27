"""The questions of the citizen survey, each with its own four answers, from worst to best.

Source: the annex of PermenPANRB 14/2017.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from api.i18n import N_
from engine.domain.actions import Action
from engine.domain.citizen_survey import Element


@dataclass(frozen=True)
class Question:
    """What an element is called, what citizens are asked, and what 1 to 4 mean; all msgids."""

    name: str
    asks: str
    answers: tuple[str, str, str, str]


FITTING = (N_("Does not fit"), N_("Fits poorly"), N_("Fits"), N_("Fits very well"))
QUESTIONS: Mapping[Element, Question] = {
    Element.REQUIREMENTS: Question(
        N_("Requirements"),
        N_("Did the documents and conditions asked for fit the service?"),
        FITTING,
    ),
    Element.PROCEDURE: Question(
        N_("Procedure"),
        N_("How easy was the way through this service?"),
        (N_("Not easy"), N_("Less easy"), N_("Easy"), N_("Very easy")),
    ),
    Element.TIME: Question(
        N_("Time"),
        N_("How fast was the service?"),
        (N_("Not fast"), N_("Less fast"), N_("Fast"), N_("Very fast")),
    ),
    Element.COST: Question(
        N_("Cost"),
        N_("How fair was the fee?"),
        (N_("Very expensive"), N_("Rather expensive"), N_("Cheap"), N_("Free of charge")),
    ),
    Element.PRODUCT: Question(
        N_("Result of the service"),
        N_("Did what you got fit what had been promised?"),
        FITTING,
    ),
    Element.COMPETENCE: Question(
        N_("Competence of the staff"),
        N_("How able was the staff?"),
        (N_("Not competent"), N_("Less competent"), N_("Competent"), N_("Very competent")),
    ),
    Element.BEHAVIOUR: Question(
        N_("Behaviour of the staff"),
        N_("How polite and friendly was the staff?"),
        (
            N_("Not polite and friendly"),
            N_("Less polite and friendly"),
            N_("Polite and friendly"),
            N_("Very polite and friendly"),
        ),
    ),
    Element.COMPLAINTS: Question(
        N_("Handling of complaints"),
        N_("How are complaints of users dealt with?"),
        (
            N_("There is nothing for it"),
            N_("There is something, but it does not work"),
            N_("It works, but not well enough"),
            N_("They are dealt with well"),
        ),
    ),
    Element.FACILITIES: Question(
        N_("Rooms and equipment"),
        N_("How good are rooms and equipment?"),
        (N_("Bad"), N_("Sufficient"), N_("Good quality"), N_("Very good quality")),
    ),
}
# PermenPANRB 14/2017: the words of the four grades.
GRADES: Mapping[str, str] = {
    "A": N_("Grade A: very good service"),
    "B": N_("Grade B: good service"),
    "C": N_("Grade C: service that is not quite good"),
    "D": N_("Grade D: service that is not good"),
}
# What the trail says of a survey; of an answer it says nothing.
SURVEY_DEEDS: Mapping[Action, tuple[str, str]] = {
    Action.SURVEY_OPENED: (N_("Survey opened"), N_("%(who)s opened a citizen survey.")),
    Action.SURVEY_CLOSED: (N_("Survey closed"), N_("%(who)s closed a citizen survey.")),
    Action.SURVEY_LINKS_MADE: (
        N_("Links of a survey made"),
        N_("%(who)s made one-time links of a citizen survey."),
    ),
    Action.SURVEY_COUNTER_SET: (
        N_("Poster of a survey made"),
        N_("%(who)s made a new poster of a citizen survey."),
    ),
}
