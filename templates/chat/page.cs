<?cs include!"lib/layout.cs" ?><?cs include!"chat/thread.cs" ?><?cs call:document_head("1") ?><body class="bare" data-events="/events?chat=<?cs var:chat.key ?>" data-after="<?cs var:Page.after ?>">
<?cs call:script_texts() ?>
<div class="widget-wrap">
<div class="widget">
<header><span class="av team k5" aria-hidden="true"><svg class="i"><use href="<?cs var:href(Page.static) ?>/icons.svg#chat"/></svg></span><div class="grow"><h1><?cs var:chat.tenant_name ?></h1><p><?cs var:chat.name ?></p></div></header>
<main id="main" class="thread with-script" tabindex="0" aria-label="<?cs var:T.chat.talk ?>"><?cs call:chat_thread() ?></main>
<noscript><iframe class="thread" src="/chat/<?cs var:chat.key ?>/messages" title="<?cs var:T.chat.talk ?>"></iframe></noscript>
<p id="typing" class="typing" role="status"></p>
<div id="flash" data-live="flash"></div>
<form id="composer" class="composer" method="post" action="<?cs var:href(chat.post_url) ?>" aria-label="<?cs var:T.chat.text ?>" enctype="multipart/form-data" data-swap="clear" novalidate>
<?cs call:csrf() ?><input type="hidden" name="token" value="<?cs var:token ?>">
<div id="problems-box" data-live="problems"><?cs call:problems() ?></div>
<div id="who" data-live="who"><?cs if:!visitor.known ?><div class="cols"><?cs call:field("name", T.chat.name, "text", "name", form.name, Error.name, "", "1") ?><?cs call:field("email", T.chat.email, "email", "email", form.email, Error.email, "", "1") ?></div><?cs /if ?></div>
<label class="sr" for="f-text"><?cs var:T.chat.text ?></label><textarea id="f-text" name="text" rows="1" maxlength="4000" placeholder="<?cs var:T.chat.placeholder ?>"<?cs if:Error.text ?> aria-invalid="true"<?cs /if ?>><?cs var:form.text ?></textarea>
<div class="attach"><label class="small" for="f-files"><?cs call:icon("clipe") ?> <?cs var:T.attach.files ?></label><input id="f-files" class="small" type="file" name="files" multiple aria-describedby="h-files"<?cs if:Error.files ?> aria-invalid="true"<?cs /if ?>><span class="sr" id="h-files"><?cs var:T.attach.limits ?></span></div>
<div class="bot"><span class="small faint"><?cs var:T.chat.made ?></span><span class="end"><button class="btn pri" data-send><?cs call:icon("enviar") ?><?cs var:T.chat.send ?></button></span></div>
</form>
</div>
</div>
</body>
</html>
