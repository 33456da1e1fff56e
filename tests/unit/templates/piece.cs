<li id="<?cs var:id ?>"><?cs var:T.page.title ?> <b><?cs var:title ?></b><?cs each:g = tags ?><i><?cs var:g.name ?></i><?cs /each ?></li>
