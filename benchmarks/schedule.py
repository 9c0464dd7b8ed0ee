"""The request budget of the schedule at each workload tier, from the assumed mix; see `selectors.request_need`."""

from dataclasses import dataclass
from datetime import timedelta

from accommodations.selectors.request_need import Round, requests_of_course, total_a_second

# Tier, students with accommodations, courses concerned.
TIERS = (("S", 250, 529), ("M", 1600, 2411), ("L", 4500, 7182), ("XL", 9600, 12_745))
# Of a hundred courses of the assumed mix: how many have these numbers of assignments, classic quizzes and New Quizzes.
OF_A_HUNDRED = (
    (39, (25, 0, 0)),
    (1, (104, 0, 0)),
    (39, (25, 4, 0)),
    (1, (104, 4, 0)),
    (19, (25, 3, 1)),
    (1, (104, 3, 1)),
)
WITH_EXAMS = (("", 0.05), (", exam weeks", 0.2))
"""Share of courses with an exam within 48 hours: 4 quizzes in 6 of 10 courses over 15 weeks; a fifth at the busiest."""


@dataclass(frozen=True)
class Scheduled:
    """One tier: what its rounds ask of Canvas, and at which mean cost of a request they just fit."""

    tier: str
    rounds: tuple[Round, ...]

    @property
    def a_second(self) -> float:
        """Return the requests per second of all rounds."""
        return total_a_second(self.rounds)

    @property
    def most_cost(self) -> float:
        """Return how much a request may cost on average for all rounds to fit into what Canvas lets through."""
        return 10 / self.a_second


def scheduled() -> list[Scheduled]:
    """Return every tier."""
    each = sum(share * requests_of_course(*numbers) for share, numbers in OF_A_HUNDRED) / 100
    return [
        _tier(f"{tier}{when}", students, courses, round(courses * share), each)
        for tier, students, courses in TIERS
        for when, share in WITH_EXAMS
    ]


def _tier(tier: str, students: int, courses: int, with_exams: int, each: float) -> Scheduled:
    return Scheduled(
        tier,
        (
            Round("exams", timedelta(minutes=15), with_exams, round(with_exams * each)),
            Round("hourly", timedelta(hours=1), courses, round(courses * each)),
            Round("nightly", timedelta(days=1), courses, round(courses * each) + students),
        ),
    )
