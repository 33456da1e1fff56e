<?cs include!"layout.cs" ?><p title="<?cs var:v ?>" data-v='<?cs var:v ?>'><?cs var:v ?></p>
<?cs call:outer(v) ?><?cs with:w = v ?><i title="<?cs var:w ?>"><?cs var:w ?></i><?cs /with ?>
<?cs each:it = list ?><u title="<?cs var:it ?>"><?cs var:it ?></u><?cs /each ?>
<?cs set:tmp_v = v ?><s title="<?cs var:tmp_v ?>"><?cs var:tmp_v ?></s>
<a href="<?cs var:href(v) ?>"><?cs var:string.slice(v, 0, 9) ?></a>
