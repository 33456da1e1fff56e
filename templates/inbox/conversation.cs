<?cs include!"lib/layout.cs" ?><?cs include!"inbox/listpane.cs" ?><?cs include!"inbox/thread.cs" ?><?cs if:#0 ?>
<?cs def:version() ?><input type="hidden" name="version" value="<?cs var:conversation.version ?>"><?cs /def ?>

<?cs # The other's change and one's own, side by side, with the same form once more ?>
<?cs def:diff_row(dr_label, dr_mine, dr_theirs) ?><tr><th scope="row"><?cs var:dr_label ?></th><td><ins><?cs var:dr_mine ?></ins></td><td><del><?cs var:dr_theirs ?></del></td></tr><?cs /def ?>
<?cs def:chosen_name(cn_list, cn_id, cn_none) ?><?cs set:tmp_name = cn_none ?><?cs each:o = cn_list ?><?cs if:o.id == cn_id ?><?cs set:tmp_name = o.name ?><?cs /if ?><?cs /each ?><?cs /def ?>
<?cs def:conflict() ?><div class="problem" id="problems" role="alert" tabindex="-1" autofocus><h2><?cs var:T.thread.conflict ?></h2><p><?cs var:T.thread.conflict_text ?></p>
<table class="diff"><thead><tr><th scope="col"><?cs var:T.thread.conflict_field ?></th><th scope="col"><?cs var:T.thread.conflict_mine ?></th><th scope="col"><?cs var:T.thread.conflict_theirs ?></th></tr></thead><tbody>
<?cs if:form.status ?><?cs call:diff_row(T.inbox.status, T.status[form.status], conversation.status_text) ?><?cs /if ?>
<?cs if:?form.assignee_id ?><?cs call:chosen_name(users, form.assignee_id, T.thread.nobody) ?><?cs set:tmp_mine = tmp_name ?><?cs call:chosen_name(users, conversation.assignee_id, T.thread.nobody) ?><?cs if:tmp_mine != tmp_name ?><?cs call:diff_row(T.thread.pass_to, tmp_mine, tmp_name) ?><?cs /if ?><?cs /if ?>
<?cs if:?form.team_id ?><?cs call:chosen_name(teams, form.team_id, T.thread.team_none) ?><?cs set:tmp_mine = tmp_name ?><?cs call:chosen_name(teams, conversation.team_id, T.thread.team_none) ?><?cs if:tmp_mine != tmp_name ?><?cs call:diff_row(T.thread.team, tmp_mine, tmp_name) ?><?cs /if ?><?cs /if ?>
</tbody></table>
<form class="btns" method="post" action="/conversations/<?cs var:conversation.id ?>/<?cs if:form.status ?>status<?cs else ?>assign<?cs /if ?><?cs var:suffix ?>" data-swap><?cs call:csrf() ?><?cs call:version() ?><?cs if:form.status ?><input type="hidden" name="status" value="<?cs var:form.status ?>"><?cs else ?><input type="hidden" name="assignee_id" value="<?cs var:form.assignee_id ?>"><input type="hidden" name="team_id" value="<?cs var:form.team_id ?>"><?cs /if ?><button class="btn pri"><?cs var:T.thread.conflict_again ?></button><a class="btn" href="/conversations/<?cs var:conversation.id ?><?cs var:suffix ?>"><?cs var:T.thread.conflict_leave ?></a></form></div><?cs /def ?>

