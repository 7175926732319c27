"""Every error has a status and sentences in both languages."""

import json
from collections.abc import Iterator

import pytest

from api.i18n import load_words
from api.problem_table import TABLE, row_of
from api.problems import problem_json, problem_of
from api.refusals import TypedBefore
from engine import errors
from engine.errors import AlurError, Finding, Forbidden, InvalidForm, NotFound

WORDS = load_words()


def family(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from family(child)


@pytest.mark.parametrize("kind", sorted(family(AlurError), key=str))
def test_every_error_of_the_engine_has_its_own_row(kind: type[Exception]) -> None:
    assert kind in TABLE


# Not an error but words that come back: the page itself is whole.
RETURNED = {TypedBefore}


@pytest.mark.parametrize("kind", sorted(set(TABLE) - RETURNED, key=str))
def test_every_row_says_what_happened_what_is_safe_and_what_to_do(kind: type[Exception]) -> None:
    row = TABLE[kind]

    texts = [WORDS["id"](text) for text in (row.title, row.detail, row.safe, row.advice)]

    assert all(texts)
    assert 400 <= row.status < 600


def test_a_foreign_object_looks_like_one_that_does_not_exist() -> None:
    foreign = problem_of(Forbidden("read_case", "not_yours"), WORDS["id"])
    missing = problem_of(NotFound("case", "x"), WORDS["id"])

    assert foreign == missing
    assert missing.status == 404


def test_a_separation_of_duties_is_told_to_those_who_see_the_case_anyway() -> None:
    problem = problem_of(Forbidden("complete_work", "took_part"), WORDS["id"])

    assert problem.status == 403
    assert "terlibat" in problem.detail


def test_whoever_was_named_is_told_why_another_confirms_it() -> None:
    problem = problem_of(Forbidden("complete_work", "named"), WORDS["id"])

    assert problem.status == 403
    assert "tidak mengesahkan penunjukannya sendiri" in problem.detail


def test_an_error_that_nobody_listed_is_our_fault() -> None:
    assert row_of(ZeroDivisionError()).status == 500


def test_a_newer_subclass_takes_the_row_of_its_base() -> None:
    class Newer(errors.StaleVersion):
        """One that the table does not know."""

    error = Newer("draft", "x", expected=1, actual=2)

    assert row_of(error) == TABLE[errors.StaleVersion]


def test_machines_get_every_finding_with_its_place() -> None:
    error = InvalidForm([Finding("form.required", element_id="rows.0.realisation")])

    answer = problem_json(problem_of(error, WORDS["en"]))

    body = json.loads(answer.body)
    assert answer.media_type == "application/problem+json"
    assert answer.status_code == body["status"] == 422
    assert body["findings"][0]["place"] == "rows.0.realisation"
