"""Forms of the acts that a person confirms: each carries what its page showed, so that nothing unread is sent."""

from datetime import UTC, datetime
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from accommodations.forms.fields import WholeNumberField
from accommodations.services.running_attempts import FEWEST_MINUTES, MINUTES_WORDS, MOST_MINUTES

_NUMBER = {"class": "input input--xs", "inputmode": "numeric", "autocomplete": "off"}


class ShownInstantField(forms.CharField):
    """An instant that the page showed, as its own hidden field says it."""

    widget = forms.HiddenInput

    def to_python(self, value: object) -> datetime | None:  # type: ignore[override]  # narrower than the stub
        """Return the instant in UTC, None where there is none."""
        if isinstance(value, datetime):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValidationError("That is no time.", code="instant") from error
        if at.tzinfo is None:
            raise ValidationError("That is no time.", code="instant")
        return at.astimezone(UTC)

    def prepare_value(self, value: object) -> object:
        """Write an instant as it is read again."""
        return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


class ConfirmedForm(forms.Form):
    """What every confirmation carries: a key of its own, so that the same page sent twice is one act."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class ExtendForm(ConfirmedForm):
    """How many minutes a running attempt gets, and the end that the page showed for them."""

    minutes = WholeNumberField(
        label="Minutes to add",
        lowest=FEWEST_MINUTES,
        highest=MOST_MINUTES,
        message=MINUTES_WORDS,
        help_text=f"{FEWEST_MINUTES} to {MOST_MINUTES}. For other minutes you see the new end before anything is sent.",
        widget=forms.TextInput(attrs=_NUMBER),
        error_messages={"required": MINUTES_WORDS},
    )
    shown_minutes = forms.IntegerField(required=False, widget=forms.HiddenInput)
    shown_end_at = ShownInstantField(required=False)

    @property
    def is_read(self) -> bool:
        """Whether the page showed the end that these very minutes come to."""
        shown = self.cleaned_data.get("shown_minutes")
        return self.cleaned_data.get("shown_end_at") is not None and shown == self.cleaned_data.get("minutes")
