"""Two indexes for boards of any size: one by area and state for lists and counts, one of what nobody has answered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_passes")]
    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["county", "state", "street", "community", "due_at"],
                name="order_area_state",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True), ("is_open", True)),
                fields=["county", "due_at", "street", "community"],
                name="order_silent",
            ),
        ),
    ]
