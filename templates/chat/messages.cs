<?cs include!"lib/layout.cs" ?><?cs include!"chat/thread.cs" ?><?cs call:document_head("") ?><body class="bare frame">
<main id="main" class="thread"><h1 class="sr"><?cs var:T.chat.talk ?></h1><?cs call:chat_thread() ?></main>
</body>
</html>
