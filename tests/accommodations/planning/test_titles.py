"""R15: titles tell nothing, and only we can make them."""

import re

from accommodations.planning.titles import is_ours, override_title
from tests.accommodations.planning.building import ANA, BO, KEY


def title(user: int = ANA, key: bytes = KEY, assessment: str = "assignment:11") -> str:
    return override_title(key=key, canvas_user_id=user, assessment_key=assessment)


def test_r15_a_title_is_neutral_and_ends_in_a_short_code() -> None:
    assert re.fullmatch(r"Dates for 1 student · [2-9A-Z]{6}", title())
    words = ("accommodation", "disab", "extra", "time", "leeway", "access", "5", "11")
    assert not [word for word in words if word in title().split("·")[0].lower()]


def test_r15_the_code_depends_on_key_student_and_assessment() -> None:
    assert title() == title()
    assert len({title(), title(BO), title(key=b"another"), title(assessment="assignment:12")}) == 4


def test_r15_we_know_our_own_again_and_nobody_elses() -> None:
    def is_mine(words: str, user: int = ANA) -> bool:
        return is_ours(words, key=KEY, canvas_user_id=user, assessment_key="assignment:11")

    assert is_mine(title())
    assert not is_mine(title(), BO)
    assert not is_mine(title(key=b"another"))
    assert not is_mine("1 student")
    assert not is_mine("")
