"""The forms with which people undo, approve and dismiss."""

from django import forms

MOST_WORDS = 1000


class UndoForm(forms.Form):
    """Why something is undone: everybody who asks why the pair is held reads it."""

    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=MOST_WORDS,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        help_text="Optional. Stands beside the held assessments. No diagnosis, no medical detail.",
        error_messages={"max_length": f"Write at most {MOST_WORDS:,} characters."},
    )


class StopForm(forms.Form):
    """What a director decides about exactly the stopped changes that the page showed."""

    APPROVE, DISMISS = "approve", "dismiss"

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[(APPROVE, APPROVE), (DISMISS, DISMISS)])
    reason = forms.CharField(
        label="Why it stays as it is",
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"class": "input", "rows": 2}),
        help_text="Needed to dismiss. Stands beside the held assessments, with your name.",
        error_messages={"max_length": f"Write at most {MOST_WORDS:,} characters."},
    )
