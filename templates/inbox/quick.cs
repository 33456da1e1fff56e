<?cs include!"lib/layout.cs" ?><?cs call:page_head("conversations", "") ?>
<header class="head"><div><h1><?cs var:T.quick.title ?></h1><p><?cs var:T.quick.intro ?></p></div><?cs if:Page.perm.quick_reply_edit ?><a class="btn pri" href="/quick-replies/new"><?cs call:icon("mais") ?><?cs var:T.quick.new ?></a><?cs /if ?></header>
<div class="page">
<?cs call:problems() ?>
<?cs if:items.0.id ?><table class="table"><caption class="sr"><?cs var:T.quick.title ?></caption>
<thead><tr><th scope="col"><?cs var:T.quick.shortcut ?></th><th scope="col"><?cs var:T.quick.name ?></th><th scope="col" class="hide-s"><?cs var:T.quick.content ?></th><th scope="col" class="hide-s"><?cs var:T.quick.category ?></th><?cs if:Page.perm.quick_reply_edit ?><th scope="col"><span class="sr"><?cs var:T.quick.actions ?></span></th><?cs /if ?></tr></thead>
<tbody><?cs each:q = items ?><tr><th scope="row"><?cs if:Page.perm.quick_reply_edit ?><a href="/quick-replies/<?cs var:q.id ?>/edit">/<?cs var:q.shortcut ?></a><?cs else ?>/<?cs var:q.shortcut ?><?cs /if ?></th><td><?cs var:q.title ?></td><td class="hide-s"><p class="text small"><?cs var:q.content ?></p><?cs if:q.file_title ?><p class="row small muted"><?cs call:icon("clipe") ?><span class="sr"><?cs var:T.attach.goes_along ?> </span><?cs var:q.file_title ?></p><?cs /if ?></td><td class="hide-s"><?cs var:q.category ?></td><?cs if:Page.perm.quick_reply_edit ?><td><a class="btn sm quiet ico" href="/quick-replies/<?cs var:q.id ?>/delete"><svg class="i" role="img" aria-label="<?cs var:T.quick.delete ?> /<?cs var:q.shortcut ?>…"><use href="<?cs var:href(Page.static) ?>/icons.svg#lixo"/></svg></a></td><?cs /if ?></tr><?cs /each ?></tbody></table>
<?cs else ?><div class="empty"><?cs call:tile() ?><h2><?cs var:T.quick.empty ?></h2><p><?cs var:T.quick.empty_text ?></p></div><?cs /if ?>
</div>
<?cs call:page_foot() ?>