<?cs def:conversation_head() ?><header class="head" id="conv-head" data-live="head">
<div class="who">
<a class="btn quiet ico only-s" href="/conversations<?cs var:suffix ?>" data-back><?cs call:icon_said("esq", T.thread.back) ?></a>
<?cs call:avatar(conversation.initials, conversation.color, conversation.contact_kind, "") ?>
<div class="clip"><h1 id="t-conv" class="clip"><?cs if:Page.nav.contacts ?><a href="/contacts/<?cs var:conversation.contact_id ?>"><?cs var:conversation.title ?></a><?cs else ?><?cs var:conversation.title ?><?cs /if ?></h1>
<p class="clip"><?cs call:channel_named(conversation.channel, connection.name) ?><?cs if:contact.phone && contact.phone != conversation.title ?> · <span class="num"><?cs var:contact.phone ?></span><?cs /if ?><?cs if:conversation.status != "open" ?> · <?cs call:status(conversation.status) ?><?cs /if ?></p></div>
</div>
<?cs if:Page.perm.conversation_reply ?><div class="btns">
<?cs if:Page.perm.conversation_assign ?><button class="btn quiet hide-s" type="button" popovertarget="p-owner"><?cs call:icon("contatos") ?><span class="sr-c"><span class="sr"><?cs var:T.thread.owner ?> </span><?cs if:conversation.assignee_name ?><?cs var:conversation.assignee_name ?><?cs else ?><?cs var:T.thread.owner_none ?><?cs /if ?></span></button><?cs elif:conversation.assignee_name ?><span class="small muted hide-s"><?cs var:conversation.assignee_name ?></span><?cs /if ?>
<?cs if:!conversation.assignee_id ?><form class="hide-s" method="post" action="/conversations/<?cs var:conversation.id ?>/take<?cs var:suffix ?>" data-swap><?cs call:csrf() ?><button class="btn"><?cs var:T.thread.take ?></button></form><?cs /if ?>
<button class="btn quiet ico" type="button" popovertarget="p-more"><?cs call:icon_said("pontos", T.thread.more) ?></button>
<form method="post" action="/conversations/<?cs var:conversation.id ?>/status<?cs var:suffix ?>" data-swap><?cs call:csrf() ?><?cs call:version() ?><?cs if:conversation.status == "open" || conversation.status == "in_progress" || conversation.status == "pending" ?><button class="btn ok" name="status" value="resolved" data-key="e"><?cs call:icon("check") ?><span class="sr-c"><?cs var:T.thread.resolve ?></span></button><?cs else ?><button class="btn" name="status" value="open" data-key="e"><?cs call:icon("atualiza") ?><span class="sr-c"><?cs var:T.thread.reopen ?></span></button><?cs /if ?></form>
</div><?cs else ?><span class="small muted"><?cs if:conversation.assignee_name ?><?cs var:conversation.assignee_name ?><?cs else ?><?cs var:T.thread.owner_none ?><?cs /if ?></span><?cs /if ?>
</header><?cs /def ?>

<?cs def:owner_form() ?><form id="p-owner" popover class="form" method="post" action="/conversations/<?cs var:conversation.id ?>/assign<?cs var:suffix ?>" aria-label="<?cs var:T.thread.pass ?>" data-live="head" data-swap><?cs call:csrf() ?><?cs call:version() ?>
<div class="field<?cs if:Error.assignee_id ?> bad<?cs /if ?>"><label for="f-assignee_id"><?cs var:T.thread.pass_to ?></label><?cs call:error_text("assignee_id", Error.assignee_id) ?><select id="f-assignee_id" name="assignee_id" autofocus><option value=""><?cs var:T.thread.nobody ?></option><?cs each:u = users ?><option value="<?cs var:u.id ?>"<?cs if:u.current ?> selected<?cs /if ?>><?cs var:u.name ?></option><?cs /each ?></select></div>
<div class="field"><label for="f-team_id"><?cs var:T.thread.team ?></label><select id="f-team_id" name="team_id"><option value=""><?cs var:T.thread.team_none ?></option><?cs each:t = teams ?><option value="<?cs var:t.id ?>"<?cs if:t.current ?> selected<?cs /if ?>><?cs var:t.name ?></option><?cs /each ?></select></div>
<button class="btn pri"><?cs var:T.thread.pass ?></button>
</form><?cs /def ?>

