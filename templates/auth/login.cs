<?cs include!"lib/layout.cs" ?><?cs call:bare_head() ?>
<div class="door">
<div class="art" aria-hidden="true"></div>
<main id="main" tabindex="-1">
<div class="box">
<p class="wordmark"><svg aria-hidden="true"><use href="<?cs var:href(Page.static) ?>/icons.svg#marca"/></svg><?cs var:T.app.name ?></p>
<div class="stack tight"><h1><?cs var:T.login.title ?></h1><p class="muted small"><?cs var:T.app.tagline ?></p></div>
<?cs call:flash() ?>
<?cs if:form.kept ?><p class="flash info" role="status"><?cs call:icon("info") ?><span><?cs var:T.login.kept ?></span></p><?cs /if ?>
<?cs call:problems() ?>
<form class="form" method="post" action="/login" novalidate><?cs call:csrf() ?>
<?cs if:form.next ?><input type="hidden" name="next" value="<?cs var:form.next ?>"><?cs /if ?><?cs if:form.kept ?><input type="hidden" name="kept" value="<?cs var:form.kept ?>"><?cs /if ?>
<?cs call:field("email", T.login.email, "email", "username", form.email, Error.email, "", "") ?>
<?cs call:field("password", T.login.password, "password", "current-password", form.none, Error.password, "", "") ?>
<label class="pick"><input type="checkbox" name="remember" value="1"<?cs if:form.remember ?> checked<?cs /if ?>><span><?cs var:T.login.remember ?><small><?cs var:T.login.remember_hint ?></small></span></label>
<button class="btn pri lg full"><?cs var:T.login.submit ?></button>
</form>
<?cs if:!form.kept ?><p class="small faint"><?cs if:Page.lang == "en" ?><a href="/lang?to=pt_BR&amp;next=/login" hreflang="pt-BR" lang="pt-BR"><?cs var:T.login.other_language ?></a><?cs else ?><a href="/lang?to=en&amp;next=/login" hreflang="en" lang="en"><?cs var:T.login.other_language ?></a><?cs /if ?></p><?cs /if ?>
</div>
</main>
</div>
<?cs call:bare_foot() ?>
