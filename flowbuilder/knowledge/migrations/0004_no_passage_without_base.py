import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # Apart from the rows' change: PostgreSQL refuses both in one transaction.

    dependencies = [
        ("knowledge", "0003_each_passage_has_its_base"),
    ]

    operations = [
        migrations.AlterField(
            model_name="passage",
            name="base",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="passages", to="knowledge.knowledgebase"),
        ),
    ]
