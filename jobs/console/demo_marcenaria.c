/* Marcenaria Ipê-Amarelo: made-to-measure furniture, Belo Horizonte. People and numbers are invented. */
#include "jobs/console/demo.h"

#define ROSANA "rosana@marcenaria.test"
#define DAVI "davi@marcenaria.test"
#define LUANA "luana@marcenaria.test"

static const struct demo_message raizes[] = {
	IN(6 D + 180, "Bom dia! As duas estações de trabalho chegaram certinho, obrigada."),
	OUT(6 D + 172, DAVI, "Que ótimo, Sônia! A nota fiscal vai junto com o boleto da segunda parcela, vencendo dia 30.", .label = "nf"),
	IN(6 D + 160, "Combinado. Pode mandar no e-mail do financeiro?", .reply = "nf"),
	OUT(6 D + 151, DAVI, "Mandei agora. Qualquer coisa é só chamar por aqui.", .reaction = "👍"),
	HAPPENED(6 D + 140, DAVI, "resolved", NULL),
	END
};

static const struct demo_message beatriz[] = {
	IN(5 D + 320, "Oi! Vocês fazem quarto infantil com cama no alto e mesa embaixo?"),
	HAPPENED(5 D + 311, LUANA, "taken", NULL),
	OUT(5 D + 310, LUANA, "Oi, Beatriz! Fazemos sim 😊 Qual é o pé-direito do quarto?"),
	IN(5 D + 300, "2,60 m. O quarto tem 2,8 por 3,1.", .label = "medida"),
	IN(5 D + 296, NULL, .kind = "image", .file = { "image", NULL, "image/jpeg", "gone", "demo-expired-1", 0, false }),
	OUT(5 D + 280, LUANA, "Cabe bem. Passo aí na quinta às 15h para medir, pode ser?", .reply = "medida"),
	IN(5 D + 275, "Pode! Rua Grão Mogol, 418, apto 302.", .reaction = "❤️"),
	HAPPENED(5 D + 270, LUANA, "resolved", NULL),
	END
};

static const struct demo_message spam[] = {
	IN(3 D + 95, "PARABÉNS! Seu número foi sorteado. Clique e receba o prêmio hoje mesmo: premio-relampago.example"),
	HAPPENED(3 D + 30, LUANA, "spam", NULL),
	END
};

static const struct demo_message guimaraes[] = {
	IN(4 D + 400, "Boa tarde, aqui é o Hélio, síndico do Guimarães Rosa. Precisamos refazer o balcão da portaria."),
	OUT(4 D + 380, DAVI, "Boa tarde, seu Hélio! Pode me mandar o endereço para eu agendar a visita?"),
	IN(4 D + 371, NULL, .kind = "location",
	    .payload = "{\"latitude\": -19.9386, \"longitude\": -43.9383, \"name\": \"Condomínio Edifício Guimarães Rosa\", "
	               "\"address\": \"Rua da Bahia, 2200, Belo Horizonte\"}"),
	OUT(4 D + 360, DAVI, "Visita marcada para amanhã, 9h30. Levo as amostras de laminado."),
	NOTED(3 D + 240, DAVI, "Portaria tem 4,20 m de frente. O conselho quer ver duas opções de preço antes da assembleia."),
	IN(2 D + 300, "Davi, a assembleia aprovou a verba da portaria! Falta só a cópia da ata, que sai na sexta.", .reaction = "🎉"),
	OUT(2 D + 290, DAVI, "Notícia boa! Assim que a ata chegar eu reservo a semana de montagem.", .status = "delivered"),
	HAPPENED(2 D + 289, DAVI, "pending", NULL),
	END
};

static const struct demo_message renato[] = {
	IN(2 D + 130, "Boa noite. Vocês atendem Nova Lima?"),
	OUT(2 D + 124, LUANA, "Boa noite, Renato! Atendemos sim, sem taxa de deslocamento até o Vila da Serra."),
	IN(2 D + 120, "Maravilha, vou falar com minha esposa e volto a chamar."),
	OUT(2 D + 118, LUANA, "Fico à disposição. Bom descanso!"),
	HAPPENED(2 D + 100, LUANA, "resolved", NULL),
	END
};

static const struct demo_message otavio[] = {
	IN(2 D + 60, "Vi o painel de TV no Instagram. Quanto fica um de 2,20 m?"),
	OUT(2 D + 48, DAVI, "Oi, Otávio! Nesse tamanho fica entre R$ 3,9 mil e R$ 5,2 mil, conforme o acabamento."),
	IN(2 D + 31, "Entendi. Prefiro conversar por telefone."),
	OUT(1 D + 200, DAVI, "Posso te ligar amanhã às 10h?", .status = "failed", .error_code = 131026,
	    .error = "Message undeliverable"),
	END
};

