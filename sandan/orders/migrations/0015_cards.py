"""Runs of printed contact cards, and the issue of each grid's card."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0014_claim_verb"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="CardRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.CharField(db_collation="C", max_length=15)),
                ("at", models.DateTimeField()),
                ("size", models.CharField(max_length=2)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("size__in", ("a5", "a6"))), name="cardrun_size")
                ],
                "indexes": [models.Index(fields=["scope", "-at"], name="cardrun_scope")],
            },
        ),
        migrations.CreateModel(
            name="CardIssue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grid", models.CharField(db_collation="C", max_length=15)),
                ("number", models.IntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="issues", to="orders.cardrun"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "grid"), name="cardissue_once_a_run"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="cardissue_counted"),
                ],
                "indexes": [models.Index(fields=["grid", "-id"], name="cardissue_grid")],
            },
        ),
    ]
