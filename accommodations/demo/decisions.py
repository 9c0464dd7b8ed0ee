"""What the demo's office has decided beside its approvals: exceptions and releases."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExceptionSpec:
    """An exception of the demo: an essential requirement of one assessment."""

    student: int
    course: str
    assessment: str
    reason: str


EXCEPTIONS: tuple[ExceptionSpec, ...] = (
    ExceptionSpec(
        28,
        "CHEM 231",
        "Bench practical (essential requirement)",
        "Reaction times are part of what is examined; agreed with the department.",
    ),
)
NEEDS_RELEASE: dict[int, str] = {29: "COMM 110", 41: ""}
"""Students who release each course themselves, and the one course that they have not released ("": all are)."""
