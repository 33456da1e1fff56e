#!/bin/sh
# Proves that each rule of scripts/check-templates fires, at the right line, and that good templates pass.
# Runs from the repo root; prints the failures and a count.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/t/lang" "$dir/t/sub"
cases=0
failed=0

texts() # pt_BR and en, the same unless a case says otherwise
{
	printf 'T {\n  a = Um\n  b {\n    c = Dois {0}\n  }\n}\n' >"$dir/t/lang/pt_BR.hdf"
	printf 'T {\n  a = One\n  b {\n    c = Two {0}\n  }\n}\n' >"$dir/t/lang/en.hdf"
}

bad()
{
	failed=$((failed + 1))
	printf 'case %d, %s\n' "$cases" "$1"
	sed 's/^/    /' "$dir/out"
}

# refuse FILE:LINE MESSAGE: the linter must end with 1 and print exactly this one fault.
refuse()
{
	cases=$((cases + 1))
	if scripts/check-templates "$dir/t" >"$dir/out" 2>&1; then
		bad "passed, but wanted: $1: $2"
	elif [ "$(cat "$dir/out")" != "$dir/t/$1: $2" ]; then
		bad "wanted: $dir/t/$1: $2"
	fi
}

pass()
{
	cases=$((cases + 1))
	scripts/check-templates "$dir/t" >"$dir/out" 2>&1 || bad "refused, but is good"
}

# no MESSAGE TEMPLATE: the template, after one line of its own, is refused at line 2.
no()
{
	printf 'first line\n%s\n' "$2" >"$dir/t/sub/x.cs"
	refuse "sub/x.cs:2" "$1"
}

yes()
{
	printf 'first line\n%s\n' "$1" >"$dir/t/sub/x.cs"
	pass
}

texts
# Commands.
no 'alt: is forbidden' '<?cs alt:x ?>'
no '/alt: is forbidden' '<?cs /alt ?>'
no 'name: is forbidden' '<?cs name:x ?>'
no 'uvar: is forbidden' '<?cs uvar:x ?>'
no 'uvar: is forbidden' '<?CS UVAR:x ?>'
no 'uvar: is forbidden' '<?cs uvar!x ?>'
no 'uvar: is forbidden' '<p title="<?cs uvar:x ?>">'
no 'uvar: is forbidden' '<!-- <?cs uvar:x ?> -->'
no 'lvar: is forbidden' '<?cs lvar:x ?>'
no 'evar: is forbidden' '<?cs evar:x ?>'
no 'escape: is forbidden' '<?cs escape:"js" ?>'
no '/escape: is forbidden' '<?cs /escape ?>'
no 'linclude: is forbidden' '<?cs linclude:"x.cs" ?>'
no 'linclude: is forbidden' '<?cs linclude!"x.cs" ?>'
no 'include: must be include!' '<?cs include:"x.cs" ?>'
no 'include! takes one name in quotes' '<?cs include!x ?>'
no 'unknown command: vra' '<?cs vra:x ?>'
no 'var must be followed by :' '<?cs var x ?>'
no '<?cs without ?>' '<?cs var:x'
no 'only <?cs commands are known' '<?php x ?>'
no 'set: is for names that start with tmp_ only' '<?cs set:x = y ?>'
no 'set: is for names that start with tmp_ only' '<?cs set:it.tmp_x = y ?>'
no 'set: is for names that start with tmp_ only' '<?cs set:tmp_x.y = y ?>'
no 'each: must not name its alias tmp_' '<?cs each:tmp_x = y ?><?cs /each ?>'
no 'with: must not name its alias tmp_' '<?cs with:tmp_x = y ?><?cs /with ?>'
no 'def: must not name a parameter tmp_' '<?cs def:m(a, tmp_b) ?><?cs /def ?>'
no '+ beside a function call may leave the other part unescaped' '<?cs var:len(x) + y ?>'
no '+ beside a function call may leave the other part unescaped' '<?cs var:y + string.slice(x, 0, 1) ?>'
no '+ beside a function call may leave the other part unescaped' '<?cs var:(len(x) + y) ?>'
no 'href() must be the whole expression of var:' '<?cs var:max(href(x), y) ?>'
no 'href() must be the whole expression of var:' '<?cs var:(href(x), y) ?>'
no 'href() must be the whole expression of var:' '<?cs var:a[href(x)] ?>'
no 'href() must be the whole expression of var:' '<?cs var:href(x).y ?>'
no 'piece() must be the whole expression of var:' '<?cs var:max(piece(x), y) ?>'
no 'piece() must be the whole expression of var:' '<?cs var:piece("1") ?>'
no 'piece() is no value of an attribute' '<p title="<?cs var:piece(x) ?>">'
# HTML.
no 'title= holds a command and is not quoted' '<p title=<?cs var:x ?>>'
no 'title= holds a command and is not quoted' '<p title=a<?cs var:x ?>>'
no 'var: inside a tag must stand in a quoted attribute value' '<p <?cs var:x ?>>'
no 'call: inside a tag must stand in a quoted attribute value' '<p <?cs call:m() ?>>'
no 'var: inside a tag must stand in a quoted attribute value' '<p data-<?cs var:x ?>>'
no 'a tag holds a stray =' '<p data-<?cs if:x ?>="y">'
no 'the name of a tag must not hold a command' '<h<?cs if:x ?>>'
no 'style= is forbidden: styles live in static/' '<p style="color:red">'
no 'style= is forbidden: styles live in static/' '<p STYLE=x>'
no 'onclick= is forbidden: scripts live in static/' '<p onclick="x()">'
no 'onclick= is forbidden: scripts live in static/' '<p title="a>b" onClick=x>'
no 'srcdoc= is forbidden: it is a page inside a value' '<iframe srcdoc="x">'
no '<script> without src is forbidden' '<script>x</script>'
no '<script> without src is forbidden' '<SCRIPT type="module">'
no '<style> is forbidden' '<style>'
no 'a form with method post needs <?cs call:csrf() ?>' '<form method="post"></form><?cs call:csrf() ?>'
no 'a form with method post needs <?cs call:csrf() ?>' '<form action="/x" METHOD=POST>'
no 'a form with method post needs <?cs call:csrf() ?>' '<form method="<?cs if:x ?>post<?cs /if ?>"></form>'
no 'a form with method post needs <?cs call:csrf() ?>' \
	'<form method="post"></form><form method="post"><?cs call:csrf() ?></form>'