<?cs def:snooze_form() ?><form id="p-snooze" popover class="list" method="post" action="/conversations/<?cs var:conversation.id ?>/snooze<?cs var:suffix ?>" aria-label="<?cs var:T.routing.snooze ?>" data-live="head" data-swap><?cs call:csrf() ?><?cs call:version() ?>
<?cs if:snooze.today ?><button name="preset" value="today" autofocus><?cs call:icon("adiar") ?><?cs var:T.routing.snooze_today ?></button><?cs /if ?>
<button name="preset" value="tomorrow"<?cs if:!snooze.today ?> autofocus<?cs /if ?>><?cs call:icon("adiar") ?><?cs var:T.routing.snooze_tomorrow ?></button>
<button name="preset" value="monday"><?cs call:icon("adiar") ?><?cs var:T.routing.snooze_monday ?></button>
<button name="preset" value="reply"><?cs call:icon("adiar") ?><?cs var:T.routing.snooze_reply ?></button>
<?cs call:error_text("until", Error.until) ?><div class="field"><label for="sn-date"><?cs var:T.routing.snooze_day ?></label><?cs call:error_text("date", Error.date) ?><input id="sn-date" name="date" type="date" min="<?cs var:snooze.min ?>" value="<?cs var:form.date ?>"></div>
<div class="field"><label for="sn-time"><?cs var:T.routing.snooze_hour ?></label><?cs call:error_text("time", Error.time) ?><input id="sn-time" name="time" type="time" value="<?cs var:form.time ?>"></div>
<button name="preset" value="at"><?cs call:icon("adiar") ?><?cs var:T.routing.snooze_at ?></button>
</form><?cs /def ?>
<?cs def:snooze_line() ?><div id="snooze" data-live="conversation"><?cs if:snooze.until ?><form class="window calm" method="post" action="/conversations/<?cs var:conversation.id ?>/snooze<?cs var:suffix ?>" data-swap><?cs call:csrf() ?><?cs call:icon("adiar") ?><span><?cs var:T.routing.snoozed ?> <b><?cs var:snooze.until ?></b></span><?cs if:Page.perm.conversation_reply ?> <button class="btn sm" name="preset" value="wake"><?cs var:T.routing.wake ?></button><?cs /if ?></form><?cs /if ?></div><?cs /def ?>

<?cs def:more_forms() ?><div id="p-more" popover class="list" data-live="head">
<form method="post" action="/conversations/<?cs var:conversation.id ?>/status<?cs var:suffix ?>" data-swap><?cs call:csrf() ?><?cs call:version() ?>
<?cs if:conversation.status != "pending" ?><button name="status" value="pending"><?cs call:icon("espera") ?><?cs var:T.thread.pending ?></button><?cs /if ?>
<?cs if:conversation.status != "in_progress" ?><button name="status" value="in_progress"><?cs call:icon("contatos") ?><?cs var:T.thread.in_progress ?></button><?cs /if ?>
<?cs if:conversation.status == "open" || conversation.status == "in_progress" || conversation.status == "pending" ?><button type="button" popovertarget="p-snooze"><?cs call:icon("adiar") ?><?cs var:T.routing.snooze ?></button><?cs /if ?>
<?cs if:conversation.status != "archived" ?><button name="status" value="archived"><?cs call:icon("arquivo") ?><?cs var:T.thread.archive ?></button><?cs /if ?>
<?cs if:conversation.status != "spam" ?><button name="status" value="spam"><?cs call:icon("alerta") ?><?cs var:T.thread.spam ?></button><?cs /if ?>
</form>
<?cs if:Page.perm.conversation_assign ?><button class="only-s" type="button" popovertarget="p-owner"><?cs call:icon("mover") ?><?cs var:T.thread.pass ?></button><?cs /if ?>
<?cs if:!conversation.mine ?><form method="post" action="/conversations/<?cs var:conversation.id ?>/take<?cs var:suffix ?>" data-swap><?cs call:csrf() ?><button><?cs call:icon("contatos") ?><?cs var:T.thread.take ?></button></form><?cs /if ?>
<?cs if:Page.nav.contacts ?><a href="/contacts/<?cs var:conversation.contact_id ?>"><?cs call:icon("info") ?><?cs var:T.thread.open_contact ?></a><?cs /if ?>
</div><?cs /def ?>

