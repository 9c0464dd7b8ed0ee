"""The application's configuration."""

from django.apps import AppConfig


class AccommodationsConfig(AppConfig):
    """Loads the checks and keeps the roles' groups and the database's rights in step with the code."""

    name = "accommodations"
    verbose_name = "Leeway"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register start-up checks, the roles and the rights."""
        from django.db.models.signals import post_migrate

        from accommodations import checks  # noqa: F401  # registers itself
        from accommodations.database_rights import write_rights
        from accommodations.roles import write_roles

        post_migrate.connect(write_roles, sender=self)
        post_migrate.connect(write_rights, sender=self)
