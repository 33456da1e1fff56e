<?cs include!"lib/layout.cs" ?><?cs call:page_head("conversations", "") ?>
<header class="head"><div><nav aria-label="<?cs var:T.quick.title ?>"><ol class="crumbs"><li><a href="/quick-replies"><?cs var:T.quick.title ?></a></li></ol></nav><h1><?cs if:quick.id ?><?cs var:T.quick.edit ?>: /<?cs var:quick.name ?><?cs else ?><?cs var:T.quick.new ?><?cs /if ?></h1></div></header>
<div class="page slim">
<div id="problems-box"><?cs call:problems() ?></div>
<?cs if:theirs ?><p class="flash warn"><?cs call:icon("info") ?><span><?cs var:T.quick.theirs ?></span></p><blockquote class="quote"><?cs var:theirs ?></blockquote><?cs /if ?>
<form class="form" method="post" action="/quick-replies<?cs if:quick.id ?>/<?cs var:quick.id ?><?cs /if ?>" novalidate data-once><?cs call:csrf() ?><?cs call:once() ?><?cs if:quick.id ?><input type="hidden" name="version" value="<?cs var:quick.version ?>"><?cs /if ?>
<?cs call:field("shortcut", T.quick.shortcut, "text", "off", input.shortcut, Error.shortcut, T.quick.shortcut_hint, "") ?>
<?cs call:field("title", T.quick.name, "text", "off", input.title, Error.title, "", "") ?>
<div class="field<?cs if:Error.content ?> bad<?cs /if ?>"><label for="f-content"><?cs var:T.quick.content ?></label><p class="hint" id="h-content"><?cs var:T.quick.content_hint ?></p><?cs call:error_text("content", Error.content) ?><textarea id="f-content" name="content" rows="6" maxlength="4096" required<?cs if:Error.content ?> aria-invalid="true" aria-describedby="e-content h-content"<?cs else ?> aria-describedby="h-content"<?cs /if ?>><?cs var:input.content ?></textarea></div>
<?cs call:field("category", T.quick.category, "text", "off", input.category, Error.category, "", "1") ?>
<p class="row"><button class="btn pri"><?cs var:T.form.save ?></button><a class="btn" href="/quick-replies"><?cs var:T.quick.cancel ?></a></p>
</form>
</div>
<?cs call:page_foot() ?>
