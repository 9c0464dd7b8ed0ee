"""Forms about accounts: who somebody is, what they may do, and the password that they set themselves."""

from django import forms

from accommodations.roles import ADMINISTRATOR, AUDITOR, COORDINATOR, DIRECTOR, INSTRUCTOR, STUDENT

ROLE_WORDS = {
    COORDINATOR: "records, imports, releases and ends accommodations, reads plans, starts syncs",
    DIRECTOR: "all of that; approves, decides what the safety guard stopped, changes the settings",
    AUDITOR: "reads everything but private notes, changes nothing, exports reports and the log",
    INSTRUCTOR: "sees what their own students get in their own courses",
    STUDENT: "sees what they get themselves",
    ADMINISTRATOR: "users and roles, the Canvas connection, the tables of the server",
}
ROLE_CHOICES = [(role, f"{role.capitalize()}: {words}") for role, words in ROLE_WORDS.items()]
_PLAIN = {"class": "input input--m", "autocomplete": "off"}
_CODE = {**_PLAIN, "autocapitalize": "none", "spellcheck": "false"}


class PersonForm(forms.Form):
    """What every account has: a name, an address, and the Canvas person whom it is."""

    first_name = forms.CharField(
        label="First name", required=False, max_length=150, widget=forms.TextInput(attrs=_PLAIN)
    )
    last_name = forms.CharField(label="Last name", required=False, max_length=150, widget=forms.TextInput(attrs=_PLAIN))
    email = forms.CharField(
        label="E-mail, optional",
        required=False,
        max_length=254,
        help_text="Notices go there.",
        widget=forms.EmailInput(attrs=_PLAIN),
    )
    login_id = forms.CharField(
        label="Canvas login, for instructors and students",
        required=False,
        max_length=255,
        help_text="It ties the account to one person in Canvas: what they teach or take there is what they see here.",
        widget=forms.TextInput(attrs=_CODE),
    )


class UserForm(PersonForm):
    """An account and its roles."""

    roles = forms.MultipleChoiceField(
        label="Roles",
        required=False,
        choices=ROLE_CHOICES,
        help_text="What you take away is gone with the next click of the person, open pages included.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose among the roles shown."},
    )


class InviteForm(PersonForm):
    """Somebody who has no account yet."""

    username = forms.CharField(
        label="Name to sign in with",
        max_length=150,
        help_text="Letters, digits and @ . + - _; for example m.osei.",
        widget=forms.TextInput(attrs=_CODE),
        error_messages={"required": "Enter the name to sign in with."},
    )
    role = forms.ChoiceField(
        label="Role",
        choices=ROLE_CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role.", "invalid_choice": "Choose a role."},
    )
    field_order = ("username", "first_name", "last_name", "email", "role", "login_id")


class NewPasswordForm(forms.Form):
    """A password, set by the person whom it is for. Typed once: the browser can show it, or make and keep one."""

    password = forms.CharField(
        label="New password",
        strip=False,
        max_length=1000,
        help_text="At least 12 characters; not your name, and not one that many people use. A few words do well.",
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"}),
        error_messages={"required": "Enter a new password."},
    )
