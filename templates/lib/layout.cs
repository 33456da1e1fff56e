<?cs # What all pages share. Macros take values; their parameters begin with the macro's initials so that none hides a caller's name. ?><?cs if:#0 ?><?cs # never rendered: no blank lines from between the macros ?>
<?cs def:icon(i_name) ?><svg class="i" aria-hidden="true"><use href="<?cs var:href(Page.static) ?>/icons.svg#<?cs var:i_name ?>"/></svg><?cs /def ?>
<?cs def:icon_said(is_name, is_text) ?><svg class="i" role="img" aria-label="<?cs var:is_text ?>"><use href="<?cs var:href(Page.static) ?>/icons.svg#<?cs var:is_name ?>"/></svg><?cs /def ?>
<?cs def:csrf() ?><input type="hidden" name="csrf" value="<?cs var:Page.csrf ?>"><?cs /def ?>
<?cs # In a form that makes something: sent twice, it is done once ?>
<?cs def:once() ?><input type="hidden" name="once" value="<?cs var:Page.once ?>"><?cs /def ?>

<?cs # kind: person, company, group or team; size: "", sm or lg ?>
<?cs def:avatar(av_initials, av_color, av_kind, av_size) ?><span class="av<?cs if:av_kind == "company" || av_kind == "group" ?> co<?cs elif:av_kind == "team" ?> team<?cs /if ?> <?cs var:av_size ?> k<?cs if:av_color ?><?cs var:av_color ?><?cs else ?>0<?cs /if ?>" aria-hidden="true"><?cs var:av_initials ?></span><?cs /def ?>

<?cs def:channel_icon(ci_channel) ?><?cs if:ci_channel == "whatsapp" ?>whats<?cs elif:ci_channel == "instagram" ?>insta<?cs elif:ci_channel == "messenger" ?>messenger<?cs elif:ci_channel == "email" ?>email<?cs else ?>chat<?cs /if ?><?cs /def ?>
<?cs def:channel_color(cc_channel) ?><?cs if:cc_channel == "whatsapp" ?>k3<?cs elif:cc_channel == "instagram" ?>k7<?cs elif:cc_channel == "messenger" ?>k2<?cs elif:cc_channel == "email" ?>k1<?cs else ?>k8<?cs /if ?><?cs /def ?>
<?cs # The glyph with its name for those who do not see it; or glyph and text (empty: the channel's name) ?>
<?cs def:channel(ch_channel) ?><span class="ch <?cs call:channel_color(ch_channel) ?>"><svg class="i" role="img" aria-label="<?cs var:T.channel[ch_channel] ?>"><use href="<?cs var:href(Page.static) ?>/icons.svg#<?cs call:channel_icon(ch_channel) ?>"/></svg></span><?cs /def ?>
<?cs def:channel_named(cn_channel, cn_text) ?><span class="ch <?cs call:channel_color(cn_channel) ?>"><svg class="i" aria-hidden="true"><use href="<?cs var:href(Page.static) ?>/icons.svg#<?cs call:channel_icon(cn_channel) ?>"/></svg><?cs if:?cn_text ?><?cs var:cn_text ?><?cs else ?><?cs var:T.channel[cn_channel] ?><?cs /if ?></span><?cs /def ?>

<?cs # Status of a conversation, of a message ?>
<?cs def:status(st_status) ?><span class="st <?cs if:st_status == "open" ?>info<?cs elif:st_status == "in_progress" ?>ok<?cs elif:st_status == "pending" ?>warn<?cs elif:st_status == "spam" ?>bad<?cs else ?>off<?cs /if ?>"><svg class="i" aria-hidden="true"><use href="<?cs var:href(Page.static) ?>/icons.svg#<?cs if:st_status == "open" ?>conversas<?cs elif:st_status == "in_progress" ?>contatos<?cs elif:st_status == "pending" ?>espera<?cs elif:st_status == "resolved" ?>check<?cs elif:st_status == "archived" ?>arquivo<?cs else ?>alerta<?cs /if ?>"/></svg><?cs var:T.status[st_status] ?></span><?cs /def ?>
<?cs def:tick(tk_status) ?><?cs if:tk_status == "queued" ?><?cs call:icon("relogio") ?><?cs elif:tk_status == "sent" ?><?cs call:icon("check") ?><?cs else ?><?cs call:icon("checks") ?><?cs /if ?><span <?cs if:tk_status == "read" ?>class="read"<?cs /if ?>><?cs var:T.tick[tk_status] ?></span><?cs /def ?>

