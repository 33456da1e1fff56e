<?cs include!"lib/layout.cs" ?><?cs include!"contacts/parts.cs" ?><?cs call:page_head("contacts", "") ?>
<header class="head"><div><?cs if:new ?><nav aria-label="<?cs var:T.contacts.kinds ?>"><ol class="crumbs"><?cs call:crumb_list(lifecycle) ?></ol></nav><h1><?cs var:T.people.new[lifecycle] ?></h1><?cs else ?><?cs call:crumb_person() ?><h1><?cs var:T.people.edit ?>: <?cs var:contact.title ?></h1><?cs /if ?></div></header>
<div class="page slim">
<?cs call:problems() ?><?cs call:existing_box() ?>
<form id="f" class="form" method="post" action="<?cs var:href(post_url) ?>" novalidate data-once><?cs call:csrf() ?><?cs call:once() ?><?cs if:!new ?><input type="hidden" name="version" value="<?cs var:input.version ?>"><?cs /if ?>
<?cs call:person_fields(T.people.name_hint) ?>
<div class="field<?cs if:Error.note ?> bad<?cs /if ?>"><label for="f-note"><?cs var:T.people.note ?> <span class="opt"><?cs var:T.app.optional ?></span></label><p class="hint" id="h-note"><?cs var:T.people.note_hint ?></p><?cs call:error_text("note", Error.note) ?><textarea id="f-note" name="note" rows="4" aria-describedby="<?cs if:Error.note ?>e-note <?cs /if ?>h-note"<?cs if:Error.note ?> aria-invalid="true"<?cs /if ?>><?cs var:input.note ?></textarea></div>
</form>
</div>
<div class="counter"><button class="btn pri" form="f"><?cs if:!new ?><?cs var:T.people.save ?><?cs elif:lifecycle == "lead" ?><?cs var:T.people.save_lead ?><?cs else ?><?cs var:T.people.save_contact ?><?cs /if ?></button><a class="btn quiet" href="<?cs var:href(back_url) ?>"><?cs var:T.people.cancel ?></a></div>
<?cs call:page_foot() ?>
