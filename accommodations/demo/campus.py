"""The mirrored university as the demo's data names it: students by number, courses by code, assessments by name."""

from dataclasses import dataclass, field

from accommodations.models import Assessment, Course, Student, Term


def sis_user_id(number: int) -> str:
    """Return the SIS id of the n-th student of the seeded university."""
    return f"S100{number:03d}"


@dataclass(slots=True)
class Campus:
    """Finds rows of the mirror; each is looked up once."""

    this_term: Term
    _courses: dict[str, Course] = field(default_factory=dict)
    _assessments: dict[tuple[str, str], Assessment] = field(default_factory=dict)
    _students: dict[int, Student] = field(default_factory=dict)

    def course(self, code: str) -> Course:
        """Return the course with that code. Raises Course.DoesNotExist."""
        if code not in self._courses:
            self._courses[code] = Course.objects.select_related("term").get(course_code=code)
        return self._courses[code]

    def assessment(self, code: str, name: str) -> Assessment:
        """Return the assessment of that name in a course. Raises Assessment.DoesNotExist."""
        if (code, name) not in self._assessments:
            self._assessments[code, name] = Assessment.objects.get(course=self.course(code), name=name)
        return self._assessments[code, name]

    def student(self, number: int) -> Student:
        """Return the n-th student. Raises Student.DoesNotExist."""
        if number not in self._students:
            self._students[number] = Student.objects.get(sis_user_id=sis_user_id(number))
        return self._students[number]
