"""The form of the Canvas connection: address and token. A token that is stored never comes back into the form."""

from django import forms

from accommodations.models import CanvasConnection


class ConnectionForm(forms.Form):
    """Address and token. The token may stay empty where one is stored and the address stays the same."""

    base_url = forms.CharField(
        label="Address of Canvas",
        help_text="With https, for example https://canvas.example.edu",
        max_length=255,
        error_messages={"required": "Enter the address of your Canvas, for example https://canvas.example.edu"},
        widget=forms.TextInput(
            attrs={
                "class": "input input--m",
                "inputmode": "url",
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )
    token = forms.CharField(
        label="Access token",
        required=False,
        max_length=1024,
        widget=forms.PasswordInput(
            render_value=False, attrs={"class": "input input--m", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: object, connection: CanvasConnection | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on
        self.connection = connection
        if connection is None:
            hint = "From Account, Settings, New access token in Canvas. It is encrypted and never shown again."
        else:
            hint = f"The stored one ends in {connection.token_last4}. Leave this empty to keep it."
        self.fields["token"].help_text = hint

    def clean(self) -> dict[str, object]:
        """Ask for a token where none is stored, or where the address changed: a token belongs to one Canvas."""
        cleaned = self.cleaned_data
        if cleaned.get("token") or "base_url" in self.errors:
            return cleaned
        if self.connection is None:
            self.add_error("token", "Enter an access token.")
        elif cleaned["base_url"].rstrip("/") != self.connection.base_url.rstrip("/"):
            self.add_error("token", "Enter the access token of the new address: the stored one belongs to the old.")
        return cleaned
