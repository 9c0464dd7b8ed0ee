"""The forms of a student whom Canvas no longer knows: who stays, and what becomes of what was approved."""

from typing import Any

from django import forms

from accommodations.models import GonePerson

MOST_REASON = 1000


class SurvivorForm(forms.Form):
    """Who stays, where Canvas did not say."""

    query = forms.CharField(
        label="Who is it now?",
        max_length=255,
        error_messages={"required": "Enter a Canvas id, SIS id or login id."},
        help_text="Canvas id, SIS id or login of the person who stays.",
        widget=forms.TextInput(attrs={"class": "input input--m", "autocomplete": "off"}),
    )


class GoneForm(forms.Form):
    """Move everything to the person who stays, or end it."""

    decision = forms.ChoiceField(
        label="What becomes of what was approved?",
        error_messages={
            "required": "Choose whether it moves or ends.",
            "invalid_choice": "Choose from what is offered.",
        },
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="How do you know?",
        max_length=MOST_REASON,
        error_messages={
            "required": "Say how you know: it stays in the log.",
            "max_length": f"Write at most {MOST_REASON:,} characters.",
        },
        help_text="It stays in the log. No diagnosis, no medical detail.",
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, gone: GonePerson) -> None:
        super().__init__(data)
        field: Any = self.fields["decision"]
        moves = f"Move it to {gone.survivor.name}, Canvas user {gone.survivor.canvas_user_id}" if gone.survivor else ""
        ends = "End it: nobody has taken this person’s place"
        field.choices = [*([("moved", moves)] if moves else []), ("ended", ends)]
