"""What people do on Canvas's own pages, where no endpoint of the REST interface does the same: `POST /_sandbox/act`."""

from typing import Any

from canvas_bridge.sandbox.control import acts_on_courses, acts_on_dates, acts_on_people, acts_on_work
from canvas_bridge.sandbox.control.describing import Act, Json
from canvas_bridge.sandbox.http.answers import refusal
from canvas_bridge.sandbox.state import SandboxState

ACTS: dict[str, Act] = {
    act.name: act for module in (acts_on_dates, acts_on_courses, acts_on_work, acts_on_people) for act in module.ACTS
}


def carry_out(state: SandboxState, params: Json) -> Json:
    """Carry out the act that the parameters name. Refuses with 400 what it does not know, and 404 missing records."""
    wanted: dict[str, Any] = dict(params)
    act = ACTS.get(str(wanted.pop("act", "")))
    if act is None:
        raise refusal(400, {"error": f"act must be one of {', '.join(sorted(ACTS))}"})
    act.check(wanted)
    return act.run(state, wanted)


def described() -> Json:
    """Return every act with what it does and its parameters."""
    return {"acts": [act.description() for act in ACTS.values()]}
