<?cs include!"lib/layout.cs" ?><?cs include!"settings/parts.cs" ?><?cs call:page_head("settings", "") ?>
<header class="head"><div><nav aria-label="<?cs var:T.team.here ?>"><ol class="crumbs"><li><a href="/connections"><?cs var:T.team.connections ?></a></li></ol></nav><h1><?cs var:connection.name ?></h1></div></header>
<div class="page">
<div id="problems-box"><?cs call:settings_problems() ?></div>
<form class="form" id="f" method="post" action="/connections/<?cs var:connection.id ?>" novalidate data-once><?cs call:csrf() ?><input type="hidden" name="version" value="<?cs var:connection.version ?>">
<div class="split">
<div>
<section class="sec" aria-labelledby="s-data"><header><h2 id="s-data"><?cs var:T.team.data ?></h2></header>
<div class="stack"><?cs call:field("name", T.team.field.name, "text", "off", input.name, Error.name, "", "") ?>
<?cs call:field("shown", T.team.field.shown, "text", "off", input.shown, Error.shown, "", "1") ?>
<?cs call:team_select(input.team_id) ?>
<?cs if:connection.channel == "chat" ?><?cs call:area("greeting", T.team.field.greeting, input.greeting, Error.greeting, "", "500", "1") ?><?cs else ?><input type="hidden" name="greeting" value="<?cs var:input.greeting ?>"><?cs /if ?>
<fieldset class="field"><legend><?cs var:T.team.field.reopen ?></legend><label class="pick"><input type="radio" name="reopen" value="1"<?cs if:input.reopen ?> checked<?cs /if ?>><span><?cs var:T.team.reopen_yes ?> <small><?cs var:T.team.reopen_yes_hint ?></small></span></label><label class="pick"><input type="radio" name="reopen" value="0"<?cs if:!input.reopen ?> checked<?cs /if ?>><span><?cs var:T.team.reopen_no ?> <small><?cs var:T.team.reopen_no_hint ?></small></span></label></fieldset></div></section>
<section class="sec" aria-labelledby="s-hours"><header><h2 id="s-hours"><?cs var:T.team.hours ?></h2><?cs if:connection.closed_since ?><span class="st warn"><?cs call:icon("relogio") ?><?cs var:T.team.closed ?></span><?cs else ?><span class="st ok"><?cs call:icon("check") ?><?cs var:T.team.is_open ?></span><?cs /if ?></header>
<p class="hint" id="h-hours"><?cs var:T.team.hours_hint ?></p>
<div class="cols"><?cs each:w = week ?><div class="field<?cs if:w.error ?> bad<?cs /if ?>"><label for="f-<?cs var:w.day ?>"><?cs var:w.name ?></label><?cs call:error_text(w.day, w.error) ?><input id="f-<?cs var:w.day ?>" name="<?cs var:w.day ?>" type="text" maxlength="120" autocomplete="off" placeholder="<?cs var:T.team.closed_day ?>" value="<?cs var:w.value ?>"<?cs if:w.error ?> aria-invalid="true" aria-describedby="e-<?cs var:w.day ?> h-hours"<?cs else ?> aria-describedby="h-hours"<?cs /if ?>></div><?cs /each ?></div>
<label class="pick"><input type="checkbox" name="away_enabled" value="1"<?cs if:input.away_enabled ?> checked<?cs /if ?>><span><?cs var:T.team.away_label ?> <small><?cs var:T.team.away_hint ?></small></span></label>
<?cs call:area("away_message", T.team.field.away_message, input.away_message, Error.away_message, "", "1000", "1") ?></section>
</div>
<div>
<section class="sec" aria-labelledby="s-state"><header><h2 id="s-state"><?cs var:T.team.state ?></h2></header>
<p><span class="st fill <?cs if:connection.status == "connected" ?>ok<?cs elif:connection.status == "reconnecting" ?>warn<?cs else ?>bad<?cs /if ?>"><?cs if:connection.status == "connected" ?><?cs call:icon("check") ?><?cs else ?><?cs call:icon("alerta") ?><?cs /if ?><?cs var:T.team.status[connection.status] ?></span></p>
<?cs if:connection.status != "connected" && connection.status_text ?><p class="small"><?cs var:connection.status_text ?></p><?cs /if ?>
<dl class="kv"><dt><?cs var:T.team.channel ?></dt><dd><?cs call:channel_named(connection.channel, T.channel[connection.channel]) ?></dd></dl>
<?cs if:hook_url ?><div class="field"><label for="number-id"><?cs var:T.team.field.external_id ?></label><input id="number-id" type="text" readonly value="<?cs var:connection.external_id ?>"></div><div class="field"><label for="hook-url"><?cs var:T.team.hook ?></label><input id="hook-url" type="text" readonly value="<?cs var:hook_url ?>"></div><?cs /if ?>
<?cs if:chat_url ?><div class="field"><label for="chat-url"><?cs var:T.team.chat_url ?></label><input id="chat-url" type="text" readonly value="<?cs var:chat_url ?>"></div><div class="field"><label for="snippet"><?cs var:T.team.snippet ?></label><p class="hint" id="h-snippet"><?cs var:T.team.snippet_hint ?></p><textarea id="snippet" rows="3" readonly aria-describedby="h-snippet"><?cs var:snippet ?></textarea></div><p><a class="btn sm" href="/chat/<?cs var:connection.public_key ?>" target="_blank" rel="noopener"><?cs call:icon("externo") ?><?cs var:T.team.chat_open ?></a></p><input type="hidden" name="waba_id" value="<?cs var:input.waba_id ?>"><?cs /if ?></section>
<?cs if:connection.channel == "whatsapp" ?><section class="sec" aria-labelledby="s-keys"><header><h2 id="s-keys"><?cs var:T.team.keys ?></h2></header>
<p class="small faint"><?cs var:T.team.keys_text ?></p>
<div class="stack"><?cs if:connection.has_token ?><?cs call:secret("access_token", T.team.field.access_token, Error.access_token, T.team.kept, "1") ?><?cs else ?><?cs call:secret("access_token", T.team.field.access_token, Error.access_token, T.team.not_kept, "1") ?><?cs /if ?>
<?cs if:connection.own_app ?><?cs if:connection.has_secret ?><?cs call:secret("app_secret", T.team.field.app_secret, Error.app_secret, T.team.kept, "1") ?><?cs else ?><?cs call:secret("app_secret", T.team.field.app_secret, Error.app_secret, T.team.not_kept, "1") ?><?cs /if ?><?cs call:secret("verify_token", T.team.field.verify_token, Error.verify_token, "", "1") ?><?cs /if ?>
<?cs call:field("waba_id", T.team.field.waba_id, "text", "off", input.waba_id, Error.waba_id, "", "1") ?></div></section><?cs /if ?>
</div>
</div>
</form>
</div>
<div class="counter"><button class="btn pri" form="f"><?cs call:icon("check") ?><?cs var:T.form.save ?></button><a class="btn" href="/connections"><?cs var:T.team.cancel ?></a></div>
<?cs call:page_foot() ?>