<?cs # An instant: short to look at, long on hovering; "ago" for ages ?>
<?cs def:time(ti_at) ?><time datetime="<?cs var:ti_at ?>" title="<?cs var:ti_at.long ?>"><?cs var:ti_at.text ?></time><?cs /def ?>
<?cs # Under a heading that names the day: the hour alone ?>
<?cs def:time_clock(tc_at) ?><time datetime="<?cs var:tc_at ?>" title="<?cs var:tc_at.long ?>"><?cs if:tc_at.clock ?><?cs var:tc_at.clock ?><?cs else ?><?cs var:tc_at.text ?><?cs /if ?></time><?cs /def ?>
<?cs def:time_ago(ta_at) ?><time datetime="<?cs var:ta_at ?>" title="<?cs var:ta_at.long ?>"><?cs var:ta_at.ago ?></time><?cs /def ?>

<?cs # A line of a definition list, when there is something to say ?>
<?cs def:fact(fa_label, fa_value) ?><?cs if:?fa_value ?><dt><?cs var:fa_label ?></dt><dd><?cs var:fa_value ?></dd><?cs /if ?><?cs /def ?>

<?cs # Errors of a refused form: a summary that gets the focus, and the message at its field ?>
<?cs def:problems() ?><?cs if:Errors.0.field ?><div class="problem" id="problems" role="alert" tabindex="-1" autofocus><h2><?cs var:T.form.problems ?></h2><ul><?cs each:pr_error = Errors ?><li><a href="#f-<?cs var:pr_error.field ?>"><?cs var:pr_error.text ?></a></li><?cs /each ?></ul></div><?cs elif:Page.error ?><div class="problem" id="problems" role="alert" tabindex="-1" autofocus><h2><?cs var:T.problem[Page.error].title ?></h2><p><?cs var:T.problem[Page.error].text ?></p></div><?cs /if ?><?cs /def ?>
<?cs def:error_text(et_name, et_text) ?><?cs if:et_text ?><p class="err" id="e-<?cs var:et_name ?>"><?cs call:icon("alerta") ?><?cs var:et_text ?></p><?cs /if ?><?cs /def ?>
<?cs # One input. type, autocomplete and hint as given; optional: 1 marks it so. ?>
<?cs def:field(fi_name, fi_label, fi_type, fi_auto, fi_value, fi_error, fi_hint, fi_optional) ?><div class="field<?cs if:fi_error ?> bad<?cs /if ?>"><label for="f-<?cs var:fi_name ?>"><?cs var:fi_label ?><?cs if:fi_optional ?> <span class="opt"><?cs var:T.app.optional ?></span><?cs /if ?></label><?cs if:fi_hint ?><p class="hint" id="h-<?cs var:fi_name ?>"><?cs var:fi_hint ?></p><?cs /if ?><?cs call:error_text(fi_name, fi_error) ?><input id="f-<?cs var:fi_name ?>" name="<?cs var:fi_name ?>" type="<?cs var:fi_type ?>" autocomplete="<?cs var:fi_auto ?>"<?cs if:?fi_value ?> value="<?cs var:fi_value ?>"<?cs /if ?><?cs if:!fi_optional ?> required<?cs /if ?><?cs if:fi_error ?> aria-invalid="true"<?cs /if ?><?cs if:fi_error && fi_hint ?> aria-describedby="e-<?cs var:fi_name ?> h-<?cs var:fi_name ?>"<?cs elif:fi_error ?> aria-describedby="e-<?cs var:fi_name ?>"<?cs elif:fi_hint ?> aria-describedby="h-<?cs var:fi_name ?>"<?cs /if ?>></div><?cs /def ?>
<?cs def:option(op_value, op_text, op_now) ?><option value="<?cs var:op_value ?>"<?cs if:op_value == op_now ?> selected<?cs /if ?>><?cs var:op_text ?></option><?cs /def ?>

