<?cs include!"lib/layout.cs" ?><?cs include!"pipeline/parts.cs" ?><?cs call:page_head("pipeline", "") ?>
<header class="head"><div><?cs call:crumbs_open() ?><li><?cs var:T.pipeline.new ?></li><?cs call:crumbs_close() ?><h1><?cs var:T.pipeline.new ?></h1></div></header>
<div class="page slim">
<?cs call:problems() ?>
<form class="form" id="f" method="post" action="/pipelines" novalidate><?cs call:csrf() ?><?cs call:once() ?>
<?cs call:field("name", T.pipeline.name, "text", "off", form.name, Error.name, T.pipeline.name_hint, "") ?>
<div class="field<?cs if:Error.description ?> bad<?cs /if ?>"><label for="f-description"><?cs var:T.pipeline.description ?> <span class="opt"><?cs var:T.app.optional ?></span></label><?cs call:error_text("description", Error.description) ?><textarea id="f-description" name="description" rows="3"><?cs var:form.description ?></textarea></div>
<label class="pick"><input type="checkbox" name="money" value="1"<?cs if:form.money ?> checked<?cs /if ?>><span><?cs var:T.pipeline.money ?> <small><?cs var:T.pipeline.money_hint ?></small></span></label>
<label class="pick"><input type="checkbox" name="is_default" value="1"<?cs if:form.is_default ?> checked<?cs /if ?>><span><?cs var:T.pipeline.make_default ?> <small><?cs var:T.pipeline.default_hint ?></small></span></label>
</form>
<p class="small faint"><?cs var:T.pipeline.new_stages ?></p>
</div>
<div class="counter"><button class="btn pri" form="f"><?cs call:icon("check") ?><?cs var:T.pipeline.create ?></button><a class="btn" href="/pipelines"><?cs var:T.pipeline.cancel ?></a></div>
<?cs call:page_foot() ?>
