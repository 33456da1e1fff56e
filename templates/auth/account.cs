<?cs include!"lib/layout.cs" ?><?cs call:page_head("account", "") ?>
<header class="head"><div class="who"><?cs call:avatar(Page.user.initials, Page.user.color, "team", "") ?><div><h1><?cs var:T.account.title ?></h1><p><?cs var:Page.user.name ?> · <?cs var:Page.user.email ?> · <?cs var:Page.user.role_text ?></p></div></div>
<form method="post" action="/logout"><?cs call:csrf() ?><button class="btn"><?cs call:icon("sair") ?><?cs var:T.app.logout ?></button></form></header>
<div class="page">
<?cs call:problems() ?>
<div class="split half">
<div>
<section class="sec" aria-labelledby="a-pref"><header><h2 id="a-pref"><?cs var:T.account.preferences ?></h2></header>
<form class="form" method="post" action="/account/preferences"><?cs call:csrf() ?>
<div class="cols">
<div class="field<?cs if:Error.locale ?> bad<?cs /if ?>"><label for="f-locale"><?cs var:T.account.language ?></label><?cs call:error_text("locale", Error.locale) ?><select id="f-locale" name="locale"><?cs call:option("pt_BR", T.account.locale.pt_BR, form.locale) ?><?cs call:option("en", T.account.locale.en, form.locale) ?></select></div>
<div class="field<?cs if:Error.theme ?> bad<?cs /if ?>"><label for="f-theme"><?cs var:T.account.theme ?></label><?cs call:error_text("theme", Error.theme) ?><select id="f-theme" name="theme"><?cs call:option("auto", T.account.theme_auto, Page.theme) ?><?cs call:option("light", T.account.theme_light, Page.theme) ?><?cs call:option("dark", T.account.theme_dark, Page.theme) ?></select></div>
</div>
<p><button class="btn pri"><?cs var:T.account.preferences_save ?></button></p>
</form></section>
<section class="sec" aria-labelledby="a-pass"><header><h2 id="a-pass"><?cs var:T.account.password ?></h2></header>
<form class="form narrow" method="post" action="/account/password" novalidate><?cs call:csrf() ?>
<input class="sr" type="text" name="username" value="<?cs var:Page.user.email ?>" autocomplete="username" readonly tabindex="-1" aria-hidden="true">
<?cs call:field("current", T.account.current, "password", "current-password", form.none, Error.current, "", "") ?>
<?cs call:field("password", T.account.new, "password", "new-password", form.none, Error.password, T.account.new_hint, "") ?>
<?cs call:field("again", T.account.again, "password", "new-password", form.none, Error.again, "", "") ?>
<div class="row"><button class="btn pri"><?cs var:T.account.password_save ?></button><span class="small faint"><?cs var:T.account.password_note ?></span></div>
</form></section>
</div>
<div>
<section class="sec" aria-labelledby="a-sess"><header><h2 id="a-sess"><?cs var:T.account.sessions ?></h2><?cs if:sessions.1.id ?><form method="post" action="/account/sessions/end-others"><?cs call:csrf() ?><button class="btn sm"><?cs var:T.account.sessions_end ?></button></form><?cs /if ?></header>
<ul class="rows"><?cs each:s = sessions ?><li class="row"><span class="grow"><b><?cs var:s.agent_text ?></b> <?cs if:s.current ?><span class="st ok"><?cs call:icon("check") ?><?cs var:T.account.session_this ?></span><?cs /if ?><br><span class="small faint"><?cs var:T.account.kind[s.kind] ?>, <?cs var:T.account.session_from ?> <?cs var:s.ip ?>. <?cs var:T.account.session_seen ?> <?cs call:time_ago(s.last_seen_at) ?>, <?cs var:T.account.session_since ?> <?cs call:time(s.created_at) ?></span></span><?cs if:!s.current ?><form method="post" action="/account/sessions/<?cs var:s.id ?>/end"><?cs call:csrf() ?><button class="btn sm"><?cs var:T.account.session_end ?><span class="sr"> <?cs var:T.account.session_end_of ?> <?cs var:s.agent_text ?></span></button></form><?cs /if ?></li><?cs /each ?></ul></section>
<p class="small"><a href="/api"><?cs var:T.apidoc.link ?></a></p>
</div>
</div>
</div>
<?cs call:page_foot() ?>
