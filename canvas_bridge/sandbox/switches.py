"""The switches of the sandbox: the opposite of what the contract assumes, point by point of its section 13."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class BadSwitch(ValueError):
    """A switch that does not exist, or a value that it does not take."""


def _one_of(*values: int | str) -> Any:
    """Return a field whose first value is the contract's and whose others are its opposites."""
    return field(default=values[0], metadata={"values": values})


@dataclass
class Switches:
    """Each switch names its point of section 13; the defaults are the contract's."""

    not_allowed_status: int = _one_of(403, 401)  # 1
    throttle_status: int = _one_of(403, 429)  # 2
    adhoc_wins: bool = True  # 3
    extension_reads: bool = False  # 4: GET of quiz extensions
    new_quiz_accommodation_reads: bool = False  # 4
    # 5: values replace; they are summed; keys left out become 0; values out of range are moved into it.
    new_quiz_mode: str = _one_of("set", "add", "omitted_resets", "clamp")
    new_quiz_service: str = _one_of("available", "not_configured", "not_answering")  # 4: 503 and 502 of these reads
    override_list_paginated: bool = True  # 6
    rest_edit_lengthens_running_attempts: bool = False  # 7
    batch_update_keeps_removals: bool = True  # 8
    sis_assignment_ids_in_paths: bool = True  # 9
    date_details_present: bool = True  # 10
    date_details_refusal_status: int = _one_of(422, 400)  # 10: refused override data of a quiz
    locked_and_closed_accept_overrides: bool = True  # 11: blueprint locks and closed grading periods
    grading_period_ids: str = _one_of("text", "number")  # 12
    unparsable_quiz_base_date: str = _one_of("cleared", "unchanged", "refused")  # 13
    checkpointed_override: str = _one_of("stored_on_parent", "refused")  # 14
    enrollment_error_status: int = _one_of(403, 400, 422)  # 15

    def turn(self, wanted: Mapping[str, Any]) -> None:
        """Set switches by name. Raises BadSwitch, with nothing set, for an unknown name or a value it does not take."""
        fields = {one.name: one for one in dataclasses.fields(self)}
        unknown = sorted(set(wanted) - set(fields))
        if unknown:
            raise BadSwitch(f"unknown switches: {', '.join(unknown)}; there are {', '.join(sorted(fields))}")
        for name, value in wanted.items():
            allowed = fields[name].metadata.get("values", (True, False))
            if not any(value == one and type(value) is type(one) for one in allowed):
                shown = ", ".join("true" if one is True else "false" if one is False else str(one) for one in allowed)
                raise BadSwitch(f"{name} takes one of {shown}, not {value!r}")
        for name, value in wanted.items():
            setattr(self, name, value)

    @classmethod
    def saved(cls, values: Mapping[str, Any]) -> "Switches":
        """Return the switches of a saved state; those that no longer exist are passed over."""
        known = {one.name for one in dataclasses.fields(cls)}
        switches = cls()
        switches.turn({name: value for name, value in values.items() if name in known})
        return switches
