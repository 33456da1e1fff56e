<?cs include!"lib/layout.cs" ?><?cs call:page_head("conversations", "") ?>
<header class="head"><div><nav aria-label="<?cs var:T.inbox.title ?>"><ol class="crumbs"><li><a href="/conversations/<?cs var:conversation.id ?>"><?cs var:conversation.title ?></a></li></ol></nav><h1><?cs var:T.routing.snooze ?></h1><p><?cs var:T.thread.number ?> <?cs var:conversation.number.text ?></p></div></header>
<div class="page slim">
<div id="problems-box"><?cs call:problems() ?></div>
<form class="form" method="post" action="/conversations/<?cs var:conversation.id ?>/snooze" data-once><?cs call:csrf() ?><input type="hidden" name="version" value="<?cs var:conversation.version ?>">
<p class="row wrap"><?cs if:snooze.today ?><button class="btn" name="preset" value="today"><?cs var:T.routing.snooze_today ?></button><?cs /if ?><button class="btn" name="preset" value="tomorrow"><?cs var:T.routing.snooze_tomorrow ?></button><button class="btn" name="preset" value="monday"><?cs var:T.routing.snooze_monday ?></button><button class="btn" name="preset" value="reply"><?cs var:T.routing.snooze_reply ?></button></p>
<div id="f-until" tabindex="-1"><?cs call:error_text("until", Error.until) ?></div>
<div class="cols"><div class="field<?cs if:Error.date ?> bad<?cs /if ?>"><label for="f-date"><?cs var:T.routing.snooze_day ?></label><?cs call:error_text("date", Error.date) ?><input id="f-date" name="date" type="date" min="<?cs var:snooze.min ?>" value="<?cs var:form.date ?>"<?cs if:Error.date ?> aria-invalid="true" aria-describedby="e-date"<?cs /if ?>></div><div class="field<?cs if:Error.time ?> bad<?cs /if ?>"><label for="f-time"><?cs var:T.routing.snooze_hour ?></label><?cs call:error_text("time", Error.time) ?><input id="f-time" name="time" type="time" value="<?cs var:form.time ?>"<?cs if:Error.time ?> aria-invalid="true" aria-describedby="e-time"<?cs /if ?>></div></div>
<p class="row"><button class="btn pri" name="preset" value="at"><?cs var:T.routing.snooze_at ?></button><a class="btn" href="/conversations/<?cs var:conversation.id ?>"><?cs var:T.quick.cancel ?></a></p>
</form>
</div>
<?cs call:page_foot() ?>
