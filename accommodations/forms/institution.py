"""The institution's settings; each field says what it changes."""

from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError

from accommodations.forms.fields import WholeNumberField
from accommodations.models import InstitutionSettings
from accommodations.planning.rules import WindowMode

_TEXT = {"class": "input input--m", "autocomplete": "off"}


def _number(label: str, help_text: str, *, highest: int) -> WholeNumberField:
    return WholeNumberField(
        label=label,
        lowest=0,
        highest=highest,
        message=f"Enter a whole number from 0 to {highest}.",
        help_text=help_text,
        widget=forms.TextInput(attrs={"class": "input input--xs", "inputmode": "numeric", "autocomplete": "off"}),
    )


class InstitutionForm(forms.ModelForm):  # type: ignore[type-arg]  # the stubs' generic is not subscriptable at run time
    """All settings of the institution on one page."""

    exam_window_minutes = WholeNumberField(
        label="An untimed window counts as a time limit up to",
        lowest=1,
        highest=10080,
        message="Enter a whole number of minutes from 1 to 10080.",
        help_text=(
            "Minutes. A test without a time limit that is open for at most this long is treated as an exam: "
            "its closing time moves by the extra time. 360 is 6 hours."
        ),
        widget=forms.TextInput(attrs={"class": "input input--xs", "inputmode": "numeric", "autocomplete": "off"}),
    )
    window_mode = forms.ChoiceField(
        label="When extra time is given, the closing time",
        choices=[
            (WindowMode.FIT.value, "moves only as far as the extra time needs"),
            (WindowMode.ALWAYS.value, "always moves by the extra minutes"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how far the closing time moves.",
            "invalid_choice": "Choose how far the closing time moves.",
        },
        help_text="It never moves earlier.",
    )
    guard_percent = _number(
        "At most this share of a course’s grants may shrink at once",
        "Percent. More than this, and more changes than the next number, waits for a director.",
        highest=100,
    )
    guard_course_actions = _number(
        "Unless it is no more than so many changes in the course", "A few changes never wait.", highest=10_000
    )
    guard_run_actions = _number(
        "At most so many changes that shrink in one run", "More in all courses together wait.", highest=100_000
    )
    doubt_percent = _number(
        "At most this share of a student’s enrollments may vanish at once",
        "Percent. More is not believed before it has lasted for an hour: Canvas may have answered with half a list.",
        highest=100,
    )
    log_retention_years = WholeNumberField(
        label="What is personal in the action log may be deleted after",
        required=False,
        lowest=1,
        highest=100,
        message="Enter a whole number of years from 1 to 100, or nothing.",
        help_text=(
            "Years; empty means never. An administrator does it, by a command that is logged. "
            "That an entry stood there stays, and that the log was not forged can still be proven."
        ),
        widget=forms.TextInput(attrs={"class": "input input--xs", "inputmode": "numeric", "autocomplete": "off"}),
    )

    digest_minutes = forms.TypedChoiceField(
        label="A digest is sent",
        coerce=int,
        choices=[(5, "within minutes"), (60, "at most once an hour"), (1440, "at most once a day")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how often a digest is sent.",
            "invalid_choice": "Choose how often a digest is sent.",
        },
        help_text="One mail to each person says all that was done since. Alerts to directors never wait.",
    )

    class Meta:
        model = InstitutionSettings
        fields = (
            "name",
            "office_name",
            "time_zone",
            "exam_window_minutes",
            "window_mode",
            "two_person_approval",
            "release_per_course",
            "assistants_see_courses",
            "nobody_sets_new_quizzes_by_hand",
            "guard_percent",
            "guard_course_actions",
            "guard_run_actions",
            "doubt_percent",
            "log_retention_years",
            "office_email",
            "office_phone",
            "sends_notices",
            "digest_minutes",
            "instructors_record_letters",
        )
        labels = {
            "name": "Name of the institution",
            "office_name": "Name of the office",
            "time_zone": "Time zone",
            "two_person_approval": "A second person approves",
            "release_per_course": "Release per course",
            "office_email": "E-mail of the office",
            "office_phone": "Telephone of the office",
            "sends_notices": "Instructors and students are told by mail",
            "instructors_record_letters": "Instructors record from letters",
            "assistants_see_courses": "Teaching assistants see their courses",
            "nobody_sets_new_quizzes_by_hand": "Nobody sets New Quizzes by hand here",
        }
        help_texts = {
            "name": "Stands in the footer of every page.",
            "office_name": "Instructors and students read it as the office to ask. It is never written to Canvas.",
            "time_zone": "For example America/New_York. Days begin and end in it; pages show its times.",
            "two_person_approval": "Who records an accommodation may not approve it. Canvas gets nothing before.",
            "release_per_course": "For students recorded from now on: a course gets nothing before they ask for it.",
            "office_email": "Students and instructors find it on their pages and in mails.",
            "office_phone": "It stands beside the e-mail; for example 555 0142, Mon to Fri 9:00 to 16:30.",
            "sends_notices": "They are told what was done. What is done while this is off is never told.",
            "instructors_record_letters": (
                "For their course, what a letter says. It goes to Canvas; the office confirms it or ends it."
            ),
            "assistants_see_courses": "Else only teachers see which of their students get what.",
            "nobody_sets_new_quizzes_by_hand": (
                "Canvas cannot be asked what a New Quiz already gives a student. Ticked: Leeway writes its own value. "
                "Not ticked: each New Quiz waits until a person has looked."
            ),
        }
        widgets = {
            "name": forms.TextInput(attrs=_TEXT),
            "office_name": forms.TextInput(attrs=_TEXT),
            "time_zone": forms.TextInput(attrs=_TEXT),
            "office_email": forms.EmailInput(attrs=_TEXT),
            "office_phone": forms.TextInput(attrs=_TEXT),
        }

    def clean_time_zone(self) -> str:
        """Accept only zones that this machine knows."""
        zone: str = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            raise ValidationError("Enter a time zone such as America/New_York or Europe/Berlin.", code="time_zone")
        return zone
