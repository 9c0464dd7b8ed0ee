"""The forms of concerns: an instructor's question, the office's answer."""

from collections.abc import Iterable

from django import forms

from accommodations.models import PairStatus
from accommodations.services.concerns import MOST_WORDS

_TOO_LONG = f"Use at most {MOST_WORDS:,} characters."


class ConcernForm(forms.Form):
    """What does not fit, and about which student and assessment of the course."""

    about = forms.ChoiceField(
        label="About",
        error_messages={"required": "Choose what it is about.", "invalid_choice": "Choose what it is about."},
        widget=forms.Select(attrs={"class": "input"}),
    )
    words = forms.CharField(
        label="What does not fit?",
        max_length=MOST_WORDS,
        help_text="The office reads this. The student does not. No diagnosis, no medical detail.",
        widget=forms.Textarea(attrs={"class": "input", "rows": 5}),
        error_messages={"required": "Say what does not fit.", "max_length": _TOO_LONG},
    )

    def __init__(self, data: object = None, *, pairs: Iterable[PairStatus], about: str = "") -> None:
        super().__init__(data, initial={"about": about})  # type: ignore[arg-type]  # a QueryDict
        self.pairs = {str(pair.pk): pair for pair in pairs}
        whole = {pair.assessment_id: f"{pair.assessment.name}, everybody" for pair in self.pairs.values()}
        field: forms.ChoiceField = self.fields["about"]  # type: ignore[assignment]  # declared above
        field.choices = [
            ("course", "The course as a whole"),
            (
                "One student",
                [(pk, f"{pair.assessment.name}, {pair.student.name}") for pk, pair in self.pairs.items()],
            ),
            ("A whole assessment", [(f"assessment-{pk}", words) for pk, words in whole.items()]),
        ]

    def subject(self) -> dict[str, object]:
        """Return the assessment and the student that were chosen, as far as there are such."""
        about = self.cleaned_data["about"]
        if about in self.pairs:
            return {"assessment": self.pairs[about].assessment, "student": self.pairs[about].student}
        for pair in self.pairs.values():
            if about == f"assessment-{pair.assessment_id}":
                return {"assessment": pair.assessment}
        return {}


class AnswerForm(forms.Form):
    """The office's answer."""

    answer = forms.CharField(
        label="Your answer",
        max_length=MOST_WORDS,
        help_text="Whoever raised it reads it, with your name. It changes nothing in Canvas.",
        widget=forms.Textarea(attrs={"class": "input", "rows": 5}),
        error_messages={"required": "Write the answer.", "max_length": _TOO_LONG},
    )
