from django.db import migrations


def tell_of_earlier_turns(apps, schema_editor):
    """What visitors asked before runs knew their conversation."""
    Turn = apps.get_model("publishing", "Turn")
    Run = apps.get_model("runs", "Run")
    doors = {"page": "page", "embed": "widget"}
    for turn in Turn.objects.values("run_id", "conversation", "via").iterator():
        told = {"conversation": str(turn["conversation"]), "door": doors[turn["via"]]}
        Run.objects.filter(pk=turn["run_id"]).update(**told)


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0005_visitors_pairs"),
        ("runs", "0006_doors_and_environments"),
    ]

    operations = [migrations.RunPython(tell_of_earlier_turns, migrations.RunPython.noop)]
