<?cs # Made by the build, once in each language: tests/routes/reference.c. ?><?cs include!"lib/layout.cs" ?><?cs call:document_head("") ?><body class="apidoc">
<?cs def:rows(ro_list, ro_title, ro_id) ?><?cs if:ro_list.0.name ?><h4 id="<?cs var:ro_id ?>"><?cs var:ro_title ?></h4><dl class="kv"><?cs each:f = ro_list ?><dt><code><?cs var:f.name ?></code></dt><dd><?cs if:f.where ?><span class="small faint"><?cs var:f.where ?></span> <?cs /if ?><code><?cs var:f.type ?></code><?cs if:f.required ?> <b class="small"><?cs var:T.apidoc.required ?></b><?cs /if ?><?cs if:f.text ?> <span class="small muted" lang="en"><?cs var:f.text ?></span><?cs /if ?></dd><?cs /each ?></dl><?cs /if ?><?cs /def ?>
<a class="skip" href="#main"><?cs var:T.app.skip ?></a>
<header class="head"><div><p class="wordmark"><svg aria-hidden="true"><use href="<?cs var:href(Page.static) ?>/icons.svg#marca"/></svg><?cs var:T.app.name ?></p><h1><?cs var:T.apidoc.title ?></h1><p class="muted"><?cs var:T.apidoc.intro ?></p></div>
<p class="btns"><a class="btn" href="/api/openapi.json"><?cs var:T.apidoc.machine ?></a> <a class="btn" href="/account"><?cs var:T.apidoc.back ?></a></p></header>
<nav class="page" aria-label="<?cs var:T.apidoc.things ?>"><ul class="row"><li><a href="#rules"><?cs var:T.apidoc.rules ?></a></li><?cs each:g = groups ?><li><a href="#<?cs var:g.name ?>"><?cs var:g.name ?></a></li><?cs /each ?><li><a href="#types"><?cs var:T.apidoc.types ?></a></li></ul></nav>
<main id="main" class="page" tabindex="-1">
<section class="sec" id="rules" aria-labelledby="h-rules"><header><h2 id="h-rules"><?cs var:T.apidoc.rules ?></h2></header>
<dl class="kv"><dt><?cs var:T.apidoc.auth ?></dt><dd><?cs var:T.apidoc.auth_text ?><pre tabindex="0"><code>curl -d '{"email": "...", "password": "..."}' -H 'Content-Type: application/json' "$BALCAO/api/auth/login"</code></pre></dd>
<dt><?cs var:T.apidoc.lists ?></dt><dd><?cs var:T.apidoc.lists_text ?></dd>
<dt><?cs var:T.apidoc.errors ?></dt><dd><?cs var:T.apidoc.errors_text ?></dd>
<dt><?cs var:T.apidoc.versions ?></dt><dd><?cs var:T.apidoc.versions_text ?></dd>
<dt><?cs var:T.apidoc.once ?></dt><dd><?cs var:T.apidoc.once_text ?></dd>
<dt><?cs var:T.apidoc.events ?></dt><dd><?cs var:T.apidoc.events_text ?></dd>
<dt><?cs var:T.apidoc.limits ?></dt><dd><?cs var:T.apidoc.limits_text ?></dd></dl></section>
<?cs each:g = groups ?><section class="sec" id="<?cs var:g.name ?>" aria-labelledby="h-<?cs var:g.name ?>"><header><h2 id="h-<?cs var:g.name ?>"><?cs var:g.name ?></h2></header>
<?cs each:o = g.operations ?><article class="op" id="<?cs var:o.id ?>" aria-labelledby="t-<?cs var:o.id ?>"><h3 id="t-<?cs var:o.id ?>"><a href="#<?cs var:o.id ?>"><code><b><?cs var:o.method ?></b> <?cs var:o.path ?></code></a></h3>
<p lang="en"><?cs var:o.text ?><?cs if:o.public ?> <span class="st info"><?cs var:T.apidoc.public ?></span><?cs /if ?></p>
<details class="more"><summary><?cs var:T.apidoc.details ?><span class="sr"> <?cs var:o.method ?> <?cs var:o.path ?></span></summary>
<?cs call:rows(o.parameters, T.apidoc.parameters, "p-" + o.id) ?><?cs call:rows(o.body, T.apidoc.body, "b-" + o.id) ?>
<h4><?cs var:T.apidoc.answer ?></h4><p><?cs if:o.list ?><?cs var:T.apidoc.answer_list ?> <?cs /if ?><?cs if:o.out ?><a href="#type-<?cs var:o.out ?>"><code><?cs var:o.out ?></code></a><?cs else ?><?cs var:T.apidoc.answer_other ?><?cs /if ?>. <?cs var:T.apidoc.answer_error ?></p>
<pre tabindex="0"><code><?cs var:o.curl ?></code></pre></details></article>
<?cs /each ?></section>
<?cs /each ?><section class="sec" id="types" aria-labelledby="h-types"><header><h2 id="h-types"><?cs var:T.apidoc.types ?></h2></header>
<?cs each:t = types ?><article class="op" id="type-<?cs var:t.name ?>"><h3><code><?cs var:t.name ?></code></h3><dl class="kv"><?cs each:f = t.fields ?><dt><code><?cs var:f.name ?></code></dt><dd><code><?cs var:f.type ?></code><?cs if:f.text ?> <span class="small muted" lang="en"><?cs var:f.text ?></span><?cs /if ?></dd><?cs /each ?></dl></article>
<?cs /each ?></section>
</main>
</body></html>
