<?cs include!"lib/layout.cs" ?><?cs call:page_head("contacts", "") ?>
<header class="head"><div><nav aria-label="<?cs var:T.contacts.kinds ?>"><ol class="crumbs"><li><?cs if:contact.lifecycle == "lead" ?><a href="/leads"><?cs var:T.leads.title ?></a><?cs else ?><a href="/contacts"><?cs var:T.contacts.title ?></a><?cs /if ?></li><li aria-current="page"><?cs var:contact.title ?></li></ol></nav>
<div class="who"><?cs call:avatar(contact.initials, contact.color, contact.kind, "") ?><h1><?cs var:contact.title ?></h1></div></div>
<?cs if:conversations.items.0.url ?><div class="btns"><a class="btn pri" href="<?cs var:href(conversations.items.0.url) ?>"><?cs call:icon("conversas") ?><?cs var:T.contact.open_conversation ?></a></div><?cs /if ?>
</header>
<div class="page">
<div class="split half">
<div>
<section class="sec" aria-labelledby="c-d"><header><h2 id="c-d"><?cs var:T.contact.data ?></h2><p><?cs var:T.contact.lifecycle[contact.lifecycle] ?> · <?cs var:T.contact.kind[contact.kind] ?></p></header>
<dl class="kv"><?cs call:fact(T.contact.phone, contact.phone) ?><?cs call:fact(T.contact.email, contact.email) ?><?cs call:fact(T.contact.username, contact.username) ?><?cs call:fact(T.contact.company, contact.company) ?><?cs call:fact(T.contact.city, contact.city) ?><?cs if:contact.lifecycle == "lead" ?><dt><?cs var:T.contact.lead_status ?></dt><dd><?cs var:T.contact.stage[contact.lead_status] ?></dd><?cs /if ?><?cs call:fact(T.contact.lost_reason, contact.lost_reason) ?><?cs if:contact.source_channel ?><dt><?cs var:T.contact.source ?></dt><dd><?cs call:channel_named(contact.source_channel, contact.none) ?></dd><?cs /if ?><dt><?cs var:T.contact.since ?></dt><dd><?cs var:contact.created_at.long ?></dd><?cs if:contact.last_activity_at ?><dt><?cs var:T.contact.last ?></dt><dd><?cs call:time_ago(contact.last_activity_at) ?></dd><?cs /if ?></dl></section>
<?cs if:contact.note ?><section class="sec" aria-labelledby="c-o"><header><h2 id="c-o"><?cs var:T.contact.note ?></h2></header><p class="text"><?cs var:contact.note ?></p></section><?cs /if ?>
<section class="sec" aria-labelledby="c-i"><header><h2 id="c-i"><?cs var:T.contact.channels ?></h2></header><?cs if:identities.0.kind ?><dl class="kv"><?cs each:id = identities ?><dt><?cs var:T.contact.id[id.kind] ?></dt><dd class="num"><?cs if:id.kind == "visitor" ?><?cs var:T.app.yes ?><?cs elif:id.shown ?><?cs var:id.shown ?><?cs else ?><?cs var:id.value ?><?cs /if ?></dd><?cs /each ?></dl><?cs else ?><p class="small faint"><?cs var:T.contact.no_channels ?></p><?cs /if ?></section>
</div>
<div>
<section class="sec" aria-labelledby="c-c"><header><h2 id="c-c"><?cs var:T.contact.conversations ?></h2></header>
<?cs if:conversations.items.0.id ?><ul class="rows" id="talks" data-live="list"><?cs each:v = conversations.items ?><li class="row" id="v-<?cs var:v.id ?>"><?cs call:channel(v.channel) ?><div class="grow"><a href="<?cs var:href(v.url) ?>"><b><?cs var:T.thread.number ?> <?cs var:v.number.text ?></b></a> <?cs call:status(v.status) ?><p class="small faint clip"><?cs var:v.preview_text ?></p></div><span class="small faint"><?cs call:time(v.last_message_at) ?></span></li><?cs /each ?></ul><?cs else ?><p class="small faint"><?cs var:T.contact.no_conversations ?></p><?cs /if ?></section>
</div>
</div>
</div>
<?cs call:page_foot() ?>
