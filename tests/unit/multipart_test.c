/* multipart_test.c: multipart/form-data as browsers and libraries write it, and as nobody may. */
#include <stdio.h>
#include <string.h>

#include "lib/http/http.h"
#include "tests/unit/unit.h"

#define TYPE "multipart/form-data; boundary=XX"
#define NAME(n) "Content-Disposition: form-data; name=\"" n "\"\r\n\r\n"
#define FILENAME(f) "Content-Disposition: form-data; name=\"files\"; filename=\"" f "\"\r\nContent-Type: text/plain\r\n\r\n"
#define END "\r\n--XX--\r\n"

static struct arena *mem;
static struct param *form;
static struct upload *files;
static const char *why;

static enum err parse(const char *type, const char *s, size_t n)
{
	if (mem != NULL)
		arena_free(mem);
	mem = arena_new();
	return multipart_parse(mem, type, s, n, &form, &files, &why);
}

static enum err body(const char *s)
{
	return parse(TYPE, s, strlen(s));
}

static void good(void)
{
	static const char two[] = "--XX\r\n" NAME("text") "Ol\xC3\xA1\r\nvoc\xC3\xAA" "\r\n--XX\r\n" NAME("empty") "\r\n--XX\r\n" FILENAME("a.txt") "\0\r\n--X\r\n-" "\r\n--XX\r\n"
	    FILENAME("") "\r\n--XX\r\n" NAME("text") "zwei" END;

	IS_INT("parses", parse(TYPE, two, sizeof(two) - 1), OK);
	IS_STR("name", form->name, "text");
	IS_STR("value", form->value, "Ol\xC3\xA1\r\nvoc\xC3\xAA");
	IS_STR("an empty value", form->next->value, "");
	IS_STR("the same name again", form->next->next->value, "zwei");
	IS_TRUE("no more values", form->next->next->next == NULL);
	IS_TRUE("one file: none was chosen in the other box", files != NULL && files->next == NULL);
	IS_STR("its field", files->field, "files");
	IS_STR("its name", files->name, "a.txt");
	IS_INT("bytes as they are, half delimiters among them", files->n, 9);
	IS_TRUE("the same", memcmp(files->p, "\0\r\n--X\r\n-", 9) == 0);
}

static void types(void)
{
	static const struct { const char *type, *boundary; enum err want; } t[] = {
		{ "multipart/form-data; boundary=abc", "abc", OK },
		{ "Multipart/Form-Data;Boundary=\"a b:c\"", "a b:c", OK },
		{ "multipart/form-data; charset=utf-8; boundary=----WebKitFormBoundaryA1", "----WebKitFormBoundaryA1", OK },
		{ "multipart/form-data", "", E_SYNTAX },
		{ "multipart/form-data; boundary=", "", E_SYNTAX },
		{ "multipart/form-data; boundary=\"\"", "", E_SYNTAX },
		{ "multipart/form-data; boundary=\"a ", "a ", E_SYNTAX },
		{ "multipart/form-data; boundary=\"a \"", "a ", E_SYNTAX },
		{ "multipart/form-data; boundary=a; boundary=a", "a", E_SYNTAX },
		{ "multipart/form-data; boundary=\"a;b\"", "a;b", E_SYNTAX },
		{ "multipart/form-data; boundary=\"\xC3\xA1\"", "\xC3\xA1", E_SYNTAX },
		{ "multipart/form-data; boundary=a b", "a", E_SYNTAX },
		{ "multipart/form-data; boundary=1234567890123456789012345678901234567890123456789012345678901234567890",
		    "1234567890123456789012345678901234567890123456789012345678901234567890", OK },
		{ "multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901",
		    "12345678901234567890123456789012345678901234567890123456789012345678901", E_SYNTAX },
	};

	for (size_t i = 0; i < nitems(t); i++) {
		char s[512];

		snprintf(s, sizeof(s), "--%s\r\n" NAME("x") "v\r\n--%s--", t[i].boundary, t[i].boundary);
		IS_INT(t[i].type, parse(t[i].type, s, strlen(s)), t[i].want);
		IS_TRUE(t[i].type, t[i].want == OK ? form != NULL && strcmp(form->value, "v") == 0 : form == NULL && why != NULL);
	}
}

static void refused(void)
{
	static const struct { const char *what, *s; } t[] = {
		{ "nothing", "" },
		{ "only the end", "--XX--\r\n" },
		{ "a preamble", "hi\r\n--XX\r\n" NAME("x") "v" END },
		{ "no line break after the boundary", "--XX" NAME("x") "v" END },
		{ "no end", "--XX\r\n" NAME("x") "v" },
		{ "no end, another part begun", "--XX\r\n" NAME("x") "v\r\n--XX\r\n" },
		{ "something after the boundary", "--XX\r\n" NAME("x") "v\r\n--XXX\r\n" NAME("y") "v" END },
		{ "blanks after the boundary", "--XX\r\n" NAME("x") "v\r\n--XX \r\n" NAME("y") "v" END },
		{ "an epilogue", "--XX\r\n" NAME("x") "v\r\n--XX--\r\nmore" },
		{ "no headers", "--XX\r\nv" END },
		{ "no disposition", "--XX\r\n\r\nv" END },
		{ "two dispositions", "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n" NAME("b") "v" END },
		{ "an attachment", "--XX\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nv" END },
		{ "no name", "--XX\r\nContent-Disposition: form-data\r\n\r\nv" END },
		{ "an empty name", "--XX\r\n" NAME("") "v" END },
		{ "two names", "--XX\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nv" END },
		{ "two filenames", "--XX\r\nContent-Disposition: form-data; name=a; filename=a; filename=b\r\n\r\nv" END },
		{ "a name that is no UTF-8", "--XX\r\n" NAME("\xE1") "v" END },
		{ "a name that is open", "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\nv" END },
		{ "parameters run together", "--XX\r\nContent-Disposition: form-data; name=\"a\"filename=\"b\"\r\n\r\nv" END },
		{ "a value that is no UTF-8", "--XX\r\n" NAME("a") "caf\xE9" END },
		{ "a folded header", "--XX\r\nContent-Disposition: form-data;\r\n name=\"a\"\r\n\r\nv" END },
		{ "a header without colon", "--XX\r\nnonsense\r\n" NAME("a") "v" END },
		{ "a bare line feed in a header", "--XX\r\nX-A: b\nX-C: d\r\n" NAME("a") "v" END },
		{ "base64", "--XX\r\nContent-Transfer-Encoding: base64\r\n" NAME("a") "dg==" END },
	};
	static const char nul[] = "--XX\r\n" NAME("a") "v\0w" END;

	for (size_t i = 0; i < nitems(t); i++) {
		IS_INT(t[i].what, body(t[i].s), E_SYNTAX);
		IS_TRUE(t[i].what, form == NULL && files == NULL && why != NULL);
	}
	IS_INT("NUL in a value", parse(TYPE, nul, sizeof(nul) - 1), E_SYNTAX);
}

