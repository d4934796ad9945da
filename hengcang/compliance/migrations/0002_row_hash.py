"""The audit log: a hash in every row, nothing changed or removed, and the transaction for the sealer."""

from typing import ClassVar

from django.db import migrations

# jsonb and the epoch print the same on every server, so the hash can be computed again anywhere.
HASH = """
CREATE FUNCTION compliance_audit_hash(line compliance_auditline) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to(concat_ws(E'\\x1f', line.id, extract(epoch FROM line.at), line.actor_id,
    line.actor_name, line.verb, line.kind, line.subject_id, line.label, line.facts::text), 'UTF8'))
$$;
CREATE FUNCTION compliance_fill_hash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.row_hash := compliance_audit_hash(NEW);
  RETURN NEW;
END $$;
CREATE TRIGGER fill_hash BEFORE INSERT ON compliance_auditline
  FOR EACH ROW EXECUTE FUNCTION compliance_fill_hash();
ALTER TABLE compliance_auditline ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'HC001';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON compliance_auditline
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO = """
DROP TRIGGER append_only ON compliance_auditline;
DROP FUNCTION refuse_change();
ALTER TABLE compliance_auditline DROP COLUMN xid;
DROP TRIGGER fill_hash ON compliance_auditline;
DROP FUNCTION compliance_fill_hash();
DROP FUNCTION compliance_audit_hash(compliance_auditline);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("compliance", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(HASH, UNDO)]
