<?cs include!"lib/layout.cs" ?><?cs call:page_head("conversations", "") ?>
<header class="head"><div><nav aria-label="<?cs var:T.inbox.title ?>"><ol class="crumbs"><li><a href="/conversations/<?cs var:conversation.id ?>"><?cs var:conversation.title ?></a></li></ol></nav><h1><?cs var:T.thread.pass ?></h1><p><?cs var:T.thread.number ?> <?cs var:conversation.number.text ?></p></div></header>
<div class="page slim">
<form class="form" method="post" action="/conversations/<?cs var:conversation.id ?>/assign" data-once><?cs call:csrf() ?><input type="hidden" name="version" value="<?cs var:conversation.version ?>">
<div class="field"><label for="f-assignee_id"><?cs var:T.thread.pass_to ?></label><select id="f-assignee_id" name="assignee_id"><option value=""><?cs var:T.thread.nobody ?></option><?cs each:u = users ?><?cs call:option(u.id, u.name, conversation.assignee_id) ?><?cs /each ?></select></div>
<?cs if:teams.0.id ?><div class="field"><label for="f-team_id"><?cs var:T.thread.team ?></label><select id="f-team_id" name="team_id"><option value=""><?cs var:T.thread.team_none ?></option><?cs each:t = teams ?><?cs call:option(t.id, t.name, conversation.team_id) ?><?cs /each ?></select></div><?cs /if ?>
<div class="field"><label for="f-note"><?cs var:T.together.note ?> <span class="opt"><?cs var:T.app.optional ?></span></label><p class="hint" id="h-note"><?cs var:T.together.note_hint ?></p><textarea id="f-note" name="note" rows="4" maxlength="4096" aria-describedby="h-note"></textarea></div>
<p class="row"><button class="btn pri"><?cs var:T.thread.pass ?></button><a class="btn" href="/conversations/<?cs var:conversation.id ?>"><?cs var:T.quick.cancel ?></a></p>
</form>
</div>
<?cs call:page_foot() ?>
