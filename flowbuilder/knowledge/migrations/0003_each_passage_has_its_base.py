from django.db import migrations, models


def take_the_documents(apps, schema_editor):
    """Each passage's base is its document's."""
    passages = apps.get_model("knowledge", "Passage")
    document = apps.get_model("knowledge", "Document").objects.filter(pk=models.OuterRef("document"))
    passages.objects.update(base=models.Subquery(document.values("base")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ("knowledge", "0002_passages_by_base"),
    ]

    operations = [
        migrations.RunPython(take_the_documents, migrations.RunPython.noop),
    ]
