<?cs # The list of conversations: alone on its page, or beside an open conversation (open: 1). Needs lib/layout.cs. ?><?cs if:#0 ?><?cs # never rendered: no blank lines from between the macros ?>
<?cs def:list_item(li) ?><li class="conv<?cs if:li.unread ?> new<?cs /if ?><?cs if:li.current ?> on<?cs /if ?>" id="c-<?cs var:li.id ?>">
<?cs call:avatar(li.initials, li.color, li.contact_kind, "") ?>
<a href="<?cs var:href(li.url) ?>"<?cs if:li.current ?> aria-current="page"<?cs /if ?>><?cs var:li.title ?></a> <?cs call:time(li.last_message_at) ?>
<p class="snip"><?cs if:li.preview_out ?><span class="faint"><?cs var:T.inbox.us ?></span> <?cs /if ?><?cs var:li.preview_text ?></p><?cs if:li.unread ?> <span class="count"><?cs var:li.unread ?><span class="sr"> <?cs var:T.inbox.new ?></span></span><?cs /if ?>
<p class="meta"><?cs call:channel(li.channel) ?><?cs if:li.wait_text ?><span class="st <?cs var:li.wait_level ?>"><?cs if:li.wait_level == "bad" ?><?cs call:icon("alerta") ?><?cs else ?><?cs call:icon("relogio") ?><?cs /if ?><?cs var:T.inbox.waits ?> <?cs var:li.wait_text ?></span><?cs /if ?><?cs if:li.status != "open" && li.status != "in_progress" ?><?cs call:status(li.status) ?><?cs /if ?><span><?cs if:li.assignee_name ?><?cs var:li.assignee_name ?><?cs else ?><?cs var:T.inbox.unassigned ?><?cs /if ?></span><?cs if:li.snoozed_until ?><span><?cs var:T.inbox.snoozed ?> <?cs call:time(li.snoozed_until) ?></span><?cs /if ?></p>
</li>
<?cs /def ?>

<?cs def:list_filter() ?><form id="f-conv" popover class="form" method="get" action="/conversations" aria-label="<?cs var:T.inbox.filter ?>" data-auto>
<input type="hidden" name="view" value="<?cs var:filter.view ?>">
<div class="field"><label for="q"><?cs var:T.inbox.q ?></label><div class="search"><?cs call:icon("busca") ?><input id="q" name="q" type="search" value="<?cs var:filter.q ?>" maxlength="100" data-search></div></div>
<div class="field"><label for="fc"><?cs var:T.inbox.channel ?></label><select id="fc" name="channel"><option value=""><?cs var:T.inbox.channel_any ?></option><?cs call:option("whatsapp", T.channel.whatsapp, filter.channel) ?><?cs call:option("chat", T.channel.chat, filter.channel) ?><?cs call:option("instagram", T.channel.instagram, filter.channel) ?><?cs call:option("messenger", T.channel.messenger, filter.channel) ?><?cs call:option("email", T.channel.email, filter.channel) ?></select></div>
<div class="field"><label for="fs"><?cs var:T.inbox.status ?></label><select id="fs" name="status"><option value=""><?cs var:T.inbox.status_active ?></option><?cs call:option("open", T.status.open, filter.status) ?><?cs call:option("in_progress", T.status.in_progress, filter.status) ?><?cs call:option("pending", T.status.pending, filter.status) ?><?cs call:option("snoozed", T.inbox.status_snoozed, filter.status) ?><?cs call:option("resolved", T.status.resolved, filter.status) ?><?cs call:option("archived", T.status.archived, filter.status) ?><?cs call:option("spam", T.status.spam, filter.status) ?><?cs call:option("any", T.inbox.status_any, filter.status) ?></select></div>
<div class="field"><label for="fo"><?cs var:T.inbox.order ?></label><select id="fo" name="order"><option value=""><?cs var:T.inbox.order_waiting ?></option><?cs call:option("recent", T.inbox.order_recent, filter.order) ?></select></div>
<div class="btns"><button class="btn pri"><?cs var:T.inbox.apply ?></button><?cs if:filter.active || filter.order == "recent" ?><a class="btn" href="/conversations?view=<?cs var:filter.view ?>"><?cs var:T.inbox.clear ?></a><?cs /if ?></div>
</form><?cs /def ?>

