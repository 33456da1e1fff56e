<?cs include!"lib/layout.cs" ?><?cs include!"settings/parts.cs" ?><?cs call:page_head("settings", "") ?>
<header class="head"><div><nav aria-label="<?cs var:T.team.here ?>"><ol class="crumbs"><li><a href="/teams"><?cs var:T.team.title ?></a></li></ol></nav><h1><?cs if:team.id ?><?cs var:team.name ?><?cs else ?><?cs var:T.team.new ?><?cs /if ?></h1></div></header>
<div class="page slim">
<div id="problems-box"><?cs call:settings_problems() ?></div>
<form class="form" id="f" method="post" action="/teams<?cs if:team.id ?>/<?cs var:team.id ?><?cs /if ?>" novalidate data-once><?cs call:csrf() ?><?cs if:team.id ?><input type="hidden" name="version" value="<?cs var:team.version ?>"><?cs /if ?>
<?cs call:field("name", T.team.field.name, "text", "off", input.name, Error.name, "", "") ?>
<?cs call:area("description", T.team.field.description, input.description, Error.description, "", "500", "1") ?>
<label class="pick"><input type="checkbox" name="auto_assign" value="1"<?cs if:input.auto_assign ?> checked<?cs /if ?>><span><?cs var:T.team.field.auto_assign ?> <small><?cs var:T.team.auto_hint ?></small></span></label>
<fieldset class="field" id="f-members" tabindex="-1"><legend><?cs var:T.team.field.members ?></legend><?cs call:error_text("members", Error.members) ?>
<div class="cols"><?cs each:p = people ?><label class="pick"><input type="checkbox" name="member" value="<?cs var:p.id ?>"<?cs if:p.on ?> checked<?cs /if ?>><span><?cs var:p.name ?> <small><?cs var:T.role[p.role] ?> · <?cs var:T.team.presence[p.presence] ?></small></span></label><?cs /each ?></div></fieldset>
</form>
</div>
<div class="counter"><button class="btn pri" form="f"><?cs call:icon("check") ?><?cs var:T.form.save ?></button><a class="btn" href="/teams"><?cs var:T.team.cancel ?></a><?cs if:team.id ?><a class="btn quiet bad end" href="/teams/<?cs var:team.id ?>/delete"><?cs call:icon("lixo") ?><?cs var:T.team.delete ?></a><?cs /if ?></div>
<?cs call:page_foot() ?>