<?cs def:flash() ?><div id="flash" data-live="flash"><?cs if:Page.flash.text ?><p class="flash <?cs var:Page.flash.kind ?>" role="<?cs if:Page.flash.kind == "bad" ?>alert<?cs else ?>status<?cs /if ?>"><?cs if:Page.flash.kind == "ok" ?><?cs call:icon("check") ?><?cs elif:Page.flash.kind == "info" ?><?cs call:icon("info") ?><?cs else ?><?cs call:icon("alerta") ?><?cs /if ?><span><?cs var:Page.flash.text ?></span><a class="btn sm quiet ico" href="<?cs var:href(Page.url) ?>" data-dismiss><?cs call:icon_said("x", T.app.close) ?></a></p><?cs /if ?></div><?cs /def ?>

<?cs # Our tile: art for empty places ?>
<?cs def:tile() ?><svg class="tile" viewBox="0 0 96 96" aria-hidden="true"><path class="d" d="M0 0h32v32H0zM64 0h32v32H64zM32 32h32v32H32zM0 64h32v32H0zM64 64h32v32H64z"/><path class="b" d="M0 0h32a32 32 0 0 1-32 32zM64 32V0a32 32 0 0 1 32 32zM96 64v32H64a32 32 0 0 1 32-32zM32 96H0V64a32 32 0 0 1 32 32z"/><path class="a" d="M32 0h32a32 32 0 0 1-32 32zM96 32v32H64a32 32 0 0 1 32-32zM64 96H32a32 32 0 0 1 32-32zM0 64V32a32 32 0 0 1 32 32z"/><path class="c" d="M48 32a16 16 0 0 1 0 32z"/></svg><?cs /def ?>
<?cs def:tile_search() ?><svg class="tile" viewBox="0 0 96 96" aria-hidden="true"><path class="a" d="M40 8a32 32 0 1 0 .1 0zm0 14a18 18 0 1 1-.1 0z" fill-rule="evenodd"/><path class="b" d="M62 54l30 30-10 10-30-30z"/><path class="c" d="M40 22a18 18 0 0 1 18 18H40z"/></svg><?cs /def ?>
<?cs def:tile_lock() ?><svg class="tile" viewBox="0 0 96 96" aria-hidden="true"><path class="b" d="M16 40h64v56H16z"/><path class="a" d="M28 40V28a20 20 0 0 1 40 0v12H58V28a10 10 0 0 0-20 0v12z"/><path class="c" d="M48 58a10 10 0 0 1 10 10H38a10 10 0 0 1 10-10z"/></svg><?cs /def ?>

<?cs def:document_head(dh_script) ?><!doctype html>
<html lang="<?cs var:Page.lang ?>" data-theme="<?cs var:Page.theme ?>">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title><?cs var:Page.title ?><?cs if:Page.tenant.name ?> · <?cs var:Page.tenant.name ?><?cs /if ?></title>
<link rel="stylesheet" href="<?cs var:href(Page.static) ?>/base.css">
<link rel="icon" href="<?cs var:href(Page.static) ?>/icon.svg" type="image/svg+xml">
<?cs if:dh_script ?><script src="<?cs var:href(Page.static) ?>/app.js" type="module"></script>
<?cs /if ?></head>
<?cs /def ?>
<?cs # What the script may have to say, in the reader's language ?>
<?cs def:script_texts() ?><div id="texts" hidden data-offline="<?cs var:T.js.offline ?>" data-reload="<?cs var:T.js.reload ?>" data-typing="<?cs var:T.js.typing ?>" data-looking="<?cs var:T.together.looking ?>" data-unsent="<?cs var:T.js.unsent ?>" data-expired="<?cs var:T.js.expired ?>" data-login="<?cs var:T.js.login ?>"></div><?cs /def ?>

