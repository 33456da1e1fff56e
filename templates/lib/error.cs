<?cs include!"lib/layout.cs" ?><?cs call:bare_head() ?>
<div class="door fault">
<main id="main" tabindex="-1">
<div class="box wide">
<p class="wordmark"><svg aria-hidden="true"><use href="<?cs var:href(Page.static) ?>/icons.svg#marca"/></svg><?cs var:T.app.name ?></p>
<?cs if:status == "404" ?><svg class="tile digits" viewBox="0 0 320 96" aria-hidden="true"><path class="b" d="M0 0h32v32h-32z"/><path class="b" d="M0 32h32v32h-32z"/><path class="a" d="M32 32h32a32 32 0 0 1-32 32z"/><path class="b" d="M32 32h32v32h-32z"/><path class="a" d="M64 32v-32a32 32 0 0 1 32 32z"/><path class="b" d="M64 32h32v32h-32z"/><path class="b" d="M64 64h32v32h-32z"/><path class="b" d="M144 32h-32a32 32 0 0 1 32-32z"/><path class="b" d="M144 0h32v32h-32z"/><path class="b" d="M176 32v-32a32 32 0 0 1 32 32z"/><path class="b" d="M112 32h32v32h-32z"/><path class="b" d="M176 32h32v32h-32z"/><path class="c" d="M144 64v32a32 32 0 0 1-32-32z"/><path class="c" d="M144 64h32v32h-32z"/><path class="b" d="M176 64h32a32 32 0 0 1-32 32z"/><path class="b" d="M224 0h32v32h-32z"/><path class="b" d="M224 32h32v32h-32z"/><path class="a" d="M256 32h32a32 32 0 0 1-32 32z"/><path class="b" d="M256 32h32v32h-32z"/><path class="a" d="M288 32v-32a32 32 0 0 1 32 32z"/><path class="b" d="M288 32h32v32h-32z"/><path class="b" d="M288 64h32v32h-32z"/></svg><?cs elif:status == "403" || status == "401" ?><?cs call:tile_lock() ?><?cs else ?><?cs call:tile() ?><?cs /if ?>
<div class="stack"><h1><?cs var:title ?></h1><p class="muted"><?cs var:text ?></p>
<p class="btns"><a class="btn pri" href="/"><?cs var:T.error.home ?></a><?cs if:status == "503" || status == "429" || status == "500" ?><a class="btn" href="<?cs var:href(Page.url) ?>"><?cs var:T.error.again ?></a><?cs /if ?></p>
<?cs if:request_id && request_id != "-" ?><p class="small faint"><?cs var:T.app.request ?> <code><?cs var:request_id ?></code></p><?cs /if ?></div>
</div>
</main>
</div>
<?cs call:bare_foot() ?>
