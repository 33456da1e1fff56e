#include "model/demo_board.h"

#include <string.h>

#include "gen/sql_demo_board.h"

#define ROSANA "rosana@marcenaria.test"
#define DAVI "davi@marcenaria.test"
#define LUANA "luana@marcenaria.test"
#define MIRELA "mirela@clinica.test"
#define ANA "ana@clinica.test"
#define H(n) (n)
#define D(n) ((n) * 24)

static const struct demo_tag marcenaria_tags[] = {
	{ "Cozinha", 5 }, { "Comercial", 1 }, { "Closet", 8 }, { "Escola", 4 }, { "Construtora", 1 }, { "Prioridade", 6 }, { NULL, 0 }
};
static const struct demo_stage furniture_stages[] = {
	{ "Novo contato", 0, 10, 7 }, { "Medição agendada", 2, 25, 10 }, { "Projeto 3D", 1, 45, 14 }, { "Proposta enviada", 5, 60, 15 },
	{ "Aguardando aprovação da diretoria", 8, 80, 21 }, { "Fechado, a produzir", 3, 100, 0 }, { NULL, 0, 0, 0 }
};
static const struct demo_deal furniture[] = {
	{ 0, "Estante ripada", 680000, "Thiago Evangelista", LUANA, NULL, NO_DAY, NO_DAY, H(1), H(1), NULL, NULL, NULL, NULL, NULL },
	{ 0, "Balcão e mesas do salão", 2240000, "Hamburgueria Trem Bão", DAVI, "Ligar", 0, 20, H(5), D(1), "Comercial", NULL,
	    "O arquiteto pede a resposta até amanhã.", NULL, NULL },
	{ 0, "Painel de TV com nichos", 490000, "Beatriz Lacerda", LUANA, NULL, NO_DAY, NO_DAY, D(3), D(3), NULL, NULL, NULL, NULL, NULL },
	{ 0, "Mesa de reunião", 760000, "Contabilidade Raízes", DAVI, "Mandar e-mail", 1, NO_DAY, D(4), D(4), NULL, NULL, NULL, NULL, NULL },
	{ 1, "Closet do casal", 1590000, "Jéssica Tavares", LUANA, "Medir no apartamento", 2, 25, D(2), D(3), "Closet", NULL, NULL, NULL, NULL },
	{ 1, "Home office", 1140000, "Otávio Bittencourt", DAVI, "Ligação", -1, NO_DAY, D(6), D(8), NULL, NULL, NULL, NULL, NULL },
	{ 2, "Recepção e dois consultórios", 4620000, "Dra. Mirela Antunes", DAVI, "Entregar 3D", 4, 15, D(5), D(12), "Comercial", "Sorriso da Serra", NULL, NULL, NULL },
	{ 2, "Quarto infantil com beliche", 1240000, "Beatriz Lacerda", LUANA, "Revisar o projeto", 3, 30, D(8), D(15), NULL, NULL, NULL, NULL, NULL },
	{ 3, "Cozinha Belvedere", 3840000, "Patrícia Albuquerque Vasconcelos", LUANA, "Apresentar no showroom", 3, 4, H(2), D(1) + 8, "Cozinha", NULL,
	    "O fornecedor do quartzo sobe 8 % em dezembro. Se ela fechar até sexta, dá para segurar o preço.", NULL, NULL },
	{ 3, "Portaria e sala de encomendas", 3170000, "Condomínio Edifício Guimarães Rosa", DAVI, NULL, NO_DAY, NO_DAY, D(21), D(30), NULL, NULL, NULL, NULL, NULL },
	{ 3, "Mobiliário da sala de leitura", 2300000, "Escola Crescer & Aprender", LUANA, "Retorno da direção", 7, 12, D(4), D(11), "Escola", NULL, NULL, NULL, NULL },
	{ 4, "Doze apartamentos decorados", 18400000, "Construtora Pedra Azul", ROSANA, "Reunião com a diretoria", 9, 30, D(11), D(40), "Prioridade",
	    "Construtora Pedra Azul", "Contato na obra: engenheiro Raimundo.", NULL, NULL },
	{ 5, "Estações de trabalho", 1480000, "Contabilidade Raízes", DAVI, NULL, NO_DAY, NO_DAY, D(6), D(50), NULL, NULL, NULL, "won", NULL },
	{ 3, "Varanda gourmet", 2750000, "Renato Salgueiro", LUANA, NULL, NO_DAY, NO_DAY, D(9), D(25), NULL, NULL, NULL, "lost", "Escolheu outro fornecedor, pelo prazo" },
	{ .title = NULL }
};
static const struct demo_stage service_stages[] = {
	{ "Chegou", 6, 0, 3 }, { "Visita marcada", 2, 0, 7 }, { "Esperando peça", 5, 0, 20 }, { "Pronto", 3, 0, 0 }, { NULL, 0, 0, 0 }
};
static const struct demo_deal service[] = {
	{ 0, "Porta do armário descolou", 0, "Marlene da Conceição do Nascimento e Silva", DAVI, "Ver se está na garantia", 0, NO_DAY, H(2), H(2), "Prioridade", NULL, NULL, NULL, NULL },
	{ 0, "Seis cadeiras de palhinha", 0, "Dona Zefa", NULL, NULL, NO_DAY, NO_DAY, H(1), H(1), NULL, NULL, NULL, NULL, NULL },
	{ 2, "Corrediça da gaveta", 0, "Sônia Prates", LUANA, "Cobrar o fornecedor", -2, NO_DAY, D(9), D(16), NULL, NULL, NULL, NULL, NULL },
	{ .title = NULL }
};
static const struct demo_pipeline marcenaria[] = {
	{ "Móveis sob medida", "Do primeiro contato até a produção", true, furniture_stages, furniture },
	{ "Assistência técnica", "Garantia e consertos", false, service_stages, service },
	{ .name = NULL }
};

