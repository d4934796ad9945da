"""How a new kind of document joins the one list and is frozen: SQL for migrations."""


def join_list(kind: str, table: str, *, of_partner: str = "NULL::bigint") -> tuple[str, str]:
    """The view as it stands and one kind more, and the way back.

    The arms that are there are read from the view itself, so that no list of kinds is kept twice.
    `of_partner` is "partner_id" for documents with money and somebody outside.
    """
    amount = "amount_incl_tax" if of_partner == "partner_id" else "NULL::numeric(18,2)"
    arm = (
        f"SELECT '{kind}-' || id AS key, '{kind}'::text AS kind, id AS document_id, number,"
        f" external_no, status, dated, warehouse_id, {of_partner} AS partner_id,"
        f" {amount} AS amount, created_by_name, created_at FROM {table}"
    )
    there = "rtrim(pg_get_viewdef('document_row'::regclass), '; ')"
    join = (
        f"DO $do$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW document_row AS ' || {there}"
        f" || $arm$ UNION ALL {arm} $arm$; END $do$;"
    )
    leave = (
        "DO $do$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW document_row AS ' || ("
        "SELECT string_agg(arm, ' UNION ALL ' ORDER BY position) FROM unnest(string_to_array("
        f"{there}, 'UNION ALL')) WITH ORDINALITY arms (arm, position)"
        f" WHERE arm NOT LIKE '%''{kind}''::text%'); END $do$;"
    )
    return join, leave


def freeze(table: str, *lines: str) -> tuple[str, str]:
    """Header and line tables are kept once posted, and never emptied; and the way back."""
    made = f"""
CREATE TRIGGER keep_posted BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION documents_keep_posted();
CREATE TRIGGER kept BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
""" + "".join(
        f"""
CREATE TRIGGER keep_lines BEFORE UPDATE OR DELETE ON {line}
  FOR EACH ROW EXECUTE FUNCTION documents_keep_lines('{table}');
CREATE TRIGGER kept BEFORE TRUNCATE ON {line}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
        for line in lines
    )
    undone = f"DROP TRIGGER keep_posted ON {table}; DROP TRIGGER kept ON {table};" + "".join(
        f"DROP TRIGGER keep_lines ON {line}; DROP TRIGGER kept ON {line};" for line in lines
    )
    return made, undone


def freeze_at_once(table: str, line: str) -> tuple[str, str]:
    """Lines frozen row by row are frozen statement by statement, whatever is counted on them; and
    the way back.

    For lines that are written by the thousand and carry no qty_ columns.
    """
    made = f"DROP TRIGGER keep_lines ON {line};" + "".join(
        f"CREATE TRIGGER keep_lines_{event.lower()} AFTER {event} ON {line}"
        f" REFERENCING OLD TABLE AS touched FOR EACH STATEMENT"
        f" EXECUTE FUNCTION documents_keep_lines_at_once('{table}');"
        for event in ("UPDATE", "DELETE")
    )
    undone = (
        f"DROP TRIGGER keep_lines_update ON {line}; DROP TRIGGER keep_lines_delete ON {line};"
        f"CREATE TRIGGER keep_lines BEFORE UPDATE OR DELETE ON {line}"
        f" FOR EACH ROW EXECUTE FUNCTION documents_keep_lines('{table}');"
    )
    return made, undone
