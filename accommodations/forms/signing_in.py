"""The form of sign-in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """Name and password, with an error that does not tell which of the two is wrong."""

    error_messages = {
        "invalid_login": "Name and password do not belong together. Check both; capitals count in the password.",
        "inactive": "This account is switched off. Ask an administrator.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, password = self.fields["username"], self.fields["password"]
        name.label = "Name"
        name.widget = forms.TextInput(
            attrs={"class": "input", "autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        )
        password.widget = forms.PasswordInput(attrs={"class": "input", "autocomplete": "current-password"})
        name.error_messages["required"] = "Enter your name."
        password.error_messages["required"] = "Enter your password."
