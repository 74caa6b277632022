import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('era', models.BigIntegerField()),
                ('from_tx', models.BigIntegerField()),
                ('to_tx', models.BigIntegerField()),
                ('line_count', models.IntegerField()),
                ('previous', models.BinaryField(max_length=32)),
                ('digest', models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='Day',
            fields=[
                ('on', models.DateField(primary_key=True, serialize=False)),
                ('is_working', models.BooleanField()),
                ('name', models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='KindFile',
            fields=[
                ('name', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('loaded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
            ],
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('subject', models.CharField(max_length=40)),
                ('subject_id', models.BigIntegerField()),
                ('field', models.CharField(max_length=40)),
                ('why', models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('on', models.DateField()),
                ('last', models.IntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'on'), name='counter_key_on')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('subject', models.CharField(max_length=40)),
                ('subject_id', models.BigIntegerField()),
                ('verb', models.CharField(max_length=40)),
                ('actor', models.CharField(max_length=20)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('scope', models.CharField(db_collation='C', max_length=17)),
                ('facts', models.JSONField(default=dict)),
                ('era', models.BigIntegerField(default=0)),
                ('tx', models.BigIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'subject_id', 'id'], name='entry_subject'), models.Index(fields=['era', 'tx', 'id'], name='entry_chain'), models.Index(condition=models.Q(('actor', 'person')), fields=['actor_id', 'at'], name='entry_actor')],
            },
        ),
    ]
