import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Place',
            fields=[
                ('code', models.CharField(db_collation='C', max_length=17, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('county', 'County'), ('street', 'Street'), ('community', 'Community'), ('grid', 'Grid'), ('exclusive', 'Exclusive'), ('micro', 'Micro')], max_length=10)),
                ('name', models.CharField(max_length=80)),
                ('name_key', models.CharField(db_collation='C', max_length=200)),
                ('outline', models.JSONField(null=True)),
                ('west', models.FloatField(null=True)),
                ('south', models.FloatField(null=True)),
                ('east', models.FloatField(null=True)),
                ('north', models.FloatField(null=True)),
                ('lon', models.FloatField(null=True)),
                ('lat', models.FloatField(null=True)),
                ('origin', models.CharField(default='official', max_length=10)),
                ('households', models.IntegerField(default=0)),
                ('sort', models.CharField(blank=True, max_length=10)),
                ('version', models.BigIntegerField(default=0)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('takes_orders', models.BooleanField(default=True)),
                ('valid_from', models.DateField(db_default=django.db.models.functions.datetime.Now())),
                ('valid_to', models.DateField(null=True)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='places.place')),
            ],
        ),
        migrations.CreateModel(
            name='Estate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('name_key', models.CharField(db_collation='C', max_length=200)),
                ('aliases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, size=None)),
                ('building_word', models.CharField(default='号楼', max_length=4)),
                ('lon', models.FloatField()),
                ('lat', models.FloatField()),
                ('origin', models.CharField(default='official', max_length=10)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='estates', to='places.place')),
            ],
        ),
        migrations.CreateModel(
            name='Building',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=20)),
                ('unit_count', models.IntegerField(default=1)),
                ('floors', models.IntegerField(default=6)),
                ('households', models.IntegerField(default=0)),
                ('lon', models.FloatField()),
                ('lat', models.FloatField()),
                ('estate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='buildings', to='places.estate')),
                ('grid', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                ('micro', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
            ],
        ),
        migrations.CreateModel(
            name='PlaceChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=10)),
                ('old_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=17), size=None)),
                ('new_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=17), size=None)),
                ('outlines', models.JSONField(default=dict)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Spot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=10)),
                ('aliases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, size=None)),
                ('lon', models.FloatField()),
                ('lat', models.FloatField()),
                ('origin', models.CharField(default='official', max_length=10)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spots', to='places.place')),
            ],
        ),
        migrations.AddIndex(
            model_name='place',
            index=models.Index(fields=['kind', 'name_key'], name='place_kind_name'),
        ),
        migrations.AddConstraint(
            model_name='building',
            constraint=models.UniqueConstraint(fields=('estate', 'label'), name='building_estate_label'),
        ),
    ]
