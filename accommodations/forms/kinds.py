"""The four words in which people choose kinds of assessment, and the kinds of Canvas that each stands for."""

from collections.abc import Iterable

from canvas_bridge.facts import CLASSIC_KINDS, AssessmentKind

KINDS_OF_WORD: dict[str, frozenset[str]] = {
    "classic": frozenset(kind.value for kind in CLASSIC_KINDS),
    "new": frozenset({AssessmentKind.NEW_QUIZ.value}),
    "assignment": frozenset(
        {
            AssessmentKind.ASSIGNMENT.value,
            AssessmentKind.EXTERNAL_TOOL.value,
            AssessmentKind.ON_PAPER.value,
            AssessmentKind.NO_SUBMISSION.value,
        }
    ),
    "discussion": frozenset({AssessmentKind.DISCUSSION.value}),
}
CHOICES = [
    ("classic", "Classic quizzes"),
    ("new", "New Quizzes"),
    ("assignment", "Assignments"),
    ("discussion", "Graded discussions"),
]


def words_of(kinds: Iterable[str]) -> list[str]:
    """Return the words whose kinds meet the stored ones, in the order of the choices; stored kinds may be finer."""
    stored = set(kinds)
    return [word for word, _ in CHOICES if KINDS_OF_WORD[word] & stored]


def kinds_of(words: Iterable[str], *, stored: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the kinds that the words stand for, sorted; all four words, like none, mean every kind.

    Where the words still say what is stored, the stored kinds stay: an edit of the dates does not widen the kinds.
    """
    chosen, before = set(words), tuple(sorted(stored))
    if before and chosen == set(words_of(before)):
        return before
    if len(chosen) == len(CHOICES):
        return ()
    return tuple(sorted(kind for word in chosen for kind in KINDS_OF_WORD[word]))
