#include "jobs/console/demo.h"

#include <stdio.h>

#include "jobs/console/console.h"
#include "model/demo_board.h"

static const char password[] = "balcao-demo", super_email[] = "super@balcao.test";

static enum err people(struct ctx *cx, const struct demo_tenant *t)
{
	for (const struct demo_user *u = t->users; u->name != NULL; u++)
		TRY(setup_user_add(cx, u->name, u->email, u->role, u->scope, password));
	for (const struct demo_team *m = t->teams; m->name != NULL; m++) {
		TRY(setup_team_add(cx, m->name, m->description));
		for (size_t i = 0; i < nitems(m->members) && m->members[i] != NULL; i++)
			TRY(setup_team_join(cx, m->name, m->members[i]));
	}
	return OK;
}

static enum err load(struct console *c, void *p)
{
	const struct demo_tenant *t = p;
	struct ctx *cx = &c->cx;
	const char *ids[64], *id;
	int n = 0;

	TRY(setup_tenant_add(cx, t->name, t->slug, "America/Sao_Paulo", "pt_BR"));
	TRY(people(cx, t));
	for (const struct setup_connection *k = t->connections; k->name != NULL; k++)
		TRY(setup_connection_add(cx, c->ring, k, &id));
	for (; t->conversations[n].connection != NULL && n < (int)nitems(ids); n++)
		TRY(demo_conversation_add(cx, &t->conversations[n], n, &ids[n]));
	for (const struct demo_notice *x = t->notices; x->user != NULL; x++)
		TRY(demo_notification_add(cx, ids[x->conversation], x->user, x->kind, x->actor, x->ago));
	return OK;
}

static enum err exists(struct console *c, void *p)
{
	const struct demo_tenant *t = p;

	return setup_enter(&c->cx, t->slug);
}

/* A step of its own, so that tenants made before there were boards get one. */
static enum err board(struct console *c, void *p)
{
	const struct demo_board *b = p;

	TRY(setup_enter(&c->cx, b->slug));
	return demo_board_add(&c->cx, b);
}

static enum err super(struct console *c, void *p)
{
	bool known;

	(void)p;
	TRY(setup_enter(&c->cx, "platform"));
	TRY(setup_user_known(&c->cx, super_email, &known));
	return known ? OK : setup_user_add(&c->cx, "Suporte Balcão", super_email, "super", "all", password);
}

static enum err find_own(struct console *c, void *p)
{
	const char **id = p;

	TRY(setup_enter(&c->cx, demo_marcenaria.slug));
	return setup_connection_find(&c->cx, "WhatsApp Obra", id);
}

static void show(const struct demo_tenant *t)
{
	printf("%s\n", t->name);
	for (const struct demo_user *u = t->users; u->name != NULL; u++)
		printf("  %-24s %s (%s)\n", u->email, u->name, u->role);
	for (const struct setup_connection *k = t->connections; k->name != NULL; k++)
		if (k->public_key != NULL)
			printf("  /chat/%s\n", k->public_key);
}

enum err console_demo(struct console *c)
{
	const struct demo_tenant *all[] = { &demo_marcenaria, &demo_clinica };
	const char *own = NULL;

	for (size_t i = 0; i < nitems(all); i++) {
		struct demo_tenant t = *all[i];
		enum err e = console_unit(c, exists, &t);

		if (e == E_NOTFOUND) {
			e = console_unit(c, load, &t);
			/* Two at once: the other one made it. */
			if (e == E_CONFLICT)
				e = console_unit(c, exists, &t);
		}
		TRY(e);
	}
	for (const struct demo_board *b = demo_boards; b->slug != NULL; b++) {
		struct demo_board one = *b;

		TRY(console_unit(c, board, &one));
	}
	TRY(console_unit(c, super, NULL));
	TRY(console_unit(c, find_own, &own));
	printf("Demo: the password of everybody is %s\n", password);
	show(&demo_marcenaria);
	if (own != NULL)
		printf("  /hooks/whatsapp/%s (WhatsApp Obra, its own Meta app)\n", own);
	show(&demo_clinica);
	printf("Platform\n  %-24s Suporte Balcão (super)\n", super_email);
	return OK;
}
