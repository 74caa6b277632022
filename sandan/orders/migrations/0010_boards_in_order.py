"""The board's lists in the order of their index: running clocks, a street's ended orders, the limits in use.

The planner also learns that `state` decides `is_open`: it guessed a twentieth of the open orders of a state.
"""

from django.db import migrations, models

LEARN = "CREATE STATISTICS order_state_open (mcv) ON is_open, state FROM orders_order"
FORGET = "DROP STATISTICS order_state_open"


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_old_numbers")]
    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    ("is_open", True),
                    ("stopped_at__isnull", True),
                    models.Q(("state__in", ("served", "reviewed")), _negated=True),
                ),
                fields=["community", "due_at", "id"],
                name="order_running_community",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    ("is_open", True),
                    ("stopped_at__isnull", True),
                    models.Q(("state__in", ("served", "reviewed")), _negated=True),
                ),
                fields=["street", "due_at", "id"],
                name="order_running_street",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    ("is_open", True),
                    ("stopped_at__isnull", True),
                    models.Q(("state__in", ("served", "reviewed")), _negated=True),
                ),
                fields=["county", "due_at", "id"],
                name="order_running_county",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["urgency", "clock", "limit_value", "limit_unit"],
                name="order_limits",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["street", "placed_at"], name="order_street_placed"),
        ),
        migrations.RunSQL(LEARN, FORGET),
    ]
