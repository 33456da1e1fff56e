<?cs include!"lib/layout.cs" ?><?cs if:#0 ?>
<?cs def:color_field(cf_id, cf_now) ?><div class="field"><label for="<?cs var:cf_id ?>"><?cs var:T.tag.color_label ?></label><select id="<?cs var:cf_id ?>" name="color"><?cs each:c = colors ?><option value="<?cs var:c.value ?>"<?cs if:c.value == cf_now ?> selected<?cs /if ?>><?cs var:c.name ?></option><?cs /each ?></select></div><?cs /def ?>
<?cs def:text_field(tf_id, tf_name, tf_label, tf_value, tf_error, tf_optional) ?><div class="field<?cs if:tf_error ?> bad<?cs /if ?>"><label for="<?cs var:tf_id ?>"><?cs var:tf_label ?><?cs if:tf_optional ?> <span class="opt"><?cs var:T.app.optional ?></span><?cs /if ?></label><?cs if:tf_error ?><p class="err" id="e-<?cs var:tf_id ?>"><?cs call:icon("alerta") ?><?cs var:tf_error ?></p><?cs /if ?><input id="<?cs var:tf_id ?>" name="<?cs var:tf_name ?>" type="text" maxlength="50" autocomplete="off" value="<?cs var:tf_value ?>"<?cs if:tf_error ?> aria-invalid="true" aria-describedby="e-<?cs var:tf_id ?>"<?cs /if ?>></div><?cs /def ?>
<?cs /if ?><?cs call:page_head("contacts", "") ?>
<header class="head"><div><nav aria-label="<?cs var:T.contacts.kinds ?>"><ol class="crumbs"><li><a href="/contacts"><?cs var:T.contacts.title ?></a></li></ol></nav><h1><?cs var:T.tag.title ?></h1><p><?cs var:T.tag.text ?></p></div></header>
<div class="page">
<?cs call:problems() ?>
<div class="split wide">
<div>
<?cs if:!items.0.id ?><div class="empty"><?cs call:tile() ?><h2><?cs var:T.tag.empty ?></h2><p><?cs if:Page.perm.contact_admin ?><?cs var:T.tag.empty_text ?><?cs else ?><?cs var:T.tag.empty_ask ?><?cs /if ?></p></div><?cs else ?>
<table class="table"><caption class="sr"><?cs var:T.tag.table ?></caption>
<thead><tr><th scope="col"><?cs var:T.tag.name ?></th><th scope="col" class="hide-s"><?cs var:T.tag.category ?></th><th scope="col" class="r"><?cs var:T.tag.contacts ?></th><th scope="col" class="r hide-s"><?cs var:T.tag.conversations ?></th><th scope="col" class="r hide-s"><?cs var:T.tag.deals ?></th></tr></thead>
<tbody><?cs each:t = items ?><tr id="t-<?cs var:t.id ?>"><th scope="row"><?cs if:Page.perm.contact_admin ?><details <?cs if:t.open ?>open<?cs /if ?>><summary><span class="tag k<?cs var:t.color ?>"><?cs var:t.name ?></span> <span class="lnk small"><?cs var:T.tag.edit ?></span></summary>
<form id="tf-<?cs var:t.id ?>" class="form pad" method="post" action="/tags/<?cs var:t.id ?>" novalidate><?cs call:csrf() ?><input type="hidden" name="version" value="<?cs var:t.version ?>">
<?cs if:t.open ?><?cs call:text_field("f-name", "name", T.tag.name, t.input_name, Error.name, "") ?><?cs else ?><?cs call:text_field("n-" + t.id, "name", T.tag.name, t.input_name, "", "") ?><?cs /if ?>
<?cs call:color_field("c-" + t.id, t.input_color) ?>
<?cs call:text_field("g-" + t.id, "category", T.tag.category, t.input_category, "", "1") ?>
</form>
<form id="td-<?cs var:t.id ?>" method="post" action="/tags/<?cs var:t.id ?>/delete"><?cs call:csrf() ?></form>
<p class="row pad"><button class="btn pri" form="tf-<?cs var:t.id ?>"><?cs var:T.tag.save ?></button><button class="btn quiet" form="td-<?cs var:t.id ?>"><?cs call:icon("lixo") ?><?cs var:T.tag.delete ?></button><span class="small faint"><?cs var:T.tag.delete_text ?></span></p></details><?cs else ?><span class="tag k<?cs var:t.color ?>"><?cs var:t.name ?></span><?cs /if ?></th><td class="hide-s"><?cs var:t.category ?></td><td class="r"><a href="/contacts?tag=<?cs var:t.id ?>"><span class="sr"><?cs var:t.name ?>: </span><?cs var:t.contacts_text ?></a></td><td class="r hide-s"><?cs var:t.conversations_text ?></td><td class="r hide-s"><?cs var:t.deals_text ?></td></tr><?cs /each ?></tbody></table><?cs /if ?>
</div>
<?cs if:Page.perm.contact_admin ?><div>
<section class="sec" aria-labelledby="t-n"><header><h2 id="t-n"><?cs var:T.tag.new ?></h2></header>
<form class="form" method="post" action="/tags" novalidate data-once><?cs call:csrf() ?><?cs call:once() ?>
<?cs if:adding ?><?cs call:text_field("f-name", "name", T.tag.name, form.name, Error.name, "") ?><?cs call:color_field("n-color", form.color) ?><?cs call:text_field("n-category", "category", T.tag.category, form.category, Error.category, "1") ?><?cs else ?><?cs call:text_field("n-name", "name", T.tag.name, "", "", "") ?><?cs call:color_field("n-color", "1") ?><?cs call:text_field("n-category", "category", T.tag.category, "", "", "1") ?><?cs /if ?>
<p><button class="btn pri"><?cs var:T.tag.add ?></button></p></form></section>
</div><?cs /if ?>
</div>
</div>
<?cs call:page_foot() ?>
