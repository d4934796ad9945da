import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_line_serials"),
    ]

    operations = [
        migrations.CreateModel(
            name="AttachmentChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "attachment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chunks",
                        to="documents.attachment",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["attachment", "position"], name="one_chunk_of_attachment"
                    )
                ],
            },
        ),
        # Photographs and PDFs do not get smaller: out of line, and no time spent on trying.
        migrations.RunSQL(
            "ALTER TABLE documents_attachmentchunk ALTER COLUMN content SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
    ]
