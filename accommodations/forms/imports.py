"""The forms of an import: the file, its columns, what is taken, and the number that a director confirms."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from accommodations.forms.fields import WholeNumberField
from accommodations.importing.columns import COLUMNS
from accommodations.importing.table import MOST_BYTES, FileRefused, check_size
from accommodations.models import ImportFile

_NUMBER = {"class": "input input--xs", "inputmode": "numeric", "autocomplete": "off"}


class UploadForm(forms.Form):
    """A file, and where it comes from."""

    source = forms.CharField(
        label="Where the file comes from",
        max_length=80,
        help_text="Name it the same each time: a file may change or end what earlier ones of this name brought.",
        error_messages={"required": "Name the system or list.", "max_length": "Write at most 80 characters."},
        widget=forms.TextInput(attrs={"class": "input input--m", "autocomplete": "off", "list": "sources"}),
    )
    file = forms.FileField(
        label="File",
        help_text=f"CSV or Excel (.xlsx), at most {MOST_BYTES // 1024**2} MB and 5,000 rows. No column of diagnoses.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty.", "invalid": "Choose a file."},
        widget=forms.FileInput(attrs={"class": "input input--m", "accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse a file by its size before a byte of it is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            check_size(file.size or 0)
        except FileRefused as refused:
            raise ValidationError(refused.message, code="size") from refused
        return file


class ColumnsForm(forms.Form):
    """Which column of the file holds what."""

    def __init__(self, *args: Any, headers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Not in the file")]
        choices += [(str(at), header[:80] or f"(column {at + 1})") for at, header in enumerate(headers)]
        for column in COLUMNS:
            self.fields[column.name] = forms.ChoiceField(
                label=column.label,
                help_text=column.hint,
                choices=choices,
                required=False,
                widget=forms.Select(attrs={"class": "input input--m"}),
                error_messages={"invalid_choice": "Choose a column of the file."},
            )
        self.fields["day_order"] = forms.ChoiceField(
            label="Days such as 3/4/2026 name",
            choices=ImportFile.Order.choices,
            widget=forms.RadioSelect,
            error_messages={"required": "Choose how days are written.", "invalid_choice": "Choose from the list."},
        )

    def mapping(self) -> dict[str, int]:
        """Return the chosen columns by their position."""
        names = [column.name for column in COLUMNS]
        return {name: int(self.cleaned_data[name]) for name in names if self.cleaned_data.get(name)}


class TakeForm(forms.Form):
    """What of the difference is taken: exactly the one that the page showed."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    only_valid = forms.BooleanField(label="Take the valid rows only", required=False)
    keeps_missing = forms.BooleanField(label="Leave what is missing from the file as it is", required=False)


class ConfirmEndingForm(forms.Form):
    """The number of accommodations that a director lets end."""

    number = WholeNumberField(
        label="How many may end",
        lowest=1,
        highest=100_000,
        message="Enter the number as the page names it.",
        help_text="Type the number that would end, as a sign that you have looked at it.",
        widget=forms.TextInput(attrs=_NUMBER),
        error_messages={"required": "Enter the number as the page names it."},
    )


class UndoImportForm(forms.Form):
    """How many steps the page showed."""

    number = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class SourceForm(forms.Form):
    """How many of a source's accommodations may be missing before a director is asked."""

    shrink_percent = WholeNumberField(
        label="At most this share may be missing from a file",
        lowest=0,
        highest=100,
        message="Enter a whole number from 0 to 100.",
        help_text="Percent of what stands from this source. More, and more than the next number, waits for a director.",
        widget=forms.TextInput(attrs=_NUMBER),
    )
    shrink_number = WholeNumberField(
        label="Unless it is no more than so many",
        lowest=0,
        highest=10_000,
        message="Enter a whole number from 0 to 10000.",
        help_text="A few never wait.",
        widget=forms.TextInput(attrs=_NUMBER),
    )
