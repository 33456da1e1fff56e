<?cs include!"lib/layout.cs" ?><?cs if:#0 ?>
<?cs # What chooses the person and the number, as it was, in each form of the page ?>
<?cs def:kept() ?><?cs if:to.contact_id ?><input type="hidden" name="contact_id" value="<?cs var:to.contact_id ?>"><?cs /if ?><?cs if:to.phone ?><input type="hidden" name="phone" value="<?cs var:to.phone ?>"><?cs /if ?><?cs if:to.name ?><input type="hidden" name="name" value="<?cs var:to.name ?>"><?cs /if ?><?cs if:begin && to.connection_id ?><input type="hidden" name="connection_id" value="<?cs var:to.connection_id ?>"><?cs /if ?><?cs /def ?>
<?cs def:whom() ?><section class="sec" aria-labelledby="t-to"><header><h2 id="t-to"><?cs var:T.template.to ?></h2></header>
<form class="form" method="get" action="<?cs var:href(path) ?>">
<div class="cols"><?cs if:to.contact_id ?><div class="field"><span class="strong"><?cs var:T.template.person ?></span><input type="hidden" name="contact_id" value="<?cs var:to.contact_id ?>"><p id="f-contact_id"><?cs var:to.title ?></p><?cs call:error_text("contact_id", Error.contact_id) ?></div><?cs else ?><?cs call:field("phone", T.template.phone, "tel", "off", to.phone, Error.phone, "", "") ?><?cs call:field("name", T.template.name, "text", "off", to.name, Error.name, "", "1") ?><?cs /if ?>
<?cs if:several ?><div class="field<?cs if:Error.connection_id ?> bad<?cs /if ?>"><label for="f-connection_id"><?cs var:T.template.connection ?></label><?cs call:error_text("connection_id", Error.connection_id) ?><select id="f-connection_id" name="connection_id"><?cs each:c = connections ?><option value="<?cs var:c.id ?>"<?cs if:c.current ?> selected<?cs /if ?>><?cs var:c.name ?><?cs if:c.shown ?> · <?cs var:c.shown ?><?cs /if ?></option><?cs /each ?></select></div><?cs /if ?></div>
<?cs if:!to.contact_id || several ?><p><button class="btn<?cs if:!ready ?> pri<?cs /if ?>"><?cs var:T.template.go_on ?></button></p><?cs /if ?>
</form></section><?cs /def ?>
<?cs def:filter_form() ?><form class="btns" method="get" action="<?cs var:href(path) ?>" role="search" aria-label="<?cs var:T.template.filter ?>"><?cs call:kept() ?>
<label class="sr" for="q"><?cs var:T.template.q ?></label><div class="search"><?cs call:icon("busca") ?><input id="q" name="q" type="search" maxlength="100" value="<?cs var:filter.q ?>" placeholder="<?cs var:T.template.q ?>"></div>
<label class="sr" for="category"><?cs var:T.template.kind ?></label><select id="category" name="category"><option value=""><?cs var:T.template.any_category ?></option><?cs call:option("UTILITY", T.template.category.UTILITY, filter.category) ?><?cs call:option("MARKETING", T.template.category.MARKETING, filter.category) ?></select><button class="btn"><?cs var:T.template.filter ?></button>
</form><?cs /def ?>
<?cs def:choices() ?><section class="sec" aria-labelledby="t-list"><header><h2 id="t-list"><?cs var:T.template.list ?></h2><a href="/templates"><?cs var:T.template.all ?></a></header>
<?cs call:filter_form() ?>
<?cs if:templates.0.id ?><ul class="rows" aria-labelledby="t-list"><?cs each:t = templates ?><li class="row"><div class="grow"><?cs if:t.unfit_text ?><b class="muted"><?cs var:t.name ?></b><?cs else ?><a href="<?cs var:href(t.url) ?>"<?cs if:t.current ?> aria-current="true"<?cs /if ?>><b><?cs var:t.name ?></b></a><?cs /if ?> <span class="small faint"><?cs var:t.category_text ?> · <?cs var:t.language ?></span><p class="small text clip"><?cs var:t.body ?></p><?cs if:t.unfit_text ?><p class="row small muted"><?cs call:icon("info") ?><span><?cs var:t.unfit_text ?></span></p><?cs /if ?></div><?cs if:t.current ?><?cs call:icon("check") ?><?cs /if ?></li><?cs /each ?></ul><?cs if:more ?><p class="small muted"><?cs var:T.template.more ?></p><?cs /if ?>
<?cs elif:filter.active ?><div class="empty"><?cs call:tile_search() ?><p class="strong"><?cs var:T.template.none_found ?></p></div>
<?cs else ?><div class="empty"><?cs call:tile() ?><p class="strong"><?cs var:T.template.none ?></p><p><?cs var:T.template.none_text ?></p></div><?cs /if ?></section><?cs /def ?>
<?cs def:bubble() ?><div class="msg us"><div class="bubble"><?cs if:chosen.shown_header ?><b><?cs var:chosen.shown_header ?></b><?cs /if ?><p class="text"><?cs var:chosen.shown_body ?></p><?cs if:chosen.shown_footer ?><small class="faint"><?cs var:chosen.shown_footer ?></small><?cs /if ?></div></div><?cs if:chosen.buttons.0.text ?><p class="small"><span class="sr"><?cs var:T.template.buttons ?>: </span><?cs each:b = chosen.buttons ?><span class="tag"><?cs var:b.text ?></span> <?cs /each ?></p><?cs /if ?><?cs /def ?>
<?cs def:fill_form() ?><section class="sec" aria-labelledby="chosen"><header><h2 id="chosen"><?cs var:chosen.name ?></h2><p><?cs var:chosen.category_text ?> · <?cs var:chosen.language ?></p></header>
<?cs if:chosen.unfit_text ?><p class="flash warn"><?cs call:icon("alerta") ?><span><?cs var:chosen.unfit_text ?></span></p><?cs else ?><form class="form" method="post" action="<?cs var:href(path) ?>" novalidate data-once><?cs call:csrf() ?><?cs call:kept() ?><input type="hidden" name="template" value="<?cs var:chosen.id ?>"><?cs call:once() ?>
<?cs each:v = chosen.variables_asked ?><?cs call:field(v.field, v.label, "text", "off", v.value, Error[v.field], v.hint, "") ?><?cs /each ?>
<h3 class="small"><?cs var:T.template.preview ?></h3>
<?cs call:bubble() ?>
<p class="btns"><?cs if:chosen.variables_asked.0.field ?><button class="btn" name="preview" value="1"><?cs call:icon("olho") ?><?cs var:T.template.show ?></button><?cs /if ?><button class="btn pri"><?cs call:icon("enviar") ?><?cs var:T.template.send ?></button></p>
</form><?cs /if ?></section><?cs /def ?>
<?cs /if ?><?cs call:page_head("conversations", "") ?>
<header class="head"><div><nav aria-label="<?cs var:T.template.back ?>"><ol class="crumbs"><li><a href="<?cs var:href(back) ?>"><?cs if:begin ?><?cs var:T.template.back ?><?cs else ?><?cs var:person ?><?cs /if ?></a></li></ol></nav><h1><?cs if:begin ?><?cs var:T.template.begin ?><?cs else ?><?cs var:T.template.send_to ?> <?cs var:person ?><?cs /if ?></h1><?cs if:begin ?><p><?cs var:T.template.begin_text ?></p><?cs /if ?></div></header>
<div class="page">
<?cs call:problems() ?>
<?cs if:begin && !connections.0.id ?><div class="empty"><?cs call:tile() ?><h2><?cs var:T.template.no_connection ?></h2><p><?cs var:T.template.no_connection_text ?></p></div>
<?cs else ?><?cs if:begin ?><?cs call:whom() ?><?cs /if ?><?cs if:ready ?><div class="split half"><div><?cs call:choices() ?></div><div><?cs if:chosen.id ?><?cs call:fill_form() ?><?cs else ?><p class="muted" id="f-template"><?cs var:T.template.choose_first ?></p><?cs /if ?></div></div><?cs /if ?><?cs /if ?>
</div>
<?cs call:page_foot() ?>