static const struct demo_reply marcenaria_replies[] = {
	{ "endereco", "Onde fica a loja", "Loja", "Ficamos na Rua Pitangui, 1180, Sagrada Família, Belo Horizonte. De segunda a sexta, das 8h às 18h; sábado, das 8h às 12h." },
	{ "prazo", "Prazo de entrega", "Vendas", "Depois do projeto aprovado, {primeiro_nome}, a produção leva de 30 a 45 dias e a montagem, de 1 a 3 dias." },
	{ "medicao", "Marcar a medição", "Vendas", "Posso passar aí para medir, {primeiro_nome}? Me diga o endereço e dois horários que sejam bons para você." },
	{ "sinal", "Como pagar", "Vendas", "Trabalhamos com 40 % de entrada e o restante na entrega, por Pix, boleto ou cartão em até 10 vezes." },
	{ "garantia", "Garantia", "Assistência", "A garantia da {empresa} é de 5 anos. Me manda uma foto do que aconteceu? Aqui é {atendente}, cuido disso para você." },
	{ NULL, NULL, NULL, NULL }
};

static const struct demo_tag clinica_tags[] = { { "Reembolso", 2 }, { "Retorno", 4 }, { NULL, 0 } };
static const struct demo_stage treatment_stages[] = {
	{ "Novo contato", 2, 10, 7 }, { "Avaliação marcada", 1, 40, 10 }, { "Orçamento entregue", 5, 60, 15 }, { "Tratamento aprovado", 3, 90, 30 }, { NULL, 0, 0, 0 }
};
static const struct demo_deal treatments[] = {
	{ 0, "Avaliação do joelho", 0, "Geraldo Pimenta", NULL, NULL, NO_DAY, NO_DAY, H(1), H(1), NULL, NULL, NULL, NULL, NULL },
	{ 1, "Clareamento de consultório", 89000, "Helena Brandão", ANA, "Oferecer horário de sábado", 0, 10, D(1), D(1), NULL, NULL, NULL, NULL, NULL },
	{ 2, "Implante e coroa", 640000, "Lívia Maranhão", MIRELA, "Ligar amanhã cedo", 1, 20, D(3), D(9), "Retorno", NULL, NULL, NULL, NULL },
	{ 3, "Dez sessões de fisioterapia", 120000, "Iracema Fonseca", ANA, "Confirmar a próxima sessão", -1, NO_DAY, D(4), D(30), "Reembolso", NULL, NULL, NULL, NULL },
	{ .title = NULL }
};
static const struct demo_pipeline clinica[] = {
	{ "Tratamentos", NULL, true, treatment_stages, treatments },
	{ .name = NULL }
};

static const struct demo_reply clinica_replies[] = {
	{ "horario", "Horário", NULL, "Atendemos de segunda a sexta, das 7h às 19h, e no sábado até as 12h. Qual horário é bom para você, {primeiro_nome}?" },
	{ "convenio", "Convênios", NULL, "Emitimos recibo para reembolso de todos os convênios, {primeiro_nome}." },
	{ NULL, NULL, NULL, NULL }
};

const struct demo_board demo_boards[] = {
	{ "marcenaria", marcenaria_tags, marcenaria, marcenaria_replies }, { "clinica", clinica_tags, clinica, clinica_replies }, { .slug = NULL }
};

static struct arg day(int in)
{
	return in == NO_DAY ? arg_text(NULL) : arg_i64(in);
}

static enum err happened(struct ctx *cx, const char *deal, const char *kind, const char *owner, const char *text, const char *data, int hours)
{
	return db_exec(cx, &sql_demo_deal_activity, NULL, ARGS(A(deal), A(kind), A(owner), A(text), A(data), A((int64_t)hours)));
}

static enum err history(struct ctx *cx, const struct demo_pipeline *p, const struct demo_deal *d, const char *id)
{
	const char *owner = d->owner, *none = NULL;

