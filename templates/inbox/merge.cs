<?cs include!"lib/layout.cs" ?><?cs call:page_head("conversations", "") ?>
<header class="head"><div><nav aria-label="<?cs var:T.inbox.title ?>"><ol class="crumbs"><li><a href="/conversations/<?cs var:conversation.id ?>"><?cs var:conversation.title ?></a></li></ol></nav><h1><?cs var:T.together.merge ?></h1><p><?cs var:T.thread.number ?> <?cs var:conversation.number.text ?> · <?cs var:conversation.status_text ?></p></div></header>
<div class="page slim">
<div id="problems-box"><?cs call:problems() ?></div>
<?cs if:target.id ?>
<h2><?cs var:T.together.merge_what ?></h2>
<ul class="lines">
<li><?cs var:T.together.merge_moves ?> <b><?cs var:conversation.number.text ?></b> <?cs var:T.together.merge_to ?> <b><?cs var:target.number.text ?></b>.</li>
<li><?cs var:T.together.merge_stays ?> <b><?cs if:target.assignee_name ?><?cs var:target.assignee_name ?><?cs else ?><?cs var:T.thread.owner_none ?><?cs /if ?></b>, <?cs var:target.status_text ?>.</li>
<?cs if:other_connection ?><li><?cs var:T.together.merge_connection ?> <b><?cs var:to.name ?></b>. <?cs var:T.together.merge_again ?> <b><?cs var:from.name ?></b><?cs var:T.together.merge_anew ?></li><?cs /if ?>
<li><?cs var:T.together.merge_archived ?></li>
<li><?cs var:T.together.merge_no_way_back ?></li>
</ul>
<form class="form" id="f-into" method="post" action="/conversations/<?cs var:conversation.id ?>/merge" data-once><?cs call:csrf() ?><input type="hidden" name="into" value="<?cs var:target.id ?>"><input type="hidden" name="version" value="<?cs var:conversation.version ?>"><input type="hidden" name="into_version" value="<?cs var:target.version ?>">
<p class="row"><button class="btn pri"><?cs var:T.together.merge_do ?></button><a class="btn" href="/conversations/<?cs var:conversation.id ?>/merge"><?cs var:T.together.merge_other ?></a></p></form>
<?cs elif:items.0.id ?>
<p id="f-into"><?cs var:T.together.merge_text ?></p>
<ul class="rows"><?cs each:it = items ?><li class="row"><div class="grow"><a href="/conversations/<?cs var:conversation.id ?>/merge?into=<?cs var:it.id ?>"><b><?cs var:T.thread.number ?> <?cs var:it.number.text ?></b></a> <?cs call:status(it.status) ?><p class="small clip"><?cs call:channel(it.channel) ?> <?cs var:it.preview_text ?></p></div><span class="small faint"><?cs call:time(it.last_message_at) ?></span></li><?cs /each ?></ul>
<?cs else ?>
<div class="empty"><?cs call:tile() ?><p class="strong"><?cs var:T.together.merge_none ?></p><p><?cs var:T.together.merge_none_text ?></p><a class="btn" href="/conversations/<?cs var:conversation.id ?>"><?cs var:T.together.back ?></a></div>
<?cs /if ?>
</div>
<?cs call:page_foot() ?>