no 'href= starts with a variable: use var:href(x)' '<a href="<?cs var:x ?>">'
no 'src= starts with a variable: use var:href(x.y)' "<img src='<?cs var:x.y ?>'>"
no 'action= starts with a variable: use var:href(x)' '<form action="<?cs var:x ?>">'
no 'href= starts with a variable: use var:href(x)' \
	'<a href="<?cs if:y ?>/y<?cs else ?><?cs var:x ?><?cs /if ?>">'
no 'href= starts with a variable: use var:href(string.slice(x, 0, 9))' \
	'<a href="<?cs var:string.slice(x, 0, 9) ?>">'
no 'href= has a variable right after its first /: use var:href() on the whole path' \
	'<a href="/<?cs var:x ?>">'
no 'href= starts with a macro: use var:href()' '<a href="<?cs call:m() ?>">'
no 'href= must not hold a script or data URL' '<a href="JavaScript:x">'
no '<p has no end' '<p '
# Texts.
no 'T.none is not in lang/pt_BR.hdf
'"$dir"'/t/sub/x.cs:2: T.none is not in lang/en.hdf' '<?cs var:T.none ?>'
no 'T.b is not in lang/pt_BR.hdf
'"$dir"'/t/sub/x.cs:2: T.b is not in lang/en.hdf' '<?cs var:T.b ?>'
no 'T.none is not in lang/pt_BR.hdf
'"$dir"'/t/sub/x.cs:2: T.none is not in lang/en.hdf' '<p title="<?cs call:m(x, T.none) ?>">'

yes '<?cs include!"lib/layout.cs" ?><?cs def:m(a, b) ?><?cs var:a ?><?cs /def ?><?cs # uvar:x ?>'
yes '<?cs each:it = T.b ?><?cs var:it ?><?cs /each ?><?cs var:T.a ?><?cs var:T.b[it.kind] ?><?cs var:xT.no ?>'
yes '<a href="<?cs var:href(x) ?>" title="<?cs var:a + b ?>">1 < 2 && 3 <= 4</a>'
yes '<a href="/contacts/<?cs var:x ?>"></a><a href="?cursor=<?cs var:x ?>"></a><a href="#<?cs var:x ?>"></a>'
yes '<a href="/a<?cs if:x ?>/b<?cs else ?>/<?cs var:y ?><?cs /if ?>"></a>'
yes '<a href="<?cs var:href("/a/" + x) ?>"></a>'
yes '<input type="checkbox" <?cs if:x == "a>b" ?>checked<?cs /if ?> disabled><br/><img src="/a.svg" alt=""/>'
yes '<form method="post" action="/x"><?cs call:csrf() ?></form><form method="get"></form><form></form>'
yes '<script src="/static/app.js" type="module"></script><link rel="stylesheet" href="/static/base.css">'
yes '<?cs set:tmp_x = "T.none" ?><?cs loop:i = #1, #3, #1 ?><?cs /loop ?><?cs if:len(x) > #0 ?><?cs /if ?>'
rm "$dir/t/sub/x.cs"

# Text files.
printf '}\n' >>"$dir/t/lang/en.hdf"
refuse 'lang/en.hdf:7' 'a } too many: the parser would drop the rest'
texts
printf 'T {\n  d = Quatro\n}\n' >>"$dir/t/lang/pt_BR.hdf"
refuse 'lang/pt_BR.hdf:8' 'T.d is missing from en.hdf'
texts
printf 'T {\n  d = Four\n}\n' >>"$dir/t/lang/en.hdf"
refuse 'lang/en.hdf:8' 'T.d is missing from pt_BR.hdf'
texts
printf 'T {\n  a = Again\n}\n' >>"$dir/t/lang/en.hdf"
refuse 'lang/en.hdf:8' 'T.a stands twice (first in line 2)'
texts
printf 'T {\n' >>"$dir/t/lang/en.hdf"
refuse 'lang/en.hdf:7' 'a } is missing at the end'
texts
printf 'T { x = y }\n' >>"$dir/t/lang/en.hdf"
refuse 'lang/en.hdf:7' 'neither name = text, name { alone, nor }: T { x = y }'
texts
printf '#include "x.hdf"\n' >>"$dir/t/lang/en.hdf"
refuse 'lang/en.hdf:7' '#include is not for texts'
texts
printf 'S {\n}\n' >>"$dir/t/lang/en.hdf"
refuse 'lang/en.hdf:7' 'texts stand under T, not under S'
texts
sed 's/Dois {0}/Dois/' "$dir/t/lang/pt_BR.hdf" >"$dir/x" && cp "$dir/x" "$dir/t/lang/pt_BR.hdf"
refuse 'lang/pt_BR.hdf:4' 'T.b.c has {0} in one language only'
rm "$dir/t/lang/en.hdf"
refuse 'lang/en.hdf:1' 'missing'
texts
pass

printf 'check-templates: %d cases, %d failed\n' "$cases" "$failed"
[ "$failed" -eq 0 ]
