<?cs include!"lib/layout.cs" ?><?cs call:page_head("conversations", "") ?>
<header class="head"><div><h1><?cs var:T.later.title ?></h1><p><?cs var:T.later.intro ?></p></div></header>
<div class="page slim" id="later" data-live="list">
<?cs call:problems() ?>
<?cs if:items.0.id ?><ul class="rows" aria-label="<?cs var:T.later.title ?>"><?cs each:s = items ?><li class="row" id="s-<?cs var:s.id ?>"><div class="grow"><a href="/conversations/<?cs var:s.conversation_id ?>"><b><?cs var:s.who ?></b></a><p class="text"><?cs var:s.text ?></p><p class="small faint"><?cs if:s.reason ?><span class="st bad"><?cs call:icon("alerta") ?><?cs var:T.later.failed ?></span> <?cs var:s.reason ?> · <?cs /if ?><time datetime="<?cs var:s.run_at ?>"><?cs var:s.run_at.long ?></time> · <?cs var:s.author_name ?></p></div><?cs if:Page.perm.conversation_reply ?><?cs if:s.status == "pending" ?><a class="btn sm" href="/scheduled/<?cs var:s.id ?>/edit"><?cs var:T.later.change ?><span class="sr">: <?cs var:s.who ?></span></a><?cs /if ?><form method="post" action="/scheduled/<?cs var:s.id ?>/cancel"><?cs call:csrf() ?><button class="btn sm quiet"><?cs if:s.status == "pending" ?><?cs var:T.later.cancel ?><?cs else ?><?cs var:T.later.dismiss ?><?cs /if ?><span class="sr">: <?cs var:s.who ?></span></button></form><?cs /if ?></li><?cs /each ?></ul>
<?cs else ?><div class="empty"><?cs call:tile() ?><h2><?cs var:T.later.empty ?></h2><p><?cs var:T.later.empty_text ?></p><a class="btn" href="/conversations"><?cs var:T.nav.conversations ?></a></div><?cs /if ?>
</div>
<?cs call:page_foot() ?>
