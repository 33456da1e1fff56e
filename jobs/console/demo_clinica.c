/* Clínica Bem-Viver: a small dental and physiotherapy practice. People and numbers are invented. */
#include "jobs/console/demo.h"

#define MIRELA "mirela@clinica.test"
#define ANA "ana@clinica.test"

static const struct demo_message iracema[] = {
	IN(4 D + 90, "Minha filha, perdi o papel da próxima sessão. Que dia é?"),
	OUT(4 D + 81, ANA, "Oi, dona Iracema! É segunda, às 14h, com a Camila. Quer que eu lembre na véspera?"),
	IN(4 D + 70, "Quero sim, Deus abençoe", .reaction = "🥰"),
	HAPPENED(4 D + 68, ANA, "resolved", NULL),
	END
};

static const struct demo_message yasmin[] = {
	IN(2 D + 45, "Vocês atendem convênio?"),
	OUT(2 D + 40, ANA, "Oi, Yasmin! Atendemos particular e damos recibo para reembolso. Posso ver se o seu plano reembolsa?"),
	IN(2 D + 38, "Pode deixar, eu vejo com eles. Obrigada!"),
	HAPPENED(2 D + 30, ANA, "resolved", NULL),
	END
};

static const struct demo_message marcos[] = {
	IN(1 D + 310, "Preciso remarcar a limpeza de amanhã, surgiu uma viagem."),
	OUT(1 D + 300, ANA, "Sem problema, Marcos. Tenho quinta às 8h ou sexta às 17h30.", .label = "horas"),
	IN(1 D + 288, "Sexta 17h30 👌", .reply = "horas"),
	OUT(1 D + 285, ANA, "Remarcado! Chegue 10 minutinhos antes para atualizar a ficha.", .status = "delivered"),
	HAPPENED(1 D + 284, ANA, "pending", NULL),
	END
};

static const struct demo_message livia[] = {
	IN(5 H, "Oi! Fiz a extração ontem e ainda está inchado. É normal?", .label = "inchado"),
	HAPPENED(4 H + 48, MIRELA, "taken", NULL),
	OUT(4 H + 46, MIRELA, "Oi, Lívia, aqui é a Mirela. Até o terceiro dia é esperado. Está com febre ou sangrando?", .reply = "inchado"),
	IN(4 H + 40, "Não, só inchado mesmo"),
	OUT(4 H + 37, MIRELA, "Ótimo. Compressa fria 15 minutos, três vezes ao dia, e me mande uma foto amanhã.", .reaction = "🙏"),
	NOTED(4 H + 30, MIRELA, "Ligar amanhã cedo se ela não escrever."),
	END
};

static const struct demo_message geraldo[] = {
	IN(1 H + 35, "Bom dia. Quero marcar avaliação do joelho."),
	IN(1 H + 34, "Tenho o exame aqui", .kind = "document", .file = { "document", "Ressonância joelho.pdf", "application/pdf", "wait", "test-pdf", 0, false }),
	END
};

static const struct demo_message helena[] = {
	IN(1 D + 30, "Quanto custa o clareamento?"),
	OUT(1 D + 22, ANA, "Oi, Helena! O de consultório é R$ 890 em até 4 vezes; a avaliação é cortesia."),
	IN(8, "Gostei! Tem horário sábado?"),
	END
};

static const struct demo_conversation conversations[] = {
	{ "WhatsApp Recepção", "whatsapp", "resolved", ANA, NULL, 0, { "Iracema Fonseca", "(31) 90000-0211", NULL, NULL, NULL, "Betim", NULL,
	    false, true, "qualified", ANA, NULL }, iracema },
	{ "Chat do site", "chat", "resolved", ANA, NULL, 0, { "Yasmin Couto", NULL, "yasmin.couto@correio.example", NULL, NULL, NULL, NULL,
	    false, false, NULL, NULL, NULL }, yasmin },
	{ "WhatsApp Recepção", "whatsapp", "pending", ANA, NULL, 0, { "Marcos Vinícius Teles", "(31) 90000-0223", "mv.teles@correio.example",
	    NULL, NULL, "Belo Horizonte", NULL, false, true, "qualified", ANA, NULL }, marcos },
	{ "WhatsApp Recepção", "whatsapp", "in_progress", MIRELA, NULL, 0, { "Lívia Maranhão", "(31) 90000-0235", NULL, NULL, NULL,
	    "Belo Horizonte", NULL, false, true, "qualified", MIRELA, NULL }, livia },
	{ "WhatsApp Recepção", "whatsapp", "open", NULL, NULL, 0, { "Geraldo Pimenta", "(31) 90000-0247", NULL, NULL, NULL, NULL, NULL,
	    false, false, NULL, NULL, NULL }, geraldo },
	{ "WhatsApp Recepção", "whatsapp", "in_progress", ANA, NULL, 0, { "Helena Brandão", "(31) 90000-0259", "helena.b@correio.example",
	    NULL, NULL, "Belo Horizonte", NULL, false, false, NULL, ANA, NULL }, helena },
	{ .connection = NULL }
};

static const struct demo_user users[] = {
	{ "Mirela Antunes", MIRELA, "admin", "all" },
	{ "Ana Beatriz", ANA, "agent", "team" },
	{ .name = NULL }
};
static const struct demo_team teams[] = { { .name = NULL } };
static const struct setup_connection connections[] = {
	{ .name = "WhatsApp Recepção", .channel = "whatsapp", .external_id = "100000000000002", .shown = "+55 31 90000-0002", .access_token = "balcao-demo-token" },
	{ .name = "Chat do site", .channel = "chat", .public_key = "chat-clinica-demo",
	    .greeting = "Olá! Aqui é a Clínica Bem-Viver. Como podemos ajudar?" },
	{ .name = NULL }
};
static const struct demo_notice notices[] = { { .user = NULL } };

const struct demo_tenant demo_clinica = { "Clínica Bem-Viver", "clinica", users, teams, connections, conversations, notices };
