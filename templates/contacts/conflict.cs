<?cs include!"lib/layout.cs" ?><?cs include!"contacts/parts.cs" ?><?cs if:#0 ?>
<?cs def:side(si_value, si_text, si_label, si_on) ?><label class="pick"><input type="radio" name="<?cs var:r.field ?>" value="<?cs var:si_value ?>"<?cs if:si_on ?> checked<?cs /if ?>><span><span class="sr"><?cs var:si_label ?>: </span><?cs if:si_text ?><?cs var:si_text ?><?cs else ?><span class="faint"><?cs var:T.people.blank ?></span><?cs /if ?></span></label><?cs /def ?>
<?cs /if ?><?cs call:page_head("contacts", "") ?>
<header class="head"><div><h1><?cs var:T.people.conflict ?></h1></div></header>
<div class="page">
<div class="problem" id="problems" role="alert" tabindex="-1"><h2><?cs var:Page.title ?></h2><p><?cs var:T.people.conflict_text ?></p></div>
<form id="f" class="form" method="post" action="<?cs var:href(post_url) ?>" data-once><?cs call:csrf() ?><input type="hidden" name="version" value="<?cs var:version ?>">
<?cs each:r = rows ?><?cs if:!r.differs ?><input type="hidden" name="<?cs var:r.field ?>" value="<?cs var:r.mine ?>"><?cs /if ?><?cs /each ?>
<table class="diff"><caption class="sr"><?cs var:T.people.conflict ?></caption><thead><tr><th scope="col"><?cs var:T.people.conflict_field ?></th><th scope="col"><?cs var:T.people.conflict_mine ?></th><th scope="col"><?cs var:T.people.conflict_theirs ?></th></tr></thead>
<tbody><?cs each:r = rows ?><?cs if:r.differs ?><tr><th scope="row"><?cs var:r.label ?></th><td><?cs call:side(r.mine, r.mine_text, T.people.conflict_mine, "1") ?></td><td><?cs call:side(r.theirs, r.theirs_text, T.people.conflict_theirs, "") ?></td></tr><?cs /if ?><?cs /each ?></tbody></table>
</form>
</div>
<div class="counter"><button class="btn pri" form="f"><?cs var:T.people.conflict_save ?></button><a class="btn quiet" href="<?cs var:href(back_url) ?>"><?cs var:T.people.conflict_leave ?></a></div>
<?cs call:page_foot() ?>
