"""An act with its parameters, so that the list of acts is told by the sandbox itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from canvas_bridge.sandbox.api.call import found
from canvas_bridge.sandbox.http.answers import refusal
from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.rules.override_data import number_in
from canvas_bridge.sandbox.state import SandboxState

Json = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """What somebody does on a page of Canvas. The first line of the function's docstring describes it."""

    run: Callable[[SandboxState, Json], Json]
    needs: Mapping[str, str]
    takes: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the act's name."""
        return self.run.__name__

    def check(self, params: Mapping[str, Any]) -> None:
        """Refuse parameters that the act does not take, and the lack of those that it needs."""
        unknown = sorted(set(params) - set(self.needs) - set(self.takes))
        missing = sorted(name for name in self.needs if params.get(name) in (None, ""))
        if unknown:
            raise refusal(400, {"error": f"{self.name} does not take {', '.join(unknown)}"})
        if missing:
            raise refusal(400, {"error": f"{self.name} needs {', '.join(missing)}"})

    def description(self) -> Json:
        """Return the act as the list of acts shows it."""
        about = (self.run.__doc__ or "").strip().partition("\n")[0]
        return {"act": self.name, "about": about, "needs": dict(self.needs), "takes": dict(self.takes)}


def assignment_in(state: SandboxState, params: Json) -> Assignment:
    """Return the assignment that the parameters name, or refuse with 404."""
    assignment = found(state.assignments.get(number_in(params.get("assignment_id"))))
    return found(assignment if assignment.workflow_state != "deleted" else None)


def quiz_in(state: SandboxState, params: Json) -> Quiz:
    """Return the classic quiz that the parameters name, or refuse with 404."""
    quiz = found(state.quizzes.get(number_in(params.get("quiz_id"))))
    return found(quiz if quiz.workflow_state != "deleted" else None)


def user_in(state: SandboxState, params: Json) -> User:
    """Return the person whom the parameters name, or refuse with 404."""
    return found(state.users.get(number_in(params.get("user_id"))))