static void names(void)
{
	static const struct { const char *given, *want; } t[] = {
		{ "filename=\"foto.png\"", "foto.png" },
		{ "filename=foto.png", "foto.png" },
		{ "filename=\"a%22b%0D%0A%25.png\"", "a\"b\n%25.png" },
		{ "filename=\"a\\\"b\\\\c.png\"", "c.png" },
		{ "filename=\"a\\\"b.png\"", "a\"b.png" },
		{ "filename=\"C:\\Users\\Ana\\nota.pdf\"", "nota.pdf" },
		{ "filename=\"../../etc/passwd\"", "passwd" },
		{ "filename=\"Or\xC3\xA7" "amento.pdf\"", "Or\xC3\xA7" "amento.pdf" },
		{ "filename=\"caf\xE9.pdf\"", "caf\xEF\xBF\xBD.pdf" },
		{ "filename=\"x.pdf\"; filename*=UTF-8''caf%C3%A9%20%2F%20b.pdf", " b.pdf" },
		{ "filename*=utf-8'pt-BR'caf%C3%A9.pdf", "caf\xC3\xA9.pdf" },
		{ "filename=\"alt.pdf\"; filename*=iso-8859-1''caf%E9.pdf", "alt.pdf" },
		{ "filename=\"a;b=c.txt\"", "a;b=c.txt" },
		{ "filename=\"\"", "" },
	};

	for (size_t i = 0; i < nitems(t); i++) {
		char s[400];

		snprintf(s, sizeof(s), "--XX\r\nContent-Disposition: form-data; name=\"files\"; %s\r\n\r\nbytes" END, t[i].given);
		IS_INT(t[i].given, body(s), OK);
		IS_STR(t[i].given, files != NULL ? files->name : NULL, t[i].want);
	}
}

/* A part n times over. */
static enum err many(const char *part, int n)
{
	struct buf b = { 0 };
	enum err e;

	for (int i = 0; i < n; i++)
		buf_fmt(&b, "%s--XX\r\n%s", i > 0 ? "\r\n" : "", part);
	buf_str(&b, END);
	e = parse(TYPE, b.p, b.n);
	buf_free(&b);
	return e;
}

static void limits(void)
{
	struct buf b = { 0 };

	IS_INT("200 parts", many(NAME("a") "v", 200), OK);
	IS_INT("201 parts", many(NAME("a") "v", 201), E_TOOBIG);
	IS_INT("20 files", many(FILENAME("a") "v", 20), OK);
	IS_INT("21 files", many(FILENAME("a") "v", 21), E_TOOBIG);
	for (size_t n = 65536; n <= 65537; n++) {
		buf_reset(&b);
		buf_str(&b, "--XX\r\n" NAME("a"));
		for (size_t i = 0; i < n; i++)
			buf_char(&b, 'x');
		buf_str(&b, END);
		IS_INT("a long value", parse(TYPE, b.p, b.n), n == 65536 ? OK : E_TOOBIG);
	}
	buf_reset(&b);
	buf_str(&b, "--XX\r\nX-Long: ");
	for (int i = 0; i < 5000; i++)
		buf_char(&b, 'x');
	buf_str(&b, "\r\n" NAME("a") "v" END);
	IS_INT("long headers", parse(TYPE, b.p, b.n), E_TOOBIG);
	buf_reset(&b);
	buf_str(&b, "--XX\r\n");
	for (int i = 0; i < 17; i++)
		buf_str(&b, "X-A: b\r\n");
	buf_str(&b, NAME("a") "v" END);
	IS_INT("many headers", parse(TYPE, b.p, b.n), E_TOOBIG);
	buf_reset(&b);
	buf_str(&b, "--XX\r\nContent-Disposition: form-data; name=\"");
	for (int i = 0; i < 101; i++)
		buf_char(&b, 'x');
	buf_str(&b, "\"\r\n\r\nv" END);
	IS_INT("a long name", parse(TYPE, b.p, b.n), E_SYNTAX);
	buf_free(&b);
	arena_free(mem);
	mem = NULL;
}

CU_TestInfo multipart_tests[] = {
	{ "values and files in their order, bytes as they are", good },
	{ "boundaries", types },
	{ "what is not as it must be is refused whole", refused },
	{ "names of files", names },
	{ "limits", limits },
	CU_TEST_INFO_NULL,
};
