<?cs include!"lib/layout.cs" ?><?cs call:page_head("conversations", "") ?>
<header class="head"><div><nav aria-label="<?cs var:T.quick.title ?>"><ol class="crumbs"><li><a href="/quick-replies"><?cs var:T.quick.title ?></a></li></ol></nav><h1><?cs if:quick.id ?><?cs var:T.quick.edit ?>: /<?cs var:quick.name ?><?cs else ?><?cs var:T.quick.new ?><?cs /if ?></h1></div></header>
<div class="page slim">
<div id="problems-box"><?cs call:problems() ?></div>
<?cs if:theirs ?><p class="flash warn"><?cs call:icon("info") ?><span><?cs var:T.quick.theirs ?></span></p><blockquote class="quote"><?cs var:theirs ?></blockquote><?cs /if ?>
<form class="form" method="post" action="/quick-replies<?cs if:quick.id ?>/<?cs var:quick.id ?><?cs /if ?>" enctype="multipart/form-data" novalidate data-once><?cs call:csrf() ?><?cs call:once() ?><?cs if:quick.id ?><input type="hidden" name="version" value="<?cs var:quick.version ?>"><?cs /if ?>
<?cs call:field("shortcut", T.quick.shortcut, "text", "off", input.shortcut, Error.shortcut, T.quick.shortcut_hint, "") ?>
<?cs call:field("title", T.quick.name, "text", "off", input.title, Error.title, "", "") ?>
<div class="field<?cs if:Error.content ?> bad<?cs /if ?>"><label for="f-content"><?cs var:T.quick.content ?></label><p class="hint" id="h-content"><?cs var:T.quick.content_hint ?></p><?cs call:error_text("content", Error.content) ?><textarea id="f-content" name="content" rows="6" maxlength="4096" required<?cs if:Error.content ?> aria-invalid="true" aria-describedby="e-content h-content"<?cs else ?> aria-describedby="h-content"<?cs /if ?>><?cs var:input.content ?></textarea></div>
<div class="field<?cs if:Error.files ?> bad<?cs /if ?>"><label for="f-files"><?cs var:T.attach.file ?> <span class="opt"><?cs var:T.app.optional ?></span></label><p class="hint" id="h-files"><?cs if:quick.file_name ?><?cs var:T.attach.replace ?><?cs else ?><?cs var:T.attach.limit ?><?cs /if ?></p><?cs call:error_text("files", Error.files) ?><?cs if:quick.file_name ?><p class="row wrap"><?cs call:icon("clipe") ?><?cs var:quick.file_name ?><label class="row small"><input type="checkbox" name="drop_file" value="1"<?cs if:input.drop_file ?> checked<?cs /if ?>> <?cs var:T.attach.drop ?></label></p><?cs /if ?><input id="f-files" type="file" name="files"<?cs if:Error.files ?> aria-invalid="true" aria-describedby="e-files h-files"<?cs else ?> aria-describedby="h-files"<?cs /if ?>></div>
<?cs call:field("category", T.quick.category, "text", "off", input.category, Error.category, "", "1") ?>
<p class="row"><button class="btn pri"><?cs var:T.form.save ?></button><a class="btn" href="/quick-replies"><?cs var:T.quick.cancel ?></a></p>
</form>
</div>
<?cs call:page_foot() ?>
