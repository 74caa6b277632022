import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('intake', "0002_ties"),
        ('orders', '0001_initial'),
        ('people', '0001_initial'),
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='callback',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='check',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='custody',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='extension',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='offer',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='offer',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='offer',
            name='team',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='people.team'),
        ),
        migrations.AddField(
            model_name='offer',
            name='unit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='people.unit'),
        ),
        migrations.AddField(
            model_name='order',
            name='category',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.category'),
        ),
        migrations.AddField(
            model_name='order',
            name='charge',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit'),
        ),
        migrations.AddField(
            model_name='order',
            name='closed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='order',
            name='community',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place'),
        ),
        migrations.AddField(
            model_name='order',
            name='estate',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.estate'),
        ),
        migrations.AddField(
            model_name='order',
            name='guess',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.category'),
        ),
        migrations.AddField(
            model_name='order',
            name='holder',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='held_orders', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='order',
            name='into',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='orders.order'),
        ),
        migrations.AddField(
            model_name='order',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='owned_orders', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='order',
            name='parent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='orders.order'),
        ),
        migrations.AddField(
            model_name='order',
            name='placed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='order',
            name='served_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='order',
            name='team',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team'),
        ),
        migrations.AddField(
            model_name='order',
            name='unit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit'),
        ),
        migrations.AddField(
            model_name='offer',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='orders.order'),
        ),
        migrations.AddField(
            model_name='knock',
            name='order',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orders.order'),
        ),
        migrations.AddField(
            model_name='extension',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='orders.order'),
        ),
        migrations.AddField(
            model_name='custody',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='custody', to='orders.order'),
        ),
        migrations.AddField(
            model_name='check',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='orders.order'),
        ),
        migrations.AddField(
            model_name='callback',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='orders.order'),
        ),
        migrations.AddField(
            model_name='asker',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='askers', to='orders.order'),
        ),
        migrations.AddField(
            model_name='pause',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='pause',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='orders.order'),
        ),
        migrations.AddIndex(
            model_name='phonecode',
            index=models.Index(fields=['phone_digest', '-at'], name='phonecode_phone'),
        ),
        migrations.AddField(
            model_name='photo',
            name='draft',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='orders.draft'),
        ),
        migrations.AddField(
            model_name='photo',
            name='order',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='orders.order'),
        ),
        migrations.AddField(
            model_name='photo',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='review',
            name='asker',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.asker'),
        ),
        migrations.AddField(
            model_name='review',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='orders.order'),
        ),
        migrations.AddField(
            model_name='review',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='words',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='words', to='orders.order'),
        ),
        migrations.AddField(
            model_name='words',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='review',
            name='words',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.words'),
        ),
        migrations.AddField(
            model_name='check',
            name='words',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.words'),
        ),
        migrations.AddField(
            model_name='callback',
            name='words',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.words'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['community', 'due_at', 'id'], name='order_open_community'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['street', 'due_at', 'id'], name='order_open_street'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['county', 'due_at', 'id'], name='order_open_county'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['community', 'state', 'due_at'], name='order_community_state'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['next_at'], name='order_next'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['holder'], name='order_holder'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['county', 'placed_at'], name='order_county_placed'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['community', 'placed_at'], name='order_community_placed'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('into__isnull', False)), fields=['into'], name='order_into'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('parent__isnull', False)), fields=['parent'], name='order_parent'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=django.contrib.postgres.indexes.GinIndex(fields=['terms'], name='order_terms'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('community', 'on', 'serial'), name='order_number'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['received', 'judged', 'open', 'offered', 'taken', 'underway', 'served', 'reviewed', 'closed', 'asked', 'paused', 'ledgered', 'escalated', 'reopened', 'passed', 'merged', 'refused', 'withdrawn', 'filed'])), name='order_state_known'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('is_open', True), models.Q(('state__in', ['closed', 'filed', 'merged', 'passed', 'refused', 'withdrawn']), _negated=True)), models.Q(('ended_at__isnull', False), ('is_open', False), ('state__in', ['closed', 'filed', 'merged', 'passed', 'refused', 'withdrawn'])), _connector='OR'), name='order_open_or_ended'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('is_open', False), models.Q(('next_at__isnull', False), models.Q(('next_step', ''), _negated=True)), _connector='OR'), name='order_open_has_clock'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['asked', 'ledgered', 'paused']), ('stopped_at__isnull', False)), models.Q(models.Q(('state__in', ['asked', 'ledgered', 'paused']), _negated=True), ('stopped_at__isnull', True)), _connector='OR'), name='order_stands_with_stopped_clock'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['taken', 'underway']), _negated=True), ('holder__isnull', False), _connector='OR'), name='order_taken_has_holder'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('closed_by__isnull', False), ('reviewed_at__isnull', False), ('served_by__isnull', False), models.Q(('closed_by', models.F('served_by')), _negated=True), models.Q(('word', ''), _negated=True)), _connector='OR'), name='order_closed_by_two_keys'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('into__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('into__isnull', True)), _connector='OR'), name='order_merged_into'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'received'), ('category__isnull', False), ('is_open', False), ('state__in', ('asked', 'escalated')), _connector='OR'), name='order_judged_has_category'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(fields=['order', 'batch', 'rank'], name='offer_order'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('team__isnull', True), ('unit__isnull', True)), models.Q(('person__isnull', True), ('team__isnull', False), ('unit__isnull', True)), models.Q(('person__isnull', True), ('team__isnull', True), ('unit__isnull', False)), _connector='OR'), name='offer_to_one'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'sent')), fields=('order',), name='offer_one_sent'),
        ),
        migrations.AddIndex(
            model_name='knock',
            index=models.Index(fields=['order', '-at'], name='knock_order'),
        ),
        migrations.AddIndex(
            model_name='knock',
            index=models.Index(fields=['source', '-at'], name='knock_source'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('new_due_at__gt', models.F('old_due_at'))), name='extension_later'),
        ),
        migrations.AddIndex(
            model_name='custody',
            index=models.Index(fields=['order', 'id'], name='custody_order'),
        ),
        migrations.AddConstraint(
            model_name='custody',
            constraint=models.UniqueConstraint(condition=models.Q(('to_at__isnull', True)), fields=('order',), name='custody_one_open'),
        ),
        migrations.AddConstraint(
            model_name='custody',
            constraint=models.CheckConstraint(condition=models.Q(('to_at__isnull', True), ('to_at__gte', models.F('from_at')), _connector='OR'), name='custody_term'),
        ),
        migrations.AddIndex(
            model_name='asker',
            index=models.Index(condition=models.Q(('phone_digest__isnull', False)), fields=['phone_digest'], name='asker_phone'),
        ),
        migrations.AddConstraint(
            model_name='asker',
            constraint=models.UniqueConstraint(condition=models.Q(('is_first', True)), fields=('order',), name='asker_one_first'),
        ),
        migrations.AddConstraint(
            model_name='asker',
            constraint=models.UniqueConstraint(condition=models.Q(('phone_digest__isnull', False)), fields=('order', 'phone_digest'), name='asker_once'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.UniqueConstraint(condition=models.Q(('to_at__isnull', True)), fields=('order',), name='pause_one_open'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(('until_at__gt', models.F('from_at'))), name='pause_ahead'),
        ),
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('draft__isnull', True), ('order__isnull', False)), models.Q(('draft__isnull', False), ('order__isnull', True)), _connector='OR'), name='photo_of_order_or_draft'),
        ),
        migrations.AddIndex(
            model_name='words',
            index=models.Index(fields=['order', 'id'], name='words_order'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asker__isnull', False), ('person__isnull', True)), models.Q(('asker__isnull', True), ('person__isnull', False)), _connector='OR'), name='review_by_one'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.UniqueConstraint(condition=models.Q(('done_at__isnull', True)), fields=('order',), name='check_one_open'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('result', '')), models.Q(('done_at__isnull', False), models.Q(('result', ''), _negated=True)), _connector='OR'), name='check_done_with_result'),
        ),
    ]
