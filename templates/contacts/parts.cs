<?cs # What the pages of people share. ?><?cs if:#0 ?>
<?cs def:crumb_list(cl_lifecycle) ?><?cs if:cl_lifecycle == "lead" ?><li><a href="/leads"><?cs var:T.leads.title ?></a></li><?cs else ?><li><a href="/contacts"><?cs var:T.contacts.title ?></a></li><?cs /if ?><?cs /def ?>
<?cs def:crumb_person() ?><nav aria-label="<?cs var:T.contacts.kinds ?>"><ol class="crumbs"><?cs call:crumb_list(contact.lifecycle) ?><li><a href="<?cs var:href(back_url) ?>"><?cs var:contact.title ?></a></li></ol></nav><?cs /def ?>
<?cs def:tag_shown(ts_tag) ?><span class="tag k<?cs var:ts_tag.color ?>"><?cs var:ts_tag.name ?></span><?cs /def ?>
<?cs def:owner_options(oo_none) ?><option value=""><?cs var:oo_none ?></option><?cs each:u = users ?><option value="<?cs var:u.id ?>"<?cs if:u.current ?> selected<?cs /if ?>><?cs var:u.name ?><?cs if:u.me ?> (<?cs var:T.people.me ?>)<?cs /if ?></option><?cs /each ?><?cs /def ?>
<?cs # A phone or an e-mail was somebody's: the way to them ?>
<?cs def:existing_box() ?><?cs if:existing.url ?><p class="flash warn" role="status"><?cs call:icon("info") ?><span><?cs var:T.people.existing ?> <a href="<?cs var:href(existing.url) ?>"><?cs var:existing.title ?></a></span></p><?cs /if ?><?cs /def ?>
<?cs def:kind_field() ?><fieldset class="field"><legend><?cs var:T.people.kind ?></legend><div class="row"><label class="pick"><input type="radio" name="kind" value="person"<?cs if:input.kind != "company" ?> checked<?cs /if ?>><?cs var:T.contact.kind.person ?></label><label class="pick"><input type="radio" name="kind" value="company"<?cs if:input.kind == "company" ?> checked<?cs /if ?>><?cs var:T.contact.kind.company ?></label></div></fieldset><?cs /def ?>
<?cs def:person_fields(pf_hint) ?>
<?cs call:kind_field() ?>
<?cs call:field("name", T.people.name, "text", "off", input.name, Error.name, pf_hint, pf_hint) ?>
<div class="cols">
<?cs call:field("phone", T.people.phone, "tel", "off", input.phone, Error.phone, "", "1") ?>
<?cs call:field("email", T.people.email, "email", "off", input.email, Error.email, "", "1") ?>
</div>
<div class="cols">
<?cs call:field("company", T.people.company, "text", "off", input.company, Error.company, "", "1") ?>
<?cs call:field("city", T.people.city, "text", "off", input.city, Error.city, "", "1") ?>
</div>
<div class="field<?cs if:Error.owner_id ?> bad<?cs /if ?>"><label for="f-owner_id"><?cs var:T.people.owner ?></label><?cs call:error_text("owner_id", Error.owner_id) ?><select id="f-owner_id" name="owner_id"<?cs if:Error.owner_id ?> aria-invalid="true" aria-describedby="e-owner_id"<?cs /if ?>><?cs call:owner_options(T.people.nobody) ?></select></div><?cs /def ?>
<?cs # A button that posts one thing about the person ?>
<?cs def:act(ac_what, ac_icon, ac_text, ac_class) ?><form method="post" action="<?cs var:href(base_url) ?>/<?cs var:ac_what ?>"><?cs call:csrf() ?><button class="<?cs var:ac_class ?>"><?cs call:icon(ac_icon) ?><?cs var:ac_text ?></button></form><?cs /def ?>
<?cs /if ?>
