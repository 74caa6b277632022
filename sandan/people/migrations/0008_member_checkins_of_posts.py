"""Who holds a member's post over a grid has checked in there, as far as an installation of before knows."""

from django.db import migrations

ADD = """
INSERT INTO people_membercheckin (person_id, grid, post_id, how, from_at, "end")
SELECT DISTINCT ON (person_id, scope) person_id, scope, id, 'import', from_at, ''
FROM people_post
WHERE role = 'member' AND length(scope) = 15 AND from_at <= now() AND to_at IS NULL
ORDER BY person_id, scope, from_at, id
"""


class Migration(migrations.Migration):

    dependencies = [("people", "0007_member_checkins")]

    operations = [migrations.RunSQL(ADD, migrations.RunSQL.noop)]
