"""The form that finds a student."""

from django import forms


class StudentFindForm(forms.Form):
    """One line: Canvas id, SIS id or login. Posted, so that no id reaches an address or a log of addresses."""

    query = forms.CharField(
        label="Canvas id, SIS id or login",
        help_text="As Canvas shows it, for example N00517204 or k.mensah.",
        max_length=255,
        error_messages={
            "required": "Enter a Canvas id, an SIS id or a login.",
            "max_length": "Enter one id or login, at most 255 characters.",
        },
        widget=forms.TextInput(
            attrs={"class": "input input--m", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
