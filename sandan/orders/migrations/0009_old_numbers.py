import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0008_boards_at_size'),
    ]

    operations = [
        migrations.CreateModel(
            name='OldNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('community', models.CharField(db_collation='C', max_length=12)),
                ('on', models.DateField()),
                ('serial', models.IntegerField()),
                ('at', models.DateTimeField()),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='old_numbers', to='orders.order')),
            ],
        ),
        migrations.AddConstraint(
            model_name='oldnumber',
            constraint=models.UniqueConstraint(fields=('community', 'on', 'serial'), name='old_number_once'),
        ),
    ]
