<?cs include!"lib/layout.cs" ?><?cs include!"pipeline/parts.cs" ?><?cs call:page_head("pipeline", "") ?>
<header class="head"><div><?cs call:crumbs_open() ?><li><a href="/deals/<?cs var:deal.id ?>"><?cs var:deal.title ?></a></li><li><?cs var:T.deal.lose_mark ?></li><?cs call:crumbs_close() ?><h1><?cs var:T.deal.lose_mark ?>: “<?cs var:deal.title ?>”</h1></div></header>
<div class="page slim">
<div id="problems-box" data-live="problems"><?cs call:conflict_box(T.deal.conflict_text) ?></div>
<p><?cs var:T.deal.lose_text ?></p>
<form class="form" id="f" method="post" action="/deals/<?cs var:deal.id ?>/lose" novalidate data-once><?cs call:csrf() ?><input type="hidden" name="version" value="<?cs var:deal.version ?>">
<div class="field<?cs if:Error.lost_reason ?> bad<?cs /if ?>"><label for="f-lost_reason"><?cs var:T.deal.field.lost_reason ?></label><p class="hint" id="h-lost_reason"><?cs var:T.deal.lose_hint ?></p><?cs call:error_text("lost_reason", Error.lost_reason) ?><textarea id="f-lost_reason" name="lost_reason" rows="3" maxlength="500" required aria-describedby="<?cs if:Error.lost_reason ?>e-lost_reason <?cs /if ?>h-lost_reason"<?cs if:Error.lost_reason ?> aria-invalid="true"<?cs /if ?>><?cs var:form.lost_reason ?></textarea></div>
</form>
</div>
<div class="counter"><button class="btn bad" form="f"><?cs call:icon("x") ?><?cs var:T.deal.lose_mark ?></button><a class="btn" href="/deals/<?cs var:deal.id ?>"><?cs var:T.pipeline.cancel ?></a></div>
<?cs call:page_foot() ?>
