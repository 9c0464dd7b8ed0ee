"""The form in which a person writes what was done about a pair."""

from django import forms

from accommodations.services.pairs import MOST_WORDS


class SettleForm(forms.Form):
    """What a person writes about a pair that Leeway cannot bring into order."""

    note = forms.CharField(
        label="What was done, by whom and when",
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
        help_text="It stands as the evidence, with your name and the time. No diagnosis, no medical detail.",
        error_messages={
            "required": "Write what was done, by whom and when.",
            "max_length": f"Write at most {MOST_WORDS:,} characters.",
        },
    )
