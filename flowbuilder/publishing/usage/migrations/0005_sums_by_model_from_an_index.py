import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('usage', '0004_uses_know_their_day'),
    ]

    operations = [
        migrations.AlterField(
            model_name='modeluse',
            name='workspace',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace'),
        ),
        migrations.AlterField(
            model_name='modeluse',
            name='day',
            field=models.DateField(),
        ),
        migrations.AddIndex(
            model_name='modeluse',
            index=models.Index(fields=['workspace', 'day', 'model', 'tokens_in', 'tokens_out', 'cost'], name='usage_by_model'),
        ),
    ]
