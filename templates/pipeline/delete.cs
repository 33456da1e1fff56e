<?cs include!"lib/layout.cs" ?><?cs include!"pipeline/parts.cs" ?><?cs call:page_head("pipeline", "") ?>
<header class="head"><div><?cs call:crumbs_open() ?><li><?cs var:T.pipeline.delete ?></li><?cs call:crumbs_close() ?><h1><?cs var:heading ?></h1></div></header>
<div class="page slim">
<div id="problems-box" data-live="problems"><?cs call:conflict_box(T.deal.conflict_text) ?></div>
<?cs if:needed ?><p><?cs var:needed ?></p><?cs else ?><p><?cs if:kind == "deal" ?><?cs var:T.deal.delete_text ?><?cs elif:holds ?><?cs var:holds ?><?cs else ?><?cs var:T.pipeline.delete_text ?><?cs /if ?></p>
<form class="form" id="f" method="post" action="<?cs var:href(post_url) ?>"><?cs call:csrf() ?><input type="hidden" name="version" value="<?cs var:version ?>">
<?cs if:holds ?><div class="field<?cs if:Error.move_to ?> bad<?cs /if ?>"><label for="f-move_to"><?cs var:T.pipeline.carry_to ?></label><?cs call:error_text("move_to", Error.move_to) ?><select id="f-move_to" name="move_to" required><?cs each:g = groups ?><optgroup label="<?cs var:g.name ?>"><?cs each:s = g.stages ?><?cs call:option(s.id, s.name, form.move_to) ?><?cs /each ?></optgroup><?cs /each ?></select></div><?cs /if ?>
</form><?cs /if ?>
</div>
<div class="counter"><?cs if:!needed ?><button class="btn bad" form="f"><?cs call:icon("lixo") ?><?cs var:T.pipeline.delete ?></button><?cs /if ?><a class="btn" href="<?cs var:href(back_url) ?>"><?cs var:T.pipeline.cancel ?></a></div>
<?cs call:page_foot() ?>
