"""A look into the sandbox Canvas from outside, over its own API: what is set for whom, and what would be open now."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests

Fact = tuple[str, int, int]
"""What kind of setting, on which assignment or quiz, for which student."""


@dataclass
class CanvasLook:
    """Asks one Canvas with one token."""

    base_url: str
    token: str

    def get(self, path: str, **params: Any) -> Any:
        """Return the parsed answer, all pages of a list."""
        url: str | None = f"{self.base_url}{path}"
        found: list[Any] = []
        while url:
            response = requests.get(url, params=params, headers={"Authorization": f"Bearer {self.token}"}, timeout=30)
            response.raise_for_status()
            body = response.json()
            if isinstance(body, dict) and "quiz_submissions" not in body:
                return body
            found += body["quiz_submissions"] if isinstance(body, dict) else body
            url, params = response.links.get("next", {}).get("url"), {}
        return found

    def student(self, sis_user_id: str) -> dict[str, Any]:
        """Return a person by their SIS id."""
        person: dict[str, Any] = self.get(f"/api/v1/users/sis_user_id:{sis_user_id}")
        return person

    def courses_of(self, canvas_user_id: int) -> list[int]:
        """Return the courses in which the person is an active student."""
        rows = self.get(f"/api/v1/users/{canvas_user_id}/enrollments", per_page=100)
        return sorted({row["course_id"] for row in rows if row["type"] == "StudentEnrollment"})

    def assignments(self, course_id: int) -> list[dict[str, Any]]:
        """Return the assignments of a course with base dates and overrides."""
        rows: list[dict[str, Any]] = self.get(
            f"/api/v1/courses/{course_id}/assignments",
            per_page=100,
            override_assignment_dates="false",
            **{"include[]": "overrides"},
        )
        return rows

    def quizzes(self, course_id: int) -> list[dict[str, Any]]:
        """Return the classic quizzes of a course."""
        rows: list[dict[str, Any]] = self.get(f"/api/v1/courses/{course_id}/quizzes", per_page=100)
        return rows

    def settings_in(self, course_ids: list[int]) -> dict[Fact, Any]:
        """Return everything that is set for single students: ad-hoc dates, extra minutes, extra attempts.

        Ids and titles of overrides are left out: what counts is who gets what.
        """
        found = self._new_quizzes(course_ids)
        for course_id in course_ids:
            for assignment in self.assignments(course_id):
                found |= _ad_hoc_dates(assignment)
                found |= self._assignment_attempts(course_id, assignment)
            for quiz in self.quizzes(course_id):
                found |= self._classic_quiz(course_id, quiz["id"])
        return found

    def _classic_quiz(self, course_id: int, quiz_id: int) -> dict[Fact, Any]:
        rows = self.get(f"/api/v1/courses/{course_id}/quizzes/{quiz_id}/submissions", per_page=100)
        amounts = {
            ("classic quiz", quiz_id, row["user_id"]): (row.get("extra_time") or 0, row.get("extra_attempts") or 0)
            for row in rows
        }
        return {fact: amount for fact, amount in amounts.items() if amount != (0, 0)}

    def _new_quizzes(self, course_ids: list[int]) -> dict[Fact, Any]:
        """Return what New Quizzes hold. Canvas's API cannot tell, so the sandbox's own control interface is asked."""
        rows = self.get("/_sandbox/state")["tables"]["new_quiz_accommodations"]
        return {
            ("new quiz", row["assignment_id"], row["user_id"]): (row["extra_time"] or 0, row["extra_attempts"] or 0)
            for row in rows
            if row["course_id"] in course_ids and (row["extra_time"] or row["extra_attempts"])
        }

    def _assignment_attempts(self, course_id: int, assignment: dict[str, Any]) -> dict[Fact, Any]:
        if (assignment.get("allowed_attempts") or -1) < 1 or assignment.get("quiz_id"):
            return {}
        rows = self.get(f"/api/v1/courses/{course_id}/assignments/{assignment['id']}/submissions", per_page=100)
        return {
            ("assignment", assignment["id"], row["user_id"]): row["extra_attempts"]
            for row in rows
            if row.get("extra_attempts")
        }


def _ad_hoc_dates(assignment: dict[str, Any]) -> dict[Fact, Any]:
    return {
        ("dates", assignment["id"], student): tuple(override.get(name) for name in ("unlock_at", "due_at", "lock_at"))
        for override in assignment.get("overrides") or []
        for student in override.get("student_ids") or []
    }


def is_open_or_over(dated: dict[str, Any], now: datetime | None = None) -> bool:
    """Whether the class may have begun an assignment or quiz: what is open or over is not taken back (R18)."""
    opens = dated.get("unlock_at")
    return opens is None or datetime.fromisoformat(opens) <= (now or datetime.now(UTC))
