import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    record = apps.get_model("usage", "UsageRecord").objects.filter(pk=OuterRef("record"))
    told = {"workspace": Subquery(record.values("workspace")), "day": Subquery(record.values("day"))}
    apps.get_model("usage", "ModelUse").objects.update(**told)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_language_of_letters'),
        ('usage', '0003_sums_from_two_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='modeluse',
            name='workspace',
            field=models.ForeignKey(null=True, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace'),
        ),
        migrations.AddField(
            model_name='modeluse',
            name='day',
            field=models.DateField(null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
