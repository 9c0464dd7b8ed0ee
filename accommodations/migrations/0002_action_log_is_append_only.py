"""Let the database itself refuse changes of the action log, and lay the chain's first link."""

from django.db import migrations

from accommodations.models import log_guard


def forwards(apps, schema_editor):
    apps.get_model("accommodations", "LogHead").objects.get_or_create(pk=1)
    log_guard.install(schema_editor.connection)


def backwards(apps, schema_editor):
    log_guard.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("accommodations", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
