"""The serial numbers of a posted document are frozen, as its lines are."""

from typing import ClassVar

from django.db import migrations

FREEZE = """
CREATE FUNCTION documents_keep_serials() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM touched t JOIN ledger_postingrecord r
             ON r.kind = t.kind AND r.source_id = t.document_id) THEN
    RAISE EXCEPTION 'serial numbers of a posted document are frozen' USING ERRCODE = 'HC003';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER frozen_insert AFTER INSERT ON documents_lineserial REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION documents_keep_serials();
CREATE TRIGGER frozen_delete AFTER DELETE ON documents_lineserial REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION documents_keep_serials();
CREATE TRIGGER kept BEFORE UPDATE OR TRUNCATE ON documents_lineserial
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO = """
DROP TRIGGER kept ON documents_lineserial;
DROP TRIGGER frozen_delete ON documents_lineserial;
DROP TRIGGER frozen_insert ON documents_lineserial;
DROP FUNCTION documents_keep_serials();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("register", "0011_bin_moves"),
        ("documents", "0003_line_serials"),
        ("ledger", "0006_serial_fences"),
    ]
    operations: ClassVar = [migrations.RunSQL(FREEZE, UNDO)]
