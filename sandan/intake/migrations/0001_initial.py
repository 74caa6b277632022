import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=4)),
                ('name', models.CharField(max_length=40)),
                ('reason', models.TextField()),
                ('duty', models.TextField()),
                ('rhythm', models.CharField(max_length=20)),
                ('finish_days', models.IntegerField(default=5)),
                ('training', models.CharField(max_length=200)),
                ('funding', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('is_approved', models.BooleanField(null=True)),
                ('answer', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='Route',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(db_collation='C', max_length=17)),
            ],
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('code', models.CharField(max_length=4, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40)),
                ('name_en', models.CharField(max_length=80)),
                ('department', models.CharField(max_length=40)),
                ('is_request', models.BooleanField(default=True)),
                ('level', models.IntegerField(choices=[(1, 'Grid'), (2, 'Community'), (3, 'Street'), (4, 'District')], default=2)),
                ('urgency', models.IntegerField(default=1)),
                ('accept_minutes', models.IntegerField(default=240)),
                ('finish_value', models.FloatField(default=0)),
                ('finish_unit', models.CharField(default='day', max_length=4)),
                ('clock', models.CharField(default='working', max_length=8)),
                ('urgent_accept_minutes', models.IntegerField(default=60)),
                ('urgent_finish_minutes', models.IntegerField(default=1440)),
                ('burst_accept_minutes', models.IntegerField(null=True)),
                ('burst_feedback_minutes', models.IntegerField(null=True)),
                ('grab', models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('review', 'Review')], default='no', max_length=6)),
                ('privacy', models.CharField(choices=[('public', 'Public'), ('inside', 'Inside'), ('contact', 'Contact'), ('sealed', 'Sealed')], default='inside', max_length=8)),
                ('callback', models.CharField(default='full', max_length=6)),
                ('evidence', models.CharField(default='none', max_length=20)),
                ('emergency_route', models.CharField(blank=True, max_length=60)),
                ('skills', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None)),
                ('keywords', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('note', models.TextField(blank=True)),
                ('duty', models.TextField(blank=True)),
                ('rhythm', models.CharField(blank=True, max_length=20)),
                ('field', models.CharField(blank=True, choices=[('jobs', '劳动就业'), ('security', '社会保障'), ('livable', '宜居创建')], max_length=10)),
                ('work_kind', models.CharField(blank=True, choices=[('appeal', '诉求反馈'), ('survey', '信息收集'), ('mediation', '纠纷调解'), ('publicity', '政策宣传'), ('emergency', '应急管理'), ('hazard', '隐患排查')], max_length=10)),
                ('office', models.CharField(blank=True, max_length=40)),
                ('is_active', models.BooleanField(default=True)),
                ('deputy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.category')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='intake.category')),
            ],
        ),
    ]
