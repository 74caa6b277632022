"""The steps of orders that went up or down before steps had rows, told from their lines in the journal."""

from django.db import migrations

FILL = """
WITH lines AS (
    SELECT e.id, e.subject_id, e.verb, e.at, e.actor_id, e.facts,
           (e.facts->>'level')::int AS to_level,
           lag((e.facts->>'level')::int, 1, 2) OVER (PARTITION BY e.subject_id ORDER BY e.id) AS from_level
    FROM core_entry e
    WHERE e.subject = 'orders.order' AND e.verb IN ('escalate', 'hand_down') AND e.facts ? 'level'
)
INSERT INTO orders_step (order_id, verb, from_level, to_level, reason, by_id, from_person_id, to_person_id, words_id, at)
SELECT o.id, lines.verb, lines.from_level, lines.to_level,
       CASE WHEN lines.verb = 'hand_down' THEN coalesce(nullif(lines.facts->>'reason', ''), 'yours')
            WHEN lines.facts->>'reason' IN ('no_right', 'no_means', 'over_time', 'danger', 'several_areas')
            THEN lines.facts->>'reason' ELSE 'no_means' END,
       lines.actor_id, coalesce((lines.facts->>'former')::bigint, lines.actor_id, o.owner_id), NULL,
       (SELECT w.id FROM orders_words w WHERE w.id = (lines.facts->>'words')::bigint), lines.at
FROM lines JOIN orders_order o ON o.id = lines.subject_id
WHERE (lines.verb = 'escalate' AND lines.to_level > lines.from_level)
   OR (lines.verb = 'hand_down' AND lines.to_level < lines.from_level)
ORDER BY lines.id
"""
COUNT = """
UPDATE orders_order o SET step_count = s.ups
FROM (SELECT order_id, count(*) AS ups FROM orders_step WHERE verb = 'escalate' GROUP BY order_id) s
WHERE s.order_id = o.id
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_grabbing"), ("core", "0001_initial")]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
