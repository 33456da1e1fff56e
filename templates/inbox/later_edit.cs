<?cs include!"lib/layout.cs" ?><?cs call:page_head("conversations", "") ?>
<header class="head"><div><nav aria-label="<?cs var:T.later.title ?>"><ol class="crumbs"><li><a href="/scheduled"><?cs var:T.later.title ?></a></li></ol></nav><h1><?cs var:T.later.edit ?></h1><p><?cs var:items.0.who ?></p></div></header>
<div class="page slim">
<div id="problems-box"><?cs call:problems() ?></div>
<form class="form" method="post" action="/scheduled/<?cs var:items.0.id ?>" novalidate data-once><?cs call:csrf() ?><input type="hidden" name="version" value="<?cs var:items.0.version ?>">
<div class="field<?cs if:Error.text ?> bad<?cs /if ?>"><label for="f-text"><?cs var:T.later.text ?></label><?cs call:error_text("text", Error.text) ?><textarea id="f-text" name="text" rows="5" maxlength="4096" required<?cs if:Error.text ?> aria-invalid="true" aria-describedby="e-text"<?cs /if ?>><?cs var:input.text ?></textarea></div>
<div id="f-run_at" tabindex="-1"><?cs call:error_text("run_at", Error.run_at) ?></div>
<div class="cols"><?cs call:field("date", T.later.date, "date", "off", input.date, Error.date, "", "") ?><?cs call:field("time", T.later.time, "time", "off", input.time, Error.time, "", "") ?></div>
<p class="row"><button class="btn pri"><?cs var:T.form.save ?></button><a class="btn" href="/scheduled"><?cs var:T.quick.cancel ?></a></p>
</form>
</div>
<?cs call:page_foot() ?>
