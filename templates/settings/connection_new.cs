<?cs include!"lib/layout.cs" ?><?cs include!"settings/parts.cs" ?><?cs call:page_head("settings", "") ?>
<header class="head"><div><nav aria-label="<?cs var:T.team.here ?>"><ol class="crumbs"><li><a href="/connections"><?cs var:T.team.connections ?></a></li></ol></nav><h1><?cs if:channel == "chat" ?><?cs var:T.team.new_chat ?><?cs else ?><?cs var:T.team.new_whatsapp ?><?cs /if ?></h1></div></header>
<div class="page slim">
<div id="problems-box"><?cs call:problems() ?></div>
<form class="form" id="f" method="post" action="/connections" novalidate data-once><?cs call:csrf() ?><input type="hidden" name="channel" value="<?cs var:channel ?>">
<?cs call:field("name", T.team.field.name, "text", "off", form.name, Error.name, T.team.name_hint, "") ?>
<?cs if:channel == "whatsapp" ?><p class="small"><?cs var:T.team.whatsapp_text ?></p>
<?cs call:field("external_id", T.team.field.external_id, "text", "off", form.external_id, Error.external_id, T.team.external_id_hint, "") ?>
<?cs call:field("waba_id", T.team.field.waba_id, "text", "off", form.waba_id, Error.waba_id, "", "1") ?>
<?cs call:field("shown", T.team.field.shown, "text", "off", form.shown, Error.shown, "", "1") ?>
<?cs call:secret("access_token", T.team.field.access_token, Error.access_token, T.team.token_hint, "") ?>
<?cs call:secret("app_secret", T.team.field.app_secret, Error.app_secret, T.team.own_app_hint, "1") ?>
<?cs call:secret("verify_token", T.team.field.verify_token, Error.verify_token, "", "1") ?><?cs else ?>
<?cs call:area("greeting", T.team.field.greeting, form.greeting, Error.greeting, "", "500", "1") ?><?cs /if ?>
<?cs call:team_select(form.team_id) ?>
</form>
</div>
<div class="counter"><button class="btn pri" form="f"><?cs call:icon("check") ?><?cs var:T.team.connect_it ?></button><a class="btn" href="/connections"><?cs var:T.team.cancel ?></a></div>
<?cs call:page_foot() ?>