<?cs def:window_line() ?><div id="window" data-live="conversation"><?cs if:connection.status && connection.status != "connected" ?><p class="window shut"><?cs call:icon("alerta") ?><span><b><?cs var:connection.name ?></b> <?cs var:T.thread.away ?></span></p><?cs /if ?><?cs if:window.state == "open" ?><p class="window<?cs if:!window.level ?> calm<?cs /if ?>"><?cs call:icon("relogio") ?><span><?cs var:T.thread.closes_in ?> <b><?cs var:window.left ?></b>, <?cs var:window.until ?>.</span><?cs if:window.percent ?><svg class="meter" aria-hidden="true"><rect width="<?cs var:window.percent ?>" height="100%"/></svg><?cs /if ?></p><?cs elif:window.state == "shut" ?><p class="window shut"><?cs call:icon("cadeado") ?><span><?cs var:T.thread.shut ?></span></p><?cs /if ?></div><?cs /def ?>

<?cs def:later_lines() ?><div id="later" data-live="conversation"><?cs each:s = scheduled ?><div class="window<?cs if:s.status == "pending" ?> calm<?cs else ?> shut<?cs /if ?>"><?cs if:s.status == "pending" ?><?cs call:icon("relogio") ?><?cs else ?><?cs call:icon("alerta") ?><?cs /if ?><span><b><?cs if:s.status == "pending" ?><time datetime="<?cs var:s.run_at ?>"><?cs var:s.run_at.long ?></time><?cs else ?><?cs var:T.later.failed ?> <?cs var:s.reason ?><?cs /if ?></b> <?cs var:s.text ?></span><?cs if:s.status == "pending" ?><a class="btn sm" href="/scheduled/<?cs var:s.id ?>/edit"><?cs var:T.later.change ?></a><?cs /if ?><form method="post" action="/scheduled/<?cs var:s.id ?>/cancel" data-swap><?cs call:csrf() ?><input type="hidden" name="from" value="conversation"><button class="btn sm quiet"><?cs if:s.status == "pending" ?><?cs var:T.later.cancel ?><?cs else ?><?cs var:T.later.dismiss ?><?cs /if ?></button></form></div><?cs /each ?></div><?cs /def ?>

