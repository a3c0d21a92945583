from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kyc", "0005_risk_models")]

    operations = [
        migrations.AddField(
            model_name="watchlistentry",
            name="gender",
            field=models.CharField(
                blank=True,
                choices=[("male", "Male"), ("female", "Female"), ("", "Unknown")],
                max_length=6,
                verbose_name="gender",
            ),
        ),
    ]
