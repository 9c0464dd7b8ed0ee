"""The form that finds a student."""

from django import forms


class StudentFindForm(forms.Form):
    """One line: a name, an id or a login. Posted, so that none of them reaches an address or a log of addresses."""

    query = forms.CharField(
        label="Name, SIS id, login or Canvas id",
        help_text="A part of a name will do, or a whole id or login, for example N00517204 or k.mensah.",
        max_length=255,
        error_messages={
            "required": "Enter a name, an SIS id, a login or a Canvas id.",
            "max_length": "Enter one name, id or login, at most 255 characters.",
        },
        widget=forms.TextInput(
            attrs={"class": "input input--m", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
