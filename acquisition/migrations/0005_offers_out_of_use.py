from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("acquisition", "0004_plans_and_offers")]

    operations = [
        migrations.AddField(
            model_name="incentive",
            name="is_used",
            field=models.BooleanField(default=True, verbose_name="in use"),
        ),
    ]
