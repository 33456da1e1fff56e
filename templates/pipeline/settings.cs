<?cs include!"lib/layout.cs" ?><?cs include!"pipeline/parts.cs" ?>
<?cs def:stage_fields(sf_id, sf_name, sf_color, sf_chance, sf_stale, sf_bad) ?><div class="field<?cs if:sf_bad && Error.name ?> bad<?cs /if ?>"><label for="name-<?cs var:sf_id ?>"><?cs var:T.pipeline.stage_name ?></label><?cs if:sf_bad ?><?cs call:error_text("name", Error.name) ?><?cs /if ?><input id="name-<?cs var:sf_id ?>" name="name" maxlength="100" required autocomplete="off" value="<?cs var:sf_name ?>"></div>
<div class="field"><label for="color-<?cs var:sf_id ?>"><?cs var:T.pipeline.stage_color ?></label><select id="color-<?cs var:sf_id ?>" name="color"><?cs loop:k = #0, #8, #1 ?><option value="<?cs var:k ?>"<?cs if:#sf_color == k ?> selected<?cs /if ?>><?cs var:T.pipeline.color[k] ?></option><?cs /loop ?></select></div>
<div class="field<?cs if:sf_bad && Error.chance ?> bad<?cs /if ?>"><label for="chance-<?cs var:sf_id ?>"><?cs var:T.pipeline.stage_chance ?></label><?cs if:sf_bad ?><?cs call:error_text("chance", Error.chance) ?><?cs /if ?><input id="chance-<?cs var:sf_id ?>" name="chance" type="number" inputmode="numeric" min="0" max="100" value="<?cs var:sf_chance ?>"></div>
<div class="field<?cs if:sf_bad && Error.stale_days ?> bad<?cs /if ?>"><label for="stale-<?cs var:sf_id ?>"><?cs var:T.pipeline.stage_stale ?></label><?cs if:sf_bad ?><?cs call:error_text("stale_days", Error.stale_days) ?><?cs /if ?><input id="stale-<?cs var:sf_id ?>" name="stale_days" type="number" inputmode="numeric" min="0" max="3650" value="<?cs var:sf_stale ?>"></div><?cs /def ?>
<?cs call:page_head("pipeline", "") ?>
<header class="head"><div><?cs call:crumbs_open() ?><li><?cs var:T.pipeline.settings ?></li><?cs call:crumbs_close() ?><h1><?cs var:T.pipeline.settings ?>: <?cs var:pipeline.name ?></h1></div><div class="btns"><a class="btn" href="/pipelines/<?cs var:pipeline.id ?>"><?cs call:icon("funil") ?><?cs var:T.pipeline.to_board ?></a></div></header>
<div class="page">
<div id="problems-box" data-live="problems"><?cs call:conflict_box(T.deal.conflict_text) ?></div>
<div class="split">
<div>
<section class="sec" aria-labelledby="s-stages"><header><h2 id="s-stages"><?cs var:T.pipeline.stages ?></h2></header>
<ol class="stack"><?cs each:s = stages ?><li class="sec" id="s-<?cs var:s.id ?>">
<header><h3><span class="tag k<?cs var:s.color ?>"><?cs var:s.name ?></span></h3><span class="count off"><?cs var:s.deals.text ?></span></header>
<form class="form" method="post" action="/stages/<?cs var:s.id ?>" novalidate><?cs call:csrf() ?><input type="hidden" name="version" value="<?cs var:s.version ?>">
<div class="cols"><?cs if:wrong == s.id ?><?cs call:stage_fields(s.id, form.name, form.color, form.chance, form.stale_days, "1") ?><?cs else ?><?cs call:stage_fields(s.id, s.name, s.color, s.chance, s.stale_days, "") ?><?cs /if ?></div>
<p class="btns"><button class="btn sm"><?cs call:icon("check") ?><?cs var:T.form.save ?><span class="sr"> <?cs var:s.name ?></span></button><?cs if:!s.first ?><button class="btn sm quiet" name="shift" value="up"><?cs call:icon("cima") ?><?cs var:T.pipeline.up ?><span class="sr"> <?cs var:s.name ?></span></button><?cs /if ?><?cs if:!s.last ?><button class="btn sm quiet" name="shift" value="down"><?cs call:icon("baixo") ?><?cs var:T.pipeline.down ?><span class="sr"> <?cs var:s.name ?></span></button><?cs /if ?><?cs if:!s.first || !s.last ?><a class="btn sm quiet bad" href="/stages/<?cs var:s.id ?>/delete"><?cs call:icon("lixo") ?><?cs var:T.pipeline.delete ?><span class="sr"> <?cs var:s.name ?></span></a><?cs /if ?></p>
</form></li><?cs /each ?></ol></section>
<section class="sec" aria-labelledby="s-new"><header><h2 id="s-new"><?cs var:T.pipeline.stage_new ?></h2></header>
<form class="form" method="post" action="/pipelines/<?cs var:pipeline.id ?>/stages" novalidate><?cs call:csrf() ?><?cs call:once() ?><div class="cols"><?cs if:Errors.0.field && !wrong && !form.version ?><?cs call:stage_fields("new", form.name, form.color, form.chance, form.stale_days, "1") ?><?cs else ?><?cs call:stage_fields("new", "", "1", "0", "14", "") ?><?cs /if ?></div><p><button class="btn"><?cs call:icon("mais") ?><?cs var:T.pipeline.stage_add ?></button></p></form></section>
</div>
<div>
<section class="sec" aria-labelledby="s-data"><header><h2 id="s-data"><?cs var:T.pipeline.data ?></h2></header>
<form class="form" method="post" action="/pipelines/<?cs var:pipeline.id ?>/settings" novalidate><?cs call:csrf() ?><input type="hidden" name="version" value="<?cs var:pipeline.version ?>">
<?cs if:now.name ?><?cs call:field("name", T.pipeline.name, "text", "off", now.name, "", "", "") ?><?cs else ?><?cs call:field("name", T.pipeline.name, "text", "off", form.name, Error.name, "", "") ?><?cs /if ?>
<div class="field"><label for="f-description"><?cs var:T.pipeline.description ?> <span class="opt"><?cs var:T.app.optional ?></span></label><textarea id="f-description" name="description" rows="3"><?cs if:now.name ?><?cs var:now.description ?><?cs else ?><?cs var:form.description ?><?cs /if ?></textarea></div>
<label class="pick"><input type="checkbox" name="money" value="1"<?cs if:now.money || !now.name && form.money ?> checked<?cs /if ?>><span><?cs var:T.pipeline.money ?> <small><?cs var:T.pipeline.money_hint ?></small></span></label>
<?cs if:pipeline.is_default ?><p class="small faint"><?cs var:T.pipeline.is_default ?></p><?cs else ?><label class="pick"><input type="checkbox" name="is_default" value="1"><span><?cs var:T.pipeline.make_default ?> <small><?cs var:T.pipeline.default_hint ?></small></span></label><?cs /if ?>
<p><button class="btn pri"><?cs call:icon("check") ?><?cs var:T.form.save ?></button></p></form></section>
<section class="sec" aria-labelledby="s-all"><header><h2 id="s-all"><?cs var:T.pipeline.all ?></h2><a href="/pipelines/new"><?cs var:T.pipeline.new ?></a></header><ul class="rows"><?cs each:p = pipelines ?><li class="row"><span class="grow"><a href="/pipelines/<?cs var:p.id ?>/settings"<?cs if:p.id == pipeline.id ?> aria-current="page"<?cs /if ?>><?cs var:p.name ?></a><?cs if:p.is_default ?> <span class="st info"><?cs call:icon("estrela") ?><?cs var:T.pipeline.default ?></span><?cs /if ?></span></li><?cs /each ?></ul></section>
<?cs if:!pipeline.is_default ?><p><a class="btn quiet bad" href="/pipelines/<?cs var:pipeline.id ?>/delete"><?cs call:icon("lixo") ?><?cs var:T.pipeline.delete_this ?></a></p><?cs /if ?>
</div>
</div>
</div>
<?cs call:page_foot() ?>
