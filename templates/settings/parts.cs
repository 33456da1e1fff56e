<?cs # What the pages of settings share. ?><?cs if:#0 ?>
<?cs def:side_link(sl_url, sl_icon, sl_text, sl_current) ?><a href="<?cs var:href(sl_url) ?>"<?cs if:sl_current ?> aria-current="page"<?cs /if ?>><?cs call:icon(sl_icon) ?><?cs var:sl_text ?></a><?cs /def ?>
<?cs # here: connections, teams, holidays ?>
<?cs def:settings_open(so_here) ?><div class="page"><div class="split nav">
<nav class="side" aria-label="<?cs var:T.nav.settings ?>">
<h2><?cs var:T.team.side_people ?></h2>
<?cs call:side_link("/teams", "equipe", T.team.title, so_here == "teams") ?>
<?cs if:Page.perm.team_edit ?><?cs call:side_link("/holidays", "agenda", T.team.holidays, so_here == "holidays") ?><?cs /if ?>
<h2><?cs var:T.team.side_talk ?></h2>
<?cs if:Page.perm.connection_edit ?><?cs call:side_link("/connections", "conversas", T.team.connections, so_here == "connections") ?><?cs /if ?>
<?cs if:Page.perm.conversation_reply ?><?cs call:side_link("/quick-replies", "raio", T.quick.title, "") ?><?cs /if ?>
<?cs call:side_link("/tags", "etiqueta", T.tag.title, "") ?>
</nav>
<div><?cs /def ?>
<?cs def:settings_close() ?></div></div></div><?cs /def ?>
<?cs # Somebody else was faster: what was asked for, and what is now ?>
<?cs def:settings_problems() ?><?cs if:stale ?><div class="problem" id="problems" role="alert" tabindex="-1" autofocus><h2><?cs var:T.team.conflict ?></h2><p><?cs var:T.team.conflict_text ?></p><?cs if:conflict.0.label ?><table class="diff"><thead><tr><th scope="col"><?cs var:T.team.conflict_field ?></th><th scope="col"><?cs var:T.team.conflict_mine ?></th><th scope="col"><?cs var:T.team.conflict_theirs ?></th></tr></thead><tbody><?cs each:c = conflict ?><tr><th scope="row"><?cs var:c.label ?></th><td><del><?cs var:c.mine ?></del></td><td><ins><?cs var:c.theirs ?></ins></td></tr><?cs /each ?></tbody></table><?cs /if ?></div><?cs else ?><?cs call:problems() ?><?cs /if ?><?cs /def ?>
<?cs def:presence(pr_now) ?><span class="st <?cs if:pr_now == "online" ?>ok<?cs elif:pr_now == "away" ?>warn<?cs else ?>off<?cs /if ?>"><?cs if:pr_now == "online" ?><?cs call:icon("check") ?><?cs elif:pr_now == "away" ?><?cs call:icon("relogio") ?><?cs else ?><?cs call:icon("x") ?><?cs /if ?><?cs var:T.team.presence[pr_now] ?></span><?cs /def ?>
<?cs def:area(ar_name, ar_label, ar_value, ar_error, ar_hint, ar_max, ar_optional) ?><div class="field<?cs if:ar_error ?> bad<?cs /if ?>"><label for="f-<?cs var:ar_name ?>"><?cs var:ar_label ?><?cs if:ar_optional ?> <span class="opt"><?cs var:T.app.optional ?></span><?cs /if ?></label><?cs if:ar_hint ?><p class="hint" id="h-<?cs var:ar_name ?>"><?cs var:ar_hint ?></p><?cs /if ?><?cs call:error_text(ar_name, ar_error) ?><textarea id="f-<?cs var:ar_name ?>" name="<?cs var:ar_name ?>" rows="3" maxlength="<?cs var:ar_max ?>"<?cs if:ar_error ?> aria-invalid="true" aria-describedby="e-<?cs var:ar_name ?>"<?cs elif:ar_hint ?> aria-describedby="h-<?cs var:ar_name ?>"<?cs /if ?>><?cs var:ar_value ?></textarea></div><?cs /def ?>
<?cs def:team_select(ts_now) ?><div class="field<?cs if:Error.team_id ?> bad<?cs /if ?>"><label for="f-team_id"><?cs var:T.team.field.team_id ?></label><p class="hint" id="h-team_id"><?cs var:T.team.team_hint ?></p><?cs call:error_text("team_id", Error.team_id) ?><select id="f-team_id" name="team_id" aria-describedby="h-team_id"><option value=""><?cs var:T.team.none ?></option><?cs each:t = choices ?><?cs call:option(t.id, t.name, ts_now) ?><?cs /each ?></select></div><?cs /def ?>
<?cs # A secret is written, never shown ?>
<?cs def:secret(se_name, se_label, se_error, se_hint, se_optional) ?><div class="field<?cs if:se_error ?> bad<?cs /if ?>"><label for="f-<?cs var:se_name ?>"><?cs var:se_label ?><?cs if:se_optional ?> <span class="opt"><?cs var:T.app.optional ?></span><?cs /if ?></label><?cs if:se_hint ?><p class="hint" id="h-<?cs var:se_name ?>"><?cs var:se_hint ?></p><?cs /if ?><?cs call:error_text(se_name, se_error) ?><input id="f-<?cs var:se_name ?>" name="<?cs var:se_name ?>" type="password" autocomplete="off"<?cs if:!se_optional ?> required<?cs /if ?><?cs if:se_error ?> aria-invalid="true" aria-describedby="e-<?cs var:se_name ?>"<?cs elif:se_hint ?> aria-describedby="h-<?cs var:se_name ?>"<?cs /if ?>></div><?cs /def ?>
<?cs /if ?>