static const struct demo_message escola[] = {
	IN(3 D + 10, "Oi Luana, tudo bem? Os nichos da sala 4 ficam prontos quando?"),
	OUT(3 D + 2, LUANA, "Oi, Vânia! Estão na pintura, te dou a data hoje à tarde."),
	IN(1 D + 330, "E aí, alguma novidade?"),
	OUT(1 D + 318, LUANA, "Vânia, os 24 nichos ficam prontos na quinta.", .label = "data"),
	IN(1 D + 300, "Perfeito, vou avisar a zeladoria para receber.", .reply = "data", .reaction = "🙏"),
	OUT(1 D + 298, LUANA, "Combinado! A entrega é entre 8h e 10h."),
	END
};

static const struct demo_message jessica[] = {
	IN(1 D + 90, "Oi! Queria fazer um closet pequeno, 1,80 m por 2,40 m."),
	HAPPENED(1 D + 82, LUANA, "taken", NULL),
	OUT(1 D + 80, LUANA, "Oi, Jéssica! Dá para aproveitar muito bem esse espaço. Você prefere com portas ou aberto?"),
	IN(1 D + 61, "Aberto, com uma gaveta com chave"),
	IN(1 D + 55, "Queria algo parecido com este aqui", .kind = "image", .file = { "image", NULL, "image/jpeg", "wait", "test-jpeg", 0, false }),
	OUT(6 H + 20, LUANA, "Linda referência! Medição confirmada para terça às 9h.", .reaction = "👏"),
	IN(5 H + 48, "Confirmado! Vou deixar o porteiro avisado."),
	OUT(5 H + 40, LUANA, "Até terça, Jéssica.", .status = "delivered"),
	HAPPENED(5 H + 39, LUANA, "pending", NULL),
	END
};

static const struct demo_message pedra[] = {
	IN(1 D + 20, "Rosana, seguem os três apartamentos decorados: 101, 504 e a cobertura."),
	IN(1 D + 18, NULL, .kind = "video", .file = { "video", "tour-cobertura.mp4", "video/mp4", "too_large", "demo-large-1", 48234496, false }),
	OUT(1 D + 5, ROSANA, "Recebido, Raimundo! O vídeo veio grande demais para o WhatsApp da obra; consegue mandar as fotos da cobertura?"),
	IN(9 H, "Mando sim. E o orçamento dos três, sai esta semana?"),
	OUT(8 H + 30, ROSANA, "Sai até sexta: cozinha, banheiros e rouparia dos três, fechado em R$ 184 mil se for junto."),
	IN(5 H + 10, "Entendi, vou confirmar com a diretoria e te falo"),
	OUT(5 H, ROSANA, "Fico no aguardo. Obrigada!", .reaction = "👍"),
	END
};

static const struct demo_message mirela[] = {
	IN(2 D + 15, "Davi, a recepção da clínica precisa ficar pronta antes da reinauguração, dia 15."),
	OUT(2 D + 3, DAVI, "Dá tempo, doutora. Hoje mesmo reviso a proposta com o tampo mais claro."),
	NOTED(1 D + 40, DAVI, "Ela pediu desconto à vista. Rosana liberou até 6 % se fechar esta semana."),
	IN(4 H + 5, "Consegue me mandar a proposta revisada até o almoço?", .label = "pedido"),
	OUT(3 H + 40, DAVI, "Segue a proposta revisada da recepção, com o tampo em quartzo branco.", .kind = "document", .reply = "pedido", .label = "proposta",
	    .reaction = "❤️", .file = { "document", "Proposta 214 - Recepção Sorriso da Serra.pdf", "application/pdf", "wait", "test-pdf", 0, false }),
	END
};

static const struct demo_message marlene[] = {
	IN(40 D, "Boa tarde! Os móveis do quarto ficaram uma beleza, meu filho."),
	OUT(40 D - 20, DAVI, "Que alegria, dona Marlene! Qualquer ajuste, a garantia é de 5 anos."),
	HAPPENED(40 D - 25, DAVI, "resolved", NULL),
	IN(2 H + 8, NULL, .kind = "audio", .file = { "audio", NULL, "audio/ogg; codecs=opus", "wait", "test-ogg", 0, true }),
	HAPPENED(2 H + 8, NULL, "reopened", NULL),
	IN(2 H + 6, "Boa tarde, a porta do armário descolou. Ainda está na garantia?"),
	END
};

static const struct demo_message trembao[] = {
	IN(1 D + 170, "Opa, aqui é o Cláudio da Trem Bão. Vamos abrir a segunda loja no Santa Tereza!"),
	OUT(1 D + 160, DAVI, "Parabéns, Cláudio! Mesmo padrão da primeira, com o balcão em U?"),
	IN(1 D + 150, "Isso, mas com mais duas mesas altas"),
	OUT(1 D + 149, DAVI, "Me manda a planta quando tiver que eu já rascunho."),
	IN(52, "Chegou a planta!"),
	IN(51, "Segue a planta do salão", .kind = "document",
	    .file = { "document", "Planta salão Santa Tereza.pdf", "application/pdf", "wait", "test-pdf", 0, false }),
	IN(50, "O arquiteto pede a resposta até amanhã, dá?", .original = "O arquiteto pede a resposta até hoje, dá?"),
	END
};

