"""The form that ends an accommodation."""

from django import forms


class EndForm(forms.Form):
    """The version that was on the page: what somebody else has changed since is not ended unread."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