<?cs def:nav_link(nl_url, nl_icon, nl_text, nl_key, nl_current, nl_count, nl_said) ?><a href="<?cs var:href(nl_url) ?>" data-go="<?cs var:nl_key ?>"<?cs if:nl_current ?> aria-current="page"<?cs /if ?>><?cs call:icon(nl_icon) ?><?cs var:nl_text ?><?cs if:nl_count ?><span class="count"><?cs var:nl_count ?><span class="sr"> <?cs var:nl_said ?></span></span><?cs /if ?></a><?cs /def ?>

<?cs # section: conversations, contacts, notifications, account. fix: 1 for pages of panes that scroll by themselves. ?>
<?cs def:page_head(ph_section, ph_fix) ?><?cs call:document_head("1") ?><body class="app<?cs if:ph_fix ?> fix<?cs /if ?>"<?cs if:Page.live && !Errors.0.field && !Page.error ?> data-events="/events<?cs if:stream ?>?conversation=<?cs var:stream ?><?cs /if ?>" data-after="<?cs var:Page.after ?>" data-user="<?cs var:Page.user.id ?>"<?cs /if ?>>
<a class="skip" href="#main"><?cs var:T.app.skip ?></a>
<nav class="rail" aria-label="<?cs var:T.app.main ?>">
<a class="brand" href="/"><svg role="img" aria-label="<?cs var:T.app.home ?>"><use href="<?cs var:href(Page.static) ?>/icons.svg#marca"/></svg></a>
<ul id="rail-counts" data-live="rail">
<?cs if:Page.nav.conversations ?><li class="m"><?cs call:nav_link("/conversations", "conversas", T.nav.conversations, "c", ph_section == "conversations", Page.waiting, T.app.waiting) ?></li><?cs /if ?>
<?cs if:Page.nav.pipeline ?><li class="m"><?cs call:nav_link("/pipelines", "funil", T.nav.pipeline, "f", ph_section == "pipeline", "", "") ?></li><?cs /if ?>
<?cs if:Page.nav.contacts ?><li class="m"><?cs call:nav_link("/contacts", "contatos", T.nav.contacts, "k", ph_section == "contacts", "", "") ?></li><?cs elif:Page.nav.leads ?><li class="m"><?cs call:nav_link("/leads", "contatos", T.nav.leads, "k", ph_section == "contacts", "", "") ?></li><?cs /if ?>
<?cs if:Page.nav.notifications ?><li class="m only-s"><?cs call:nav_link("/notifications", "avisos", T.nav.notifications, "", ph_section == "notifications", Page.notices, T.app.unread) ?></li><?cs /if ?>
<li class="m only-s"><button type="button" popovertarget="menu"<?cs if:ph_section == "account" ?> aria-current="true"<?cs /if ?>><?cs call:icon("menu") ?><?cs var:T.app.menu ?></button></li>
</ul>
<ul id="rail-foot" data-live="rail">
<?cs if:Page.nav.search ?><li><?cs call:nav_link("/search", "busca", T.nav.search, "", ph_section == "search", "", "") ?></li><?cs /if ?>
<?cs if:Page.nav.notifications ?><li><?cs call:nav_link("/notifications", "avisos", T.nav.notifications, "v", ph_section == "notifications", Page.notices, T.app.unread) ?></li><?cs /if ?>
<?cs if:Page.nav.settings ?><li><?cs call:nav_link("/settings", "ajustes", T.nav.settings, "", ph_section == "settings", "", "") ?></li><?cs /if ?>
<li><button type="button" popovertarget="menu"<?cs if:ph_section == "account" ?> aria-current="true"<?cs /if ?>><?cs call:avatar(Page.user.initials, Page.user.color, "team", "") ?><span><span class="sr"><?cs var:T.app.account_of ?> </span><?cs var:Page.user.first ?></span></button></li>
</ul>
</nav>
<div id="menu" popover role="dialog" aria-label="<?cs var:T.app.menu_title ?>">
<p class="who pad"><?cs call:avatar(Page.user.initials, Page.user.color, "team", "") ?><span><b><?cs var:Page.user.name ?></b><small><?cs var:Page.tenant.name ?> · <?cs var:Page.user.role_text ?></small></span></p>
<?cs if:Page.user.presence ?><form class="list" method="post" action="/presence"><?cs call:csrf() ?><?cs if:!Errors.0.field && !Page.error ?><input type="hidden" name="next" value="<?cs var:Page.url ?>"><?cs /if ?>
<p class="pad small"><span class="st <?cs if:Page.user.presence == "online" ?>ok<?cs else ?>warn<?cs /if ?>"><?cs if:Page.user.presence == "online" ?><?cs call:icon("check") ?><?cs else ?><?cs call:icon("relogio") ?><?cs /if ?><?cs var:T.team.presence[Page.user.presence] ?></span></p>
<button name="presence" value="<?cs if:Page.user.presence == "online" ?>away<?cs else ?>online<?cs /if ?>"><?cs call:icon("relogio") ?><?cs if:Page.user.presence == "online" ?><?cs var:T.team.go_away ?><?cs else ?><?cs var:T.team.go_online ?><?cs /if ?></button>
</form><?cs /if ?>
<form class="list" method="post" action="/logout"><?cs call:csrf() ?>
<a href="/account"><?cs call:icon("contatos") ?><?cs var:T.nav.account ?></a>
<?cs if:Page.nav.settings ?><a href="/settings"><?cs call:icon("ajustes") ?><?cs var:T.nav.settings ?></a><?cs /if ?>
<?cs if:Page.perm.conversation_reply ?><a href="/quick-replies"><?cs call:icon("raio") ?><?cs var:T.quick.title ?></a><a href="/scheduled"><?cs call:icon("relogio") ?><?cs var:T.later.title ?></a><?cs /if ?>
<button type="button" popovertarget="keys" data-script><?cs call:icon("info") ?><?cs var:T.app.keys ?></button>
<button><?cs call:icon("sair") ?><?cs var:T.app.logout ?></button>
</form>
</div>
<div id="keys" popover role="dialog" class="form" aria-label="<?cs var:T.keys.title ?>">
<h2><?cs var:T.keys.title ?></h2>
<dl class="kv keys"><dt><kbd>/</kbd></dt><dd><?cs var:T.keys.search ?></dd><dt><kbd>j</kbd> <kbd>k</kbd></dt><dd><?cs var:T.keys.next ?></dd><dt><kbd>Enter</kbd></dt><dd><?cs var:T.keys.open ?></dd><dt><kbd>r</kbd></dt><dd><?cs var:T.keys.reply ?></dd><dt><kbd>n</kbd></dt><dd><?cs var:T.keys.note ?></dd><dt><kbd>Ctrl</kbd> <kbd>Enter</kbd></dt><dd><?cs var:T.keys.send ?></dd><dt><kbd>e</kbd></dt><dd><?cs var:T.keys.resolve ?></dd><dt><kbd>Esc</kbd></dt><dd><?cs var:T.keys.back ?></dd><dt><kbd>g</kbd> <kbd>c</kbd> <kbd>f</kbd> <kbd>k</kbd> <kbd>v</kbd></dt><dd><?cs var:T.keys.go ?></dd><dt><kbd>x</kbd></dt><dd><?cs var:T.pipeline.key_pick ?></dd><dt><kbd>[</kbd> <kbd>]</kbd></dt><dd><?cs var:T.pipeline.key_move ?></dd><dt><kbd>?</kbd></dt><dd><?cs var:T.keys.help ?></dd></dl>
<label class="pick"><input type="checkbox" id="keys-off"><?cs var:T.keys.off ?></label>
</div>
<?cs call:script_texts() ?>
<main id="main" class="main" tabindex="-1">
<?cs call:flash() ?>
<?cs /def ?>
<?cs def:page_foot() ?></main>
</body>
</html>
<?cs /def ?>

<?cs # Pages without the rail: login, errors ?>
<?cs def:bare_head() ?><?cs call:document_head("") ?><body class="bare">
<?cs /def ?>
<?cs def:bare_foot() ?></body>
</html>
<?cs /def ?>
<?cs /if ?>