static const struct demo_message zefa[] = {
	IN(38, "oi, vcs consertam cadeira de palhinha?"),
	IN(37, "são 6"),
	END
};

static const struct demo_message thiago[] = {
	IN(27, "Oi, vi a estante ripada no site. Ela pode ter 2,40 m?"),
	END
};

static const struct demo_message patricia[] = {
	IN(1 D + 345, "Bom dia! Vim pelo Instagram de vocês, queria fazer a cozinha do meu apartamento novo no Belvedere 😊"),
	OUT(1 D + 340, LUANA, "Oi, Patrícia! Que bom ter você por aqui. Me conta: a cozinha já está vazia ou ainda tem os armários da construtora?"),
	IN(1 D + 333, "Vazia! Entregaram as chaves na semana passada"),
	IN(1 D + 331, "Essa é a parede principal, tem 3,20 m", .kind = "image", .label = "parede",
	    .file = { "image", NULL, "image/png", "wait", "test-png", 0, false }),
	HAPPENED(1 D + 325, ROSANA, "assigned", "Luana Figueiredo"),
	OUT(1 D + 320, LUANA, "Linda luz! Nessa parede cabem a torre quente e a bancada inteira.", .reply = "parede", .reaction = "😍"),
	OUT(88, LUANA, "Com a medida que você mandou, o projeto fica entre R$ 34 mil e R$ 39 mil, dependendo do tampo. Deixei as duas opções aqui:",
	    .kind = "document", .label = "proposta",
	    .file = { "document", "Proposta 217 - Cozinha Belvedere.pdf", "application/pdf", "wait", "test-pdf", 0, false }),
	NOTED(68, DAVI, "@Luana o fornecedor do quartzo sobe 8 % em dezembro. Se ela fechar até sexta, dá para segurar o preço da proposta."),
	IN(14, "Adorei a segunda opção, a do tampo de quartzo. Só queria trocar o puxador por cava.", .reply = "proposta"),
	IN(12, "Perfeito! E o prazo de entrega, vocês conseguem antes do Natal?"),
	END
};

static const struct demo_message cintia[] = {
	IN(4, "Boa tarde! Vocês entregam em Contagem?"),
	END
};

