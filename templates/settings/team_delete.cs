<?cs include!"lib/layout.cs" ?><?cs include!"settings/parts.cs" ?><?cs call:page_head("settings", "") ?>
<header class="head"><div><nav aria-label="<?cs var:T.team.here ?>"><ol class="crumbs"><li><a href="/teams"><?cs var:T.team.title ?></a></li><li><a href="/teams/<?cs var:team.id ?>/edit"><?cs var:team.name ?></a></li></ol></nav><h1><?cs var:Page.title ?></h1></div></header>
<div class="page slim">
<div id="problems-box"><?cs call:settings_problems() ?></div>
<p><?cs var:T.team.delete_text ?></p>
<dl class="kv"><?cs call:fact(T.team.members, team.people.text) ?><?cs call:fact(T.team.open, team.open.text) ?></dl>
<form class="form" id="f" method="post" action="/teams/<?cs var:team.id ?>/delete"><?cs call:csrf() ?><input type="hidden" name="version" value="<?cs var:team.version ?>"></form>
</div>
<div class="counter"><button class="btn bad" form="f"><?cs call:icon("lixo") ?><?cs var:T.team.delete ?></button><a class="btn" href="/teams"><?cs var:T.team.cancel ?></a></div>
<?cs call:page_foot() ?>
