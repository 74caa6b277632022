"""Pictures for the contact cards of grids, under seal."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sandan.core.sealed


class Migration(migrations.Migration):
    dependencies = [("people", "0012_powers_apart")]

    operations = [
        migrations.CreateModel(
            name="Portrait",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="portrait",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("picture", sandan.core.sealed.SealedBytesField()),
                ("version", models.CharField(max_length=10)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
