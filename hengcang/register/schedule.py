"""What runs by the clock."""

from procrastinate.contrib.django import app

from hengcang.register import tasks

app.periodic(cron="7 * * * *")(tasks.verify)
app.periodic(cron="37 17 * * *")(tasks.keep_days)  # 01:37 in Shanghai
app.periodic(cron="17 22 * * *")(tasks.make_counts)  # 06:17 in Shanghai
app.periodic(cron="23 16 * * *")(tasks.end_quotes)  # 00:23 in Shanghai
app.periodic(cron="27 22 * * *")(tasks.remind_of_purchases)  # 06:27 in Shanghai
app.periodic(cron="37 22 * * *")(tasks.report_purchases)  # 06:37 in Shanghai
app.periodic(cron="27 22 * * *")(tasks.make_standing_orders)  # 06:27 in Shanghai
