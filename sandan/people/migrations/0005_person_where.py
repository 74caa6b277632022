"""Who is nearest is found by an index on where people live, as points of Mercator's map."""

from django.db import migrations

MAKE = """
CREATE INDEX person_where ON people_person USING gist (point(lon, degrees(ln(tan(radians(45 + lat / 2))))))
WHERE is_active AND lon IS NOT NULL AND lat IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_free_times")]

    operations = [migrations.RunSQL(MAKE, "DROP INDEX person_where")]
