"""Concerns: an open question beside the status, answered once, and nothing in Canvas changes by it."""

import pytest

from accommodations.errors import LeewayError, ValuesRefused
from accommodations.models import ActionLogEntry, Concern, PairStatus, SyncRun
from accommodations.selectors.concerns import concern_list, concerns_beside, open_concerns
from accommodations.services.concerns import answer_concern, raise_concern
from tests.accommodations.views_a.conftest import Campus
from tests.factories import make_assessment, make_enrollment, make_pair, make_student


def test_a_concern_is_an_open_question_and_changes_nothing(campus: Campus) -> None:
    before = list(PairStatus.objects.values())
    concern = raise_concern(
        course=campus.own,
        assessment=campus.quiz,
        student=campus.amara,
        raised_by=campus.users["instructor"],
        words="Quiz 8 is a group presentation.",
    )
    assert list(open_concerns(campus.users["coordinator"])) == [concern]
    assert list(PairStatus.objects.values()) == before
    assert not SyncRun.objects.exists()
    assert ActionLogEntry.objects.get(act="concern.raised").student_id_logged == campus.amara.pk


def test_the_same_concern_sent_twice_is_one(campus: Campus) -> None:
    for _ in range(2):
        raise_concern(course=campus.own, raised_by=campus.users["instructor"], words="Why?")
    assert Concern.objects.count() == 1


@pytest.mark.parametrize("words", ["", "  ", "\x00", "x" * 4001])
def test_a_concern_without_words_or_with_too_many_is_refused(words: str, campus: Campus) -> None:
    with pytest.raises(ValuesRefused):
        raise_concern(course=campus.own, raised_by=campus.users["instructor"], words=words)
    assert not Concern.objects.exists()


def test_an_answer_closes_it_once(campus: Campus) -> None:
    concern = raise_concern(course=campus.own, raised_by=campus.users["instructor"], words="Why?")
    answered = answer_concern(concern=concern, answered_by=campus.users["coordinator"], words="Since it was approved.")
    assert (answered.answer, answered.answered_by) == ("Since it was approved.", campus.users["coordinator"])
    with pytest.raises(LeewayError):
        answer_concern(concern=concern, answered_by=campus.users["director"], words="Another answer.")
    assert not open_concerns(campus.users["coordinator"]).exists()


def test_b03_instructors_see_concerns_about_their_own_students_only(campus: Campus) -> None:
    other = make_student(name="Farid Rahimi")
    make_enrollment(other, campus.own, canvas_section_id=99)
    campus.users["instructor"].linked_person.teachings.update(is_limited_to_section=True)
    coordinator = campus.users["coordinator"]
    own = raise_concern(course=campus.own, student=campus.amara, raised_by=coordinator, words="About Amara.")
    raise_concern(course=campus.own, student=other, raised_by=coordinator, words="About Farid.")
    raise_concern(course=campus.foreign, raised_by=coordinator, words="About a foreign course.")
    assert list(concern_list(campus.users["instructor"])) == [own]
    assert not concern_list(campus.users["student"]).exists()
    assert concern_list(coordinator).count() == 3


def test_a_concern_stands_beside_every_pair_that_it_is_about(campus: Campus) -> None:
    whole = raise_concern(
        course=campus.own, assessment=campus.quiz, raised_by=campus.users["instructor"], words="The whole quiz."
    )
    another = make_pair(campus.bo, make_assessment(campus.own))
    beside = concerns_beside(campus.users["coordinator"], [campus.own_pair, campus.foreign_pair, another])
    assert beside == {campus.own_pair.pk: [whole], campus.foreign_pair.pk: [], another.pk: []}


def test_b17_a_search_takes_wildcards_literally(campus: Campus) -> None:
    raise_concern(course=campus.own, raised_by=campus.users["instructor"], words="100 % of it")
    assert concern_list(campus.users["coordinator"], search="100 %").count() == 1
    assert not concern_list(campus.users["coordinator"], search="1%0").exists()
