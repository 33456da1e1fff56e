<?cs def:badge(b_text) ?><b title="<?cs var:b_text ?>"><?cs var:b_text ?></b><?cs /def ?>
<?cs def:outer(o_text) ?><?cs call:badge(o_text) ?><?cs /def ?>
