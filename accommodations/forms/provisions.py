"""The provisions of an approval as people tick and type them: extra time, extra attempts, later dates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accommodations.forms import assignment_groups, kinds
from accommodations.forms.fields import MultiplierField, WholeNumberField
from accommodations.models import Accommodation
from accommodations.planning.rules import ShiftUnit

TIME, ATTEMPTS, DATES = (choice.value for choice in Accommodation.Provision)
PROVISION_CHOICES = [(TIME, "Extra time"), (ATTEMPTS, "Extra attempts"), (DATES, "Later dates")]
TIME_CHOICES = [
    ("1.25", "1.25×"),
    ("1.5", "1.5×"),
    ("2", "2×"),
    ("3", "3×"),
    ("other", "Other multiplier"),
    ("minutes", "Minutes"),
    ("hourly", "Minutes per hour"),
    ("unlimited", "No time limit"),
]
UNIT_CHOICES = [
    (ShiftUnit.DAYS.value, "days"),
    (ShiftUnit.WORKING_DAYS.value, "working days"),
    (ShiftUnit.HOURS.value, "hours"),
]
LONGEST_SHIFT_DAYS = 365

_GROUPS = (assignment_groups.KNOWN, assignment_groups.OTHER)

REQUIRED: dict[str, str] = {
    "multiplier": MultiplierField.message,
    "minutes": "Enter a whole number of minutes from 1 to 10080. Canvas refuses more.",
    "hourly": "Enter a whole number of minutes from 1 to 600 for each hour.",
    "attempts": "Enter a whole number from 1 to 1000. Canvas refuses more.",
    "shift_amount": "Enter a whole number from 1 to 365. Hours may go up to 8760.",
    "shift_unit": "Choose days, working days or hours.",
    "time_how": "Choose how much extra time.",
}


def radios(label: str, choices: list[tuple[str, str]], initial: str, **more: Any) -> forms.ChoiceField:
    """Return a choice of one, shown in full."""
    return forms.ChoiceField(
        label=label, choices=choices, initial=initial, required=False, widget=forms.RadioSelect, **more
    )


def kinds_field(label: str) -> forms.MultipleChoiceField:
    """Return the choice of kinds of assessment for one provision."""
    return forms.MultipleChoiceField(
        label=label,
        choices=kinds.CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked means every kind.",
    )


def number(label: str, name: str, highest: int, hint: str, initial: int | None = None) -> WholeNumberField:
    """Return a whole number from 1; `name` is that of its message."""
    return WholeNumberField(
        label=label,
        lowest=1,
        highest=highest,
        message=REQUIRED[name],
        help_text=hint,
        initial=initial,
        required=False,
        widget=forms.TextInput(attrs={"class": "input input--xs", "inputmode": "numeric", "autocomplete": "off"}),
    )


def typed(size: str, **attrs: str) -> forms.TextInput:
    """Return a line to type into."""
    return forms.TextInput(attrs={"class": f"input input--{size}", "autocomplete": "off", **attrs})


class ProvisionsForm(forms.Form):
    """The three provisions. Fields that belong to an unticked choice are ignored, whatever stands in them."""

    provisions = forms.MultipleChoiceField(
        label="What was approved",
        choices=PROVISION_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one: extra time, extra attempts or later dates."},
    )

    time_how = radios("How much", TIME_CHOICES, "1.5")
    multiplier = MultiplierField(
        label="Other multiplier", help_text="From 1.01 to 10.", required=False, widget=typed("xs", inputmode="decimal")
    )
    minutes = number("Minutes", "minutes", 10080, "The same on every assessment, 1 to 10080.")
    hourly = number("Minutes per hour", "hourly", 600, "10 gives 10 min on a 60 min exam, 13 on 75.")
    time_kinds = kinds_field("Kinds for extra time")

    attempts = number("Extra attempts", "attempts", 1000, "From 1 to 1000, on top of what the course allows.", 1)
    attempts_kinds = kinds_field("Kinds for extra attempts")

    shift_amount = number("Later by", "shift_amount", 8760, "", 2)
    shift_unit = forms.ChoiceField(
        label="Unit",
        choices=UNIT_CHOICES,
        required=False,
        help_text="Working days skip Sat, Sun and holidays.",
        widget=forms.Select(attrs={"class": "input input--s"}),
    )
    dates_kinds = kinds_field("Kinds for later dates")

    known_groups = assignment_groups.known_groups_field()
    other_groups = assignment_groups.other_groups_field()

    required_words: dict[str, str] = REQUIRED
    """What is said where a field that counts is empty; forms with more fields add theirs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provisions"].error_messages["invalid_choice"] = "Tick extra time, extra attempts or later dates."
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField) and name != "provisions":
                field.error_messages["invalid_choice"] = self.required_words.get(name, "Choose from what is offered.")

    def is_ticked(self, provision: str) -> bool:
        """Whether the provision is recorded with this form; before cleaning, as the data says."""
        return provision in (self["provisions"].value() or [])

    @property
    def ticked(self) -> list[str]:
        """Return the provisions that are recorded, in the order of the form."""
        return [provision for provision, _ in PROVISION_CHOICES if self.is_ticked(provision)]

    @property
    def names_groups(self) -> bool:
        """Whether assignment groups are named, or refused: then the page shows their fields at once."""
        return any(self[name].value() or self[name].errors for name in _GROUPS if name in self.fields)

    def counting(self) -> dict[str, bool]:
        """Return the fields that count under the ticked choices, and whether each must be filled in."""
        counting = {"provisions": True} if "provisions" in self.fields else {}
        if self.is_ticked(TIME):
            part = {"other": "multiplier", "minutes": "minutes", "hourly": "hourly"}
            chosen = part.get(self.cleaned_data.get("time_how") or "")
            counting |= {"time_how": True, "time_kinds": False} | ({chosen: True} if chosen else {})
        if self.is_ticked(ATTEMPTS):
            counting |= {"attempts": True, "attempts_kinds": False}
        if self.is_ticked(DATES):
            counting |= self.counting_dates()
        return counting | dict.fromkeys((name for name in _GROUPS if name in self.fields), False)

    def counting_dates(self) -> dict[str, bool]:
        """Return the fields of later dates that count."""
        return {"shift_amount": True, "shift_unit": True, "dates_kinds": False}

    def clean(self) -> dict[str, Any]:
        """Drop what does not count, and ask for what must be filled in."""
        cleaned = self.cleaned_data
        counting = self.counting()
        for name in set(self.fields) - set(counting):
            self.errors.pop(name, None)
            cleaned.pop(name, None)
        for name, is_required in counting.items():
            if is_required and name not in self.errors and cleaned.get(name) in (None, "", []):
                self.add_error(name, ValidationError(self.required_words[name], code="required"))
        amount, unit = cleaned.get("shift_amount"), cleaned.get("shift_unit")
        if amount and unit != ShiftUnit.HOURS.value and amount > LONGEST_SHIFT_DAYS:
            self.add_error("shift_amount", self.required_words["shift_amount"])
        return cleaned
