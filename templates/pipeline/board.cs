<?cs include!"lib/layout.cs" ?><?cs include!"pipeline/parts.cs" ?><?cs call:page_head("pipeline", "1") ?>
<header class="head">
<div class="row"><h1><?cs var:pipeline.name ?></h1><button class="btn quiet sm" type="button" popovertarget="p-funis"><span class="sr-s"><?cs var:T.pipeline.switch ?></span> <?cs call:icon("abre") ?></button></div>
<form class="search hide-m" method="get" action="/pipelines/<?cs var:pipeline.id ?>" role="search"><?cs call:icon("busca") ?><label class="sr" for="q"><?cs var:T.pipeline.search ?></label><input id="q" name="q" type="search" maxlength="100" value="<?cs var:filter.q ?>" placeholder="<?cs var:T.pipeline.placeholder ?>" data-search></form>
<div class="btns"><?cs if:Page.perm.pipeline_edit ?><a class="btn quiet hide-s" href="/pipelines/<?cs var:pipeline.id ?>/settings"><?cs call:icon("ajustes") ?><?cs var:T.pipeline.stages ?></a><?cs /if ?><?cs if:Page.perm.deal_edit ?><a class="btn pri" href="/deals/new?pipeline=<?cs var:pipeline.id ?>"><?cs call:icon("mais") ?><span class="sr-s"><?cs var:T.deal.new ?></span></a><?cs /if ?></div>
</header>
<ul id="p-funis" popover class="list" aria-label="<?cs var:T.pipeline.switch ?>">
<?cs each:p = pipelines ?><li><a href="<?cs var:href(p.url) ?>"<?cs if:p.current ?> aria-current="page"<?cs /if ?>><?cs if:p.current ?><?cs call:icon("check") ?><?cs else ?><?cs call:icon("funil") ?><?cs /if ?><?cs var:p.name ?></a></li><?cs /each ?>
<?cs if:Page.perm.pipeline_edit ?><li><a href="/pipelines/<?cs var:pipeline.id ?>/settings"><?cs call:icon("ajustes") ?><?cs var:T.pipeline.settings ?></a></li><li><a href="/pipelines/new"><?cs call:icon("mais") ?><?cs var:T.pipeline.new ?></a></li><?cs /if ?>
</ul>
<nav class="tabs" id="views" data-live="head" aria-label="<?cs var:T.pipeline.views ?>">
<?cs each:v = views ?><a href="<?cs var:href(v.url) ?>"<?cs if:v.current ?> aria-current="page"<?cs /if ?>><?cs var:v.text ?><?cs if:v.count ?> <span class="count<?cs if:!v.warn ?> off<?cs /if ?>"><?cs var:v.count ?></span><?cs /if ?></a><?cs /each ?><a href="/deals?pipeline_id=<?cs var:pipeline.id ?>&amp;status=won"><?cs var:T.pipeline.closed ?></a><button type="button" class="btn quiet sm" popovertarget="p-filtro"><?cs call:icon("filtro") ?><?cs var:T.pipeline.filter ?><?cs if:filter.active ?><span class="sr"> (<?cs var:T.pipeline.filtered ?>)</span><?cs /if ?></button>
</nav>
<div id="p-filtro" popover class="form" aria-label="<?cs var:T.pipeline.filter ?>">
<form class="form" method="get" action="/pipelines/<?cs var:pipeline.id ?>">
<div class="field"><label for="f-q"><?cs var:T.pipeline.search ?></label><input id="f-q" name="q" type="search" maxlength="100" value="<?cs var:filter.q ?>"></div>
<div class="field"><label for="f-owner"><?cs var:T.deal.field.owner_id ?></label><select id="f-owner" name="owner"><?cs call:option("", T.pipeline.any_owner, filter.owner) ?><?cs call:option("me", T.pipeline.view.mine, filter.owner) ?><?cs call:option("none", T.pipeline.no_owner, filter.owner) ?><?cs each:u = users ?><?cs call:option(u.id, u.name, filter.owner) ?><?cs /each ?></select></div>
<?cs if:tags.0.id ?><div class="field"><label for="f-tag"><?cs var:T.deal.tags ?></label><select id="f-tag" name="tag"><?cs call:option("", T.pipeline.any_tag, filter.tag) ?><?cs each:t = tags ?><?cs call:option(t.id, t.name, filter.tag) ?><?cs /each ?></select></div><?cs /if ?>
<div class="field"><label for="f-next"><?cs var:T.pipeline.step ?></label><select id="f-next" name="next"><?cs call:option("", T.pipeline.any_step, filter.next) ?><?cs call:option("late", T.pipeline.view.late, filter.next) ?><?cs call:option("none", T.pipeline.view.none, filter.next) ?><?cs call:option("ok", T.pipeline.step_ok, filter.next) ?></select></div>
<label class="pick"><input type="checkbox" name="stale" value="1"<?cs if:filter.stale ?> checked<?cs /if ?>><?cs var:T.pipeline.view.stale ?></label>
<p class="btns"><button class="btn pri"><?cs var:T.pipeline.apply ?></button><?cs if:filter.active ?><a class="btn quiet" href="/pipelines/<?cs var:pipeline.id ?>"><?cs var:T.pipeline.clear ?></a><?cs /if ?></p>
</form>
<?cs if:can_save ?><form class="form" method="post" action="/pipelines/<?cs var:pipeline.id ?>/views<?cs var:filter.query ?>"><?cs call:csrf() ?><?cs call:once() ?>
<div class="field"><label for="f-name"><?cs var:T.pipeline.view_name ?></label><input id="f-name" name="name" maxlength="60" required autocomplete="off"></div>
<?cs if:Page.perm.pipeline_edit ?><label class="pick"><input type="checkbox" name="shared" value="1"><?cs var:T.pipeline.view_shared ?></label><?cs /if ?>
<p><button class="btn"><?cs call:icon("estrela") ?><?cs var:T.pipeline.view_save ?></button></p></form><?cs /if ?>
<?cs each:v = views ?><?cs if:v.current && v.own ?><form method="post" action="/pipelines/<?cs var:pipeline.id ?>/views/<?cs var:v.id ?>/delete"><?cs call:csrf() ?><button class="btn quiet bad"><?cs call:icon("lixo") ?><?cs var:T.pipeline.view_delete ?> “<?cs var:v.text ?>”</button></form><?cs /if ?><?cs /each ?>
</div>
<nav class="jump tabs" id="jump" data-live="deal" aria-label="<?cs var:T.pipeline.jump ?>"><?cs each:s = columns ?><a href="#c-<?cs var:s.id ?>"><?cs var:s.name ?> <span class="count off"><?cs var:s.deals.text ?></span></a><?cs /each ?></nav>
<?cs if:Errors.0.field ?><div class="pad"><?cs call:problems() ?></div><?cs /if ?>
<div class="board-wrap" tabindex="0" role="region" aria-label="<?cs var:T.pipeline.board ?>">
<div class="board" id="board" data-live="deal"<?cs if:Page.perm.deal_edit ?> data-drag data-csrf="<?cs var:Page.csrf ?>" data-moved="<?cs var:T.pipeline.moved ?>" data-refused="<?cs var:T.pipeline.refused ?>"<?cs /if ?>>
<?cs each:s = columns ?><section class="col k<?cs var:s.color ?>" id="c-<?cs var:s.id ?>" aria-labelledby="n-<?cs var:s.id ?>">
<header id="h-<?cs var:s.id ?>"><h2 id="n-<?cs var:s.id ?>"><?cs var:s.name ?></h2><span class="count off"><?cs var:s.deals.text ?></span><p><?cs if:s.total ?><?cs var:s.total ?> <?cs /if ?><span class="faint"><?cs if:s.total ?>· <?cs /if ?><?cs var:s.chance ?>% <?cs var:T.pipeline.of_chance ?><?cs if:s.total ?><br><?cs var:T.pipeline.weighted ?> <?cs var:s.weighted ?><?cs if:s.foreign ?> · <?cs var:s.foreign ?><?cs /if ?><?cs /if ?></span></p></header>
<ol id="l-<?cs var:s.id ?>" data-drop="<?cs var:s.id ?>"><?cs if:s.first_url ?><li id="b-<?cs var:s.id ?>"><a class="btn sm quiet" href="<?cs var:href(s.first_url) ?>"><?cs call:icon("cima") ?><?cs var:T.pipeline.first ?></a></li><?cs /if ?><?cs each:d = s.cards ?><?cs var:piece(d) ?><?cs /each ?><?cs if:s.deals == "0" ?><li class="empty small" id="e-<?cs var:s.id ?>"><p><?cs if:filter.active ?><?cs var:T.pipeline.empty_filter ?><?cs else ?><?cs var:T.pipeline.empty ?><?cs /if ?></p></li><?cs /if ?><?cs if:s.more_url ?><li id="m-<?cs var:s.id ?>"><a class="btn sm" href="<?cs var:href(s.more_url) ?>"><?cs var:T.pipeline.more ?><span class="sr"> <?cs var:T.pipeline.more_of ?> <?cs var:s.name ?></span></a></li><?cs /if ?></ol>
</section>
<?cs /each ?></div>
</div>
<form id="mover" class="counter" method="post" action="/pipelines/<?cs var:pipeline.id ?>/many<?cs var:filter.query ?>"><?cs call:csrf() ?>
<?cs if:Page.perm.deal_edit ?><div class="bulk"><div class="row"><p><b class="num"><span class="sel-n"></span> <?cs var:T.pipeline.selected ?></b></p>
<label class="sr" for="para"><?cs var:T.pipeline.move_to ?></label>
<select id="para" name="stage_id"><?cs each:s = columns ?><option value="<?cs var:s.id ?>"><?cs var:s.name ?></option><?cs /each ?></select>
<button class="btn pri" name="act" value="move"><?cs call:icon("dir") ?><?cs var:T.pipeline.move ?></button><button class="btn" name="act" value="win"><?cs call:icon("check") ?><?cs var:T.many.bar_win ?></button><button class="btn quiet" name="act" value="lose"><?cs var:T.many.bar_lose ?>…</button><button class="btn quiet" name="act" value="ask"><?cs var:T.many.more ?>…</button></div></div><?cs /if ?>
<p class="end small muted hide-s num" id="totals" data-live="deal"><?cs if:sum.total ?><?cs var:T.pipeline.open_total ?> <b><?cs var:sum.total ?></b> · <?cs var:T.pipeline.weighted ?> <b><?cs var:sum.weighted ?></b><?cs if:sum.foreign ?> · <?cs var:sum.foreign ?><?cs /if ?><?cs else ?><?cs var:T.pipeline.open_deals ?> <b><?cs var:sum.deals.text ?></b><?cs /if ?></p>
</form>

<?cs call:page_foot() ?>
