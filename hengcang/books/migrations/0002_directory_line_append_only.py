"""The directory's record of acts cannot be changed."""

from django.db import migrations

CREATE = """
CREATE FUNCTION refuse_directory_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON books_directoryline
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_directory_change();
"""
DROP = "DROP TRIGGER append_only ON books_directoryline; DROP FUNCTION refuse_directory_change();"


class Migration(migrations.Migration):
    dependencies = [("books", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
