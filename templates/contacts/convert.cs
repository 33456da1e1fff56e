<?cs include!"lib/layout.cs" ?><?cs include!"contacts/parts.cs" ?><?cs call:page_head("contacts", "") ?>
<header class="head"><div><?cs call:crumb_person() ?><h1><?cs var:T.people.convert_title ?></h1></div></header>
<div class="page slim">
<?cs call:problems() ?><?cs call:existing_box() ?>
<p class="muted"><?cs var:T.people.convert_text ?></p>
<form id="f" class="form" method="post" action="<?cs var:href(post_url) ?>" novalidate data-once><?cs call:csrf() ?><?cs call:once() ?><input type="hidden" name="version" value="<?cs var:input.version ?>">
<?cs call:person_fields("") ?>
</form>
</div>
<div class="counter"><button class="btn pri" form="f"><?cs var:T.people.convert ?></button><a class="btn quiet" href="<?cs var:href(back_url) ?>"><?cs var:T.people.cancel ?></a></div>
<?cs call:page_foot() ?>
