<?cs include!"layout.cs" ?><h1><?cs var:T.page.title ?></h1>
<ul><?cs each:it = items ?><li><?cs call:outer(it.name) ?> <?cs var:it.at.text ?></li><?cs /each ?></ul>
<p><?cs var:len(items) ?></p>
