"""A course's plan after the safety guard (R16)."""

from dataclasses import replace

from accommodations.models import Course, CourseSync
from accommodations.planning.plan import Plan, PlanningInputs
from accommodations.planning.planner import plan_course
from accommodations.selectors.holds import guard_state


def plan_guarded(course: Course, inputs: PlanningInputs, *, course_sync: CourseSync | None = None) -> Plan:
    """Return the plan of a course; what the guard goes by is only asked for where something shrinks, which is rare."""
    plan = plan_course(inputs)
    if not any(action.is_shrinking for action in plan.actions):
        return plan
    return plan_course(replace(inputs, guard=guard_state(course, now=inputs.now, course_sync=course_sync)))
