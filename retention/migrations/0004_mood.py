"""The mood in contacts speaks of the service, as complaints and waiting do."""

from django.db import migrations


def add(apps, schema_editor):
    for playbook in apps.get_model("retention", "Playbook").objects.filter(
        features__contains=["sentiment"]
    ):
        if "mood" not in playbook.features:
            playbook.features = [*playbook.features, "mood"]
            playbook.version += 1
            playbook.save(update_fields=["features", "version"])


def remove(apps, schema_editor):
    for playbook in apps.get_model("retention", "Playbook").objects.filter(
        features__contains=["mood"]
    ):
        playbook.features = [one for one in playbook.features if one != "mood"]
        playbook.version += 1
        playbook.save(update_fields=["features", "version"])


class Migration(migrations.Migration):
    dependencies = [("retention", "0003_history")]
    operations = [migrations.RunPython(add, remove)]