	if (owner == NULL)
		return OK;
	TRY(happened(cx, id, "created", owner, none, "{}", d->age_hours));
	if (d->stage > 0)
		TRY(happened(cx, id, "moved", owner, none,
		    arena_fmt(cx->arena, "{\"from\": \"%s\", \"to\": \"%s\"}", p->stages[d->stage - 1].name, p->stages[d->stage].name), d->stage_hours));
	if (d->note != NULL)
		TRY(happened(cx, id, "note", owner, d->note, none, d->stage_hours > 1 ? d->stage_hours / 2 : 0));
	if (d->status != NULL)
		TRY(happened(cx, id, d->status, owner, d->lost_reason, none, d->stage_hours));
	return OK;
}

static enum err deal_write(struct ctx *cx, const struct demo_pipeline *p, const char *pipeline, const struct demo_deal *d)
{
	const char *id, *none = NULL;

	TRY(db_text(cx, &sql_demo_deal_add, &id, ARGS(A(pipeline), A((int64_t)d->stage), A(d->title), A(d->value), A(d->contact), A(d->owner),
	    A(d->status != NULL ? d->status : "open"), A(d->lost_reason), day(d->due_in), A(d->next_step), day(d->next_in), A((int64_t)d->stage_hours),
	    A((int64_t)d->age_hours), A(d->company), A(none))));
	if (id == NULL)
		return fail(cx, E_INTERNAL, "demo: no stage for %s", d->title);
	if (d->tag != NULL) {
		TRY(db_exec(cx, &sql_demo_deal_tag, NULL, ARGS(A(id), A(d->tag))));
		TRY(db_exec(cx, &sql_demo_conversation_tag, NULL, ARGS(A(id), A(d->tag))));
		TRY(db_exec(cx, &sql_demo_contact_tag, NULL, ARGS(A(id), A(d->tag))));
	}
	return history(cx, p, d, id);
}

static const char *pipeline_json(struct ctx *cx, const struct demo_pipeline *p)
{
	struct buf b = { 0 };
	const char *out;

	buf_str(&b, "{\"name\":");
	buf_json(&b, p->name);
	buf_str(&b, ",\"description\":");
	buf_json(&b, p->description);
	buf_fmt(&b, ",\"money\":%s,\"stages\":[", p->money ? "true" : "false");
	for (const struct demo_stage *s = p->stages; s->name != NULL; s++) {
		buf_fmt(&b, "%s{\"color\":%d,\"chance\":%d,\"stale_days\":%d,\"name\":", s > p->stages ? "," : "", s->color, s->chance, s->stale_days);
		buf_json(&b, s->name);
		buf_char(&b, '}');
	}
	buf_str(&b, "]}");
	out = arena_str(cx->arena, b.p);
	buf_free(&b);
	return out;
}

/* The default pipeline that came with the tenant becomes the demo's first one. */
static enum err take_over(struct ctx *cx, const struct demo_pipeline *p, const char **id)
{
	TRY(db_text(cx, &sql_demo_pipeline_take, id, ARGS(A(p->name), A(p->description))));
	if (*id == NULL)
		return fail(cx, E_INTERNAL, "demo: no default pipeline");
	for (int i = 0; p->stages[i].name != NULL; i++) {
		const struct demo_stage *s = &p->stages[i];
		const char *stage;

		TRY(db_text(cx, &sql_demo_stage_find, &stage, ARGS(A(*id), A((int64_t)i))));
		if (stage != NULL)
			TRY(db_exec(cx, &sql_demo_stage_set, NULL, ARGS(A(stage), A(s->name), A((int64_t)s->color), A((int64_t)s->chance), A((int64_t)s->stale_days))));
		else
			TRY(db_exec(cx, &sql_demo_stage_add, NULL, ARGS(A(*id), A((int64_t)i), A(s->name), A((int64_t)s->color), A((int64_t)s->chance), A((int64_t)s->stale_days))));
	}
	return OK;
}

enum err demo_board_add(struct ctx *cx, const struct demo_board *b)
{
	const char *known, *id;

	TRY(db_text(cx, &sql_demo_board_known, &known, NOARGS));
	if (known != NULL)
		return OK;
	for (const struct demo_tag *t = b->tags; t->name != NULL; t++)
		TRY(db_exec(cx, &sql_demo_tag_add, NULL, ARGS(A(t->name), A((int64_t)t->color))));
	for (const struct demo_reply *r = b->replies; r->shortcut != NULL; r++)
		TRY(db_exec(cx, &sql_demo_reply_add, NULL, ARGS(A(r->shortcut), A(r->title), A(r->content), A(r->category))));
	for (const struct demo_pipeline *p = b->pipelines; p->name != NULL; p++) {
		if (p == b->pipelines)
			TRY(take_over(cx, p, &id));
		else
			TRY(db_text(cx, &sql_demo_pipeline_add, &id, ARGS(A(pipeline_json(cx, p)))));
		for (const struct demo_deal *d = p->deals; d->title != NULL; d++)
			TRY(deal_write(cx, p, id, d));
	}
	return OK;
}