<?cs def:composer() ?><form id="composer" class="composer<?cs if:window.state == "shut" ?> note<?cs /if ?>" method="post" action="/conversations/<?cs var:conversation.id ?>/messages<?cs var:suffix ?>" aria-label="<?cs var:T.thread.composer ?>" enctype="multipart/form-data" data-swap="clear" data-typing="/conversations/<?cs var:conversation.id ?>/typing" data-draft="/conversations/<?cs var:conversation.id ?>/draft" novalidate>
<?cs call:csrf() ?><input type="hidden" name="token" value="<?cs var:token ?>">
<div id="mode" data-live="conversation"><?cs if:window.state == "shut" ?><p class="kind"><?cs call:icon("cadeado") ?><b><?cs var:T.thread.note ?></b><input type="hidden" name="internal" value="1"></p><?cs else ?><fieldset class="seg"><legend class="sr"><?cs var:T.thread.reply_kind ?></legend><label><input type="radio" name="internal" value="0"<?cs if:draft.internal != "1" ?> checked<?cs /if ?>><?cs var:T.thread.reply ?></label><label><input type="radio" name="internal" value="1"<?cs if:draft.internal == "1" ?> checked<?cs /if ?>><?cs call:icon("cadeado") ?><?cs var:T.thread.note ?></label></fieldset><?cs /if ?></div>
<?cs if:quoting.id ?><div class="row" id="f-reply_to"><input type="hidden" name="reply_to" value="<?cs var:quoting.id ?>"><blockquote class="quote grow"><span class="sr"><?cs var:T.thread.answer_to ?> </span><?cs if:quoting.author ?><b><?cs var:quoting.author ?></b><?cs /if ?><?cs var:quoting.text ?></blockquote><a class="btn sm quiet ico" href="/conversations/<?cs var:conversation.id ?><?cs var:suffix ?>"><?cs call:icon_said("x", T.later.unquote) ?></a></div><?cs /if ?>
<div id="text-error" data-live="problems"><?cs call:error_text("text", Error.text) ?></div>
<label class="sr" for="f-text"><?cs var:T.thread.message_to ?> <?cs var:conversation.title ?></label>
<textarea id="f-text" name="text" rows="2" maxlength="4096" aria-describedby="text-error" placeholder="<?cs if:window.state == "shut" ?><?cs var:T.thread.write_note ?><?cs else ?><?cs var:T.thread.write_to ?> <?cs var:conversation.title ?><?cs /if ?>"><?cs var:draft.text ?></textarea>
<?cs if:window.state != "shut" ?><details class="small if-reply"<?cs if:Error.date || Error.time || Error.run_at ?> open<?cs /if ?>><summary><?cs var:T.later.send_later ?></summary><div class="row wrap" id="f-run_at"><label for="f-date"><?cs var:T.later.date ?></label><input id="f-date" name="date" type="date" value="<?cs var:form.date ?>"<?cs if:Error.date ?> aria-invalid="true"<?cs /if ?>><label for="f-time"><?cs var:T.later.time ?></label><input id="f-time" name="time" type="time" value="<?cs var:form.time ?>"<?cs if:Error.time ?> aria-invalid="true"<?cs /if ?>><button class="btn" formaction="/conversations/<?cs var:conversation.id ?>/schedule<?cs var:suffix ?>"><?cs call:icon("relogio") ?><?cs var:T.later.schedule ?></button></div></details><?cs /if ?>
<?cs call:attach_box(draft.quick_file, draft.file_name) ?>
<div class="bot"><?cs if:quick.0.id ?><button class="btn quiet ico" type="button" popovertarget="p-quick"><?cs call:icon_said("raio", T.quick.title) ?></button><?cs /if ?><span class="faint small hide-s"><kbd>Ctrl</kbd> <kbd>Enter</kbd></span><span class="end back"><button class="btn pri" data-send><?cs call:icon("enviar") ?><span class="if-reply"><?cs var:T.thread.send ?></span><span class="if-note"><?cs var:T.thread.save_note ?></span></button><button class="btn if-reply" name="then" value="resolve"><?cs var:T.thread.send_resolve ?></button></span></div>
<?cs if:quick.0.id ?><div id="p-quick" popover class="list" role="dialog" aria-label="<?cs var:T.quick.title ?>"><?cs each:q = quick ?><button name="quick" value="<?cs var:q.id ?>" formaction="/conversations/<?cs var:conversation.id ?>/quick-reply<?cs var:suffix ?>" formenctype="application/x-www-form-urlencoded" <?cs if:q.file ?>data-whole<?cs else ?>data-quick="/api/conversations/<?cs var:conversation.id ?>/quick-replies/<?cs var:q.id ?>"<?cs /if ?>><b>/<?cs var:q.shortcut ?></b> <?cs var:q.title ?><?cs if:q.file ?> <?cs call:icon_said("clipe", T.attach.with_file) ?><?cs /if ?></button><?cs /each ?><a href="/quick-replies"><?cs call:icon("lapis") ?><?cs var:T.quick.all ?></a></div><?cs /if ?>
</form>
<form id="retry" method="post" action="/conversations/<?cs var:conversation.id ?>/messages" data-swap hidden><?cs call:csrf() ?></form><?cs /def ?>

