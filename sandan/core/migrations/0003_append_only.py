"""The database refuses to change or delete lines of the journal and its chain, and stamps each line's transaction."""

from django.db import migrations

INSTALL = """
CREATE FUNCTION core_entry_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.tx := pg_current_xact_id()::text::bigint;
  NEW.era := (SELECT system_identifier FROM pg_control_system());
  RETURN NEW;
END $$;
CREATE TRIGGER core_entry_stamp BEFORE INSERT ON core_entry FOR EACH ROW EXECUTE FUNCTION core_entry_stamp();
CREATE FUNCTION core_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER core_entry_keep BEFORE UPDATE OR DELETE ON core_entry FOR EACH ROW EXECUTE FUNCTION core_append_only();
CREATE TRIGGER core_entry_keep_all BEFORE TRUNCATE ON core_entry FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER core_block_keep BEFORE UPDATE OR DELETE ON core_block FOR EACH ROW EXECUTE FUNCTION core_append_only();
CREATE TRIGGER core_block_keep_all BEFORE TRUNCATE ON core_block FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER core_look_keep BEFORE UPDATE ON core_look FOR EACH ROW EXECUTE FUNCTION core_append_only();
"""

REMOVE = """
DROP TRIGGER core_look_keep ON core_look;
DROP TRIGGER core_block_keep_all ON core_block;
DROP TRIGGER core_block_keep ON core_block;
DROP TRIGGER core_entry_keep_all ON core_entry;
DROP TRIGGER core_entry_keep ON core_entry;
DROP FUNCTION core_append_only();
DROP TRIGGER core_entry_stamp ON core_entry;
DROP FUNCTION core_entry_stamp();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_ties")]
    operations = [migrations.RunSQL(INSTALL, REMOVE)]