<?cs def:list_empty() ?><div class="empty"><?cs if:filter.active ?><?cs call:tile_search() ?><p class="strong"><?cs var:T.inbox.empty_filter ?></p><p><?cs var:T.inbox.empty_filter_text ?></p><a class="btn" href="/conversations?view=<?cs var:filter.view ?>"><?cs var:T.inbox.clear ?></a><?cs elif:filter.view == "mine" ?><?cs call:tile() ?><p class="strong"><?cs var:T.inbox.empty_mine ?></p><p><?cs var:T.inbox.empty_mine_text ?></p><a class="btn" href="/conversations?view=unassigned"><?cs var:T.inbox.empty_mine_go ?></a><?cs else ?><?cs call:tile() ?><p class="strong"><?cs var:T.inbox.empty ?></p><p><?cs var:T.inbox.empty_text ?></p><a class="btn" href="/conversations?view=<?cs var:filter.view ?>&amp;status=resolved"><?cs var:T.inbox.empty_resolved ?></a><?cs /if ?></div><?cs /def ?>

<?cs def:list_group_name(ln) ?><?cs if:ln != "waiting" ?><?cs var:T.inbox.rest ?><?cs elif:filter.view == "mine" ?><?cs var:T.inbox.waiting ?><?cs else ?><?cs var:T.inbox.waiting_team ?><?cs /if ?><?cs /def ?>
<?cs def:list_group(lg_group, lg_open) ?><?cs if:lg_group == "waiting" ?><?cs set:tmp_count = group_counts.waiting ?><?cs else ?><?cs set:tmp_count = group_counts.rest ?><?cs /if ?><?cs if:lg_open ?><h3><?cs call:list_group_name(lg_group) ?> <span><?cs var:tmp_count ?></span></h3><?cs else ?><h2><?cs call:list_group_name(lg_group) ?> <span><?cs var:tmp_count ?></span></h2><?cs /if ?><?cs /def ?>

<?cs def:list_pane(lp_open) ?><section class="pane convs" aria-labelledby="t-convs">
<header class="head">
<?cs if:lp_open ?><h2 class="h1" id="t-convs"><?cs var:T.inbox.title ?></h2><?cs else ?><h1 id="t-convs"><?cs var:T.inbox.title ?></h1><?cs /if ?>
<button class="btn quiet ico<?cs if:filter.active ?> lit<?cs /if ?>" type="button" popovertarget="f-conv"><?cs call:icon_said("busca", T.inbox.filter) ?></button>
</header>
<?cs call:list_filter() ?>
<nav class="tabs" id="tabs" data-live="list" aria-label="<?cs var:T.inbox.queues ?>"><?cs each:t = tabs ?><a href="<?cs var:href(t.url) ?>"<?cs if:t.current ?> aria-current="page"<?cs /if ?>><?cs var:T.inbox.view[t.view] ?><?cs if:t.count && (t.view == "mine" || t.view == "unassigned") ?> <span class="count<?cs if:t.view != "mine" ?> off<?cs /if ?>"><?cs var:t.count ?></span><?cs /if ?></a><?cs /each ?></nav>
<?cs if:filter.active ?><p class="cap row"><span class="grow"><?cs var:T.inbox.filtered ?></span><a href="/conversations?view=<?cs var:filter.view ?>"><?cs var:T.inbox.clear ?></a></p><?cs /if ?>
<div class="body" tabindex="0" role="region" aria-label="<?cs var:T.inbox.list ?>"><div id="list" data-live="list">
<?cs if:!items.0.id ?><?cs call:list_empty() ?><?cs elif:filter.order == "recent" || filter.status ?>
<ol><?cs each:it = items ?><?cs call:list_item(it) ?><?cs /each ?></ol>
<?cs else ?><?cs set:tmp_any = "" ?><?cs each:it = items ?><?cs if:it.group ?><?cs if:tmp_any ?></ol><?cs /if ?><?cs set:tmp_any = "1" ?><?cs call:list_group(it.group, lp_open) ?><ol><?cs /if ?><?cs call:list_item(it) ?><?cs /each ?></ol><?cs /if ?>
<?cs if:next_url ?><p class="pad small"><a href="<?cs var:href(next_url) ?>"><?cs var:T.app.older ?></a></p><?cs /if ?>
</div></div>
</section><?cs /def ?>
<?cs /if ?>