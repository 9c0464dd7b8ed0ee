"""The form that ends an accommodation."""

from django import forms


class EndForm(forms.Form):
    """Why it ends, and the version that was on the page."""

    reason = forms.CharField(
        label="Reason",
        help_text="It goes into the action log. No diagnosis, no medical detail.",
        max_length=500,
        error_messages={
            "required": "Enter why it ends, for example: the approval was taken back.",
            "max_length": "Enter at most 500 characters.",
        },
        widget=forms.TextInput(attrs={"class": "input input--m", "autocomplete": "off"}),
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