<?cs def:facts() ?><aside class="pane ctx" aria-label="<?cs var:T.thread.facts ?>">
<div class="body facts" id="facts" data-live="head" tabindex="0" role="region" aria-label="<?cs var:T.thread.data ?>">
<div class="who"><?cs call:avatar(conversation.initials, conversation.color, contact.kind, "lg") ?><div><b><?cs var:contact.title ?></b><small><?cs var:T.contact.lifecycle[contact.lifecycle] ?><?cs if:contact.lifecycle == "lead" ?> · <?cs var:T.contact.stage[contact.lead_status] ?><?cs /if ?></small></div></div>
<section class="sec"><header><h2><?cs var:T.thread.data ?></h2><?cs if:Page.nav.contacts ?><a href="/contacts/<?cs var:contact.id ?>"><?cs var:T.thread.open_contact ?></a><?cs /if ?></header>
<dl class="kv"><?cs call:fact(T.contact.phone, contact.phone) ?><?cs call:fact(T.contact.email, contact.email) ?><?cs call:fact(T.contact.username, contact.username) ?><?cs call:fact(T.contact.company, contact.company) ?><?cs call:fact(T.contact.city, contact.city) ?><?cs if:contact.source_channel ?><dt><?cs var:T.contact.source ?></dt><dd><?cs call:channel_named(contact.source_channel, contact.none) ?></dd><?cs /if ?><?cs each:id = identities ?><?cs if:id.kind == "instagram" || id.kind == "messenger" ?><dt><?cs var:T.contact.id[id.kind] ?></dt><dd class="num"><?cs if:id.shown ?><?cs var:id.shown ?><?cs else ?><?cs var:id.value ?><?cs /if ?></dd><?cs /if ?><?cs /each ?><dt><?cs var:T.contact.since ?></dt><dd><?cs call:time(contact.created_at) ?></dd></dl></section>
<section class="sec" aria-labelledby="t-tags"><header><h2 id="t-tags"><?cs var:T.routing.tags ?></h2></header>
<?cs if:conversation.tags.0.id ?><ul class="tags"><?cs each:t = conversation.tags ?><li class="row"><span class="tag k<?cs var:t.color ?>"><?cs var:t.name ?></span><?cs if:Page.perm.conversation_reply ?><form method="post" action="/conversations/<?cs var:conversation.id ?>/tags/<?cs var:t.id ?>/delete<?cs var:suffix ?>" data-swap><?cs call:csrf() ?><button class="btn sm quiet ico"><svg class="i" role="img" aria-label="<?cs var:T.routing.tag_take ?> <?cs var:t.name ?>"><use href="<?cs var:href(Page.static) ?>/icons.svg#x"/></svg></button></form><?cs /if ?></li><?cs /each ?></ul><?cs elif:!all_tags.0.id || !Page.perm.conversation_reply ?><p class="small muted"><?cs var:T.routing.tags_none ?></p><?cs /if ?>
<?cs if:Page.perm.conversation_reply && all_tags.0.id ?><form class="row" method="post" action="/conversations/<?cs var:conversation.id ?>/tags<?cs var:suffix ?>" data-swap><?cs call:csrf() ?><label class="sr" for="f-tag_id"><?cs var:T.routing.tag ?></label><select id="f-tag_id" name="tag_id"><?cs each:t = all_tags ?><option value="<?cs var:t.id ?>"><?cs var:t.name ?></option><?cs /each ?></select><button class="btn sm"><?cs var:T.routing.tag_put ?></button></form><?cs /if ?></section>
<?cs if:contact.note ?><section class="sec"><header><h2><?cs var:T.contact.note ?></h2></header><p class="text small"><?cs var:contact.note ?></p></section><?cs /if ?>
<p class="small faint"><?cs var:T.thread.number ?> <?cs var:conversation.number.text ?></p>
</div>
</aside><?cs /def ?>
<?cs /if ?><?cs call:page_head("conversations", "1") ?>
<div class="inbox open" data-conversation="<?cs var:conversation.id ?>">
<?cs call:list_pane("1") ?>
<section class="pane thread-pane" aria-labelledby="t-conv">
<?cs call:conversation_head() ?>
<?cs if:Page.perm.conversation_reply ?><?cs if:Page.perm.conversation_assign ?><?cs call:owner_form() ?><?cs /if ?><?cs call:more_forms() ?><?cs call:snooze_form() ?><?cs /if ?>
<div id="problems-box" data-live="problems"><?cs if:form.version && !Errors.0.field ?><?cs call:conflict() ?><?cs elif:!Error.text && !Error.files ?><?cs call:problems() ?><?cs /if ?></div>
<?cs call:thread() ?>
<p id="typing" class="typing" role="status"></p>
<?cs call:snooze_line() ?><?cs call:window_line() ?>
<?cs if:Page.perm.conversation_reply ?><?cs call:later_lines() ?><?cs call:composer() ?><?cs else ?><p class="window calm"><?cs call:icon("olho") ?><span><?cs var:T.thread.read_only ?></span></p><?cs /if ?>
</section>
<?cs call:facts() ?>
</div>
<?cs call:page_foot() ?>
