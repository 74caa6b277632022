import django.db.models.deletion
import sandan.core.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0002_ties'),
        ('people', '0002_ties'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=5)),
                ('lane', models.SmallIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Sending'), ('sent', 'Sent'), ('received', 'Received'), ('failed', 'Failed'), ('given_up', 'Given Up'), ('unreachable', 'Unreachable'), ('replaced', 'Replaced')], default='waiting', max_length=11)),
                ('tries', models.SmallIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('received_at', models.DateTimeField(null=True)),
                ('reference', models.CharField(blank=True, max_length=64)),
                ('error', models.CharField(blank=True, max_length=20)),
                ('handled_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Reach',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='reach', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('email', sandan.core.sealed.SealedTextField(null=True)),
                ('takes_sms', models.BooleanField(default=True)),
                ('takes_email', models.BooleanField(default=True)),
            ],
        ),
        migrations.AddField(
            model_name='notice',
            name='is_unplanned',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('is_unplanned', True)), fields=['id'], name='notice_unplanned'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['subject_id'], name='notice_subject'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='handled_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delivery',
            name='notice',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='notices.notice'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'sending'])), fields=['lane', 'next_at'], name='delivery_due'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('handled_at__isnull', True), ('state__in', ['failed', 'given_up', 'unreachable'])), fields=['-made_at'], name='delivery_not_arrived'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('notice', 'channel'), name='delivery_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['sms', 'email', 'none'])), name='delivery_channel_known'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('next_at__isnull', False), ('state__in', ['waiting', 'sending'])), models.Q(('next_at', None), ('state__in', ['sent', 'received', 'failed', 'given_up', 'unreachable', 'replaced'])), _connector='OR'), name='delivery_goes_on_or_ends'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('handled_at__isnull', True), ('handled_by__isnull', True)), models.Q(('handled_at__isnull', False), ('handled_by__isnull', False)), _connector='OR'), name='delivery_handled_by_one'),
        ),
    ]
