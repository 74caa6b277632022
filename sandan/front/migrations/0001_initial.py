from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='LoginFailure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('account', models.BinaryField(max_length=32)),
                ('source', models.BinaryField(max_length=32)),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'at'], name='login_failure_account'), models.Index(fields=['source', 'at'], name='login_failure_source')],
            },
        ),
    ]
