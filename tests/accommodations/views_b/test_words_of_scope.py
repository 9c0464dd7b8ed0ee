"""Where an accommodation counts, alone and in the middle of a sentence."""

import pytest

from accommodations.selectors import accommodation_words
from accommodations.templatetags import acting
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_term_keeps_its_capital_in_the_middle_of_a_sentence() -> None:
    term = factories.make_term(name="Fall 2026")
    row = factories.make_accommodation(factories.make_student(), scope="term", term=term, kinds=[])
    assert acting.counts_for(row) == "Fall 2026"
    row.kinds = ["classic_quiz"]
    assert acting.counts_for(row) == "classic quizzes, Fall 2026"
    assert accommodation_words.counts_for(row) == "Classic quizzes, Fall 2026"
