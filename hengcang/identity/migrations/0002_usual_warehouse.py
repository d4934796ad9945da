from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [
        migrations.AddField("user", "usual_warehouse_id", models.BigIntegerField(null=True)),
    ]
