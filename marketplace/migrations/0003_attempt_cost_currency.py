from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0002_offering_search")]

    operations = [
        migrations.AddField(
            model_name="fulfilmentattempt",
            name="actual_cost_currency",
            field=models.CharField(blank=True, default="", max_length=3),
        ),
    ]
