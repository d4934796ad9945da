"""What runs by the clock."""

from procrastinate.contrib.django import app

from hengcang.register import tasks

app.periodic(cron="7 * * * *")(tasks.verify)
app.periodic(cron="17 22 * * *")(tasks.make_counts)  # 06:17 in Shanghai
app.periodic(cron="27 22 * * *")(tasks.make_standing_orders)  # 06:27 in Shanghai
