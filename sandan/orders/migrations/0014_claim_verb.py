"""A claim that ends says by which move; empty: it was given back, before this was kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0013_data_rights")]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="verb",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
    ]
