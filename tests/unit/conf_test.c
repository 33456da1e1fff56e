#include "lib/base/conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

struct settings {
	const char *db, *share, *key;
	int64_t number;
	bool flag;
};

static const struct conf_row rows[] = {
	{ "BALCAO_DB", CONF_STR, offsetof(struct settings, db), NULL, true, "where the database is" },
	{ "BALCAO_SHARE", CONF_STR, offsetof(struct settings, share), "/usr/share/balcao", false,
	    "templates" },
	{ "BALCAO_SEAL_KEYS", CONF_SECRET, offsetof(struct settings, key), NULL, false, "master keys" },
	{ "BALCAO_T_NUMBER", CONF_INT, offsetof(struct settings, number), "7", false, "a number" },
	{ "BALCAO_T_FLAG", CONF_BOOL, offsetof(struct settings, flag), "false", false, "a flag" },
	{ 0 }
};

struct run {
	struct settings got;
	bool ok;
};

static void load(void *p)
{
	struct run *r = p;

	r->ok = conf_load(rows, &r->got);
}

/* Loads with the given file text (NULL: none) and returns what was printed; r has the rest. */
static char *run(const char *file, struct run *r)
{
	char path[] = "/tmp/balcao-conf-XXXXXX";
	char *said;

	*r = (struct run){ .ok = false };
	unsetenv("BALCAO_CONF");
	if (file != NULL) {
		int fd = mkstemp(path);

		CU_ASSERT_FATAL(fd >= 0);
		CU_ASSERT_EQUAL(write(fd, file, strlen(file)), (ssize_t)strlen(file));
		close(fd);
		setenv("BALCAO_CONF", path, 1);
	}
	said = unit_capture(STDERR_FILENO, load, r);
	if (file != NULL)
		unlink(path);
	unsetenv("BALCAO_CONF");
	return said;
}

static void clear(void)
{
	for (const struct conf_row *row = rows; row->name != NULL; row++)
		unsetenv(row->name);
}

static void the_later_wins(void)
{
	struct run r;

	clear();
	free(run("BALCAO_DB=dbname=balcao\nBALCAO_T_NUMBER=8\n", &r));
	CU_ASSERT(r.ok);
	IS_STR("file", r.got.db, "dbname=balcao");
	IS_STR("default", r.got.share, "/usr/share/balcao");
	IS_STR("no default", r.got.key, NULL);
	IS_INT("number", r.got.number, 8);
	setenv("BALCAO_T_NUMBER", "-9", 1);
	setenv("BALCAO_T_FLAG", "on", 1);
	setenv("BALCAO_DB", "other", 1);
	free(run("BALCAO_DB=dbname=balcao\nBALCAO_T_NUMBER=8\n", &r));
	CU_ASSERT(r.ok);
	IS_STR("environment", r.got.db, "other");
	IS_INT("environment", r.got.number, -9);
	CU_ASSERT(r.got.flag);
	setenv("BALCAO_T_NUMBER", "", 1);
	free(run("BALCAO_T_NUMBER=8\n", &r));
	IS_INT("an empty value is the default", r.got.number, 7);
	clear();
}

static void the_syntax_of_the_file(void)
{
	struct run r;

	clear();
	free(run("# comment\n\n  \t\r\n  BALCAO_DB = x\n", &r));
	CU_ASSERT_FALSE(r.ok); /* a blank before the '=' */
	free(run("# comment\r\n\n  BALCAO_DB= host=/run user=a # b \r\nPATH=/bin\n"
	    "BALCAO_SHARE=\" a \\\"b\\\" \\\\ c\\d \"  # e\n", &r));
	CU_ASSERT(r.ok);
	IS_STR("bare", r.got.db, "host=/run user=a # b");
	IS_STR("quoted", r.got.share, " a \"b\" \\ c\\d ");
	free(run("BALCAO_DB=\"\"\n", &r));
	CU_ASSERT_FALSE(r.ok);
	free(run("BALCAO_DB=no line end", &r));
	IS_STR("last line", r.got.db, "no line end");
}

static void every_fault_is_told(void)
{
	struct run r;
	char *said;

	clear();
	said = run("BALCAO_DBB=x\nnonsense\nBALCAO_SHARE=\"x\nBALCAO_FILES=/srv\nBALCAO_CONF=y\n"
	    "BALCAO_T_NUMBER=segredo\nBALCAO_T_FLAG=maybe\n\xFF=1\n", &r);
	CU_ASSERT_FALSE(r.ok);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, ":1: unknown setting BALCAO_DBB\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, ":2: want NAME=value\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, ":3: a quoted value does not end\n"));
	CU_ASSERT_PTR_NULL(strstr(said, ":4:")); /* known, though not to this program */
	CU_ASSERT_PTR_NOT_NULL(strstr(said, ":5: BALCAO_CONF"));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, ":8: not UTF-8"));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "BALCAO_DB is needed: where the database is\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "BALCAO_T_NUMBER must be a number\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "BALCAO_T_FLAG must be true or false\n"));
	CU_ASSERT_PTR_NULL(strstr(said, "segredo"));
	free(said);
}

static void a_file_that_cannot_be_read(void)
{
	struct run r = { .ok = true };
	char *said;

	clear();
	setenv("BALCAO_DB", "x", 1);
	setenv("BALCAO_CONF", "/nonexistent/balcao.conf", 1);
	said = unit_capture(STDERR_FILENO, load, &r);
	CU_ASSERT_FALSE(r.ok);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "/nonexistent/balcao.conf: "));
	free(said);
	setenv("BALCAO_CONF", "/tmp", 1);
	said = unit_capture(STDERR_FILENO, load, &r);
	CU_ASSERT_FALSE(r.ok);
	free(said);
	setenv("BALCAO_CONF", "", 1);
	load(&r);
	CU_ASSERT(r.ok);
	unsetenv("BALCAO_CONF");
	clear();
}

static void known_names_are_sorted(void)
{
	CU_ASSERT_FATAL(conf_known_names[0] != NULL);
	for (const char *const *k = conf_known_names; k[1] != NULL; k++)
		IS_TRUE(*k, strcmp(k[0], k[1]) < 0);
}

static void help(void *p)
{
	static const struct conf_row secret[] = { { "BALCAO_X", CONF_SECRET, 0, "hunter2", false, "x" },
		{ 0 } };

	(void)p;
	conf_help(rows);
	conf_help(secret);
}

static void help_names_each_row_and_no_secret(void)
{
	char *said = unit_capture(STDOUT_FILENO, help, NULL);

	for (const struct conf_row *row = rows; row->name != NULL; row++) {
		IS_TRUE(row->name, strstr(said, row->name) != NULL);
		IS_TRUE(row->name, strstr(said, row->help) != NULL);
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "/usr/share/balcao"));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "***"));
	CU_ASSERT_PTR_NULL(strstr(said, "hunter2"));
	free(said);
}

CU_TestInfo conf_tests[] = {
	{ "default, file, environment", the_later_wins },
	{ "the syntax of the file", the_syntax_of_the_file },
	{ "every fault is told", every_fault_is_told },
	{ "a file that cannot be read", a_file_that_cannot_be_read },
	{ "known names are sorted", known_names_are_sorted },
	{ "help names each row and no secret", help_names_each_row_and_no_secret },
	CU_TEST_INFO_NULL
};
