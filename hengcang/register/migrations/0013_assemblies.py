"""Assemblies and disassemblies are in the one list, and frozen once posted."""

from typing import ClassVar

from django.db import migrations

from hengcang.register.joining import freeze, join_list

TABLES = {"assembly": "assembly_assembly", "disassembly": "assembly_disassembly"}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("register", "0012_line_serials"), ("assembly", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(*sql)
        for kind, table in TABLES.items()
        for sql in (join_list(kind, table), freeze(table, f"{table}line"))
    ]
