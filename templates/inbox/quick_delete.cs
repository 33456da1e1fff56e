<?cs include!"lib/layout.cs" ?><?cs call:page_head("conversations", "") ?>
<header class="head"><div><nav aria-label="<?cs var:T.quick.title ?>"><ol class="crumbs"><li><a href="/quick-replies"><?cs var:T.quick.title ?></a></li></ol></nav><h1><?cs var:T.quick.delete_title ?> /<?cs var:quick.shortcut ?>?</h1></div></header>
<div class="page slim">
<div id="problems-box"><?cs if:stale ?><div class="problem" id="problems" role="alert" tabindex="-1" autofocus><h2><?cs var:T.quick.delete_title ?> /<?cs var:quick.shortcut ?>?</h2><p><?cs var:T.quick.delete_stale ?></p></div><?cs /if ?></div>
<p><?cs var:T.quick.delete_text ?></p>
<blockquote class="quote text"><b><?cs var:quick.title ?></b> <?cs var:quick.content ?></blockquote>
<form id="f" method="post" action="/quick-replies/<?cs var:quick.id ?>/delete"><?cs call:csrf() ?><input type="hidden" name="version" value="<?cs var:quick.version ?>"></form>
</div>
<div class="counter"><button class="btn bad" form="f"><?cs call:icon("lixo") ?><?cs var:T.quick.delete ?></button><a class="btn" href="/quick-replies"><?cs var:T.quick.cancel ?></a></div>
<?cs call:page_foot() ?>
