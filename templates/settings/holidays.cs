<?cs include!"lib/layout.cs" ?><?cs include!"settings/parts.cs" ?><?cs call:page_head("settings", "") ?>
<header class="head"><div><h1><?cs var:T.team.holidays ?></h1><p><?cs var:T.team.holidays_text ?></p></div></header>
<?cs call:settings_open("holidays") ?>
<?cs call:problems() ?>
<section class="sec" aria-labelledby="s-all"><header><h2 id="s-all"><?cs var:T.team.closed_days ?></h2></header>
<?cs if:!items.0.id ?><div class="empty"><?cs call:tile() ?><h3><?cs var:T.team.no_holiday ?></h3><p><?cs var:T.team.no_holiday_text ?></p></div><?cs else ?>
<table class="table"><caption class="sr"><?cs var:T.team.closed_days ?></caption><thead><tr><th scope="col"><?cs var:T.team.day ?></th><th scope="col"><?cs var:T.team.holiday ?></th><?cs if:Page.perm.settings_edit ?><th scope="col"><span class="sr"><?cs var:T.team.delete ?></span></th><?cs /if ?></tr></thead>
<tbody><?cs each:h = items ?><tr><th scope="row" class="nowrap"><time datetime="<?cs var:h.day ?>"><?cs var:h.shown ?></time> <span class="small faint hide-s"><?cs var:h.weekday ?></span></th><td><?cs var:h.name ?></td><?cs if:Page.perm.settings_edit ?><td class="r"><form method="post" action="/holidays/<?cs var:h.id ?>/delete"><?cs call:csrf() ?><button class="btn sm quiet ico"><svg class="i" role="img" aria-label="<?cs var:T.team.delete ?> <?cs var:h.name ?>, <?cs var:h.shown ?>"><use href="<?cs var:href(Page.static) ?>/icons.svg#lixo"/></svg></button></form></td><?cs /if ?></tr><?cs /each ?></tbody></table><?cs /if ?></section>
<?cs if:Page.perm.settings_edit ?><section class="sec" aria-labelledby="s-new"><header><h2 id="s-new"><?cs var:T.team.holiday_new ?></h2></header>
<form class="form" method="post" action="/holidays" novalidate data-once><?cs call:csrf() ?><div class="cols"><?cs call:field("day", T.team.day, "date", "off", form.day, Error.day, "", "") ?><?cs call:field("name", T.team.holiday, "text", "off", form.name, Error.name, "", "") ?></div><p><button class="btn pri"><?cs call:icon("mais") ?><?cs var:T.team.add ?></button></p></form></section>
<section class="sec" aria-labelledby="s-national"><header><h2 id="s-national"><?cs var:T.team.national_title ?></h2><p><?cs var:T.team.national_text ?></p></header>
<form class="btns" method="post" action="/holidays/national"><?cs call:csrf() ?><button class="btn" name="year" value="<?cs var:this_year ?>"><?cs call:icon("agenda") ?><?cs var:this_year ?></button><button class="btn" name="year" value="<?cs var:next_year ?>"><?cs call:icon("agenda") ?><?cs var:next_year ?></button></form></section><?cs /if ?>
<?cs call:settings_close() ?>
<?cs call:page_foot() ?>
