<?cs include!"lib/layout.cs" ?><?cs include!"inbox/listpane.cs" ?><?cs call:page_head("conversations", "1") ?>
<div class="inbox">
<?cs call:list_pane("") ?>
<section class="pane thread-pane thread" aria-labelledby="t-choose">
<div class="body empty" id="choose" data-live="list">
<?cs call:tile() ?>
<h2 id="t-choose"><?cs var:T.inbox.choose ?></h2>
<?cs if:oldest.url ?><p><?cs var:T.inbox.oldest ?> <b><?cs var:oldest.title ?></b>, <?cs var:T.inbox.oldest_since ?> <?cs var:oldest.wait_text ?>.</p>
<a class="btn pri" href="<?cs var:href(oldest.url) ?>"><?cs var:T.inbox.oldest_open ?></a><?cs else ?><p><?cs var:T.inbox.choose_text ?></p><?cs /if ?>
</div>
</section>
</div>
<?cs call:page_foot() ?>
