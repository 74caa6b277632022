import django.contrib.postgres.fields
import django.db.models.functions.datetime
import sandan.core.sealed
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('login', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=40)),
                ('name_key', models.CharField(db_collation='C', default='', max_length=120)),
                ('phone', sandan.core.sealed.SealedTextField(null=True)),
                ('phone_digest', models.BinaryField(max_length=32, null=True, unique=True)),
                ('phone_tail', models.CharField(blank=True, max_length=4)),
                ('skills', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None)),
                ('lon', models.FloatField(null=True)),
                ('lat', models.FloatField(null=True)),
                ('reach_metres', models.IntegerField(default=1000)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('member', 'Member'), ('grid_worker', 'Grid Worker'), ('grid_leader', 'Grid Leader'), ('dispatcher', 'Dispatcher'), ('liaison', 'Liaison'), ('district', 'District'), ('unit_clerk', 'Unit Clerk'), ('auditor', 'Auditor'), ('admin', 'Admin')], max_length=12)),
                ('grade', models.CharField(blank=True, max_length=10)),
                ('scope', models.CharField(db_collation='C', max_length=17)),
                ('from_at', models.DateTimeField()),
                ('to_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('scope', models.CharField(db_collation='C', max_length=17)),
                ('skills', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None)),
            ],
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('name_key', models.CharField(db_collation='C', default='', max_length=200)),
                ('kind', models.CharField(choices=[('unit', 'Work Unit'), ('department', 'Department'), ('partner', 'Partner')], default='unit', max_length=12)),
                ('scope', models.CharField(db_collation='C', max_length=17)),
            ],
        ),
    ]
