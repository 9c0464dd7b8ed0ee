"""Building terms, grading periods, courses, sections, enrollments and groups."""

from datetime import datetime

from canvas_bridge.sandbox.builders.people import PeopleBuilders
from canvas_bridge.sandbox.records.courses import (
    AssignmentGroup,
    Course,
    Enrollment,
    GradingPeriod,
    GradingPeriodSet,
    Group,
    GroupCategory,
    Membership,
    Section,
    Term,
    TermDates,
)
from canvas_bridge.sandbox.records.people import User


class CourseBuilders(PeopleBuilders):
    """Adds what courses are made of. A "Default Term" is there from the start."""

    def add_term(
        self,
        name: str,
        *,
        start_at: datetime | None = None,
        end_at: datetime | None = None,
        sis_term_id: str | None = None,
        overrides: dict[str, TermDates] | None = None,
    ) -> Term:
        """Add a term."""
        return self.terms.add(
            Term(
                id=self.terms.take_id(),
                name=name,
                start_at=start_at,
                end_at=end_at,
                sis_term_id=sis_term_id,
                overrides=overrides or {},
                created_at=self.now(),
            )
        )

    def add_grading_period_set(
        self, title: str, *terms: Term, is_weighted: bool = False, is_total_shown: bool = False
    ) -> GradingPeriodSet:
        """Add a set of grading periods, which holds in these terms."""
        added = self.grading_period_sets.add(
            GradingPeriodSet(
                id=self.grading_period_sets.take_id(),
                account_id=self.account.id,
                title=title,
                is_weighted=is_weighted,
                is_total_shown=is_total_shown,
                created_at=self.now(),
            )
        )
        for term in terms:
            term.grading_period_set_id = added.id
        return added

    def _set_of_term(self, term: Term) -> int:
        if term.grading_period_set_id is None:
            self.add_grading_period_set(term.name, term)
        return term.grading_period_set_id or 0

    def add_grading_period(
        self,
        title: str,
        *,
        start_date: datetime,
        end_date: datetime,
        close_date: datetime | None = None,
        term: Term | None = None,
        course: Course | None = None,
        weight: float | None = None,
    ) -> GradingPeriod:
        """Add a grading period to a term's set, or of one course, where it closes when it ends."""
        return self.grading_periods.add(
            GradingPeriod(
                id=self.grading_periods.take_id(),
                title=title,
                start_date=start_date,
                end_date=end_date,
                close_date=end_date if course else (close_date or end_date),
                weight=weight,
                set_id=self._set_of_term(term) if term else None,
                course_id=course.id if course else None,
            )
        )

    def add_course(
        self,
        name: str,
        code: str | None = None,
        *,
        term: Term | None = None,
        sis_course_id: str | None = None,
        time_zone: str | None = None,
        start_at: datetime | None = None,
        end_at: datetime | None = None,
        restrict_enrollments_to_course_dates: bool = False,
        workflow_state: str = "available",
        is_paced: bool = False,
        is_blueprint_child: bool = False,
        account_id: int | None = None,
    ) -> Course:
        """Add a course; its dates bind students only with `restrict_enrollments_to_course_dates`."""
        return self.courses.add(
            Course(
                id=self.courses.take_id(),
                name=name,
                course_code=code or name,
                account_id=account_id or self.account.id,
                term_id=(term or next(iter(self.terms))).id,
                workflow_state=workflow_state,
                sis_course_id=sis_course_id,
                time_zone=time_zone or self.account.time_zone,
                start_at=start_at,
                end_at=end_at,
                restrict_enrollments_to_course_dates=restrict_enrollments_to_course_dates,
                is_paced=is_paced,
                is_blueprint_child=is_blueprint_child,
                created_at=self.now(),
            )
        )

    def add_section(
        self,
        course: Course,
        name: str,
        *,
        sis_section_id: str | None = None,
        start_at: datetime | None = None,
        end_at: datetime | None = None,
        restrict_enrollments_to_section_dates: bool = False,
        is_default: bool | None = None,
    ) -> Section:
        """Add a section to a course; unless it is said, the first one is the default."""
        is_first = not self.sections.where("course", course.id)
        return self.sections.add(
            Section(
                id=self.sections.take_id(),
                course_id=course.id,
                name=name,
                sis_section_id=sis_section_id,
                start_at=start_at,
                end_at=end_at,
                restrict_enrollments_to_section_dates=restrict_enrollments_to_section_dates,
                is_default=is_first if is_default is None else is_default,
                created_at=self.now(),
            )
        )

    def default_section(self, course: Course) -> Section:
        """Return a course's default section, made with the course's name where there is none."""
        found = [one for one in self.sections.where("course", course.id) if one.workflow_state == "active"]
        default = next((one for one in found if one.is_default), None)
        return default or self.add_section(course, course.name, is_default=True)

    def enroll(
        self,
        user: User,
        course: Course,
        *,
        section: Section | None = None,
        type: str = "StudentEnrollment",  # noqa: A002  # Canvas's own word
        state: str = "active",
        limit_privileges_to_course_section: bool = False,
        associated_user_id: int | None = None,
        start_at: datetime | None = None,
        end_at: datetime | None = None,
    ) -> Enrollment:
        """Enroll a person, in the first section unless one is named."""
        return self.enrollments.add(
            Enrollment(
                id=self.enrollments.take_id(),
                user_id=user.id,
                course_id=course.id,
                section_id=(section or self.default_section(course)).id,
                type=type,
                workflow_state=state,
                associated_user_id=associated_user_id,
                limit_privileges_to_course_section=limit_privileges_to_course_section,
                start_at=start_at,
                end_at=end_at,
                created_at=self.now(),
                updated_at=self.now(),
            )
        )

    def add_group_category(self, course: Course, name: str, *, non_collaborative: bool = False) -> GroupCategory:
        """Add a group set; `non_collaborative` makes it a set of differentiation tags."""
        category = GroupCategory(
            id=self.group_categories.take_id(), course_id=course.id, name=name, non_collaborative=non_collaborative
        )
        return self.group_categories.add(category)

    def add_group(self, category: GroupCategory, name: str, *members: User, sis_group_id: str | None = None) -> Group:
        """Add a group to a set, with its members."""
        group = Group(
            id=self.groups.take_id(),
            category_id=category.id,
            course_id=category.course_id,
            name=name,
            sis_group_id=sis_group_id,
            created_at=self.now(),
        )
        self.groups.add(group)
        for member in members:
            self.add_membership(group, member)
        return group

    def add_membership(self, group: Group, user: User, *, state: str = "accepted") -> Membership:
        """Put a person into a group."""
        membership = Membership(
            id=self.memberships.take_id(),
            group_id=group.id,
            user_id=user.id,
            workflow_state=state,
            created_at=self.now(),
        )
        return self.memberships.add(membership)

    def add_assignment_group(self, course: Course, name: str) -> AssignmentGroup:
        """Add an assignment group, such as "Exams"."""
        position = len(self.assignment_groups.where("course", course.id)) + 1
        group = AssignmentGroup(id=self.assignment_groups.take_id(), course_id=course.id, name=name, position=position)
        return self.assignment_groups.add(group)

    def default_assignment_group(self, course: Course) -> AssignmentGroup:
        """Return the first assignment group of a course, made as "Assignments" where there is none."""
        return self.assignment_groups.first("course", course.id) or self.add_assignment_group(course, "Assignments")