static const struct demo_conversation conversations[] = {
	{ "WhatsApp Loja", "whatsapp", "resolved", DAVI, NULL, 0, { "Contabilidade Raízes", "(31) 90000-0107", "financeiro@raizes.example",
	    NULL, "Contabilidade Raízes", "Belo Horizonte", NULL, true, true, "qualified", DAVI, NULL }, raizes },
	{ "WhatsApp Loja", "whatsapp", "resolved", LUANA, "Vendas", 0, { "Beatriz Lacerda", "(31) 90000-0184", "bia.lacerda@correio.example",
	    NULL, NULL, "Belo Horizonte", NULL, false, true, "qualified", LUANA, NULL }, beatriz },
	{ "WhatsApp Loja", "whatsapp", "spam", NULL, NULL, 0, { "Promoções Relâmpago", "(31) 90000-0199", NULL, NULL, NULL, NULL, NULL,
	    false, false, "lost", NULL, NULL }, spam },
	{ "WhatsApp Loja", "whatsapp", "pending", DAVI, "Vendas", 0, { "Condomínio Edifício Guimarães Rosa", "(31) 90000-0121",
	    "sindico.helio@guimaraesrosa.example", NULL, "Condomínio Edifício Guimarães Rosa", "Belo Horizonte", NULL, true, true,
	    "qualified", DAVI, "Síndico: Hélio Prates. Visitas só depois das 9h." }, guimaraes },
	{ "Chat do site", "chat", "resolved", LUANA, NULL, 0, { "Renato Moura", NULL, "renato.moura@correio.example", NULL, NULL, "Nova Lima",
	    NULL, false, false, NULL, NULL, NULL }, renato },
	{ "WhatsApp Loja", "whatsapp", "in_progress", DAVI, NULL, 40, { "Otávio Bittencourt", "(31) 90000-0139", "otavio.b@correio.example",
	    NULL, NULL, NULL, NULL, false, false, NULL, DAVI, NULL }, otavio },
	{ "WhatsApp Loja", "whatsapp", "in_progress", LUANA, "Vendas", 0, { "Escola Crescer & Aprender", "(31) 90000-0150",
	    "vania@crescer.example", NULL, "Escola Crescer & Aprender", "Belo Horizonte", NULL, true, true, "qualified", LUANA, NULL }, escola },
	{ "WhatsApp Loja", "whatsapp", "pending", LUANA, "Vendas", 0, { "Jéssica Tavares", "(31) 90000-0165", "jessica.tavares@correio.example",
	    NULL, NULL, "Belo Horizonte", NULL, false, true, "qualified", LUANA, NULL }, jessica },
	{ "WhatsApp Obra", "whatsapp", "in_progress", ROSANA, "Vendas", 0, { "Construtora Pedra Azul", "(31) 90000-0177",
	    "obras@pedraazul.example", NULL, "Construtora Pedra Azul", "Belo Horizonte", NULL, true, true, "qualified", ROSANA,
	    "Contato na obra: engenheiro Raimundo." }, pedra },
	{ "WhatsApp Loja", "whatsapp", "in_progress", DAVI, "Vendas", 0, { "Dra. Mirela Antunes", "(31) 90000-0133",
	    "mirela@sorrisodaserra.example", NULL, "Sorriso da Serra", "Belo Horizonte", NULL, false, true, "qualified", DAVI, NULL }, mirela },
	{ "WhatsApp Loja", "whatsapp", "open", NULL, "Montagem e assistência", 0, { "Marlene da Conceição do Nascimento e Silva",
	    "(31) 90000-0102", "marlene.conceicao@correio.example", NULL, NULL, "Contagem", NULL, false, true, "qualified", NULL, NULL }, marlene },
	{ "WhatsApp Loja", "whatsapp", "in_progress", DAVI, "Vendas", 0, { "Hamburgueria Trem Bão", "(31) 90000-0118", "claudio@trembao.example",
	    NULL, "Hamburgueria Trem Bão", "Belo Horizonte", NULL, true, true, "qualified", DAVI, NULL }, trembao },
	{ "WhatsApp Loja", "whatsapp", "open", NULL, NULL, 0, { "Dona Zefa", NULL, NULL, "dona.zefa", NULL, NULL, "BR.13491208655302741918",
	    false, false, NULL, NULL, NULL }, zefa },
	{ "Chat do site", "chat", "open", NULL, NULL, 0, { "Thiago Evangelista", "(31) 90000-0190", NULL, NULL, NULL, NULL, NULL,
	    false, false, NULL, NULL, NULL }, thiago },
	{ "WhatsApp Loja", "whatsapp", "in_progress", LUANA, "Vendas", 0, { "Patrícia Albuquerque Vasconcelos", "(31) 90000-0142",
	    "pati@vasconcelos.example", NULL, NULL, "Belo Horizonte", NULL, false, true, "qualified", LUANA, NULL }, patricia },
	{ "Chat do site", "chat", "open", NULL, NULL, 0, { "Cíntia Rabelo", NULL, NULL, NULL, NULL, NULL, NULL,
	    false, false, NULL, NULL, NULL }, cintia },
	{ .connection = NULL }
};

static const struct demo_user users[] = {
	{ "Rosana Queiroz", ROSANA, "admin", "all" },
	{ "Davi Nakamura", DAVI, "supervisor", "all" },
	{ "Luana Figueiredo", LUANA, "agent", "team" },
	{ "Vera Lúcia Prado", "vera@marcenaria.test", "viewer", "all" },
	{ .name = NULL }
};
static const struct demo_team teams[] = {
	{ "Vendas", "Orçamentos e propostas", { LUANA, DAVI } },
	{ "Montagem e assistência", "Entrega, montagem e garantia", { DAVI, LUANA } },
	{ .name = NULL }
};
static const struct setup_connection connections[] = {
	{ .name = "WhatsApp Loja", .channel = "whatsapp", .external_id = "100000000000001", .shown = "+55 31 90000-0001", .access_token = "balcao-demo-token" },
	{ .name = "WhatsApp Obra", .channel = "whatsapp", .external_id = "100000000000003", .shown = "+55 31 90000-0003", .own_app = true,
	    .access_token = "balcao-demo-token", .app_secret = "balcao-demo-own-secret", .verify_token = "balcao-demo-own-verify" },
	{ .name = "Chat do site", .channel = "chat", .public_key = "chat-marcenaria-demo",
	    .greeting = "Oi! Somos a Marcenaria Ipê-Amarelo. Conte o que você quer fazer que a gente responde por aqui." },
	{ .name = NULL }
};
static const struct demo_notice notices[] = {
	{ 14, LUANA, "assigned", "Rosana Queiroz", 1 D + 325 },
	{ 14, LUANA, "mention", "Davi Nakamura", 68 },
	{ 5, DAVI, "failed", NULL, 1 D + 200 },
	{ .user = NULL }
};

const struct demo_tenant demo_marcenaria = { "Marcenaria Ipê-Amarelo", "marcenaria", users, teams, connections, conversations, notices };
