"""Who is let in: invitations by one-time link, and how often a person did something lately."""

from django.conf import settings
from django.db import models


class Invitation(models.Model):
    """A link that lets one person set a password, once. Of its secret only the digest is stored.

    With `user` it is for somebody who has an account, and sets a new password alone; without, using it makes the
    account with these names, this role and this tie to a Canvas person.
    """

    token_digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    username = models.CharField(max_length=150)
    first_name = models.CharField(max_length=150, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=40, blank=True)
    login_id = models.CharField(max_length=255, blank=True, help_text="Of the Canvas person whom the account is.")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        permissions = [("manage_users", "Can invite people, give and take roles, and switch accounts off")]

    def __str__(self) -> str:
        """Return the row's number: no name."""
        return f"invitation #{self.pk}"


class ActCount(models.Model):
    """How often one person did one kind of act since the window began: shared by all processes of the web server."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    act = models.CharField(max_length=20)
    began_at = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "act"], name="one_count_per_user_and_act")]

    def __str__(self) -> str:
        """Return the act and how often: no name."""
        return f"{self.act}: {self.number}"
