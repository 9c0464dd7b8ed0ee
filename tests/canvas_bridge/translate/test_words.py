"""Canvas's refusals as one readable line, in every shape that the contract knows."""

import pytest

from canvas_bridge.translate.words import LONGEST_LINE, readable_words, words_by_index

TAKEN = {
    "assignment_override_students": [
        {
            "attribute": "assignment_override_students",
            "type": "taken",
            "message": "already belongs to an assignment override",
        }
    ]
}


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (None, ""),
        ("you are not allowed", "you are not allowed"),
        ([{"message": "The specified resource does not exist."}], "The specified resource does not exist."),
        (['invalid due_at "x"', 'unknown student ids: ["9"]'], 'invalid due_at "x"; unknown student ids: ["9"]'),
        (TAKEN, "assignment_override_students: already belongs to an assignment override"),
        ([None, TAKEN, None], "assignment_override_students: already belongs to an assignment override"),
        ({"set_id": [{"attribute": "set_id", "type": "taken", "message": "taken"}]}, "set_id: taken"),
        ({"submitted_since": "Invalid datetime"}, "submitted_since: Invalid datetime"),
        (["same", "same"], "same"),
        ([{"user_id": 3, "errors": ["must be positive"]}], "must be positive"),
        ("two\nlines\x1b[31m and \u202eback", "two lines [31m and  back"),
        ([5, True], "5; true"),
        ([], ""),
        ({}, ""),
    ],
)
def test_words_become_one_line(words: object, line: str) -> None:
    assert readable_words(words) == line


def test_b27_words_of_a_megabyte_are_cut() -> None:
    assert len(readable_words("x" * 1_000_000)) == LONGEST_LINE


def test_f19_words_by_index_keep_good_elements_apart() -> None:
    assert words_by_index([None, ["bad"], {"title": [{"message": "too_long"}]}], 3) == [None, "bad", "title: too_long"]


@pytest.mark.parametrize("words", [["unknown error"], "no", None, {"errors": []}])
def test_f19_words_that_are_not_by_index_say_so(words: object) -> None:
    assert words_by_index(words, 3) is None
